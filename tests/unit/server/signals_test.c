/*
 * tests/unit/server/signals_test.c - the first signal, the pause, the second signal.
 * Aim:    SIGTERM and SIGINT are waited for and named; SIGHUP and SIGPIPE do nothing; a second
 *         signal ends the pause, or sets the hurry flag, and never ends the program.
 * Method: a child per case raises signals at itself and reports by its exit code.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "server/signals.h"

typedef int child_fn(void);

static void assert_child_succeeds(child_fn *act)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        _exit(act());
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static int waits_and_names(void)
{
    scr_signals_block();
    (void)kill(getpid(), SIGINT);
    if (scr_signals_wait() != SIGINT || strcmp(scr_signal_name(SIGINT), "SIGINT") != 0) {
        return 1;
    }
    (void)kill(getpid(), SIGTERM);
    return scr_signals_wait() == SIGTERM && strcmp(scr_signal_name(SIGTERM), "SIGTERM") == 0 ? 0
                                                                                             : 2;
}

static int ignores_the_others(void)
{
    scr_signals_block();
    (void)kill(getpid(), SIGHUP);
    (void)kill(getpid(), SIGPIPE);
    /* Still here; and neither is taken for a stop. */
    return scr_signals_pause(1000000) ? 1 : 0;
}

static int a_second_signal_ends_the_pause(void)
{
    scr_signals_block();
    if (scr_signals_pause(0)) {
        return 1;
    }
    (void)kill(getpid(), SIGTERM);
    /* An hour, but for the signal that is there already. */
    return scr_signals_pause(INT64_C(3600000000000)) ? 0 : 2;
}

static int a_second_signal_sets_the_flag(void)
{
    scr_signals_block();
    const volatile bool *hurry = scr_signals_hurry();
    if (*hurry) {
        return 1;
    }
    (void)raise(SIGINT);
    if (!*hurry) {
        return 2;
    }
    (void)raise(SIGTERM);
    return 0;
}

static int a_pending_signal_sets_the_flag(void)
{
    scr_signals_block();
    (void)kill(getpid(), SIGTERM);
    const volatile bool *hurry = scr_signals_hurry();
    return *hurry ? 0 : 1;
}

static void signals_do_what_they_should(void **state)
{
    (void)state;
    assert_child_succeeds(waits_and_names);
    assert_child_succeeds(ignores_the_others);
    assert_child_succeeds(a_second_signal_ends_the_pause);
    assert_child_succeeds(a_second_signal_sets_the_flag);
    assert_child_succeeds(a_pending_signal_sets_the_flag);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signals_do_what_they_should),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
