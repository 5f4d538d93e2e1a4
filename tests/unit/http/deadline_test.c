/*
 * tests/unit/http/deadline_test.c - late clients at the whole server, in real time.
 * Aim:    what watchdog_test proves round by round happens to real daemons too: whoever is late is
 *         cut off for the right reason, its slot comes back, and the others are served meanwhile.
 * Method: one client of each kind at once; how long they hold is the server's business, and that
 *         they end at all is the test. Nothing is measured.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "core/base/limits.h"
#include "core/base/series.h"
#include "core/base/stats.h"
#include "tests/support/http_bench.h"
#include "tests/support/http_client.h"
#include "tests/support/tcp_pair.h"

#define LIVEZ "GET /livez HTTP/1.1\r\nHost: test\r\n"
/* Far larger than what the kernel holds for one connection. */
#define LONG_WAV "GET /scream.wav?preset=classic&seed=1&duration=60s HTTP/1.1\r\nHost: test\r\n\r\n"
#define WAIT_STEPS 6000
#define WAIT_MS 10

static struct http_bench bench;

static int set_up(void **state)
{
    (void)state;
    http_bench_init(&bench, 64, 4 << 20);
    return 0;
}

static int set_up_short_streams(void **state)
{
    (void)state;
    const struct http_bench_config config = {.connections_max = 64,
                                             .arena_bytes = 4 << 20,
                                             .daemons = 2,
                                             .stream_ns_max = INT64_C(500000000)};
    http_bench_init_as(&bench, &config);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    http_bench_deinit(&bench);
    return 0;
}

static int64_t cuts(enum scr_cut reason)
{
    return scr_stats_read(SCR_STAT_HTTP_CUT, reason);
}

static void begin(struct http_client *client, const char *text)
{
    assert_true(http_client_open(client, bench.port));
    assert_true(http_client_send(client, text));
}

static void expect_served(void)
{
    struct http_answer answer;
    http_get(bench.port, "/livez", "", &answer);
    assert_int_equal(answer.status, 200);
    http_answer_free(&answer);
}

/* Half a head and a goodbye at once; the socket is closed before anyone looks. */
static void leave_half_dead(void)
{
    struct http_client client;
    begin(&client, LIVEZ);
    http_client_close(&client);
}

static void test_half_dead(void **state)
{
    (void)state;
    for (int i = 0; i < 40; i++) {
        leave_half_dead();
    }
    http_bench_settle(&bench);
    assert_int_equal(cuts(SCR_CUT_HEAD) + cuts(SCR_CUT_IDLE) + cuts(SCR_CUT_SLOW), 0);
    expect_served();
}

/* More query pieces than the library's pool has room for: it never completes such a request. */
static void begin_too_many_pieces(struct http_client *client)
{
    char text[4096];
    size_t at = (size_t)snprintf(text, sizeof text, "GET /livez?");
    for (int i = 0; i < 700; i++) {
        memcpy(text + at, "a=1&", 5);
        at += 4;
    }
    (void)snprintf(text + at, sizeof text - at, " HTTP/1.1\r\nHost: a\r\n\r\n");
    begin(client, text);
}

/* The library does not look at it again by itself. Nobody else may be there to wake it up. */
static void test_given_up_by_the_library(void **state)
{
    (void)state;
    struct http_client client;
    begin_too_many_pieces(&client);
    tcp_pair_expect_end(client.fd, TCP_END_CLEAN);
    http_client_close(&client);
    http_bench_settle(&bench);
}

static void drip(struct http_client *client)
{
    (void)send(client->fd, "a", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void test_late_heads(void **state)
{
    (void)state;
    struct http_client silent;
    struct http_client dripping;
    struct http_client kept;
    struct http_answer answer;
    assert_true(http_client_open(&silent, bench.port));
    begin(&dripping, LIVEZ "X: ");
    assert_true(http_client_open(&kept, bench.port));
    http_client_get(&kept, "/livez", "", &answer);
    assert_true(answer.keeps_alive);
    http_answer_free(&answer);
    assert_true(http_client_send(&kept, "G"));
    for (int i = 0; i < WAIT_STEPS && cuts(SCR_CUT_HEAD) < 3; i++) {
        drip(&dripping);
        expect_served();
        (void)poll(NULL, 0, WAIT_MS);
    }
    assert_int_equal(cuts(SCR_CUT_HEAD), 3);
    tcp_pair_expect_end(silent.fd, TCP_END_CLEAN);
    tcp_pair_expect_end(kept.fd, TCP_END_CLEAN);
    http_client_close(&silent);
    http_client_close(&dripping);
    http_client_close(&kept);
}

static void test_idle_and_slow(void **state)
{
    (void)state;
    struct http_client idle;
    struct http_client slow[8];
    struct http_answer answer;
    assert_true(http_client_open(&idle, bench.port));
    http_client_get(&idle, "/livez", "", &answer);
    http_answer_free(&answer);
    for (size_t i = 0; i < 8; i++) {
        begin(&slow[i], LONG_WAV);
    }
    tcp_pair_expect_end(idle.fd, TCP_END_CLEAN);
    assert_int_equal(cuts(SCR_CUT_IDLE), 1);
    /* Nothing is read until all are cut, so that none of them is ever less slow. */
    for (int i = 0; i < WAIT_STEPS && cuts(SCR_CUT_SLOW) < 8; i++) {
        expect_served();
        (void)poll(NULL, 0, WAIT_MS);
    }
    assert_int_equal(cuts(SCR_CUT_SLOW), 8);
    for (size_t i = 0; i < 8; i++) {
        tcp_pair_expect_end(slow[i].fd, TCP_END_RESET);
        http_client_close(&slow[i]);
    }
    http_client_close(&idle);
    http_bench_settle(&bench);
}

static void test_longest_stream(void **state)
{
    (void)state;
    struct http_client client;
    begin(&client, LONG_WAV);
    for (int i = 0; i < WAIT_STEPS && cuts(SCR_CUT_STREAM) < 1; i++) {
        expect_served();
        (void)poll(NULL, 0, WAIT_MS);
    }
    tcp_pair_expect_end(client.fd, TCP_END_RESET);
    http_client_close(&client);
    http_bench_settle(&bench);
    assert_int_equal(cuts(SCR_CUT_STREAM), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_half_dead, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_given_up_by_the_library, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_late_heads, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_idle_and_slow, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_longest_stream, set_up_short_streams, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
