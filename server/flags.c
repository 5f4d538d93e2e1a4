/*
 * server/flags.c - argv to struct scr_invocation.
 * Why:    see flags.h. Before the command stand only flags that every command takes.
 */
#include "server/flags.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/synth/preset.h"
#include "server/config_value.h"

/* One command line being read. */
struct flag_reading {
    int argc;
    char **argv;
    int at; /* index of the word being read */
    struct scr_invocation *invocation;
    struct scr_text *problem;
    size_t flag_count;
    struct scr_flag flags[SCR_FLAGS_MAX]; /* of the command, as far as known */
};

static const char *command_name(const struct flag_reading *reading)
{
    enum scr_command command = reading->invocation->command;
    return command == SCR_COMMAND_COUNT ? "scream" : scr_command_info(command)->name;
}

/* Whether two names are the same, - and _ being one character. */
static bool same_name(const char *given, size_t given_bytes, const char *name)
{
    if (strlen(name) != given_bytes) {
        return false;
    }
    for (size_t i = 0; i < given_bytes; i += 1) {
        char character = given[i] == '_' ? '-' : given[i];
        if (character != name[i]) {
            return false;
        }
    }
    return true;
}

static const struct scr_flag *
find_long(const struct flag_reading *reading, const char *given, size_t given_bytes)
{
    for (size_t i = 0; i < reading->flag_count; i += 1) {
        if (same_name(given, given_bytes, reading->flags[i].name)) {
            return &reading->flags[i];
        }
    }
    return NULL;
}

static const struct scr_flag *find_letter(const struct flag_reading *reading, char letter)
{
    for (size_t i = 0; i < reading->flag_count; i += 1) {
        if (reading->flags[i].letter != '\0' && reading->flags[i].letter == letter) {
            return &reading->flags[i];
        }
    }
    return NULL;
}

static bool is_flag_of(enum scr_command command, const char *given, size_t given_bytes)
{
    struct scr_flag flags[SCR_FLAGS_MAX];
    size_t count = scr_flags_list(command, flags);
    for (size_t i = 0; i < count; i += 1) {
        if (same_name(given, given_bytes, flags[i].name)) {
            return true;
        }
    }
    return false;
}

/* "generate has no flag --foo; did you mean --bar?", or whose flag it is. */
static enum scr_err refuse_long(struct flag_reading *reading, const char *given, size_t given_bytes)
{
    char name[64];
    size_t kept = given_bytes < sizeof name ? given_bytes : sizeof name - 1;
    memcpy(name, given, kept);
    name[kept] = '\0';
    scr_text_put(reading->problem, command_name(reading));
    scr_text_put(reading->problem, " has no flag ");
    char quoted[80] = "--";
    memcpy(quoted + 2, name, kept + 1);
    scr_put_quoted(reading->problem, quoted);
    const char *nearest = NULL;
    unsigned least = 4;
    for (size_t i = 0; i < reading->flag_count; i += 1) {
        const char *known = reading->flags[i].name;
        unsigned distance = scr_text_distance(name, kept, known, strlen(known));
        if (distance < least) {
            least = distance;
            nearest = known;
        }
    }
    for (unsigned i = 0; i < SCR_COMMAND_COUNT; i += 1) {
        if (is_flag_of((enum scr_command)i, given, given_bytes)) {
            scr_text_put(reading->problem, "; it belongs behind the command ");
            scr_text_put(reading->problem, scr_command_info((enum scr_command)i)->name);
            return SCR_ERR_PARAM_UNKNOWN;
        }
    }
    if (nearest != NULL) {
        scr_text_put(reading->problem, "; did you mean --");
        scr_text_put(reading->problem, nearest);
        scr_text_put(reading->problem, "?");
    }
    return SCR_ERR_PARAM_UNKNOWN;
}

static enum scr_err
refuse_flag(struct flag_reading *reading, const struct scr_flag *flag, const char *what)
{
    scr_text_put(reading->problem, "--");
    scr_text_put(reading->problem, flag->name);
    scr_text_put(reading->problem, what);
    return SCR_ERR_PARAM_SYNTAX;
}

/* Copies a secret and leaves asterisks where every user of the machine could read it. */
static enum scr_err hide_secret(struct flag_reading *reading,
                                const struct scr_flag *flag,
                                char *value,
                                const char **kept)
{
    struct scr_invocation *invocation = reading->invocation;
    SCR_ASSERT(value != NULL);
    size_t bytes = strlen(value);
    bool fits = bytes < sizeof invocation->secrets - invocation->secrets_bytes;
    if (fits) {
        char *place = invocation->secrets + invocation->secrets_bytes;
        memcpy(place, value, bytes + 1);
        invocation->secrets_bytes += bytes + 1;
        *kept = place;
    }
    memset(value, '*', bytes);
    return fits ? SCR_OK : refuse_flag(reading, flag, " is too long");
}

/* Keeps a flag's value; NULL when the flag stands alone. */
static enum scr_err keep(struct flag_reading *reading, const struct scr_flag *flag, char *value)
{
    struct scr_invocation *invocation = reading->invocation;
    const char *kept = value;
    switch (flag->target) {
    case SCR_FLAG_SWITCH:
        invocation->switches[flag->index] = true;
        if (flag->index == SCR_SWITCH_CONFIG) {
            invocation->config_path = value;
        }
        return SCR_OK;
    case SCR_FLAG_SETTING:
        if (invocation->command == SCR_COMMAND_GENERATE && flag->index == SCR_SETTING_DURATION) {
            invocation->params[SCR_PARAM_DURATION] = value;
            return SCR_OK;
        }
        if (scr_setting_info((enum scr_setting)flag->index)->kind == SCR_SETTING_KIND_SECRET) {
            SCR_TRY(hide_secret(reading, flag, value, &kept));
        }
        invocation->settings[flag->index] = kept != NULL ? kept : "true";
        return SCR_OK;
    case SCR_FLAG_PARAM:
        invocation->params[flag->index] = value;
        return SCR_OK;
    }
    SCR_UNREACHABLE();
}

/* The next word as a flag's value. */
static enum scr_err
next_word(struct flag_reading *reading, const struct scr_flag *flag, char **value)
{
    if (reading->at + 1 >= reading->argc) {
        scr_text_put(reading->problem, "--");
        scr_text_put(reading->problem, flag->name);
        scr_text_put(reading->problem, " needs a value: --");
        scr_text_put(reading->problem, flag->name);
        scr_text_put(reading->problem, " ");
        scr_text_put(reading->problem, flag->argument);
        return SCR_ERR_PARAM_SYNTAX;
    }
    reading->at += 1;
    *value = reading->argv[reading->at];
    return SCR_OK;
}

/* --name, --name=value, --name value */
static enum scr_err read_long(struct flag_reading *reading)
{
    char *given = reading->argv[reading->at] + 2;
    size_t name_bytes = strcspn(given, "=");
    char *value = given[name_bytes] == '=' ? given + name_bytes + 1 : NULL;
    const struct scr_flag *flag = find_long(reading, given, name_bytes);
    if (flag == NULL) {
        return refuse_long(reading, given, name_bytes);
    }
    if (flag->target == SCR_FLAG_SWITCH && flag->argument == NULL && value != NULL) {
        return refuse_flag(reading, flag, " takes no value");
    }
    if (flag->argument != NULL && value == NULL) {
        SCR_TRY(next_word(reading, flag, &value));
    }
    return keep(reading, flag, value);
}

/* -v, -vq, -o value, -ovalue */
static enum scr_err read_letters(struct flag_reading *reading)
{
    char *letters = reading->argv[reading->at] + 1;
    while (*letters != '\0') {
        const struct scr_flag *flag = find_letter(reading, *letters);
        if (flag == NULL) {
            char quoted[3] = {'-', *letters, '\0'};
            scr_text_put(reading->problem, command_name(reading));
            scr_text_put(reading->problem, " has no flag ");
            scr_put_quoted(reading->problem, quoted);
            return SCR_ERR_PARAM_UNKNOWN;
        }
        letters += 1;
        if (flag->argument == NULL) {
            SCR_TRY(keep(reading, flag, NULL));
            continue;
        }
        char *value = letters;
        if (*letters == '\0') {
            SCR_TRY(next_word(reading, flag, &value));
        }
        return keep(reading, flag, value);
    }
    return SCR_OK;
}

static enum scr_err read_command(struct flag_reading *reading, const char *word)
{
    if (!scr_command_find(word, &reading->invocation->command)) {
        scr_command_put_unknown(reading->problem, word);
        return SCR_ERR_PARAM_UNKNOWN;
    }
    reading->flag_count = scr_flags_list(reading->invocation->command, reading->flags);
    return SCR_OK;
}

/* "generate does not know what to do with "a.ogg"; ...", and what may have been meant. */
static enum scr_err refuse_positional(struct flag_reading *reading, const char *word)
{
    enum scr_command command = reading->invocation->command;
    enum scr_preset preset;
    scr_text_put(reading->problem, command_name(reading));
    scr_text_put(reading->problem, " does not know what to do with ");
    scr_put_quoted(reading->problem, word);
    if (command == SCR_COMMAND_GENERATE && scr_preset_find(word, strlen(word), &preset)) {
        scr_text_put(reading->problem, "; a preset is named with --preset: --preset ");
        scr_text_put(reading->problem, scr_preset_name(preset));
    } else if (command == SCR_COMMAND_GENERATE) {
        scr_text_put(reading->problem, "; the file to write is named with -o: -o ");
        scr_put_quoted(reading->problem, word);
    } else {
        scr_text_put(reading->problem, "; `scream help ");
        scr_text_put(reading->problem, command_name(reading));
        scr_text_put(reading->problem, "` lists the flags");
    }
    return SCR_ERR_PARAM_SYNTAX;
}

static enum scr_err read_positional(struct flag_reading *reading)
{
    struct scr_invocation *invocation = reading->invocation;
    const char *word = reading->argv[reading->at];
    if (invocation->command == SCR_COMMAND_COUNT) {
        return read_command(reading, word);
    }
    const struct scr_command_info *info = scr_command_info(invocation->command);
    if (invocation->positional_count >= info->positionals_max) {
        return refuse_positional(reading, word);
    }
    invocation->positionals[invocation->positional_count] = word;
    invocation->positional_count += 1;
    return SCR_OK;
}

enum scr_err
scr_flags_parse(int argc, char **argv, struct scr_invocation *invocation, struct scr_text *problem)
{
    struct flag_reading reading = {
        .argc = argc, .argv = argv, .invocation = invocation, .problem = problem};
    bool flags_ended = false;
    memset(invocation, 0, sizeof *invocation);
    invocation->command = SCR_COMMAND_COUNT;
    reading.flag_count = scr_flags_list(SCR_COMMAND_COUNT, reading.flags);
    for (reading.at = 1; reading.at < argc; reading.at += 1) {
        const char *word = argv[reading.at];
        bool is_flag = !flags_ended && word[0] == '-' && word[1] != '\0';
        if (is_flag && strcmp(word, "--") == 0) {
            flags_ended = true;
        } else if (is_flag && word[1] == '-') {
            SCR_TRY(read_long(&reading));
        } else if (is_flag) {
            SCR_TRY(read_letters(&reading));
        } else {
            SCR_TRY(read_positional(&reading));
        }
    }
    return SCR_OK;
}
