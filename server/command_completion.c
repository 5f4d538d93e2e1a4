/*
 * server/command_completion.c - `scream completion bash|zsh|fish`.
 * Why:    scripts made from the tables know every flag and every preset the program knows.
 * Reads:  sentences become descriptions, so quotes in them are left out.
 */
#include <string.h>

#include "core/base/assert.h"
#include "core/base/text.h"
#include "server/command.h"
#include "server/config_value.h"
#include "server/console.h"
#include "server/exit_code.h"
#include "server/flags.h"

/* A description that no shell takes for syntax: no quotes, brackets, colons, backslashes, $. */
static void put_description(struct scr_console *out, const char *sentence)
{
    for (const char *at = sentence; *at != '\0'; at += 1) {
        if (strchr("'\"`[]:\\$", *at) == NULL) {
            scr_console_put_bytes(out, at, 1);
        }
    }
}

/* The words of a flag, between blanks; true when there are any. */
static bool put_words(struct scr_console *out, const struct scr_flag *flag)
{
    char chars[512];
    struct scr_text words;
    scr_text_init(&words, chars, sizeof chars);
    scr_flag_put_words(&words, flag);
    SCR_ASSERT(!words.overflow);
    for (size_t i = 0; i < words.used; i += 1) {
        char character = chars[i] == '|' ? ' ' : chars[i];
        scr_console_put_bytes(out, &character, 1);
    }
    return words.used > 0;
}

static bool has_words(const struct scr_flag *flag)
{
    char chars[512];
    struct scr_text words;
    scr_text_init(&words, chars, sizeof chars);
    scr_flag_put_words(&words, flag);
    return words.used > 0;
}

static void put_commands(struct scr_console *out)
{
    for (unsigned i = 0; i < SCR_COMMAND_COUNT; i += 1) {
        scr_console_put(out, i > 0 ? " " : "");
        scr_console_put(out, scr_command_info((enum scr_command)i)->name);
    }
}

static void put_bash_flags(struct scr_console *out, enum scr_command command)
{
    struct scr_flag flags[SCR_FLAGS_MAX];
    size_t count = scr_flags_list(command, flags);
    for (size_t i = 0; i < count; i += 1) {
        scr_console_put(out, i > 0 ? " --" : "--");
        scr_console_put(out, flags[i].name);
    }
}

/* Values of flags: the same for every command, so one case of all flags is enough. */
static void put_bash_values(struct scr_console *out)
{
    struct scr_flag flags[SCR_FLAGS_MAX];
    size_t count = scr_flags_list(SCR_COMMAND_GENERATE, flags);
    for (size_t i = 0; i < count; i += 1) {
        if (flags[i].argument == NULL) {
            continue;
        }
        scr_console_put(out, "    --");
        scr_console_put(out, flags[i].name);
        if (flags[i].letter != '\0') {
            char letter[] = "|-x";
            letter[2] = flags[i].letter;
            scr_console_put(out, letter);
        }
        if (scr_flag_is_path(&flags[i])) {
            scr_console_put(out, ") COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n");
            continue;
        }
        scr_console_put(out, ") COMPREPLY=($(compgen -W '");
        (void)put_words(out, &flags[i]);
        scr_console_put(out, "' -- \"$word\")); return ;;\n");
    }
}

static void put_bash(struct scr_console *out)
{
    scr_console_put(out,
                    "# bash completion for scream: . <(scream completion bash)\n"
                    "_scream() {\n"
                    "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
                    "    local command='' at flags\n"
                    "    for ((at = 1; at < COMP_CWORD; at++)); do\n"
                    "        case ${COMP_WORDS[at]} in\n"
                    "        ");
    for (unsigned i = 0; i < SCR_COMMAND_COUNT; i += 1) {
        scr_console_put(out, i > 0 ? "|" : "");
        scr_console_put(out, scr_command_info((enum scr_command)i)->name);
    }
    scr_console_put(out,
                    ") command=${COMP_WORDS[at]}; break ;;\n"
                    "        esac\n"
                    "    done\n"
                    "    case $before in\n");
    put_bash_values(out);
    scr_console_put(out, "    esac\n    case $command in\n");
    for (unsigned i = 0; i <= SCR_COMMAND_COUNT; i += 1) {
        bool is_command = i < SCR_COMMAND_COUNT;
        scr_console_put(out, "    ");
        scr_console_put(out, is_command ? scr_command_info((enum scr_command)i)->name : "*");
        scr_console_put(out, ") flags='");
        put_bash_flags(out, (enum scr_command)i);
        if (i == SCR_COMMAND_COMPLETION) {
            scr_console_put(out, " bash zsh fish");
        }
        if (i == SCR_COMMAND_HELP || !is_command) {
            scr_console_put(out, " ");
            put_commands(out);
        }
        scr_console_put(out, "' ;;\n");
    }
    scr_console_put(out,
                    "    esac\n"
                    "    COMPREPLY=($(compgen -W \"$flags\" -- \"$word\"))\n"
                    "}\n"
                    "complete -F _scream scream\n");
}

/* '(-o --output)'{-o,--output}'[sentence]:FILE:_files' */
static void put_zsh_flag(struct scr_console *out, const struct scr_flag *flag)
{
    char letter[] = "-x";
    letter[1] = flag->letter;
    scr_console_put(out, "            ");
    if (flag->letter != '\0') {
        scr_console_put(out, "{");
        scr_console_put(out, letter);
        scr_console_put(out, ",--");
        scr_console_put(out, flag->name);
        scr_console_put(out, "}'[");
    } else {
        scr_console_put(out, "'--");
        scr_console_put(out, flag->name);
        scr_console_put(out, "[");
    }
    put_description(out, flag->sentence);
    scr_console_put(out, "]");
    if (flag->argument != NULL) {
        scr_console_put(out, ":");
        scr_console_put(out, flag->argument);
        scr_console_put(out, ":");
        if (scr_flag_is_path(flag)) {
            scr_console_put(out, "_files");
        } else if (has_words(flag)) {
            scr_console_put(out, "(");
            (void)put_words(out, flag);
            scr_console_put(out, ")");
        }
    }
    scr_console_put(out, "' \\\n");
}

static void put_zsh_flags(struct scr_console *out, enum scr_command command)
{
    struct scr_flag flags[SCR_FLAGS_MAX];
    size_t count = scr_flags_list(command, flags);
    for (size_t i = 0; i < count; i += 1) {
        put_zsh_flag(out, &flags[i]);
    }
}

static void put_zsh(struct scr_console *out)
{
    scr_console_put(out,
                    "#compdef scream\n"
                    "# zsh completion for scream: scream completion zsh > ~/.zfunc/_scream\n"
                    "_scream() {\n"
                    "    local -a commands=(\n");
    for (unsigned i = 0; i < SCR_COMMAND_COUNT; i += 1) {
        const struct scr_command_info *info = scr_command_info((enum scr_command)i);
        scr_console_put(out, "        '");
        scr_console_put(out, info->name);
        scr_console_put(out, ":");
        put_description(out, info->sentence);
        scr_console_put(out, "'\n");
    }
    scr_console_put(out,
                    "    )\n"
                    "    local curcontext=$curcontext state line\n"
                    "    _arguments -C '1: :->command' '*:: :->rest'\n"
                    "    case $state in\n"
                    "    command) _describe command commands ;;\n"
                    "    rest)\n"
                    "        case $line[1] in\n");
    for (unsigned i = 0; i < SCR_COMMAND_COUNT; i += 1) {
        scr_console_put(out, "        ");
        scr_console_put(out, scr_command_info((enum scr_command)i)->name);
        scr_console_put(out, ") _arguments \\\n");
        put_zsh_flags(out, (enum scr_command)i);
        scr_console_put(out,
                        i == SCR_COMMAND_COMPLETION ? "            '1:shell:(bash zsh fish)' ;;\n"
                        : i == SCR_COMMAND_HELP     ? "            '1:command:("
                                                    : "            ;;\n");
        if (i == SCR_COMMAND_HELP) {
            put_commands(out);
            scr_console_put(out, ")' ;;\n");
        }
    }
    scr_console_put(out,
                    "        esac ;;\n"
                    "    esac\n"
                    "}\n"
                    "[[ $funcstack[1] = _scream ]] && _scream \"$@\" || compdef _scream scream\n");
}

static void put_fish_flag(struct scr_console *out, const char *command, const struct scr_flag *flag)
{
    scr_console_put(out, "complete -c scream -n '__fish_seen_subcommand_from ");
    scr_console_put(out, command);
    scr_console_put(out, "' -l ");
    scr_console_put(out, flag->name);
    if (flag->letter != '\0') {
        char letter[] = " -s x";
        letter[4] = flag->letter;
        scr_console_put(out, letter);
    }
    if (flag->argument != NULL) {
        scr_console_put(out, scr_flag_is_path(flag) ? " -rF" : " -x");
        if (has_words(flag)) {
            scr_console_put(out, " -a '");
            (void)put_words(out, flag);
            scr_console_put(out, "'");
        }
    }
    scr_console_put(out, " -d '");
    put_description(out, flag->sentence);
    scr_console_put(out, "'\n");
}

static void put_fish(struct scr_console *out)
{
    struct scr_flag flags[SCR_FLAGS_MAX];
    scr_console_put(out, "# fish completion for scream\ncomplete -c scream -f\n");
    for (unsigned i = 0; i < SCR_COMMAND_COUNT; i += 1) {
        const struct scr_command_info *info = scr_command_info((enum scr_command)i);
        scr_console_put(out, "complete -c scream -n __fish_use_subcommand -a ");
        scr_console_put(out, info->name);
        scr_console_put(out, " -d '");
        put_description(out, info->sentence);
        scr_console_put(out, "'\n");
        size_t count = scr_flags_list((enum scr_command)i, flags);
        for (size_t j = 0; j < count; j += 1) {
            put_fish_flag(out, info->name, &flags[j]);
        }
    }
    scr_console_put(out,
                    "complete -c scream -n '__fish_seen_subcommand_from completion' "
                    "-a 'bash zsh fish'\n"
                    "complete -c scream -n '__fish_seen_subcommand_from help' -a '");
    put_commands(out);
    scr_console_put(out, "'\n");
}

int scr_command_completion(const struct scr_command_call *call)
{
    const char *shell =
        call->invocation->positional_count > 0 ? call->invocation->positionals[0] : "";
    if (strcmp(shell, "bash") == 0) {
        put_bash(call->out);
    } else if (strcmp(shell, "zsh") == 0) {
        put_zsh(call->out);
    } else if (strcmp(shell, "fish") == 0) {
        put_fish(call->out);
    } else {
        scr_command_complain(call, "for which shell? scream completion bash, zsh or fish");
        return SCR_EXIT_USAGE;
    }
    return SCR_EXIT_OK;
}
