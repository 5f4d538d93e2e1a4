/*
 * tests/support/command_bench.h - runs a command of the program within a test and reads its words.
 * Why:    what commands print is behaviour; a process each would only make it slow.
 * Flow:   line -> flags -> configuration -> command -> both outputs as strings.
 */
#ifndef TESTS_SUPPORT_COMMAND_BENCH_H
#define TESTS_SUPPORT_COMMAND_BENCH_H

#include "server/command.h"
#include "server/config.h"
#include "server/console.h"
#include "server/flags.h"

struct command_bench {
    struct scr_invocation invocation;
    struct scr_config config;
    struct scr_config_report report;
    struct scr_console out;
    struct scr_console err;
    struct scr_command_call call;
    char line[1024]; /* the words point into it */
    char out_text[131072];
    char err_text[16384];
};

/**
 * Reads a line such as "generate -o a.ogg" and an environment (NULL: empty) without running it;
 * fails the test when line or settings are wrong.
 */
void command_bench_load(struct command_bench *bench, const char *line, char *const *environment);

/** Loads, runs, and keeps what was said in out_text and err_text. returns the exit code */
int command_bench_run(struct command_bench *bench, const char *line, char *const *environment);

#endif
