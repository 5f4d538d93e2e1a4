/*
 * server/flags.h - the command line: which flags there are, and what was given.
 * Why:    flags come from three tables (switches, settings, parameters of the sound), so help,
 *         completion and parsing all walk one list.
 *         --duration of generate is kept as a parameter: how long a sound may be is known only
 *         with the whole configuration.
 * Reads:  --name value, --name=value, -n value, -nvalue, bundles of letters; -- ends the flags;
 *         - and _ in names are the same; of a repeated flag the last counts.
 * Memory: values point into argv, but for secrets: those are copied and wiped from argv at once.
 * Thread: main.
 */
#ifndef SCR_SERVER_FLAGS_H
#define SCR_SERVER_FLAGS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/synth/params.h"
#include "server/command.h"
#include "server/config.h"

enum scr_switch {
#define X(id, flag, letter, argument, commands, sentence) SCR_SWITCH_##id,
#include "server/switch_table.h"
#undef X
    SCR_SWITCH_COUNT
};

/* Headings of the help text, in its order. */
enum scr_flag_group {
    SCR_FLAGS_OWN,    /* of the command */
    SCR_FLAGS_SOUND,  /* preset, seed, duration ... */
    SCR_FLAGS_ENGINE, /* every layer and filter */
    SCR_FLAGS_GENERAL,
    SCR_FLAGS_GROUP_COUNT
};

enum scr_flag_target {
    SCR_FLAG_SWITCH,
    SCR_FLAG_SETTING,
    SCR_FLAG_PARAM
};

#define SCR_FLAG_NAME_BYTES_MAX 31
/* All flags of a command at the most. */
#define SCR_FLAGS_MAX (SCR_SWITCH_COUNT + SCR_SETTING_COUNT + SCR_PARAM_COUNT)

struct scr_flag {
    enum scr_flag_target target;
    unsigned index; /* enum scr_switch, scr_setting or scr_param */
    enum scr_flag_group group;
    char name[SCR_FLAG_NAME_BYTES_MAX + 1]; /* without the dashes in front */
    char letter;                            /* or 0 */
    const char *argument;                   /* what stands for the value; NULL: none needed */
    const char *sentence;
};

/* What a command line says. Values are not judged yet. */
struct scr_invocation {
    enum scr_command command; /* SCR_COMMAND_COUNT: none was named */
    bool switches[SCR_SWITCH_COUNT];
    const char *config_path;
    const char *settings[SCR_SETTING_COUNT]; /* NULL: not given; likewise params */
    const char *params[SCR_PARAM_COUNT];
    const char *positionals[1];
    size_t positional_count;
    char secrets[SCR_CONFIG_TEXT_BYTES_MAX + 1];
    size_t secrets_bytes;
};

/**
 * Lists the flags of a command in help order; SCR_COMMAND_COUNT: those every command takes.
 * out     flags[SCR_FLAGS_MAX]
 * returns how many
 */
size_t scr_flags_list(enum scr_command command, struct scr_flag *flags);

/** The words a flag's value may be, between bars ("ogg|wav"), or "" when it is free. */
void scr_flag_put_words(struct scr_text *text, const struct scr_flag *flag);

/** Whether a flag's value is a path, for completion. */
bool scr_flag_is_path(const struct scr_flag *flag);

/**
 * Reads a command line.
 * inout   argv       values of secret settings are overwritten with asterisks
 * out     problem    one sentence, written on error only
 * errors  SCR_ERR_PARAM_UNKNOWN (flag, command), SCR_ERR_PARAM_SYNTAX (value missing or too much)
 */
SCR_MUST_USE enum scr_err
scr_flags_parse(int argc, char **argv, struct scr_invocation *invocation, struct scr_text *problem);

#endif
