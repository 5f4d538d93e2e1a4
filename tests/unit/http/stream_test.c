/*
 * tests/unit/http/stream_test.c - the real service behind real sockets.
 * Aim:    what a browser or curl relies on: framing, ranges, HEAD, conditional requests,
 *         keep-alive, request ids, long request lines, bodies nobody asked for.
 * Method: a client that shows the bytes as they come; bodies are compared with each other.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "core/base/limits.h"
#include "core/base/stats.h"
#include "core/memory/boot.h"
#include "server/http/listener.h"
#include "tests/support/http_bench.h"
#include "tests/support/http_client.h"

#define OGG "/scream.ogg?preset=classic&seed=5"
#define WAV "/scream.wav?preset=classic&seed=5"
#define SINGLE_FLIGHT_CLIENTS 64

static struct http_bench bench;

static int set_up(void **state)
{
    (void)state;
    http_bench_init(&bench, 128, 8 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    http_bench_deinit(&bench);
    return 0;
}

static void get(const char *target, const char *headers, struct http_answer *answer)
{
    http_get(bench.port, target, headers, answer);
}

static void expect_same(const struct http_answer *a, const struct http_answer *b)
{
    assert_true(a->whole && b->whole);
    assert_int_equal(a->body_bytes, b->body_bytes);
    assert_memory_equal(a->body, b->body, a->body_bytes);
}

static uint64_t renders(void)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < scr_stat_info(SCR_STAT_RENDERS)->series; i++) {
        sum += (uint64_t)scr_stats_read(SCR_STAT_RENDERS, i);
    }
    return sum;
}

static void test_first_chunked_then_known(void **state)
{
    (void)state;
    struct http_answer first;
    struct http_answer second;
    get(OGG, "", &first);
    get(OGG, "", &second);
    assert_int_equal(first.status, 200);
    assert_int_equal(first.framing, HTTP_FRAMING_CHUNKED);
    assert_int_equal(second.framing, HTTP_FRAMING_LENGTH);
    expect_same(&first, &second);
    assert_memory_equal(first.body, "OggS", 4);
    /* Two header pages and one page of one packet, long before the end. */
    assert_true(first.first_chunk_bytes < 2000);
    assert_int_equal(renders(), 1);
    assert_int_equal(scr_stats_read_histogram(SCR_STAT_FIRST_BYTE, SCR_FORMAT_OGG)
                         .cumulative[SCR_STAT_BUCKETS - 1],
                     2);
    http_answer_free(&first);
    http_answer_free(&second);
}

static void check_range(const char *target,
                        const struct http_answer *whole,
                        const char *range,
                        size_t from,
                        size_t count)
{
    char header[64];
    struct http_answer part;
    (void)snprintf(header, sizeof header, "Range: bytes=%s\r\n", range);
    get(target, header, &part);
    assert_int_equal(part.status, 206);
    assert_int_equal(part.framing, HTTP_FRAMING_LENGTH);
    assert_true(part.whole);
    assert_int_equal(part.body_bytes, count);
    assert_memory_equal(part.body, whole->body + from, count);
    http_answer_free(&part);
}

static void check_ranges(const char *target, const struct http_answer *whole)
{
    size_t bytes = whole->body_bytes;
    check_range(target, whole, "0-", 0, bytes);
    check_range(target, whole, "0-0", 0, 1);
    check_range(target, whole, "20000-29999", 20000, 10000);
    check_range(target, whole, "-100", bytes - 100, 100);
}

static void test_ranges(void **state)
{
    (void)state;
    struct http_answer whole;
    struct http_answer part;
    /* Of an unrendered job first, then of the finished one; another seed for the former. */
    get("/scream.ogg?preset=banshee&seed=9", "Range: bytes=30000-30009\r\n", &part);
    assert_int_equal(part.status, 206);
    get("/scream.ogg?preset=banshee&seed=9", "", &whole);
    assert_memory_equal(part.body, whole.body + 30000, 10);
    check_ranges("/scream.ogg?preset=banshee&seed=9", &whole);
    http_answer_free(&part);
    http_answer_free(&whole);
    get(WAV, "", &whole);
    assert_int_equal(whole.framing, HTTP_FRAMING_CHUNKED);
    check_ranges(WAV, &whole);
    http_answer_free(&whole);
    get(WAV, "Range: bytes=99999999-\r\n", &part);
    assert_int_equal(part.status, 416);
    http_answer_free(&part);
}

static void test_long_body(void **state)
{
    (void)state;
    const char *target = "/scream.ogg?preset=classic&seed=1&duration=30s&bitrate=128000";
    struct http_answer first;
    struct http_answer second;
    get(target, "", &first);
    get(target, "", &second);
    assert_true(first.body_bytes > 5 * SCR_HTTP_SNDBUF_BYTES);
    assert_int_equal(second.framing, HTTP_FRAMING_LENGTH);
    expect_same(&first, &second);
    check_ranges(target, &first);
    http_answer_free(&first);
    http_answer_free(&second);
}

static void send_head(struct http_client *client, const char *target, struct http_answer *answer)
{
    char text[512];
    (void)snprintf(text, sizeof text, "HEAD %s HTTP/1.1\r\nHost: test\r\n\r\n", target);
    assert_true(http_client_send(client, text));
    http_client_head(client, true, answer);
}

static void test_head_promises_and_renders_nothing(void **state)
{
    (void)state;
    static const char *const targets[] = {OGG, WAV, "/presets", "/metrics", "/version", "/livez"};
    struct http_client client;
    struct http_answer head;
    struct http_answer body;
    assert_true(http_client_open(&client, bench.port));
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        send_head(&client, targets[i], &head);
        assert_int_equal(head.status, 200);
        assert_true(head.has_content_length);
        assert_int_equal(renders(), i < 1 ? 0 : renders());
        http_client_get(&client, targets[i], "", &body);
        assert_int_equal(body.status, 200);
        if (strcmp(targets[i], "/metrics") != 0) {
            assert_int_equal(body.body_bytes, head.content_length);
        }
        http_answer_free(&body);
    }
    http_client_close(&client);
}

static void test_not_modified_keeps_alive(void **state)
{
    (void)state;
    struct http_client client;
    struct http_answer answer;
    char etag[128];
    char header[160];
    assert_true(http_client_open(&client, bench.port));
    static const char *const targets[] = {OGG, WAV, "/presets"};
    for (size_t i = 0; i < 3; i++) {
        http_client_get(&client, targets[i], "", &answer);
        uint64_t bytes = answer.body_bytes;
        assert_true(http_answer_header(&answer, "ETag", etag, sizeof etag));
        http_answer_free(&answer);
        (void)snprintf(header, sizeof header, "If-None-Match: %s\r\n", etag);
        http_client_get(&client, targets[i], header, &answer);
        assert_int_equal(answer.status, 304);
        assert_true(answer.keeps_alive);
        assert_int_equal(answer.content_length, bytes);
    }
    http_client_close(&client);
}

static void test_keep_alive(void **state)
{
    (void)state;
    struct http_client client;
    struct http_answer answer;
    assert_true(http_client_open(&client, bench.port));
    for (int i = 0; i < 100; i++) {
        http_client_get(&client, i % 3 == 0 ? "/nowhere?a=b&c" : "/livez", "", &answer);
        assert_int_equal(answer.status, i % 3 == 0 ? 404 : 200);
        assert_true(answer.keeps_alive);
        http_answer_free(&answer);
    }
    assert_int_equal(scr_stats_read(SCR_STAT_HTTP_CONNECTIONS_TOTAL, 0), 1);
    http_client_close(&client);
}

static void check_old_http(const char *target, enum http_framing framing)
{
    struct http_answer known;
    struct http_answer answer;
    struct http_client client;
    char text[256];
    char byte;
    get(target, "", &known);
    assert_true(http_client_open(&client, bench.port));
    (void)snprintf(text, sizeof text, "GET %s HTTP/1.0\r\n\r\n", target);
    assert_true(http_client_send(&client, text));
    http_client_head(&client, false, &answer);
    http_client_body(&client, &answer);
    assert_int_equal(answer.framing, framing);
    expect_same(&known, &answer);
    assert_int_equal(http_client_some(&client, &byte, 1), 0);
    http_answer_free(&known);
    http_answer_free(&answer);
    http_client_close(&client);
}

static void test_old_http(void **state)
{
    (void)state;
    check_old_http(WAV, HTTP_FRAMING_CLOSE);
    check_old_http(OGG, HTTP_FRAMING_LENGTH);
    check_old_http("/presets", HTTP_FRAMING_LENGTH);
}

static int status_of_target(size_t target_bytes)
{
    static char text[40000];
    struct http_client client;
    struct http_answer answer;
    size_t at = (size_t)snprintf(text, sizeof text, "GET ");
    memset(text + at, 'a', target_bytes);
    text[at] = '/';
    at += target_bytes;
    (void)snprintf(text + at, sizeof text - at, " HTTP/1.1\r\nHost: test\r\n\r\n");
    assert_true(http_client_open(&client, bench.port));
    (void)http_client_send(&client, text);
    http_client_head(&client, false, &answer);
    http_client_body(&client, &answer);
    http_answer_free(&answer);
    http_client_close(&client);
    return answer.status;
}

static void test_long_targets(void **state)
{
    (void)state;
    assert_int_equal(status_of_target(SCR_URI_BYTES_MAX), 404);
    assert_int_equal(status_of_target(SCR_URI_BYTES_MAX + 1), 414);
    assert_int_equal(status_of_target(7000), 414);
    /* Beyond its pool the library answers for itself, or resets while we still send. */
    int status = status_of_target(30000);
    assert_true(status == 414 || status == 0);
}

/* What the library answers for itself, or not at all, must give the slot back like all else. */
static void test_library_gives_up(void **state)
{
    (void)state;
    static const char *const heads[] = {
        "GET /livez HTTP/1.1\r\n\r\n",
        "GET /livez HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "GET /livez HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n",
        "GET /li vez HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\n",
    };
    static char text[4096];
    struct http_client client;
    struct http_client many_parameters;
    struct http_answer answer;
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        assert_true(http_client_open(&client, bench.port));
        assert_true(http_client_send(&client, heads[i]));
        http_client_head(&client, false, &answer);
        assert_true(answer.status == 0 || answer.status == 400 || answer.status == 505);
        http_client_close(&client);
    }
    size_t at = (size_t)snprintf(text, sizeof text, "GET /livez?");
    for (int i = 0; i < 700; i++) {
        memcpy(text + at, "a=1&", 5);
        at += 4;
    }
    (void)snprintf(text + at, sizeof text - at, " HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_true(http_client_open(&many_parameters, bench.port));
    assert_true(http_client_send(&many_parameters, text));
    /* Each daemon looks at its oldest connection again when anything happens. */
    struct http_client others[8];
    for (size_t i = 0; i < 8; i++) {
        assert_true(http_client_open(&others[i], bench.port));
        http_client_get(&others[i], "/livez", "", &answer);
        assert_int_equal(answer.status, 200);
        http_answer_free(&answer);
    }
    http_client_head(&many_parameters, false, &answer);
    assert_int_equal(answer.status, 0);
    http_client_close(&many_parameters);
    for (size_t i = 0; i < 8; i++) {
        http_client_close(&others[i]);
    }
}

/* Two readings of one method: to the library this is no HEAD. */
static void test_method_with_nul(void **state)
{
    (void)state;
    static const char text[] = "HEAD\0x /presets HTTP/1.1\r\nHost: a\r\n\r\n";
    struct http_client client;
    struct http_answer answer;
    assert_true(http_client_open(&client, bench.port));
    assert_int_equal(send(client.fd, text, sizeof text - 1, 0), sizeof text - 1);
    http_client_head(&client, false, &answer);
    http_client_body(&client, &answer);
    assert_false(answer.whole);
    assert_int_equal(answer.body_bytes, 0);
    http_answer_free(&answer);
    http_client_close(&client);
}

static void test_request_ids(void **state)
{
    (void)state;
    static const struct {
        const char *headers;
        const char *echoed; /* NULL: a new one */
    } rows[] = {
        {"X-Request-Id: abc.DEF_0-9\r\n", "abc.DEF_0-9"},
        {"x-request-id: 1\r\n", "1"},
        {"", NULL},
        {"X-Request-Id: a b\r\n", NULL},
        {"X-Request-Id: a\"b\r\n", NULL},
        {"X-Request-Id: \r\n", NULL},
        {"X-Request-Id: one\r\nX-Request-Id: two\r\n", NULL},
        {"X-Request-Id: 1234567890123456789012345678901234567890123456789012345678901234\r\n",
         "1234567890123456789012345678901234567890123456789012345678901234"},
        {"X-Request-Id: 12345678901234567890123456789012345678901234567890123456789012345\r\n",
         NULL},
    };
    char previous[128] = "";
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct http_answer answer;
        char id[128];
        get("/livez", rows[i].headers, &answer);
        assert_true(http_answer_header(&answer, "X-Request-Id", id, sizeof id));
        if (rows[i].echoed != NULL) {
            assert_string_equal(id, rows[i].echoed);
        } else {
            assert_int_equal(strlen(id), 32);
            assert_int_equal(strspn(id, "0123456789abcdef"), 32);
            assert_string_not_equal(id, previous);
            memcpy(previous, id, sizeof id);
        }
        http_answer_free(&answer);
    }
}

static void test_bodies_close(void **state)
{
    (void)state;
    static const char *const requests[] = {
        "POST /livez HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
        "GET /livez HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /livez HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nTransfer-Encoding: x\r\n\r\n",
    };
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        struct http_client client;
        struct http_answer answer;
        char text[512];
        char byte;
        (void)snprintf(text, sizeof text, "%sGET /livez HTTP/1.1\r\nHost: a\r\n\r\n", requests[i]);
        assert_true(http_client_open(&client, bench.port));
        assert_true(http_client_send(&client, text));
        http_client_head(&client, false, &answer);
        http_client_body(&client, &answer);
        assert_int_equal(answer.status, 400);
        assert_false(answer.keeps_alive);
        assert_int_equal(http_client_some(&client, &byte, 1), 0);
        http_answer_free(&answer);
        http_client_close(&client);
    }
}

static void *fetch(void *context)
{
    http_get(bench.port, OGG, "", context);
    return NULL;
}

static void test_single_flight(void **state)
{
    (void)state;
    static struct http_answer answers[SINGLE_FLIGHT_CLIENTS];
    pthread_t threads[SINGLE_FLIGHT_CLIENTS];
    for (size_t i = 0; i < SINGLE_FLIGHT_CLIENTS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, fetch, &answers[i]), 0);
    }
    for (size_t i = 0; i < SINGLE_FLIGHT_CLIENTS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    for (size_t i = 0; i < SINGLE_FLIGHT_CLIENTS; i++) {
        expect_same(&answers[0], &answers[i]);
    }
    for (size_t i = 0; i < SINGLE_FLIGHT_CLIENTS; i++) {
        http_answer_free(&answers[i]);
    }
    assert_int_equal(renders(), 1);
}

/* What was made before the step that fails is taken back. */
static void test_create_fails_cleanly(void **state)
{
    (void)state;
    static struct scr_service service;
    struct scr_listener taken;
    struct scr_http *http = NULL;
    scr_boot_enter(SCR_BOOT_OPEN);
    service.clock = scr_clock_monotonic();
    assert_int_equal(scr_listener_open(&taken, "127.0.0.1", 0, NULL), SCR_OK);
    const struct scr_http_config config = {.service = &service,
                                           .address = "127.0.0.1",
                                           .port = taken.port,
                                           .connections_max = SCR_CONNECTIONS_MIN};
    assert_int_equal(scr_http_create(&config, &http), SCR_ERR_IO);
    assert_null(http);
    assert_int_equal(scr_boot_bytes(), 0);
    scr_listener_close(&taken);
    scr_http_destroy(&http);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_create_fails_cleanly),
        cmocka_unit_test_setup_teardown(test_first_chunked_then_known, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ranges, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_long_body, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_head_promises_and_renders_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_not_modified_keeps_alive, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_keep_alive, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_old_http, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_long_targets, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_library_gives_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_method_with_nul, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_request_ids, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bodies_close, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_single_flight, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
