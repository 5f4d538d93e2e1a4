/*
 * tests/unit/http/drain_test.c - the stop: who is in the middle ends whole, who is idle is let go.
 * Aim:    running streams are not cut before the deadline, a stalled client does not hold the stop
 *         beyond it, and after it the daemons stop without hanging.
 * Method: clients hold their streams open by not reading until the stop has begun.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "core/base/clock.h"
#include "core/base/stats.h"
#include "core/memory/boot.h"
#include "tests/support/http_bench.h"
#include "tests/support/http_client.h"

#define STREAMS 20
#define BACKLOGGED 300
#define NS_PER_S INT64_C(1000000000)

/* Both far larger than what the kernel holds for one connection. */
#define OGG "/scream.ogg?preset=classic&seed=1&duration=60s&bitrate=256000"
#define WAV "/scream.wav?preset=classic&seed=1&duration=20s"

static struct http_bench bench;
static atomic_bool may_read;
static atomic_bool next_is_sent;

static int set_up(void **state)
{
    (void)state;
    atomic_store(&may_read, false);
    http_bench_init(&bench, 64, 16 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    http_bench_deinit(&bench);
    return 0;
}

static void wait_for_in_flight(int64_t count)
{
    for (int i = 0; i < 6000 && scr_stats_read(SCR_STAT_HTTP_IN_FLIGHT, 0) != count; i++) {
        (void)poll(NULL, 0, 10);
    }
    assert_int_equal(scr_stats_read(SCR_STAT_HTTP_IN_FLIGHT, 0), count);
}

static void begin(struct http_client *client, const char *target)
{
    char text[256];
    (void)snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: test\r\n\r\n", target);
    assert_true(http_client_open(client, bench.port));
    assert_true(http_client_send(client, text));
}

struct stream {
    pthread_t thread;
    const char *target;
    bool has_next; /* one more request is sent while the answer to the first is on its way */
    struct http_answer answer;
    struct http_answer next;
};

static void *stream(void *context)
{
    struct stream *self = context;
    struct http_client client;
    begin(&client, self->target);
    http_client_head(&client, false, &self->answer);
    if (self->has_next) {
        /* Not before: what arrives while an answer is made costs the connection. */
        assert_true(http_client_send(&client, "GET /livez HTTP/1.1\r\nHost: test\r\n\r\n"));
        atomic_store(&next_is_sent, true);
    }
    while (!atomic_load(&may_read)) {
        (void)poll(NULL, 0, 5);
    }
    http_client_body(&client, &self->answer);
    if (self->has_next) {
        http_client_head(&client, false, &self->next);
        http_client_body(&client, &self->next);
    }
    http_client_close(&client);
    return NULL;
}

/* Returns once the listening socket is gone, and lets the clients read. */
static void *release_readers(void *context)
{
    (void)context;
    struct http_client client;
    while (http_client_open(&client, bench.port)) {
        http_client_close(&client);
        (void)poll(NULL, 0, 5);
    }
    atomic_store(&may_read, true);
    return NULL;
}

static void test_streams_end_whole(void **state)
{
    (void)state;
    static struct stream streams[STREAMS];
    struct http_answer ogg;
    struct http_answer wav;
    http_get(bench.port, OGG, "", &ogg);
    http_get(bench.port, WAV, "", &wav);
    for (size_t i = 0; i < STREAMS; i++) {
        streams[i].target = i % 2 == 0 ? OGG : WAV;
        assert_int_equal(pthread_create(&streams[i].thread, NULL, stream, &streams[i]), 0);
    }
    wait_for_in_flight(STREAMS);
    pthread_t releaser;
    assert_int_equal(pthread_create(&releaser, NULL, release_readers, NULL), 0);
    assert_int_equal(http_bench_drain(&bench, 100 * NS_PER_S, NULL), 0);
    assert_int_equal(pthread_join(releaser, NULL), 0);
    for (size_t i = 0; i < STREAMS; i++) {
        assert_int_equal(pthread_join(streams[i].thread, NULL), 0);
        const struct http_answer *expected = i % 2 == 0 ? &ogg : &wav;
        assert_int_equal(streams[i].answer.status, 200);
        assert_true(streams[i].answer.whole);
        assert_int_equal(streams[i].answer.body_bytes, expected->body_bytes);
        assert_memory_equal(streams[i].answer.body, expected->body, expected->body_bytes);
        http_answer_free(&streams[i].answer);
    }
    http_answer_free(&ogg);
    http_answer_free(&wav);
    assert_int_equal(scr_http_connections(bench.http), 0);
}

static void test_idle_connections_are_let_go(void **state)
{
    (void)state;
    struct http_client fresh;
    struct http_client used;
    struct http_answer answer;
    char byte;
    assert_true(http_client_open(&fresh, bench.port));
    assert_true(http_client_open(&used, bench.port));
    http_client_get(&used, "/livez", "", &answer);
    assert_true(answer.keeps_alive);
    http_answer_free(&answer);
    assert_int_equal(http_bench_drain(&bench, 100 * NS_PER_S, NULL), 0);
    assert_int_equal(http_client_some(&fresh, &byte, 1), 0);
    assert_int_equal(http_client_some(&used, &byte, 1), 0);
    http_client_close(&fresh);
    http_client_close(&used);
}

/* A request that was sent before the stop is answered, even if nobody had looked at it yet. */
static void test_sent_before_is_answered(void **state)
{
    (void)state;
    struct http_client clients[STREAMS];
    struct http_answer answer;
    for (size_t i = 0; i < STREAMS; i++) {
        begin(&clients[i], "/presets");
    }
    assert_int_equal(http_bench_drain(&bench, 100 * NS_PER_S, NULL), 0);
    for (size_t i = 0; i < STREAMS; i++) {
        http_client_head(&clients[i], false, &answer);
        http_client_body(&clients[i], &answer);
        assert_int_equal(answer.status, 200);
        assert_true(answer.whole);
        http_answer_free(&answer);
        http_client_close(&clients[i]);
    }
}

/* A request that waits behind a long answer is answered too, and told that it is the last. */
static void test_responses_close_while_draining(void **state)
{
    (void)state;
    static struct stream pair;
    pthread_t releaser;
    memset(&pair, 0, sizeof pair);
    pair.target = WAV;
    pair.has_next = true;
    assert_int_equal(pthread_create(&pair.thread, NULL, stream, &pair), 0);
    wait_for_in_flight(1);
    for (int i = 0; i < 6000 && !atomic_load(&next_is_sent); i++) {
        (void)poll(NULL, 0, 10);
    }
    assert_int_equal(pthread_create(&releaser, NULL, release_readers, NULL), 0);
    assert_int_equal(http_bench_drain(&bench, 100 * NS_PER_S, NULL), 0);
    assert_int_equal(pthread_join(releaser, NULL), 0);
    assert_int_equal(pthread_join(pair.thread, NULL), 0);
    assert_true(pair.answer.whole);
    assert_true(pair.answer.keeps_alive);
    assert_int_equal(pair.next.status, 200);
    assert_true(pair.next.whole);
    assert_false(pair.next.keeps_alive);
    http_answer_free(&pair.answer);
    http_answer_free(&pair.next);
}

static void test_stalled_client_is_cut(void **state)
{
    (void)state;
    struct http_client stalled;
    struct http_answer answer;
    begin(&stalled, WAV);
    wait_for_in_flight(1);
    assert_int_equal(http_bench_drain(&bench, NS_PER_S / 5, NULL), 1);
    assert_int_equal(scr_http_connections(bench.http), 0);
    http_client_head(&stalled, false, &answer);
    http_client_body(&stalled, &answer);
    assert_false(answer.whole);
    http_answer_free(&answer);
    http_client_close(&stalled);
}

/* HTTP/1.0 has no chunks: only a reset tells the client, or a cache, that this was not all. */
static void test_cut_is_no_clean_end(void **state)
{
    (void)state;
    struct http_client stalled;
    char some[4096];
    assert_true(http_client_open(&stalled, bench.port));
    assert_true(http_client_send(&stalled, "GET " WAV " HTTP/1.0\r\nHost: test\r\n\r\n"));
    wait_for_in_flight(1);
    assert_int_equal(http_bench_drain(&bench, NS_PER_S / 5, NULL), 1);
    ssize_t count = 0;
    do {
        count = recv(stalled.fd, some, sizeof some, 0);
    } while (count > 0);
    assert_int_equal(count, -1);
    assert_int_equal(errno, ECONNRESET);
    http_client_close(&stalled);
}

static volatile bool hurry;

static void be_in_a_hurry(int signal_number)
{
    (void)signal_number;
    hurry = true;
}

static void *send_signal(void *context)
{
    const pthread_t *to = context;
    (void)poll(NULL, 0, 100);
    assert_int_equal(pthread_kill(*to, SIGUSR1), 0);
    return NULL;
}

static void test_second_signal(void **state)
{
    (void)state;
    struct http_client stalled[3];
    pthread_t impatient;
    pthread_t self = pthread_self();
    hurry = false;
    assert_true(signal(SIGUSR1, be_in_a_hurry) != SIG_ERR);
    for (size_t i = 0; i < 3; i++) {
        begin(&stalled[i], i == 0 ? OGG : WAV);
    }
    wait_for_in_flight(3);
    assert_int_equal(pthread_create(&impatient, NULL, send_signal, &self), 0);
    assert_int_equal(http_bench_drain(&bench, 1000 * NS_PER_S, &hurry), 3);
    assert_int_equal(pthread_join(impatient, NULL), 0);
    for (size_t i = 0; i < 3; i++) {
        http_client_close(&stalled[i]);
    }
}

/* The worst case for the library: two hundred responses that nobody reads. */
static void test_many_stalled(void **state)
{
    (void)state;
    http_bench_deinit(&bench);
    http_bench_init(&bench, 200, 16 << 20);
    static struct http_client stalled[200];
    for (size_t i = 0; i < 200; i++) {
        begin(&stalled[i], WAV);
    }
    wait_for_in_flight(200);
    assert_int_equal(http_bench_drain(&bench, 0, NULL), 200);
    assert_int_equal(scr_http_connections(bench.http), 0);
    for (size_t i = 0; i < 200; i++) {
        http_client_close(&stalled[i]);
    }
}

/* More than one burst waits at the listening socket when the stop comes. */
static void test_backlog_is_served(void **state)
{
    (void)state;
    static struct http_client waiting[BACKLOGGED];
    static struct http_answer answer;
    static const volatile bool no_hurry = false;
    struct scr_http *http = NULL;
    const struct scr_http_config config = {.service = bench.service,
                                           .address = "127.0.0.1",
                                           .connections_max = BACKLOGGED,
                                           .daemons = 2};
    scr_boot_enter(SCR_BOOT_OPEN);
    assert_int_equal(scr_http_create(&config, &http), SCR_OK);
    scr_boot_enter(SCR_BOOT_SEALED);
    for (size_t i = 0; i < BACKLOGGED; i++) {
        assert_true(http_client_open(&waiting[i], scr_http_port(http)));
        assert_true(http_client_send(&waiting[i], "GET /livez HTTP/1.1\r\nHost: test\r\n\r\n"));
    }
    assert_int_equal(scr_http_start(http), SCR_OK);
    int64_t deadline_ns = scr_clock_now_ns(scr_clock_monotonic()) + 100 * NS_PER_S;
    assert_int_equal(scr_http_drain(http, deadline_ns, &no_hurry), 0);
    for (size_t i = 0; i < BACKLOGGED; i++) {
        http_client_head(&waiting[i], false, &answer);
        assert_int_equal(answer.status, 200);
        http_client_body(&waiting[i], &answer);
        http_answer_free(&answer);
        http_client_close(&waiting[i]);
    }
    scr_boot_enter(SCR_BOOT_TEARDOWN);
    scr_http_destroy(&http);
    scr_boot_enter(SCR_BOOT_SEALED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_streams_end_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_idle_connections_are_let_go, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sent_before_is_answered, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_responses_close_while_draining, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_stalled_client_is_cut, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cut_is_no_clean_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_second_signal, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_backlog_is_served, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_many_stalled, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
