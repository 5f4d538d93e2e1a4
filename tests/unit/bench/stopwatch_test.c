/*
 * tests/unit/bench/stopwatch_test.c - the command line of the stage programs and what they print.
 * Aim:    subjects take turns, as often as was asked; what is typed wrong is refused with 64 before
 *         anything runs; the lines are what the scripts read.
 * Method: two subjects that count their runs; what is printed is caught in a temporary file. Times
 *         are looked at as numbers, never judged.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench/stopwatch.h"
#include "core/dsp/isa.h"

static unsigned runs[2];

/* Long enough to be repeated but a few times. */
static void work(const void *what)
{
    volatile unsigned *count = &runs[*(const size_t *)what];
    for (unsigned i = 0; i < 100000; i += 1) {
        *count += 1;
        *count -= 1;
    }
    *count += 1;
}

static const size_t numbers[2] = {0, 1};
static const struct scr_subject subjects[2] = {
    {"first", work, &numbers[0], 4},
    {"second", work, &numbers[1], 1},
};

static char printed[4096];

/* Runs the main function with these words; leaves what it printed in `printed`. */
static int call(const char *const *words, size_t count)
{
    char *arguments[8] = {(char[]){"program"}};
    static char copies[8][32];
    assert_true(count < 8);
    for (size_t i = 0; i < count; i += 1) {
        (void)snprintf(copies[i], sizeof copies[i], "%s", words[i]);
        arguments[i + 1] = copies[i];
    }
    memset(runs, 0, sizeof runs);
    FILE *file = tmpfile();
    assert_non_null(file);
    (void)fflush(stdout);
    int kept = dup(STDOUT_FILENO);
    assert_true(kept >= 0 && dup2(fileno(file), STDOUT_FILENO) >= 0);
    int status = scr_stopwatch_main((int)count + 1, arguments, subjects, 2);
    (void)fflush(stdout);
    assert_true(dup2(kept, STDOUT_FILENO) >= 0);
    (void)close(kept);
    rewind(file);
    size_t bytes = fread(printed, 1, sizeof printed - 1, file);
    printed[bytes] = '\0';
    (void)fclose(file);
    return status;
}

#define CALL(...)                                                                                  \
    call((const char *const[]){__VA_ARGS__},                                                       \
         sizeof(const char *const[]){__VA_ARGS__} / sizeof(const char *))

static size_t count_of(const char *text, char c)
{
    size_t count = 0;
    for (; *text != '\0'; text += 1) {
        count += *text == c;
    }
    return count;
}

static void test_list_runs_nothing(void **state)
{
    (void)state;
    assert_int_equal(CALL("--list"), 0);
    assert_string_equal(printed,
                        "{\"subject\":\"first\",\"blocks\":4}\n"
                        "{\"subject\":\"second\",\"blocks\":1}\n");
    assert_int_equal(runs[0] + runs[1], 0);
}

static void test_rounds_are_as_many_as_asked(void **state)
{
    (void)state;
    assert_int_equal(CALL("--rounds", "3"), 0);
    assert_int_equal(count_of(printed, '\n'), 2);
    const char *second = strchr(printed, '\n') + 1;
    assert_memory_equal(printed, "{\"subject\":\"first\",\"blocks\":4,\"rounds\":[", 40);
    assert_memory_equal(second, "{\"subject\":\"second\",\"blocks\":1,\"rounds\":[", 41);
    const char *at = strchr(second, '[');
    for (int i = 0; i < 3; i += 1) {
        char *end;
        assert_true(strtod(at + 1, &end) > 0.0);
        assert_int_equal(*end, i < 2 ? ',' : ']');
        at = end;
    }
    assert_string_equal(at, "]}\n");
    /* Two to warm up, and at least one a round. */
    assert_true(runs[0] >= 5 && runs[1] >= 5);
}

static void test_only_takes_a_prefix(void **state)
{
    (void)state;
    assert_int_equal(CALL("--only", "sec", "--rounds", "1"), 0);
    assert_int_equal(runs[0], 0);
    assert_true(runs[1] > 0);
    assert_int_equal(count_of(printed, '\n'), 1);
    assert_int_equal(CALL("--only", "third"), 0);
    assert_string_equal(printed, "");
}

static void test_once_is_once_to_warm_up_and_once_to_count(void **state)
{
    (void)state;
    assert_int_equal(CALL("--once", "second"), 0);
    assert_int_equal(runs[0], 0);
    assert_int_equal(runs[1], 2);
    assert_string_equal(printed, "");
    assert_int_equal(CALL("--once", "sec"), 64);
    assert_int_equal(runs[1], 0);
}

static void test_misuse_runs_nothing(void **state)
{
    (void)state;
    assert_int_equal(CALL("fast"), 64);
    assert_int_equal(CALL("--rounds"), 64);
    assert_int_equal(CALL("--rounds", "0"), 64);
    assert_int_equal(CALL("--rounds", "1002"), 64);
    assert_int_equal(CALL("--rounds", "3x"), 64);
    assert_int_equal(CALL("--rounds", ""), 64);
    assert_int_equal(CALL("--only"), 64);
    assert_int_equal(CALL("--fast", "3"), 64);
    assert_string_equal(printed, "");
    assert_int_equal(runs[0] + runs[1], 0);
}

static void test_isas(void **state)
{
    (void)state;
    assert_int_equal(CALL("--isas"), 0);
    assert_int_equal(count_of(printed, '\n'), SCR_ISA_COUNT);
    assert_non_null(strstr(printed, "{\"isa\":\"scalar\",\"runs\":true,"));
    const char *used = strstr(printed, "\"used\":true");
    assert_non_null(used);
    assert_null(strstr(used + 1, "\"used\":true"));
    assert_int_equal(runs[0] + runs[1], 0);
}

static void test_isa_is_chosen_by_the_environment(void **state)
{
    (void)state;
    const enum scr_isa before = scr_isa_current();
    assert_int_equal(setenv("SCREAM_ISA", "scalar", 1), 0);
    assert_int_equal(CALL("--isas"), 0);
    assert_non_null(strstr(printed, "{\"isa\":\"scalar\",\"runs\":true,\"used\":true}"));
    assert_int_equal(setenv("SCREAM_ISA", "mmx", 1), 0);
    assert_int_equal(CALL("--rounds", "1"), 78);
    assert_string_equal(printed, "");
    assert_int_equal(runs[0] + runs[1], 0);
    assert_int_equal(unsetenv("SCREAM_ISA"), 0);
    scr_isa_use(before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_list_runs_nothing),
        cmocka_unit_test(test_rounds_are_as_many_as_asked),
        cmocka_unit_test(test_only_takes_a_prefix),
        cmocka_unit_test(test_once_is_once_to_warm_up_and_once_to_count),
        cmocka_unit_test(test_misuse_runs_nothing),
        cmocka_unit_test(test_isas),
        cmocka_unit_test(test_isa_is_chosen_by_the_environment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
