/*
 * server/command_config.c - `scream config`: every setting, its value and where it comes from.
 * Why:    four sources need one place to see what came of them. Secrets are masked.
 */
#include <stdlib.h>

#include "core/base/assert.h"
#include "core/json/writer.h"
#include "server/command.h"
#include "server/config.h"
#include "server/console.h"
#include "server/exit_code.h"
#include "server/flags.h"

/* Every setting at its longest, escaped (six bytes for one), with names and origins. */
#define JSON_BYTES_MAX ((SCR_CONFIG_TEXT_BYTES_MAX * 6 + 256) * SCR_SETTING_COUNT + 16)

/* What may be shown: a secret only as being there. */
static const char *shown(enum scr_setting setting, const struct scr_setting_value *value)
{
    if (value->is_set && scr_setting_info(setting)->kind == SCR_SETTING_KIND_SECRET) {
        return "********";
    }
    return value->text;
}

static void print_text(const struct scr_command_call *call)
{
    for (unsigned i = 0; i < SCR_SETTING_COUNT; i += 1) {
        const struct scr_setting_info *info = scr_setting_info((enum scr_setting)i);
        const struct scr_setting_value *value = scr_config_value(call->config, (enum scr_setting)i);
        scr_console_put_column(call->out, info->key, 17);
        scr_console_put_column(
            call->out, value->is_set ? shown((enum scr_setting)i, value) : "(unset)", 15);
        scr_console_put(call->out, scr_origin_name(value->origin));
        scr_console_put(call->out, info->environment[0] != '\0' ? "\t" : "");
        scr_console_put(call->out, info->environment);
        scr_console_put(call->out, "\n");
    }
}

static void print_json(const struct scr_command_call *call)
{
    static char chars[JSON_BYTES_MAX];
    struct scr_text text;
    struct scr_json_writer json;
    scr_text_init(&text, chars, sizeof chars);
    scr_json_writer_init(&json, &text);
    scr_json_open_object(&json);
    for (unsigned i = 0; i < SCR_SETTING_COUNT; i += 1) {
        const struct scr_setting_info *info = scr_setting_info((enum scr_setting)i);
        const struct scr_setting_value *value = scr_config_value(call->config, (enum scr_setting)i);
        scr_json_name(&json, info->key);
        scr_json_open_object(&json);
        scr_json_member_string(
            &json, "value", value->is_set ? shown((enum scr_setting)i, value) : NULL);
        scr_json_member_string(&json, "origin", scr_origin_name(value->origin));
        if (info->environment[0] != '\0') {
            scr_json_member_string(&json, "environment", info->environment);
        }
        scr_json_close_object(&json);
    }
    scr_json_close_object(&json);
    SCR_ASSERT(!text.overflow && scr_json_is_complete(&json));
    scr_console_put(call->out, scr_text_view(&text));
    scr_console_put(call->out, "\n");
}

int scr_command_config(const struct scr_command_call *call)
{
    scr_command_show_warnings(call);
    if (call->invocation->switches[SCR_SWITCH_JSON]) {
        print_json(call);
    } else {
        print_text(call);
    }
    return SCR_EXIT_OK;
}
