/*
 * server/flag_list.c - the flags of a command, from the three tables.
 * Why:    see flags.h. The settings preset, duration and volume are parameters of the sound too;
 *         as settings they have a variable and a default, so the parameter's row is passed over.
 */
#include <string.h>

#include "core/base/assert.h"
#include "core/synth/preset.h"
#include "server/flags.h"

struct switch_row {
    const char *flag;
    char letter;
    const char *argument;
    unsigned commands;
    const char *sentence;
};

static const struct switch_row switch_rows[SCR_SWITCH_COUNT] = {
#define X(id, flag, letter, argument, commands, sentence)                                          \
    [SCR_SWITCH_##id] = {flag, letter, argument, (unsigned)(commands), sentence},
#include "server/switch_table.h"
#undef X
};

static void set_name(struct scr_flag *flag, const char *name)
{
    size_t bytes = strlen(name);
    SCR_ASSERT(bytes <= SCR_FLAG_NAME_BYTES_MAX);
    for (size_t i = 0; i <= bytes; i += 1) {
        flag->name[i] = name[i];
        if (name[i] == '_') {
            flag->name[i] = '-';
        }
    }
}

static bool serves(unsigned commands, enum scr_command command)
{
    if (command == SCR_COMMAND_COUNT) {
        return commands == SCR_IN_ALL;
    }
    return (commands >> command & 1) != 0;
}

static const char *setting_argument(enum scr_setting_kind kind)
{
    switch (kind) {
    case SCR_SETTING_KIND_SECRET:
        return "TOKEN";
    case SCR_SETTING_KIND_TEXT:
        return "FILE";
    case SCR_SETTING_KIND_GUILD:
        return "ID";
    case SCR_SETTING_KIND_CHOICE:
    case SCR_SETTING_KIND_PRESET:
        return "NAME";
    case SCR_SETTING_KIND_DURATION:
        return "DURATION";
    case SCR_SETTING_KIND_REAL:
    case SCR_SETTING_KIND_COUNT:
        return "NUMBER";
    case SCR_SETTING_KIND_SIZE:
        return "SIZE";
    case SCR_SETTING_KIND_BOOL:
        return NULL;
    case SCR_SETTING_KIND_ADDRESS:
        return "ADDRESS";
    case SCR_SETTING_KIND_NETWORKS:
        return "LIST";
    }
    SCR_UNREACHABLE();
}

static const char *param_argument(enum scr_param_kind kind)
{
    switch (kind) {
    case SCR_PARAM_KIND_PRESET:
    case SCR_PARAM_KIND_CHOICE:
        return "NAME";
    case SCR_PARAM_KIND_SEED:
        return "SEED";
    case SCR_PARAM_KIND_DURATION:
        return "DURATION";
    case SCR_PARAM_KIND_REAL:
    case SCR_PARAM_KIND_COUNT:
    case SCR_PARAM_KIND_SIGNED:
        return "NUMBER";
    }
    SCR_UNREACHABLE();
}

static bool is_sound(enum scr_setting setting)
{
    return setting == SCR_SETTING_PRESET || setting == SCR_SETTING_DURATION ||
           setting == SCR_SETTING_VOLUME;
}

static size_t list_switches(enum scr_command command, bool general, struct scr_flag *flags)
{
    size_t count = 0;
    for (unsigned i = 0; i < SCR_SWITCH_COUNT; i += 1) {
        const struct switch_row *row = &switch_rows[i];
        if (!serves(row->commands, command) || (row->commands == SCR_IN_ALL) != general) {
            continue;
        }
        flags[count] = (struct scr_flag){.target = SCR_FLAG_SWITCH,
                                         .index = i,
                                         .group = general ? SCR_FLAGS_GENERAL : SCR_FLAGS_OWN,
                                         .letter = row->letter,
                                         .argument = row->argument,
                                         .sentence = row->sentence};
        set_name(&flags[count], row->flag);
        count += 1;
    }
    return count;
}

static enum scr_flag_group group_of(enum scr_setting setting)
{
    if (scr_setting_info(setting)->commands == SCR_IN_ALL) {
        return SCR_FLAGS_GENERAL;
    }
    return is_sound(setting) ? SCR_FLAGS_SOUND : SCR_FLAGS_OWN;
}

static size_t
list_settings(enum scr_command command, enum scr_flag_group group, struct scr_flag *flags)
{
    size_t count = 0;
    for (unsigned i = 0; i < SCR_SETTING_COUNT; i += 1) {
        const struct scr_setting_info *info = scr_setting_info((enum scr_setting)i);
        /* `scream config` shows the effect of any of them. */
        bool taken = serves(info->commands, command) || command == SCR_COMMAND_CONFIG;
        if (info->flag[0] == '\0' || !taken || group_of((enum scr_setting)i) != group) {
            continue;
        }
        flags[count] = (struct scr_flag){.target = SCR_FLAG_SETTING,
                                         .index = i,
                                         .group = group,
                                         .letter = info->letter,
                                         .argument = setting_argument(info->kind),
                                         .sentence = info->sentence};
        set_name(&flags[count], info->flag);
        count += 1;
    }
    return count;
}

/* From the first parameter of a layer on, a parameter belongs to the engine. */
static size_t list_params(enum scr_flag_group group, struct scr_flag *flags)
{
    size_t count = 0;
    for (unsigned i = 0; i < SCR_PARAM_COUNT; i += 1) {
        const struct scr_param_info *info = scr_param_info((enum scr_param)i);
        bool is_setting = i == SCR_PARAM_PRESET || i == SCR_PARAM_DURATION || i == SCR_PARAM_VOLUME;
        bool is_engine = i >= SCR_PARAM_PRIMARY_BASE_HZ;
        if (is_setting || is_engine != (group == SCR_FLAGS_ENGINE)) {
            continue;
        }
        flags[count] = (struct scr_flag){.target = SCR_FLAG_PARAM,
                                         .index = i,
                                         .group = group,
                                         .argument = param_argument(info->kind),
                                         .sentence = info->sentence};
        set_name(&flags[count], info->name);
        count += 1;
    }
    return count;
}

size_t scr_flags_list(enum scr_command command, struct scr_flag *flags)
{
    size_t count = list_settings(command, SCR_FLAGS_OWN, flags);
    count += list_switches(command, false, flags + count);
    count += list_settings(command, SCR_FLAGS_SOUND, flags + count);
    if (command == SCR_COMMAND_GENERATE) {
        count += list_params(SCR_FLAGS_SOUND, flags + count);
        count += list_params(SCR_FLAGS_ENGINE, flags + count);
    }
    count += list_settings(command, SCR_FLAGS_GENERAL, flags + count);
    count += list_switches(command, true, flags + count);
    SCR_ASSERT(count <= SCR_FLAGS_MAX);
    return count;
}

void scr_flag_put_words(struct scr_text *text, const struct scr_flag *flag)
{
    bool is_preset = flag->target == SCR_FLAG_SETTING && flag->index == SCR_SETTING_PRESET;
    if (is_preset) {
        for (unsigned i = 0; i < SCR_PRESET_COUNT; i += 1) {
            scr_text_put(text, i > 0 ? "|" : "");
            scr_text_put(text, scr_preset_name((enum scr_preset)i));
        }
    } else if (flag->target == SCR_FLAG_SETTING) {
        scr_text_put(text, scr_setting_info((enum scr_setting)flag->index)->allowed);
    } else if (flag->target == SCR_FLAG_PARAM && flag->index == SCR_PARAM_FINISH) {
        for (unsigned i = 0; i < SCR_FINISH_COUNT; i += 1) {
            scr_text_put(text, i > 0 ? "|" : "");
            scr_text_put(text, scr_finish_name((enum scr_finish)i));
        }
    }
}

bool scr_flag_is_path(const struct scr_flag *flag)
{
    return flag->argument != NULL && strcmp(flag->argument, "FILE") == 0;
}
