/*
 * tests/unit/server/signals_test.c - the first signal, the pause, the second signal.
 * Aim:    while memory is taken a signal ends the program at once with 0; later SIGTERM and SIGINT
 *         are waited for and named; SIGHUP is taken and told once, SIGPIPE does nothing; a second
 *         signal ends the pause, or sets the hurry flag, and never ends the program.
 * Method: a child per case raises signals at itself and reports by its exit code.
 */
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/log.h"
#include "server/signals.h"

typedef int child_fn(void);

static void assert_child_ends_with(child_fn *act, int expected)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        _exit(act());
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), expected);
}

static void assert_child_succeeds(child_fn *act)
{
    assert_child_ends_with(act, 0);
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

static unsigned hangups_told;

static void count_hangups(void *context,
                          enum scr_log_level level,
                          const char *message,
                          const struct scr_log_field *fields,
                          size_t field_count)
{
    (void)context;
    (void)level;
    (void)fields;
    (void)field_count;
    hangups_told += strcmp(message, "signal ignored") == 0 ? 1 : 0;
}

static int hangups_are_told_once(void)
{
    scr_signals_block();
    scr_log_set_sink(count_hangups, NULL, SCR_LOG_DEBUG);
    for (unsigned i = 0; i < 10; i += 1) {
        (void)kill(getpid(), SIGHUP);
        if (scr_signals_pause(1000000)) {
            return 1;
        }
    }
    (void)kill(getpid(), SIGHUP);
    (void)kill(getpid(), SIGTERM);
    if (scr_signals_wait() != SIGTERM || hangups_told != 1) {
        return 2;
    }
    /* Nor does one end the drain, or the time when a signal ends everything at once. */
    const volatile bool *hurry = scr_signals_hurry();
    (void)raise(SIGHUP);
    if (*hurry) {
        return 3;
    }
    scr_signals_end_at_once();
    (void)raise(SIGHUP);
    return hangups_told == 1 ? 0 : 4;
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

/* They interrupt the wait; but for the signal at the end it would last an hour. */
static int stop_and_continue_do_not_end_the_pause(void)
{
    scr_signals_block();
    pid_t self = getpid();
    pid_t other = fork();
    if (other == 0) {
        for (unsigned i = 0; i < 20; i += 1) {
            (void)kill(self, SIGSTOP);
            (void)kill(self, SIGCONT);
            (void)poll(NULL, 0, 5);
        }
        (void)kill(self, SIGTERM);
        _exit(0);
    }
    bool ended = scr_signals_pause(INT64_C(3600000000000));
    int status = 0;
    return other > 0 && ended && waitpid(other, &status, 0) == other ? 0 : 1;
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

static int an_early_signal_ends_it(void)
{
    scr_signals_block();
    scr_signals_end_at_once();
    (void)raise(SIGTERM);
    return 1;
}

static int a_signal_that_came_before_ends_it_too(void)
{
    scr_signals_block();
    (void)kill(getpid(), SIGINT);
    scr_signals_end_at_once();
    return 1;
}

static int once_blocked_again_it_is_waited_for(void)
{
    scr_signals_block();
    scr_signals_end_at_once();
    scr_signals_block();
    (void)kill(getpid(), SIGTERM);
    if (scr_signals_wait() != SIGTERM) {
        return 1;
    }
    const volatile bool *hurry = scr_signals_hurry();
    (void)raise(SIGTERM);
    /* Reached, so the early handler is gone; _exit(0) of it would not be told apart. */
    return *hurry ? 3 : 2;
}

static void signals_do_what_they_should(void **state)
{
    (void)state;
    assert_child_succeeds(waits_and_names);
    assert_child_succeeds(ignores_the_others);
    assert_child_succeeds(hangups_are_told_once);
    assert_child_succeeds(a_second_signal_ends_the_pause);
    assert_child_succeeds(stop_and_continue_do_not_end_the_pause);
    assert_child_succeeds(a_second_signal_sets_the_flag);
    assert_child_succeeds(a_pending_signal_sets_the_flag);
    assert_child_succeeds(an_early_signal_ends_it);
    assert_child_succeeds(a_signal_that_came_before_ends_it_too);
    assert_child_ends_with(once_blocked_again_it_is_waited_for, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signals_do_what_they_should),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
