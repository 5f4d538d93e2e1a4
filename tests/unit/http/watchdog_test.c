/*
 * tests/unit/http/watchdog_test.c - who is cut off, in which round, and for which reason.
 * Aim:    each deadline leaves its whole time and not two rounds more; a client that was gone is
 *         found out in two rounds; a slow reader is cut, one who waits for us never is.
 * Method: real TCP connections over loopback stand in the table without a daemon; the test plays
 *         the daemon and makes the rounds, so a round is all the time there is.
 */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/limits.h"
#include "core/base/series.h"
#include "core/base/stats.h"
#include "core/memory/boot.h"
#include "server/http/tcp_state.h"
#include "server/http/watchdog.h"
#include "tests/support/tcp_pair.h"

#define CONNECTIONS_MAX 16
#define FILES_MAX 1024
#define HEAD_TICKS SCR_WATCH_TICKS(SCR_HTTP_HEAD_S)
#define BODY_TICKS SCR_WATCH_TICKS(SCR_HTTP_BODY_S)
#define IDLE_TICKS SCR_WATCH_TICKS(SCR_HTTP_IDLE_S)
#define SLOW_TICKS SCR_WATCH_TICKS(SCR_HTTP_SLOW_S)
#define LONG_TICKS 2000
#define REQUEST_BYTES 40

static struct scr_connection_table table;
static struct scr_watchdog watchdog;
static struct tcp_pair pair;
static const struct scr_address nobody;

static int set_up(void **state)
{
    (void)state;
    scr_boot_enter(SCR_BOOT_OPEN);
    scr_stats_reset();
    assert_int_equal(scr_connections_init(&table, CONNECTIONS_MAX, FILES_MAX, 1), SCR_OK);
    scr_watchdog_init(&watchdog, &table, 0);
    pair = tcp_pair_open();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    scr_connections_leave(&table, pair.ours);
    tcp_pair_close(&pair);
    scr_connections_deinit(&table);
    assert_int_equal(scr_boot_bytes(), 0);
    return 0;
}

static void enter(int fd)
{
    uint32_t daemon = 0;
    assert_int_equal(scr_connections_enter(&table, fd, &nobody, &daemon), SCR_OK);
}

static struct scr_connection *open_entry(void)
{
    enter(pair.ours);
    return scr_connections_start(&table, pair.ours);
}

static void ticks(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        scr_watchdog_tick(&watchdog);
    }
}

static int64_t cuts(void)
{
    int64_t sum = 0;
    for (uint32_t i = 0; i < SCR_CUT_COUNT; i++) {
        sum += scr_stats_read(SCR_STAT_HTTP_CUT, i);
    }
    return sum;
}

static const char *const cut_names[SCR_CUT_COUNT] = {
    "head", "body", "idle", "stream", "slow", "half_dead"};

/* The one that was cut off knows why, for the line of its request. */
static void expect_told(const char *name)
{
    unsigned told = 0;
    for (uint32_t i = 0; i < table.capacity; i++) {
        const char *cut_by = atomic_load(&table.entries[i].cut_by);
        if (cut_by != NULL) {
            assert_string_equal(cut_by, name);
            told++;
        }
    }
    assert_int_equal(told, 1);
}

/* Nothing for so many rounds; cut in the next, for this reason, and counted once. */
static void expect_cut_after(uint32_t count, enum scr_cut reason)
{
    ticks(count);
    assert_int_equal(cuts(), 0);
    ticks(1);
    assert_int_equal(scr_stats_read(SCR_STAT_HTTP_CUT, reason), 1);
    assert_int_equal(cuts(), 1);
    ticks(LONG_TICKS);
    assert_int_equal(cuts(), 1);
    expect_told(cut_names[reason]);
}

/* One whole request and its answer: the connection is kept. */
static void serve_one(struct scr_connection *entry)
{
    tcp_pair_send(&pair, REQUEST_BYTES);
    (void)tcp_pair_drain(pair.ours);
    scr_connections_begin_request(entry);
    scr_connections_begin_body(&table, entry, REQUEST_BYTES);
    scr_connections_begin_response(&table, entry, SCR_HTTP_SLOW_S);
    scr_connections_end_request(&table, entry);
}

static void test_fresh_head(void **state)
{
    (void)state;
    (void)open_entry();
    expect_cut_after(HEAD_TICKS, SCR_CUT_HEAD);
    tcp_pair_expect_end(pair.theirs, TCP_END_CLEAN);
}

/* A byte in every round, and even the request line, buys no time. */
static void test_dripping_head(void **state)
{
    (void)state;
    struct scr_connection *entry = open_entry();
    for (uint32_t i = 0; i < HEAD_TICKS; i++) {
        tcp_pair_send(&pair, 1);
        (void)tcp_pair_drain(pair.ours);
        ticks(1);
        if (i == HEAD_TICKS / 2) {
            scr_connections_begin_request(entry);
        }
    }
    expect_cut_after(0, SCR_CUT_HEAD);
}

static void test_kept_idle(void **state)
{
    (void)state;
    serve_one(open_entry());
    expect_cut_after(IDLE_TICKS, SCR_CUT_IDLE);
    tcp_pair_expect_end(pair.theirs, TCP_END_CLEAN);
}

/* The head's time runs from the round in which its first byte is seen, in the last moment too. */
static void test_kept_head(void **state)
{
    (void)state;
    struct scr_connection *entry = open_entry();
    serve_one(entry);
    ticks(IDLE_TICKS);
    tcp_pair_send(&pair, 1);
    ticks(1);
    scr_connections_begin_request(entry);
    tcp_pair_send(&pair, 1);
    expect_cut_after(HEAD_TICKS - 1, SCR_CUT_HEAD);
}

/* Each request begins everything anew, also when its phases fall into one round. */
static void test_kept_again_and_again(void **state)
{
    (void)state;
    struct scr_connection *entry = open_entry();
    for (int i = 0; i < 50; i++) {
        serve_one(entry);
        ticks(IDLE_TICKS - 1);
        tcp_pair_send(&pair, REQUEST_BYTES);
        ticks(HEAD_TICKS - 1);
        scr_connections_begin_request(entry);
        scr_connections_begin_body(&table, entry, REQUEST_BYTES);
        ticks(BODY_TICKS);
        scr_connections_begin_response(&table, entry, SCR_HTTP_SLOW_S);
        ticks(LONG_TICKS);
        scr_connections_end_request(&table, entry);
    }
    assert_int_equal(cuts(), 0);
    expect_cut_after(IDLE_TICKS, SCR_CUT_IDLE);
}

static void test_body(void **state)
{
    (void)state;
    struct scr_connection *entry = open_entry();
    ticks(HEAD_TICKS);
    scr_connections_begin_request(entry);
    scr_connections_begin_body(&table, entry, REQUEST_BYTES);
    expect_cut_after(BODY_TICKS, SCR_CUT_BODY);
}

static void test_longest_stream(void **state)
{
    (void)state;
    /* Rounded up: 10 rounds and a nanosecond are 11. */
    scr_watchdog_init(&watchdog, &table, INT64_C(10) * SCR_WATCH_PERIOD_MS * INT64_C(1000000) + 1);
    scr_connections_begin_response(&table, open_entry(), SCR_HTTP_SLOW_S);
    expect_cut_after(11, SCR_CUT_STREAM);
    /* No clean end: where no length was promised it would look like a whole answer. */
    tcp_pair_expect_end(pair.theirs, TCP_END_RESET);
}

static void test_stream_without_limit(void **state)
{
    (void)state;
    scr_connections_begin_response(&table, open_entry(), SCR_HTTP_SLOW_S);
    ticks(100 * LONG_TICKS);
    assert_int_equal(cuts(), 0);
    assert_int_equal(tcp_pair_look(pair.theirs), TCP_END_NONE);
}

/* The round of the first look at a response: they take turns by descriptor. */
static uint32_t first_look(void)
{
    uint32_t tick = atomic_load(&table.tick);
    uint32_t turn = (tick + (uint32_t)pair.ours) % SCR_WATCH_LOOK_TICKS;
    return SCR_WATCH_LOOK_TICKS - turn;
}

static void test_slow_reader(void **state)
{
    (void)state;
    scr_connections_begin_response(&table, open_entry(), SCR_HTTP_SLOW_S);
    assert_true(tcp_pair_fill(&pair) > SCR_HTTP_SLOW_BYTES);
    assert_true(tcp_pair_kernel_bytes(pair.ours) > 65536);
    expect_cut_after(first_look() + SLOW_TICKS - 1, SCR_CUT_SLOW);
    /* What the kernel still had to send is gone, before the daemon closes. */
    assert_true(tcp_pair_kernel_bytes(pair.ours) < 8192);
    tcp_pair_expect_end(pair.theirs, TCP_END_RESET);
}

/* Someone who listens at the sound's own speed hears a whole step of the window between two moves:
 * the slower the sound, the longer that takes. */
static void test_patience_follows_the_sound(void **state)
{
    (void)state;
    assert_int_equal(scr_watchdog_slow_s(0), SCR_HTTP_SLOW_S);
    assert_int_equal(scr_watchdog_slow_s(UINT64_MAX), SCR_HTTP_SLOW_S);
    assert_int_equal(scr_watchdog_slow_s(192000), SCR_HTTP_SLOW_S);
    assert_int_equal(scr_watchdog_slow_s(SCR_HTTP_WINDOW_STEP_BYTES / 10 + 1), SCR_HTTP_SLOW_S);
    assert_int_equal(scr_watchdog_slow_s(SCR_HTTP_WINDOW_STEP_BYTES / 10), SCR_HTTP_SLOW_S + 2);
    assert_int_equal(scr_watchdog_slow_s(1), SCR_HTTP_SLOW_MAX_S);
    for (uint64_t bytes_per_s = 1; bytes_per_s < 20000; bytes_per_s += 7) {
        uint32_t slow_s = scr_watchdog_slow_s(bytes_per_s);
        assert_true(slow_s == SCR_HTTP_SLOW_MAX_S ||
                    slow_s * bytes_per_s > SCR_HTTP_WINDOW_STEP_BYTES);
        assert_int_equal(SCR_WATCH_TICKS(slow_s) % SCR_WATCH_LOOK_TICKS, 0);
    }
    uint32_t slow_s = scr_watchdog_slow_s(2000);
    assert_int_equal(slow_s, SCR_HTTP_SLOW_MAX_S);
    scr_connections_begin_response(&table, open_entry(), slow_s);
    (void)tcp_pair_fill(&pair);
    expect_cut_after(first_look() + SCR_WATCH_TICKS(slow_s) - 1, SCR_CUT_SLOW);
}

/* Who takes enough in time is not cut, however long it takes; then it stops. */
static void test_steady_reader(void **state)
{
    (void)state;
    scr_connections_begin_response(&table, open_entry(), SCR_HTTP_SLOW_S);
    (void)tcp_pair_fill(&pair);
    ticks(first_look());
    for (int i = 0; i < 4; i++) {
        ticks(SLOW_TICKS - 1);
        tcp_pair_take(&pair, SCR_HTTP_SLOW_BYTES);
        (void)tcp_pair_fill(&pair);
        ticks(1);
    }
    assert_int_equal(cuts(), 0);
    expect_cut_after(SLOW_TICKS - 1, SCR_CUT_SLOW);
}

/* The kernel's own patience reaches over all that has been and one stall more: it would count from
 * the first one. */
static void test_kernel_is_more_patient(void **state)
{
    (void)state;
    scr_connections_begin_response(&table, open_entry(), SCR_HTTP_SLOW_S);
    (void)tcp_pair_fill(&pair);
    ticks(first_look());
    for (int i = 0; i < 4; i++) {
        int patience_ms = 0;
        socklen_t bytes = sizeof patience_ms;
        assert_int_equal(getsockopt(pair.ours, IPPROTO_TCP, TCP_USER_TIMEOUT, &patience_ms, &bytes),
                         0);
        uint32_t until = atomic_load(&table.tick) + SLOW_TICKS + SCR_WATCH_LOOK_TICKS;
        assert_true((uint32_t)patience_ms > until * SCR_WATCH_PERIOD_MS);
        ticks(SLOW_TICKS - 1);
        tcp_pair_take(&pair, SCR_HTTP_SLOW_BYTES);
        (void)tcp_pair_fill(&pair);
        ticks(1);
    }
    assert_int_equal(cuts(), 0);
}

/* Nothing to send is our fault; the time of a stall before it does not count afterwards. */
static void test_rendering_is_not_slow(void **state)
{
    (void)state;
    scr_connections_begin_response(&table, open_entry(), SCR_HTTP_SLOW_S);
    (void)tcp_pair_fill(&pair);
    ticks(first_look() + SLOW_TICKS - 1);
    assert_int_equal(cuts(), 0);
    (void)shutdown(pair.theirs, SHUT_WR);
    for (int i = 0; i < 2000; i++) {
        (void)tcp_pair_drain(pair.theirs);
        (void)poll(NULL, 0, 1);
        if (!scr_tcp_state_read(pair.ours).has_unacked) {
            break;
        }
    }
    ticks(100 * LONG_TICKS);
    assert_int_equal(cuts(), 0);
    (void)tcp_pair_fill(&pair);
    expect_cut_after(first_look() + SLOW_TICKS - 1, SCR_CUT_SLOW);
}

static void test_half_dead(void **state)
{
    (void)state;
    struct scr_connection *entry = open_entry();
    tcp_pair_send(&pair, REQUEST_BYTES);
    tcp_pair_say_end(&pair);
    /* The library has not read yet: it will, and close by itself if that is all. */
    ticks(HEAD_TICKS / 2);
    assert_int_equal(cuts(), 0);
    (void)tcp_pair_drain(pair.ours);
    scr_connections_begin_request(entry);
    expect_cut_after(1, SCR_CUT_HALF_DEAD);
}

static void test_half_dead_on_kept(void **state)
{
    (void)state;
    serve_one(open_entry());
    ticks(3);
    tcp_pair_send(&pair, 1);
    tcp_pair_say_end(&pair);
    (void)tcp_pair_drain(pair.ours);
    expect_cut_after(1, SCR_CUT_HALF_DEAD);
}

/* A whole request and the end of the client's side: it may still read its answer. */
static void test_half_closed_is_served(void **state)
{
    (void)state;
    struct scr_connection *entry = open_entry();
    tcp_pair_send(&pair, REQUEST_BYTES);
    tcp_pair_say_end(&pair);
    (void)tcp_pair_drain(pair.ours);
    ticks(1);
    scr_connections_begin_request(entry);
    scr_connections_begin_body(&table, entry, REQUEST_BYTES);
    ticks(1);
    scr_connections_begin_response(&table, entry, SCR_HTTP_SLOW_S);
    ticks(LONG_TICKS);
    assert_int_equal(cuts(), 0);
}

/* A descriptor that its daemon has not looked at may be anybody's by now. */
static void test_handed_is_not_touched(void **state)
{
    (void)state;
    enter(pair.ours);
    ticks(LONG_TICKS);
    assert_int_equal(cuts(), 0);
    assert_int_equal(tcp_pair_look(pair.theirs), TCP_END_NONE);
    (void)scr_connections_start(&table, pair.ours);
    expect_cut_after(0, SCR_CUT_HEAD);
}

/* Not TCP: the kernel tells nothing, the plain deadlines hold all the same. */
static void test_unknown_socket(void **state)
{
    (void)state;
    int fds[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    assert_false(scr_tcp_state_read(fds[0]).is_known);
    enter(pair.ours);
    enter(fds[0]);
    struct scr_connection *entry = scr_connections_start(&table, fds[0]);
    ticks(HEAD_TICKS);
    scr_connections_begin_request(entry);
    scr_connections_begin_body(&table, entry, REQUEST_BYTES);
    scr_connections_begin_response(&table, entry, SCR_HTTP_SLOW_S);
    assert_int_equal(send(fds[0], "unread", 6, 0), 6);
    ticks(LONG_TICKS);
    scr_connections_end_request(&table, entry);
    expect_cut_after(IDLE_TICKS, SCR_CUT_IDLE);
    scr_connections_leave(&table, fds[0]);
    close(fds[0]);
    close(fds[1]);
}

/* Beyond the first slice, and the last entry of all. */
static void test_every_slice(void **state)
{
    (void)state;
    static const int numbers[] = {SCR_WATCH_SLICE - 1, SCR_WATCH_SLICE, FILES_MAX - 1};
    struct tcp_pair others[3];
    enter(pair.ours);
    for (size_t i = 0; i < 3; i++) {
        others[i] = tcp_pair_open();
        assert_int_equal(dup2(others[i].ours, numbers[i]), numbers[i]);
        close(others[i].ours);
        others[i].ours = numbers[i];
        enter(numbers[i]);
        (void)scr_connections_start(&table, numbers[i]);
    }
    ticks(HEAD_TICKS);
    assert_int_equal(cuts(), 0);
    ticks(1);
    assert_int_equal(cuts(), 3);
    for (size_t i = 0; i < 3; i++) {
        tcp_pair_expect_end(others[i].theirs, TCP_END_CLEAN);
        scr_connections_leave(&table, numbers[i]);
        tcp_pair_close(&others[i]);
    }
}

static void test_thread_makes_rounds(void **state)
{
    (void)state;
    enter(pair.ours);
    assert_int_equal(scr_watchdog_start(&watchdog), SCR_OK);
    for (int i = 0; i < 6000 && atomic_load(&table.tick) < 3; i++) {
        (void)poll(NULL, 0, 10);
    }
    scr_watchdog_stop(&watchdog);
    uint32_t stopped = atomic_load(&table.tick);
    assert_true(stopped >= 3);
    (void)poll(NULL, 0, 2 * SCR_WATCH_PERIOD_MS);
    assert_int_equal(atomic_load(&table.tick), stopped);
    scr_watchdog_stop(&watchdog);
    assert_int_equal(scr_watchdog_start(&watchdog), SCR_OK);
    scr_watchdog_stop(&watchdog);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_fresh_head, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_dripping_head, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_kept_idle, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_kept_head, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_kept_again_and_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_body, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_longest_stream, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_stream_without_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_slow_reader, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_patience_follows_the_sound, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_steady_reader, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_kernel_is_more_patient, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_rendering_is_not_slow, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_half_dead, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_half_dead_on_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_half_closed_is_served, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_handed_is_not_touched, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_unknown_socket, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_every_slice, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_thread_makes_rounds, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
