/*
 * server/command.h - the commands: who they are and how they are called.
 * Why:    one table (command_table.h) gives dispatch, help and completion.
 * Flow:   main -> flags -> configuration -> scr_command_info(command)->run(call) -> exit code.
 */
#ifndef SCR_SERVER_COMMAND_H
#define SCR_SERVER_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum scr_command {
#define X(id, name, function, arguments, positionals, sentence) SCR_COMMAND_##id,
#include "server/command_table.h"
#undef X
    SCR_COMMAND_COUNT
};

/* Sets of commands: which take a flag. */
enum {
#define X(id, name, function, arguments, positionals, sentence) SCR_IN_##id = 1 << SCR_COMMAND_##id,
#include "server/command_table.h"
#undef X
    SCR_IN_ALL = (1 << SCR_COMMAND_COUNT) - 1
};

struct scr_config;
struct scr_config_report;
struct scr_console;
struct scr_invocation;
struct scr_text;

/* All a command is given. */
struct scr_command_call {
    const struct scr_invocation *invocation;
    const struct scr_config *config;
    const struct scr_config_report *report; /* warnings not yet shown */
    struct scr_console *out;
    struct scr_console *err;
};

/** Runs a command. returns its exit code (enum scr_exit) */
typedef int scr_command_fn(const struct scr_command_call *call);

#define X(id, name, function, arguments, positionals, sentence)                                    \
    scr_command_fn scr_command_##function;
#include "server/command_table.h"
#undef X

struct scr_command_info {
    const char *name;
    scr_command_fn *run;
    const char *arguments;
    size_t positionals_max;
    const char *sentence;
};

/** The table row. */
const struct scr_command_info *scr_command_info(enum scr_command command);

/** Finds a command by its exact name. */
bool scr_command_find(const char *name, enum scr_command *command);

/** Appends why there is no such command: of go-scream's, one near to it, or where to look. */
void scr_command_put_unknown(struct scr_text *sentence, const char *name);

/** Says on standard error what is wrong: "scream: sentence" and a line end. */
void scr_command_complain(const struct scr_command_call *call, const char *sentence);

/** Shows the warnings of the configuration on standard error. */
void scr_command_show_warnings(const struct scr_command_call *call);

#endif
