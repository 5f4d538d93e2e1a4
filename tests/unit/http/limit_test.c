/*
 * tests/unit/http/limit_test.c - what happens when there is no place, or no descriptor.
 * Aim:    every client beyond the limit reads a whole 503 that names Retry-After; places come back;
 *         a process without descriptors neither spins nor forgets the clients that wait.
 * Method: few places, many clients; the descriptor limit is lowered while the server runs.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/limits.h"
#include "core/base/log.h"
#include "core/base/stats.h"
#include "tests/support/http_bench.h"
#include "tests/support/http_client.h"

#define PLACES 8
#define REFUSED 500

static struct http_bench bench;
static atomic_uint complaints;

static void count_complaints(void *context,
                             enum scr_log_level level,
                             const char *message,
                             const struct scr_log_field *fields,
                             size_t field_count)
{
    (void)context;
    (void)level;
    (void)fields;
    (void)field_count;
    atomic_fetch_add(&complaints, strcmp(message, "cannot accept") == 0 ? 1 : 0);
}

static int set_up(void **state)
{
    (void)state;
    atomic_store(&complaints, 0);
    scr_log_set_sink(count_complaints, NULL, SCR_LOG_WARN);
    http_bench_init(&bench, PLACES, 2 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    http_bench_deinit(&bench);
    scr_log_set_sink(NULL, NULL, SCR_LOG_DEBUG);
    return 0;
}

static void wait_for_connections(uint32_t count)
{
    for (int i = 0; i < 6000 && scr_http_connections(bench.http) != count; i++) {
        (void)poll(NULL, 0, 10);
    }
    assert_int_equal(scr_http_connections(bench.http), count);
}

static void fill(struct http_client *clients)
{
    for (uint32_t i = 0; i < PLACES; i++) {
        assert_true(http_client_open(&clients[i], bench.port));
    }
    wait_for_connections(PLACES);
}

static void expect_refusal(struct http_client *client)
{
    struct http_answer answer;
    char value[64];
    http_client_head(client, false, &answer);
    http_client_body(client, &answer);
    assert_int_equal(answer.status, 503);
    assert_true(http_answer_header(&answer, "Retry-After", value, sizeof value));
    assert_true(http_answer_header(&answer, "Content-Type", value, sizeof value));
    assert_string_equal(value, "application/problem+json");
    assert_false(answer.keeps_alive);
    assert_true(answer.whole);
    assert_true(answer.body_bytes > 0);
    assert_int_equal(http_client_some(client, value, 1), 0);
    http_answer_free(&answer);
}

static void test_refused_and_taken_again(void **state)
{
    (void)state;
    struct http_client clients[PLACES];
    struct http_client extra;
    struct http_answer answer;
    fill(clients);
    /* With a request that nobody reads, and without one. */
    for (int i = 0; i < REFUSED; i++) {
        assert_true(http_client_open(&extra, bench.port));
        if (i % 2 == 0) {
            (void)http_client_send(&extra, "GET /livez HTTP/1.1\r\nHost: test\r\n\r\n");
        }
        expect_refusal(&extra);
        http_client_close(&extra);
    }
    assert_int_equal(scr_stats_read(SCR_STAT_HTTP_REFUSED, 0), REFUSED);
    assert_int_equal(scr_http_connections(bench.http), PLACES);
    /* Those inside are served all the while, and the next place goes to the next client. */
    http_client_get(&clients[0], "/livez", "", &answer);
    assert_int_equal(answer.status, 200);
    http_answer_free(&answer);
    http_client_close(&clients[3]);
    wait_for_connections(PLACES - 1);
    http_get(bench.port, "/livez", "", &answer);
    assert_int_equal(answer.status, 200);
    http_answer_free(&answer);
    for (uint32_t i = 0; i < PLACES; i++) {
        http_client_close(&clients[i]);
    }
}

/* More refused clients at once than may linger: each has its answer all the same. */
static void test_many_refused_at_once(void **state)
{
    (void)state;
    static struct http_client extra[3 * SCR_HTTP_LINGER_MAX];
    struct http_client clients[PLACES];
    fill(clients);
    size_t count = sizeof extra / sizeof extra[0];
    for (size_t i = 0; i < count; i++) {
        assert_true(http_client_open(&extra[i], bench.port));
    }
    for (size_t i = 0; i < count; i++) {
        expect_refusal(&extra[i]);
        http_client_close(&extra[i]);
    }
    assert_int_equal(scr_stats_read(SCR_STAT_HTTP_REFUSED, 0), count);
    for (uint32_t i = 0; i < PLACES; i++) {
        http_client_close(&clients[i]);
    }
}

static double cpu_seconds(void)
{
    struct rusage usage;
    assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

/* Lowers the limit and takes what is left; for a while, as the server may be closing some still. */
static size_t hold_descriptors(int *held, size_t held_max, const struct rlimit *before)
{
    size_t count = 0;
    int next = open("/dev/null", O_RDONLY);
    assert_true(next >= 0);
    close(next);
    struct rlimit tight = {.rlim_cur = (rlim_t)next + 8, .rlim_max = before->rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &tight), 0);
    for (int round = 0; round < 20; round++) {
        int fd = open("/dev/null", O_RDONLY);
        while (fd >= 0) {
            assert_true(count < held_max);
            held[count++] = fd;
            fd = open("/dev/null", O_RDONLY);
        }
        (void)poll(NULL, 0, 5);
    }
    return count;
}

static void test_out_of_descriptors(void **state)
{
    (void)state;
    struct rlimit before;
    struct http_client waiting;
    struct http_answer answer;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    assert_true(http_client_open(&waiting, bench.port));
    wait_for_connections(1);
    http_client_close(&waiting);
    wait_for_connections(0);

    int held[64];
    size_t count = hold_descriptors(held, 64, &before);
    /* The client's own end takes the one that is given back; accepting would need one more. */
    close(held[--count]);
    assert_true(http_client_open(&waiting, bench.port));
    assert_true(http_client_send(&waiting, "GET /livez HTTP/1.1\r\nHost: test\r\n\r\n"));
    double start = cpu_seconds();
    (void)poll(NULL, 0, 1500);
    double used = cpu_seconds() - start;
    assert_int_equal(scr_http_connections(bench.http), 0);
    /* A spinning thread would have used all of the 1.5 s. */
    assert_true(used < 0.75);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    while (count > 0) {
        close(held[--count]);
    }
    http_client_head(&waiting, false, &answer);
    http_client_body(&waiting, &answer);
    assert_int_equal(answer.status, 200);
    http_answer_free(&answer);
    http_client_close(&waiting);
    assert_in_range(atomic_load(&complaints), 1, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_refused_and_taken_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_many_refused_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_out_of_descriptors, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
