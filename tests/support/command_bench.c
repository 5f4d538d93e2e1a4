/*
 * tests/support/command_bench.c - a command, run in the test's own process.
 * Why:    see command_bench.h. Outputs go to unnamed files, so nothing can block.
 */
#include "tests/support/command_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define WORDS_MAX 32

/* Splits a line at blanks, in place. */
static int split(char *line, char *words[WORDS_MAX + 1])
{
    int count = 0;
    while (*line != '\0' && count < WORDS_MAX) {
        size_t bytes = strcspn(line, " ");
        words[count] = line;
        count += 1;
        line += bytes;
        if (*line == ' ') {
            *line = '\0';
            line += 1;
        }
    }
    words[count] = NULL;
    return count;
}

void command_bench_load(struct command_bench *bench, const char *line, char *const *environment)
{
    char *words[WORDS_MAX + 1];
    char problem_chars[SCR_CONFIG_SENTENCE_BYTES_MAX];
    struct scr_text problem;
    int length = snprintf(bench->line, sizeof bench->line, "scream %s", line);
    assert_true(length > 0 && (size_t)length < sizeof bench->line);
    int count = split(bench->line, words);
    scr_text_init(&problem, problem_chars, sizeof problem_chars);
    if (scr_flags_parse(count, words, &bench->invocation, &problem) != SCR_OK) {
        fail_msg("%s: %s", line, problem_chars);
    }
    struct scr_config_sources sources = {.file_path = bench->invocation.config_path,
                                         .environment = environment};
    memcpy(sources.flags, bench->invocation.settings, sizeof sources.flags);
    if (scr_config_load(&sources, &bench->config, &bench->report) != SCR_OK) {
        fail_msg("%s: %s", line, bench->report.error);
    }
    bench->call = (struct scr_command_call){
        &bench->invocation, &bench->config, &bench->report, &bench->out, &bench->err};
}

static void read_back(FILE *file, char *text, size_t capacity)
{
    rewind(file);
    size_t bytes = fread(text, 1, capacity, file);
    assert_true(bytes < capacity);
    text[bytes] = '\0';
    fclose(file);
}

int command_bench_run(struct command_bench *bench, const char *line, char *const *environment)
{
    FILE *out = tmpfile();
    FILE *err = tmpfile();
    assert_non_null(out);
    assert_non_null(err);
    command_bench_load(bench, line, environment);
    scr_console_init(&bench->out, fileno(out));
    scr_console_init(&bench->err, fileno(err));
    int code = scr_command_info(bench->invocation.command)->run(&bench->call);
    assert_true(scr_console_flush(&bench->out));
    assert_true(scr_console_flush(&bench->err));
    read_back(out, bench->out_text, sizeof bench->out_text);
    read_back(err, bench->err_text, sizeof bench->err_text);
    return code;
}
