/*
 * tests/torture/shutdown_test.c - a stop ends well, whatever memory is refused meanwhile.
 * Aim:    each allocation between SIGTERM and the end fails once, and all of them together: the
 *         exit code is 0, nothing hangs, and a response under way arrives whole.
 * Method: the real server with a long response half read and a kept connection; armed, asked to
 *         stop, and asked once more while it stops: an ordinary stop allocates nothing by itself,
 *         a last request does. One more run per call until a stop has fewer calls than that.
 */
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/exit_code.h"
#include "tests/support/http_client.h"
#include "tests/torture/victim.h"

#define CALLS_MAX 200
/* At least so many runs: a stop that allocates nothing is also seen more than once. */
#define RUNS_MIN 3

/* One stop in which `count` calls from the nth on fail; returns whether one did. */
static bool stop_once(uint64_t nth, uint64_t count)
{
    static const char *const words[] = {"scream", "serve", "--drain-delay=200ms", NULL};
    struct victim victim;
    struct victim_end end;
    struct http_client kept;
    struct http_client reader;
    struct http_answer answer;
    struct http_answer streamed;
    victim_start(&victim, words, 0, 0);
    assert_true(program_listens(&victim.program));
    assert_true(http_client_open(&kept, victim.program.port));
    http_client_get(&kept, "/livez", "", &answer);
    assert_int_equal(answer.status, 200);
    http_answer_free(&answer);

    assert_true(http_client_open(&reader, victim.program.port));
    assert_true(
        http_client_send(&reader, "GET /scream.wav?duration=30 HTTP/1.1\r\nHost: a\r\n\r\n"));
    http_client_head(&reader, false, &streamed);
    assert_int_equal(streamed.status, 200);
    victim_arm(&victim, nth, count);
    assert_int_equal(kill(victim.program.pid, SIGTERM), 0);
    http_client_get(&kept, "/readyz", "", &answer);
    assert_true(answer.status == 0 || answer.status == 200 || answer.status == 503);
    http_answer_free(&answer);
    http_client_body(&reader, &streamed);
    assert_true(streamed.whole);
    http_answer_free(&streamed);
    http_client_close(&reader);
    http_client_close(&kept);
    victim_wait(&victim, &end);
    if (end.program.hung || end.program.signal != 0 || end.program.code != SCR_EXIT_OK) {
        print_error("stop, call %u: %s signal %d, code %d; failed: %s\n",
                    (unsigned)nth,
                    end.program.hung ? "hung," : "",
                    end.program.signal,
                    end.program.code,
                    end.where);
        fail();
    }
    return end.failed > 0;
}

static void each_failure_is_survived(void **state)
{
    (void)state;
    unsigned failed = 0;
    uint64_t nth = 1;
    for (bool more = true; more || nth <= RUNS_MIN; nth += 1) {
        more = stop_once(nth, 1);
        failed += more ? 1 : 0;
        assert_true(nth < CALLS_MAX);
    }
    print_message(
        "torture shutdown: %u allocations failed in %u stops\n", failed, (unsigned)nth - 1);
}

static void famine_is_survived(void **state)
{
    (void)state;
    (void)stop_once(1, 1000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_failure_is_survived),
        cmocka_unit_test(famine_is_survived),
    };
    (void)signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
