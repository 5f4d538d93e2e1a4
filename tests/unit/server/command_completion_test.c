/*
 * tests/unit/server/command_completion_test.c - the completion scripts.
 * Aim:    each script knows every command, flag and preset; bash takes its own, and completes.
 * Method: the scripts as text; bash itself where it is installed (else SKIP).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/synth/preset.h"
#include "server/exit_code.h"
#include "tests/support/command_bench.h"

static struct command_bench bench;

static void each_script_knows_everything(void **state)
{
    (void)state;
    static const char *const lines[] = {"completion bash", "completion zsh", "completion fish"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i += 1) {
        assert_int_equal(command_bench_run(&bench, lines[i], NULL), SCR_EXIT_OK);
        for (unsigned command = 0; command < SCR_COMMAND_COUNT; command += 1) {
            struct scr_flag flags[SCR_FLAGS_MAX];
            size_t count = scr_flags_list((enum scr_command)command, flags);
            assert_non_null(
                strstr(bench.out_text, scr_command_info((enum scr_command)command)->name));
            for (size_t j = 0; j < count; j += 1) {
                if (strstr(bench.out_text, flags[j].name) == NULL) {
                    fail_msg("%s: nothing of %s", lines[i], flags[j].name);
                }
            }
        }
        for (unsigned preset = 0; preset < SCR_PRESET_COUNT; preset += 1) {
            assert_non_null(strstr(bench.out_text, scr_preset_name((enum scr_preset)preset)));
        }
    }
}

static void other_shells_are_refused(void **state)
{
    (void)state;
    assert_int_equal(command_bench_run(&bench, "completion", NULL), SCR_EXIT_USAGE);
    assert_int_equal(command_bench_run(&bench, "completion csh", NULL), SCR_EXIT_USAGE);
    assert_non_null(strstr(bench.err_text, "bash, zsh or fish"));
    assert_string_equal(bench.out_text, "");
}

/* Lets bash complete the last of the words; its answers stand in bench.out_text, one a line. */
static void complete(const char *words)
{
    char path[] = "/tmp/scream-completion-XXXXXX";
    char command[1024];
    assert_int_equal(command_bench_run(&bench, "completion bash", NULL), SCR_EXIT_OK);
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_true(write(fd, bench.out_text, strlen(bench.out_text)) > 0);
    close(fd);
    snprintf(command,
             sizeof command,
             "bash -uc '. %s; COMP_WORDS=(%s); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _scream; "
             "printf \"%%s\\n\" \"${COMPREPLY[@]}\"'",
             path,
             words);
    FILE *answer = popen(command, "r");
    assert_non_null(answer);
    size_t bytes = fread(bench.out_text, 1, sizeof bench.out_text - 1, answer);
    bench.out_text[bytes] = '\0';
    assert_int_equal(pclose(answer), 0);
    unlink(path);
}

static void bash_completes(void **state)
{
    (void)state;
    if (system("bash -c true >/dev/null 2>&1") != 0) {
        print_message("SKIP: there is no bash here\n");
        skip();
    }
    complete("scream gen");
    assert_string_equal(bench.out_text, "generate\n");
    complete("scream generate --primary-b");
    assert_string_equal(bench.out_text, "--primary-base-hz\n");
    complete("scream generate --preset b");
    assert_string_equal(bench.out_text, "banshee\n");
    complete("scream serve --primary-b");
    assert_string_equal(bench.out_text, "\n");
    complete("scream --log-level d");
    assert_string_equal(bench.out_text, "debug\n");
    complete("scream completion f");
    assert_string_equal(bench.out_text, "fish\n");
    complete("scream generate -o /etc/hostna");
    assert_string_equal(bench.out_text, "/etc/hostname\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_script_knows_everything),
        cmocka_unit_test(other_shells_are_refused),
        cmocka_unit_test(bash_completes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
