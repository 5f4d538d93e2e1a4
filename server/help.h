/*
 * server/help.h - the help texts, made from the tables.
 * Why:    units, ranges and defaults in the help are those the program checks.
 * Thread: main.
 */
#ifndef SCR_SERVER_HELP_H
#define SCR_SERVER_HELP_H

#include "server/command.h"
#include "server/console.h"

/** Explains the program. */
void scr_help_program(struct scr_console *out);

/** Explains one command: usage, examples, flags by group. */
void scr_help_command(struct scr_console *out, enum scr_command command);

#endif
