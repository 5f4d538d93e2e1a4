/*
 * tests/unit/http/limit_test.c - what happens when there is no place, or no descriptor.
 * Aim:    every client beyond a limit reads a whole 503 or 429 that names Retry-After; places come
 *         back; a process without descriptors tells its clients so, one after the other, does not
 *         spin, does not fill the log, and is as before when there are some again. The log tells
 *         of every refused one.
 * Method: few places, many clients; the descriptor limit is lowered while the server runs.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/clock.h"
#include "core/base/limits.h"
#include "core/base/log.h"
#include "core/base/series.h"
#include "core/base/stats.h"
#include "tests/support/http_bench.h"
#include "tests/support/http_client.h"

#define PLACES 8
#define REFUSED 500
#define STARVED 25
#define PER_CLIENT 3

static struct http_bench bench;
static atomic_uint complaints;
static atomic_uint consequences; /* complaints that say what comes of it, and what helps */
static atomic_uint refusal_lines;
static _Atomic uint64_t refusals_told;

static void count_complaints(void *context,
                             enum scr_log_level level,
                             const char *message,
                             const struct scr_log_field *fields,
                             size_t field_count)
{
    (void)context;
    (void)level;
    if (field_count < 2) {
        return;
    }
    const struct scr_log_field *second = &fields[1];
    if (strncmp(message, "cannot ", 7) == 0) {
        const char *detail = second->value.text;
        atomic_fetch_add(&complaints, 1);
        atomic_fetch_add(&consequences, detail != NULL && strstr(detail, "ulimit -n") != NULL);
    } else if (strcmp(message, "connections refused") == 0) {
        atomic_fetch_add(&refusal_lines, 1);
        atomic_fetch_add(&refusals_told, second->value.unsigned_value);
    }
}

static void watch_log(void)
{
    atomic_store(&complaints, 0);
    atomic_store(&consequences, 0);
    atomic_store(&refusal_lines, 0);
    atomic_store(&refusals_told, 0);
    scr_log_set_sink(count_complaints, NULL, SCR_LOG_WARN);
}

static int set_up(void **state)
{
    (void)state;
    watch_log();
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

static void expect_refused_with(struct http_client *client, int status)
{
    struct http_answer answer;
    char value[64];
    http_client_head(client, false, &answer);
    http_client_body(client, &answer);
    assert_int_equal(answer.status, status);
    assert_true(http_answer_header(&answer, "Retry-After", value, sizeof value));
    assert_true(http_answer_header(&answer, "Content-Type", value, sizeof value));
    assert_string_equal(value, "application/problem+json");
    assert_false(answer.keeps_alive);
    assert_true(answer.whole);
    assert_true(answer.body_bytes > 0);
    assert_int_equal(http_client_some(client, value, 1), 0);
    http_answer_free(&answer);
}

static void expect_refusal(struct http_client *client)
{
    expect_refused_with(client, 503);
}

static int64_t now_s(void)
{
    return scr_clock_now_ns(scr_clock_monotonic()) / INT64_C(1000000000);
}

/* In the log all of them are counted, also when no other client comes; one line a second. */
static void expect_told(uint64_t count, int64_t began_s)
{
    for (int i = 0; i < 6000 && atomic_load(&refusals_told) < count; i++) {
        (void)poll(NULL, 0, 10);
    }
    assert_int_equal(atomic_load(&refusals_told), count);
    assert_in_range(atomic_load(&refusal_lines), 1, (uintmax_t)(now_s() - began_s) + 2);
}

static void test_refused_and_taken_again(void **state)
{
    (void)state;
    int64_t began_s = now_s();
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
    expect_told(REFUSED, began_s);
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

static void wait_for_refused(int64_t count)
{
    for (int i = 0; i < 6000 && scr_stats_read(SCR_STAT_HTTP_REFUSED, 0) < count; i++) {
        (void)poll(NULL, 0, 10);
    }
    assert_true(scr_stats_read(SCR_STAT_HTTP_REFUSED, 0) >= count);
}

/*
 * The client's own end takes the descriptor that is given back each time; the server has only its
 * spare one. Every client is told so, the server stays alive, and then all is as before.
 */
static void test_out_of_descriptors(void **state)
{
    (void)state;
    struct rlimit before;
    struct http_client client;
    struct http_answer answer;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    assert_true(http_client_open(&client, bench.port));
    wait_for_connections(1);
    http_client_close(&client);
    wait_for_connections(0);

    int held[64];
    int64_t began_s = now_s();
    size_t count = hold_descriptors(held, 64, &before);
    close(held[--count]);
    for (int i = 0; i < STARVED; i++) {
        assert_true(http_client_open(&client, bench.port));
        if (i % 2 == 0) {
            (void)http_client_send(&client, "GET /livez HTTP/1.1\r\nHost: test\r\n\r\n");
        }
        expect_refusal(&client);
        http_client_close(&client);
        wait_for_refused(i + 1);
    }
    double start = cpu_seconds();
    (void)poll(NULL, 0, 1500);
    double used = cpu_seconds() - start;
    assert_int_equal(scr_http_connections(bench.http), 0);
    /* A spinning thread would have used all of the 1.5 s. */
    assert_true(used < 0.75);
    /* One a second at the most; the first at once, and the last second is not over. */
    assert_in_range(atomic_load(&complaints), 1, (uintmax_t)(now_s() - began_s) + 2);
    assert_int_equal(atomic_load(&consequences), atomic_load(&complaints));
    expect_told(STARVED, began_s);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    while (count > 0) {
        close(held[--count]);
    }
    http_get(bench.port, "/livez", "", &answer);
    assert_int_equal(answer.status, 200);
    http_answer_free(&answer);
}

/* A socket made beforehand, for a time when none can be made. */
static void connect_late(struct http_client *client)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(bench.port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(client->fd, (const struct sockaddr *)&to, sizeof to), 0);
    assert_true(http_client_send(client, "GET /livez HTTP/1.1\r\nHost: test\r\n\r\n"));
}

/* Nobody is answered while no more than `most` files are allowed, and nothing spins; who waited is
 * served as soon as that can be. */
static void starve_wholly(rlim_t most)
{
    struct rlimit before;
    struct http_client waiting[3];
    struct http_answer answer;
    for (size_t i = 0; i < 3; i++) {
        memset(&waiting[i], 0, sizeof waiting[i]);
        waiting[i].fd = socket(AF_INET, SOCK_STREAM, 0);
        assert_true(waiting[i].fd >= 0);
    }
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    const struct rlimit tight = {.rlim_cur = most, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &tight), 0);
    for (size_t i = 0; i < 3; i++) {
        connect_late(&waiting[i]);
    }
    double start = cpu_seconds();
    (void)poll(NULL, 0, 1000);
    assert_true(cpu_seconds() - start < 0.5);
    assert_int_equal(scr_stats_read(SCR_STAT_HTTP_REFUSED, 0), 0);
    assert_in_range(atomic_load(&complaints), 1, 10);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    for (size_t i = 0; i < 3; i++) {
        http_client_head(&waiting[i], false, &answer);
        http_client_body(&waiting[i], &answer);
        assert_int_equal(answer.status, 200);
        http_answer_free(&answer);
        http_client_close(&waiting[i]);
    }
}

/* The server's numbers lie above the limit, and all below it are taken: what it closes it cannot
 * open again. Not less than are looked at in one poll(). */
#define HELD_LOW (SCR_HTTP_LINGER_MAX + 40)
static int held_low[HELD_LOW];

static int set_up_high(void **state)
{
    for (size_t i = 0; i < HELD_LOW; i++) {
        held_low[i] = open("/dev/null", O_RDONLY);
        assert_true(held_low[i] >= 0);
    }
    return set_up(state);
}

static int tear_down_high(void **state)
{
    for (size_t i = 0; i < HELD_LOW; i++) {
        close(held_low[i]);
    }
    return tear_down(state);
}

static void test_out_of_the_spare_too(void **state)
{
    (void)state;
    starve_wholly(HELD_LOW);
}

/* Fewer than poll() itself would look at. */
static void test_out_of_everything(void **state)
{
    (void)state;
    starve_wholly(0);
}

static size_t open_files(void)
{
    size_t count = 0;
    for (int fd = 0; fd < SCR_HTTP_FDS_OTHER; fd++) {
        count += fcntl(fd, F_GETFD) >= 0 ? 1 : 0;
    }
    return count;
}

/* Refused clients that linger when fewer files are allowed than they are: their time ends all the
 * same, and the next client is told as well. */
static void test_lingering_beyond_the_limit(void **state)
{
    (void)state;
    static struct http_client extra[SCR_HTTP_LINGER_MAX];
    struct http_client clients[PLACES];
    struct http_client late;
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    fill(clients);
    for (size_t i = 0; i < SCR_HTTP_LINGER_MAX; i++) {
        assert_true(http_client_open(&extra[i], bench.port));
    }
    wait_for_refused(SCR_HTTP_LINGER_MAX);
    const struct rlimit tight = {.rlim_cur = SCR_HTTP_LINGER_MAX / 2, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &tight), 0);
    size_t many = open_files();
    /* Who speaks ends the waiting that has begun before; the next one cannot begin. */
    (void)http_client_send(&extra[0], "x");
    for (int i = 0; i < 3000 && open_files() + SCR_HTTP_LINGER_MAX > many; i++) {
        (void)poll(NULL, 0, 10);
    }
    assert_true(open_files() + SCR_HTTP_LINGER_MAX <= many);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    for (size_t i = 0; i < SCR_HTTP_LINGER_MAX; i++) {
        http_client_close(&extra[i]);
    }
    assert_true(http_client_open(&late, bench.port));
    expect_refusal(&late);
    http_client_close(&late);
    for (uint32_t i = 0; i < PLACES; i++) {
        http_client_close(&clients[i]);
    }
}

static int set_up_places(void **state)
{
    (void)state;
    watch_log();
    static const struct scr_clients_config clients = {.burst = 1, .open_max = PER_CLIENT};
    const struct http_bench_config config = {
        .connections_max = PLACES, .arena_bytes = 2 << 20, .daemons = 2, .clients = &clients};
    http_bench_init_as(&bench, &config);
    return 0;
}

/* One client's places are used up long before those of all; each that it gives back it has. */
static void test_places_per_client(void **state)
{
    (void)state;
    int64_t began_s = now_s();
    struct http_client clients[PER_CLIENT];
    struct http_client extra;
    struct http_answer answer;
    for (size_t i = 0; i < PER_CLIENT; i++) {
        assert_true(http_client_open(&clients[i], bench.port));
    }
    wait_for_connections(PER_CLIENT);
    for (int i = 0; i < 20; i++) {
        assert_true(http_client_open(&extra, bench.port));
        expect_refused_with(&extra, 429);
        http_client_close(&extra);
    }
    assert_int_equal(scr_stats_read(SCR_STAT_HTTP_LIMITED, SCR_LIMIT_OPEN), 20);
    expect_told(20, began_s);
    assert_int_equal(scr_stats_read(SCR_STAT_HTTP_REFUSED, 0), 0);
    http_client_get(&clients[0], "/livez", "", &answer);
    assert_int_equal(answer.status, 200);
    http_answer_free(&answer);
    for (int i = 0; i < 50; i++) {
        struct http_client *turn = &clients[i % PER_CLIENT];
        http_client_close(turn);
        wait_for_connections(PER_CLIENT - 1);
        assert_true(http_client_open(turn, bench.port));
        http_client_get(turn, "/livez", "", &answer);
        assert_int_equal(answer.status, 200);
        http_answer_free(&answer);
    }
    for (size_t i = 0; i < PER_CLIENT; i++) {
        http_client_close(&clients[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_refused_and_taken_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_many_refused_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_out_of_descriptors, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_out_of_the_spare_too, set_up_high, tear_down_high),
        cmocka_unit_test_setup_teardown(test_out_of_everything, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_lingering_beyond_the_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_places_per_client, set_up_places, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
