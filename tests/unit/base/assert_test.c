/*
 * tests/unit/base/assert_test.c - assertions end the program, with words that help.
 * Aim:    a true condition costs nothing and is evaluated once; a false one names itself, file and
 *         line on standard error and aborts, even when standard error is closed.
 * Method: failing assertions run in a child process (tests/support/death.h).
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/assert.h"
#include "tests/support/death.h"

static int evaluations;

static int count_and_answer(int answer)
{
    evaluations += 1;
    return answer;
}

static void test_true_is_silent(void **state)
{
    (void)state;
    evaluations = 0;
    SCR_ASSERT(count_and_answer(1));
    assert_int_equal(evaluations, 1);
}

static void fail_plainly(void *context)
{
    (void)context;
    SCR_ASSERT(1 + 1 == 3);
}

static void test_words(void **state)
{
    (void)state;
    char said[512];
    assert_int_equal(death_of(fail_plainly, NULL, said, sizeof said), SIGABRT);
    static const char begin[] = "scream: assertion failed: 1 + 1 == 3 at ";
    assert_int_equal(strncmp(said, begin, sizeof begin - 1), 0);
    assert_non_null(strstr(said, "assert_test.c:"));
    assert_int_equal(said[strlen(said) - 1], '\n');
}

static void fail_directly(void *context)
{
    const int *line = context;
    scr_assert_failed("reason", "some/file.c", *line);
}

static void test_line_numbers(void **state)
{
    (void)state;
    static const int lines[] = {0, 1, 9, 10, 499, 2147483647};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i += 1) {
        char said[512];
        char expected[128];
        int line = lines[i];
        assert_int_equal(death_of(fail_directly, &line, said, sizeof said), SIGABRT);
        (void)snprintf(expected,
                       sizeof expected,
                       "scream: assertion failed: reason at some/file.c:%d\n",
                       line);
        assert_string_equal(said, expected);
    }
}

static void fail_mutely(void *context)
{
    (void)close(STDERR_FILENO);
    fail_plainly(context);
}

static void test_aborts_without_standard_error(void **state)
{
    (void)state;
    char said[64];
    assert_int_equal(death_of(fail_mutely, NULL, said, sizeof said), SIGABRT);
    assert_string_equal(said, "");
}

static void fail_unreachable(void *context)
{
    (void)context;
    SCR_UNREACHABLE();
}

static void test_unreachable(void **state)
{
    (void)state;
    char said[512];
    assert_int_equal(death_of(fail_unreachable, NULL, said, sizeof said), SIGABRT);
    assert_non_null(strstr(said, "assertion failed: unreachable at "));
}

static void fail_slowly(void *context)
{
    (void)context;
    SCR_ASSERT_SLOW(count_and_answer(0));
}

/* Slow assertions are real in test builds and not even evaluated elsewhere. */
static void test_slow(void **state)
{
    (void)state;
#ifdef SCR_SLOW_ASSERTS
    assert_dies(fail_slowly, NULL);
#else
    evaluations = 0;
    fail_slowly(NULL);
    assert_int_equal(evaluations, 0);
#endif
}

static _Noreturn void leave(int signal_number)
{
    (void)signal_number;
    exit(0);
}

static void fail_with_handler(void *context)
{
    (void)signal(SIGABRT, leave);
    fail_plainly(context);
}

/* abort raises SIGABRT, so a handler may still have its say (here it also saves coverage). */
static void test_words_come_before_the_signal(void **state)
{
    (void)state;
    char said[512];
    assert_int_equal(death_of(fail_with_handler, NULL, said, sizeof said), 0);
    assert_non_null(strstr(said, "1 + 1 == 3"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_true_is_silent),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_line_numbers),
        cmocka_unit_test(test_aborts_without_standard_error),
        cmocka_unit_test(test_unreachable),
        cmocka_unit_test(test_slow),
        cmocka_unit_test(test_words_come_before_the_signal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
