/*
 * tests/unit/http/abort_test.c - clients that hang up leave nothing behind.
 * Aim:    over 10,000 requests broken off at any point, every slot, reader, stream and connection
 *         comes back, and the server goes on answering.
 * Method: eight clients at once, formats, points and ways of leaving drawn from a printed seed.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "core/base/stats.h"
#include "core/dsp/mix64.h"
#include "tests/support/http_bench.h"
#include "tests/support/http_client.h"

#define ABORTS 10000
#define CLIENTS 8

static struct http_bench bench;
static uint64_t seed;

static int set_up(void **state)
{
    (void)state;
    const char *given = getenv("SCREAM_TEST_SEED");
    seed = given != NULL ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    print_message("seed %llu (repeat with SCREAM_TEST_SEED)\n", (unsigned long long)seed);
    http_bench_init(&bench, 64, 16 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    http_bench_deinit(&bench);
    return 0;
}

struct part {
    uint64_t first;
    uint64_t failed; /* connections the server did not take */
};

static void request_text(uint64_t draw, char *text, size_t capacity)
{
    static const char *const targets[] = {
        "/scream.ogg?preset=classic&seed=",
        "/scream.wav?preset=classic&seed=",
        "/scream.ogg?preset=banshee&duration=30s&bitrate=256000&seed=",
        "/scream.wav?duration=60s&preset=classic&seed=",
        "/presets?x=",
    };
    /* Few seeds, so that jobs are unfinished, shared and finished in turn. */
    const char *range = draw / 64 % 4 == 0 ? "Range: bytes=50000-\r\n" : "";
    (void)snprintf(text,
                   capacity,
                   "GET %s%u HTTP/1.1\r\nHost: test\r\nConnection: close\r\n%s\r\n",
                   targets[draw % 5],
                   (unsigned)(draw / 5 % 7),
                   range);
}

static bool abort_one(uint64_t draw)
{
    struct http_client client;
    char text[512];
    char bytes[8192];
    if (!http_client_open(&client, bench.port)) {
        return false;
    }
    request_text(draw, text, sizeof text);
    bool whole_head = draw / 256 % 16 != 0;
    if (!whole_head) {
        text[draw / 4096 % strlen(text)] = '\0';
    }
    (void)http_client_send(&client, text);
    for (uint64_t i = whole_head ? draw / 65536 % 4 : 0; i > 0; i--) {
        (void)http_client_some(&client, bytes, draw / 65536 % sizeof bytes + 1);
    }
    /* Half a head and a goodbye at once is the watchdog's business. */
    if (!whole_head || draw / 1048576 % 2 == 0) {
        http_client_reset(&client);
    } else {
        http_client_close(&client);
    }
    return true;
}

static void *abort_many(void *context)
{
    struct part *part = context;
    for (uint64_t i = 0; i < ABORTS / CLIENTS; i++) {
        part->failed += abort_one(scr_mix64(seed + part->first + i)) ? 0 : 1;
    }
    return NULL;
}

static void test_ten_thousand(void **state)
{
    (void)state;
    pthread_t threads[CLIENTS];
    struct part parts[CLIENTS];
    struct http_answer before;
    struct http_answer after;
    http_get(bench.port, "/scream.wav?preset=classic&seed=3", "", &before);
    for (size_t i = 0; i < CLIENTS; i++) {
        parts[i] = (struct part){.first = i * ABORTS};
        assert_int_equal(pthread_create(&threads[i], NULL, abort_many, &parts[i]), 0);
    }
    for (size_t i = 0; i < CLIENTS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(parts[i].failed, 0);
    }
    http_get(bench.port, "/scream.wav?preset=classic&seed=3", "", &after);
    assert_int_equal(after.status, 200);
    assert_true(after.whole);
    assert_int_equal(before.body_bytes, after.body_bytes);
    assert_memory_equal(before.body, after.body, after.body_bytes);
    http_answer_free(&before);
    http_answer_free(&after);
    http_bench_settle(&bench);
    struct scr_arena_usage usage = scr_arena_usage(bench.arena);
    assert_int_equal(usage.readers, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_ten_thousand, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
