/*
 * server/generate_order.c - settings and flags to one scream.
 * Why:    see generate_order.h. Parameters are judged by api/query, as those of a URL are.
 */
#include "server/generate_order.h"

#include <string.h>
#include <strings.h>

#include "api/query.h"
#include "core/base/assert.h"
#include "core/crypto/random.h"
#include "server/config.h"
#include "server/config_value.h"
#include "server/flags.h"

bool scr_format_of_path(const char *path, enum scr_format *format)
{
    static const struct {
        const char *extension;
        enum scr_format format;
    } rows[] = {{".ogg", SCR_FORMAT_OGG},
                {".oga", SCR_FORMAT_OGG},
                {".opus", SCR_FORMAT_OGG},
                {".wav", SCR_FORMAT_WAV},
                {".wave", SCR_FORMAT_WAV}};
    const char *slash = strrchr(path, '/');
    const char *dot = strrchr(slash == NULL ? path : slash, '.');
    for (size_t i = 0; dot != NULL && i < sizeof rows / sizeof rows[0]; i += 1) {
        if (strcasecmp(dot, rows[i].extension) == 0) {
            *format = rows[i].format;
            return true;
        }
    }
    return false;
}

/* Whether a file's name has an extension at all; ".scream" is a name without one. */
static bool has_extension(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    const char *dot = strrchr(name, '.');
    return dot != NULL && dot != name && dot[1] != '\0';
}

/*
 * --format wins, but never over a name that says otherwise: such a file would deceive every
 * player. A variable or the configuration file decides only where the name says nothing.
 */
static enum scr_exit read_format(const struct scr_config *config,
                                 struct scr_generate_order *order,
                                 struct scr_text *sentence)
{
    const struct scr_setting_value *setting = scr_config_value(config, SCR_SETTING_FORMAT);
    enum scr_format wanted = strcmp(setting->text, "wav") == 0 ? SCR_FORMAT_WAV : SCR_FORMAT_OGG;
    enum scr_format named = wanted;
    bool has_named = scr_format_of_path(order->path, &named);
    order->format = named;
    if (has_named && setting->origin == SCR_ORIGIN_FLAG && named != wanted) {
        scr_text_put(sentence, "--format is ");
        scr_text_put(sentence, setting->text);
        scr_text_put(sentence, ", but the name ");
        scr_put_quoted(sentence, order->path);
        scr_text_put(sentence, " promises the other format; leave --format out or rename the file");
        return SCR_EXIT_USAGE;
    }
    bool unclear = !has_named && setting->origin == SCR_ORIGIN_DEFAULT &&
                   strcmp(order->path, "-") != 0 && has_extension(order->path);
    if (unclear && strncmp(order->path, "/dev/", 5) != 0) {
        scr_text_put(sentence, "the format of ");
        scr_put_quoted(sentence, order->path);
        scr_text_put(sentence, " is unclear: names end in .ogg, .opus or .wav, or give --format");
        return SCR_EXIT_USAGE;
    }
    return SCR_EXIT_OK;
}

/* As a flag is typed: dashes for underscores. */
static void put_as_flag(const struct scr_query_error *error, struct scr_text *sentence)
{
    struct scr_query_error named = *error;
    for (char *at = named.parameter; *at != '\0'; at += 1) {
        if (*at == '_') {
            *at = '-';
        }
    }
    scr_text_put(sentence, "--");
    scr_query_error_write(&named, sentence);
}

/* Says where a refused parameter comes from: "SCREAM_DURATION: ", "configuration file: ", "--". */
static enum scr_exit blame(enum scr_setting setting,
                           enum scr_origin origin,
                           const struct scr_query_error *error,
                           struct scr_text *sentence)
{
    if (origin == SCR_ORIGIN_ENVIRONMENT) {
        scr_text_put(sentence, scr_setting_info(setting)->environment);
        scr_text_put(sentence, ": ");
    } else if (origin == SCR_ORIGIN_FILE) {
        scr_text_put(sentence, "configuration file: ");
    } else {
        put_as_flag(error, sentence);
        return SCR_EXIT_USAGE;
    }
    scr_query_error_write(error, sentence);
    return SCR_EXIT_CONFIG;
}

/*
 * preset, duration, volume: settings that are parameters too. An untouched default is not given,
 * nor is what a flag overrules further on.
 */
static enum scr_exit set_settings(const struct scr_command_call *call,
                                  const struct scr_order_bounds *bounds,
                                  struct scr_order *order,
                                  struct scr_text *sentence)
{
    static const enum scr_setting settings[] = {
        SCR_SETTING_PRESET, SCR_SETTING_DURATION, SCR_SETTING_VOLUME};
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i += 1) {
        const struct scr_setting_value *value = scr_config_value(call->config, settings[i]);
        bool given = value->origin != SCR_ORIGIN_DEFAULT || settings[i] == SCR_SETTING_PRESET;
        bool overruled = settings[i] == SCR_SETTING_DURATION &&
                         call->invocation->params[SCR_PARAM_DURATION] != NULL;
        struct scr_query_error error;
        if (value->is_set && given && !overruled &&
            scr_query_set(order, bounds, scr_setting_info(settings[i])->key, value->text, &error) !=
                SCR_OK) {
            return blame(settings[i], value->origin, &error, sentence);
        }
    }
    return SCR_EXIT_OK;
}

static enum scr_exit set_params(const struct scr_invocation *invocation,
                                const struct scr_order_bounds *bounds,
                                struct scr_order *order,
                                struct scr_text *sentence)
{
    for (unsigned i = 0; i < SCR_PARAM_COUNT; i += 1) {
        struct scr_query_error error;
        const char *given = invocation->params[i];
        if (given != NULL &&
            scr_query_set(order, bounds, scr_param_info((enum scr_param)i)->name, given, &error) !=
                SCR_OK) {
            return blame(SCR_SETTING_PRESET, SCR_ORIGIN_FLAG, &error, sentence);
        }
    }
    return SCR_EXIT_OK;
}

enum scr_exit scr_generate_order_read(const struct scr_command_call *call,
                                      struct scr_generate_order *order,
                                      struct scr_text *sentence)
{
    struct scr_order_bounds bounds = {
        .duration_ns_max = scr_config_integer(call->config, SCR_SETTING_MAX_DURATION),
        .volume_max = scr_config_real(call->config, SCR_SETTING_MAX_VOLUME)};
    order->path = scr_config_text(call->config, SCR_SETTING_OUTPUT_FILE);
    if (order->path[0] == '\0') {
        scr_text_put(sentence, "where to? Name a file: scream generate -o scream.ogg");
        return SCR_EXIT_USAGE;
    }
    scr_order_init(&order->order);
    enum scr_exit code = read_format(call->config, order, sentence);
    if (code == SCR_EXIT_OK) {
        code = set_settings(call, &bounds, &order->order, sentence);
    }
    if (code == SCR_EXIT_OK) {
        code = set_params(call->invocation, &bounds, &order->order, sentence);
    }
    if (code != SCR_EXIT_OK) {
        return code;
    }
    struct scr_query_error error;
    order->is_fresh = scr_order_is_fresh(&order->order);
    uint64_t fresh_seed = order->is_fresh ? scr_random_u64() : 0;
    if (scr_query_resolve(&order->order, &bounds, fresh_seed, &order->params, &error) != SCR_OK) {
        put_as_flag(&error, sentence);
        return SCR_EXIT_USAGE;
    }
    return SCR_EXIT_OK;
}
