/*
 * tests/unit/http/transfer_test.c - how bodies of every kind reach a client.
 * Aim:    framing, order and lifetime of responses: whole, broken off by either side, with and
 *         without a known length; no slot is lost and none is given back twice.
 * Method: a stand-in for the service answers by target (/kind/length); it can do what the real one
 *         hardly ever does, such as fail in the middle. Real daemons, real sockets.
 */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/service.h"
#include "core/base/assert.h"
#include "core/base/stats.h"
#include "core/crypto/blake2b.h"
#include "core/memory/boot.h"
#include "server/http/http.h"
#include "tests/support/http_client.h"

#define PATTERN_BYTES (1 << 20)
#define VIEW_BYTES 1000
#define PAGE_BYTES 700
#define AGAINS 3

/* ---- The service's stand-in ---- */

static struct {
    uint8_t pattern[PATTERN_BYTES];
    atomic_int answered;
    atomic_int closed;
    atomic_int completed;
    atomic_int whole;
    atomic_ullong bytes;
} fake;

static _Thread_local int again_left;

void scr_response_init(struct scr_response *response)
{
    response->status = 200;
    response->header_count = 0;
    response->body = SCR_BODY_NONE;
    response->length_known = true;
    response->close_connection = false;
    response->first = 0;
    response->length = 0;
    response->is_audio = true;
    response->format = SCR_FORMAT_OGG;
}

const char *scr_request_header(const struct scr_request *request, const char *name, bool *repeated)
{
    (void)request;
    (void)name;
    *repeated = false;
    return NULL;
}

static const struct {
    const char *prefix;
    enum scr_body_kind body;
    uint16_t status;
    bool length_known;
} answers[] = {
    {"/bytes/", SCR_BODY_BYTES, 200, true},
    {"/views/", SCR_BODY_JOB, 200, true},
    {"/known/", SCR_BODY_PCM, 200, true},
    {"/chunked/", SCR_BODY_PCM, 200, false},
    {"/error/", SCR_BODY_PCM, 200, false},
    {"/close/", SCR_BODY_BYTES, 200, true},
    {"/metrics/", SCR_BODY_METRICS, 200, true},
    {"/304/", SCR_BODY_NONE, 304, true},
    {"/204/", SCR_BODY_NONE, 204, true},
};

void scr_service_handle(struct scr_service *service,
                        struct scr_request *request,
                        struct scr_response *response)
{
    (void)service;
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        size_t bytes = strlen(answers[i].prefix);
        if (strncmp(request->target, answers[i].prefix, bytes) == 0) {
            response->body = answers[i].body;
            response->status = answers[i].status;
            response->length_known = answers[i].length_known;
            response->length = strtoull(request->target + bytes, NULL, 10);
        }
    }
    response->bytes = fake.pattern;
    response->close_connection = request->target[1] == 'c' && request->target[2] == 'l';
    /* Where the pull fails. */
    response->first = request->target[1] == 'e' ? response->length / 2 : UINT64_MAX;
    response->headers[response->header_count++] =
        (struct scr_header){"X-Request-Id", request->request_id};
    again_left = AGAINS;
    atomic_fetch_add(&fake.answered, 1);
}

enum scr_pull scr_response_pull(
    struct scr_response *response, uint64_t at, uint8_t *bytes, size_t capacity, size_t *count)
{
    SCR_ASSERT(response->body == SCR_BODY_PCM);
    if (at == response->length) {
        return SCR_PULL_END;
    }
    if (at >= response->first) {
        return SCR_PULL_ERROR;
    }
    if (again_left > 0) {
        again_left--;
        return SCR_PULL_AGAIN;
    }
    again_left = AGAINS;
    uint64_t left = response->length - at;
    *count = capacity < PAGE_BYTES ? capacity : PAGE_BYTES;
    *count = left < *count ? (size_t)left : *count;
    memcpy(bytes, fake.pattern + at, *count);
    return SCR_PULL_DATA;
}

size_t scr_response_views(struct scr_response *response, struct scr_view *views, size_t views_max)
{
    if (response->body == SCR_BODY_BYTES && response->length > 0) {
        views[0] = (struct scr_view){.bytes = fake.pattern, .count = response->length};
        return 1;
    }
    if (response->body != SCR_BODY_JOB) {
        return 0;
    }
    size_t used = 0;
    for (uint64_t at = 0; at < response->length; at += VIEW_BYTES) {
        uint64_t left = response->length - at;
        SCR_ASSERT(used < views_max);
        views[used++] = (struct scr_view){.bytes = fake.pattern + at,
                                          .count = left < VIEW_BYTES ? left : VIEW_BYTES};
    }
    return used;
}

void scr_response_close(struct scr_response *response)
{
    response->body = SCR_BODY_NONE;
    atomic_fetch_add(&fake.closed, 1);
}

void scr_service_completed(struct scr_service *service,
                           const struct scr_request *request,
                           const struct scr_response *response,
                           const struct scr_completion *completion)
{
    (void)service;
    (void)response;
    SCR_ASSERT(strcmp(request->remote, "127.0.0.1") == 0);
    SCR_ASSERT(completion->duration_ns >= 0);
    atomic_fetch_add(&fake.completed, 1);
    atomic_fetch_add(&fake.whole, completion->whole ? 1 : 0);
    atomic_fetch_add(&fake.bytes, completion->body_bytes);
}

size_t scr_service_refusal(enum scr_err err, char *bytes, size_t capacity)
{
    (void)err;
    int count = snprintf(bytes, capacity, "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
    return (size_t)count;
}

enum scr_err scr_metrics_write(struct scr_service *service, struct scr_text *text)
{
    (void)service;
    scr_text_put(text, "up 1\n");
    return text->overflow ? SCR_ERR_NO_SPACE : SCR_OK;
}

/* ---- The world ---- */

static struct scr_service service;
static struct scr_http *http;
static const volatile bool no_hurry = false;

static int set_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < PATTERN_BYTES; i++) {
        fake.pattern[i] = (uint8_t)(i * 7 + i / 256);
    }
    atomic_store(&fake.answered, 0);
    atomic_store(&fake.closed, 0);
    atomic_store(&fake.completed, 0);
    atomic_store(&fake.whole, 0);
    atomic_store(&fake.bytes, 0);
    scr_boot_enter(SCR_BOOT_OPEN);
    scr_stats_reset();
    assert_int_equal(scr_crypto_init(), SCR_OK);
    service.clock = scr_clock_monotonic();
    const struct scr_http_config config = {
        .service = &service, .address = "127.0.0.1", .connections_max = 64, .daemons = 2};
    assert_int_equal(scr_http_create(&config, &http), SCR_OK);
    assert_int_equal(scr_boot_bytes(), scr_http_memory_bytes(&config));
    scr_boot_enter(SCR_BOOT_SEALED);
    assert_int_equal(scr_http_start(http), SCR_OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    int64_t far = scr_clock_now_ns(service.clock) + INT64_C(60000000000);
    assert_int_equal(scr_http_drain(http, far, &no_hurry), 0);
    scr_boot_enter(SCR_BOOT_TEARDOWN);
    scr_http_destroy(&http);
    assert_null(http);
    assert_int_equal(scr_boot_bytes(), 0);
    assert_int_equal(atomic_load(&fake.closed), atomic_load(&fake.answered));
    assert_int_equal(atomic_load(&fake.completed), atomic_load(&fake.answered));
    assert_int_equal(scr_stats_read(SCR_STAT_HTTP_IN_FLIGHT, 0), 0);
    assert_int_equal(scr_stats_read(SCR_STAT_HTTP_CONNECTIONS, 0), 0);
    return 0;
}

/* The server's side of a finished answer ends a moment after the client's. */
static void wait_for(atomic_int *counter, int value)
{
    for (int i = 0; i < 6000 && atomic_load(counter) < value; i++) {
        (void)poll(NULL, 0, 10);
    }
    assert_int_equal(atomic_load(counter), value);
}

static void expect_pattern(const struct http_answer *answer, size_t bytes)
{
    assert_true(answer->whole);
    assert_int_equal(answer->body_bytes, bytes);
    if (bytes > 0) {
        assert_memory_equal(answer->body, fake.pattern, bytes);
    }
}

/* ---- Tests ---- */

static void test_kinds(void **state)
{
    (void)state;
    static const char *const kinds[] = {"bytes", "views", "known", "chunked", "close"};
    static const size_t lengths[] = {1, 699, 700, 701, 1000, 1001, 16384, 16385, 150000};
    struct http_answer answer;
    int count = 0;
    uint64_t bytes = 0;
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        struct http_client client;
        assert_true(http_client_open(&client, scr_http_port(http)));
        for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
            char target[64];
            (void)snprintf(target, sizeof target, "/%s/%zu", kinds[k], lengths[i]);
            http_client_get(&client, target, "", &answer);
            assert_int_equal(answer.status, 200);
            bool chunked = strcmp(kinds[k], "chunked") == 0;
            assert_int_equal(answer.framing, chunked ? HTTP_FRAMING_CHUNKED : HTTP_FRAMING_LENGTH);
            expect_pattern(&answer, lengths[i]);
            bool closes = strcmp(kinds[k], "close") == 0;
            assert_int_equal(answer.keeps_alive, !closes);
            http_answer_free(&answer);
            count++;
            bytes += lengths[i];
            if (closes) {
                char byte;
                assert_int_equal(http_client_some(&client, &byte, 1), 0);
                http_client_close(&client);
                assert_true(http_client_open(&client, scr_http_port(http)));
            }
        }
        http_client_close(&client);
    }
    wait_for(&fake.completed, count);
    assert_int_equal(atomic_load(&fake.whole), count);
    assert_int_equal(atomic_load(&fake.bytes), bytes);
    assert_int_equal(
        scr_stats_read_histogram(SCR_STAT_FIRST_BYTE, 0).cumulative[SCR_STAT_BUCKETS - 1],
        (uint64_t)count);
}

static void test_first_page_leaves_alone(void **state)
{
    (void)state;
    struct http_answer answer;
    http_get(scr_http_port(http), "/chunked/10000", "", &answer);
    expect_pattern(&answer, 10000);
    assert_int_equal(answer.first_chunk_bytes, PAGE_BYTES);
    assert_int_equal(answer.chunks, (10000 + PAGE_BYTES - 1) / PAGE_BYTES);
    http_answer_free(&answer);
}

static void test_empty_bodies(void **state)
{
    (void)state;
    struct http_client client;
    struct http_answer answer;
    assert_true(http_client_open(&client, scr_http_port(http)));
    static const char *const targets[] = {"/bytes/0", "/views/0", "/known/0"};
    for (size_t i = 0; i < 3; i++) {
        http_client_get(&client, targets[i], "", &answer);
        assert_int_equal(answer.framing, HTTP_FRAMING_LENGTH);
        assert_int_equal(answer.content_length, 0);
        expect_pattern(&answer, 0);
        http_answer_free(&answer);
    }
    http_client_get(&client, "/chunked/0", "", &answer);
    assert_int_equal(answer.framing, HTTP_FRAMING_CHUNKED);
    expect_pattern(&answer, 0);
    http_answer_free(&answer);
    http_client_get(&client, "/204/0", "", &answer);
    assert_int_equal(answer.status, 204);
    assert_false(answer.has_content_length);
    http_answer_free(&answer);
    http_client_close(&client);
}

static void head(struct http_client *client, const char *target, struct http_answer *answer)
{
    char text[256];
    (void)snprintf(text, sizeof text, "HEAD %s HTTP/1.1\r\nHost: test\r\n\r\n", target);
    assert_true(http_client_send(client, text));
    http_client_head(client, true, answer);
}

static void test_head(void **state)
{
    (void)state;
    struct http_client client;
    struct http_answer answer;
    assert_true(http_client_open(&client, scr_http_port(http)));
    static const char *const kinds[] = {"bytes", "views", "known", "chunked"};
    for (size_t k = 0; k < 4; k++) {
        char target[64];
        (void)snprintf(target, sizeof target, "/%s/4321", kinds[k]);
        head(&client, target, &answer);
        assert_int_equal(answer.status, 200);
        assert_true(answer.has_content_length);
        assert_int_equal(answer.content_length, 4321);
    }
    head(&client, "/metrics/0", &answer);
    assert_int_equal(answer.content_length, 5);
    /* Whatever had followed a head would be taken for the next one. */
    http_client_get(&client, "/bytes/3", "", &answer);
    expect_pattern(&answer, 3);
    http_answer_free(&answer);
    http_client_close(&client);
    wait_for(&fake.completed, 6);
    assert_int_equal(atomic_load(&fake.bytes), 3);
}

static void test_not_modified(void **state)
{
    (void)state;
    struct http_client client;
    struct http_answer answer;
    assert_true(http_client_open(&client, scr_http_port(http)));
    http_client_get(&client, "/304/4321", "", &answer);
    assert_int_equal(answer.status, 304);
    assert_int_equal(answer.content_length, 4321);
    assert_true(answer.keeps_alive);
    http_client_get(&client, "/304/0", "", &answer);
    assert_int_equal(answer.status, 304);
    assert_false(answer.has_content_length);
    assert_false(answer.keeps_alive);
    char byte;
    assert_int_equal(http_client_some(&client, &byte, 1), 0);
    http_client_close(&client);
}

static void test_metrics(void **state)
{
    (void)state;
    struct http_answer answer;
    http_get(scr_http_port(http), "/metrics/0", "", &answer);
    assert_true(answer.whole);
    assert_int_equal(answer.body_bytes, 5);
    assert_memory_equal(answer.body, "up 1\n", 5);
    http_answer_free(&answer);
}

static void test_error_in_the_middle(void **state)
{
    (void)state;
    struct http_answer answer;
    http_get(scr_http_port(http), "/error/8400", "", &answer);
    assert_int_equal(answer.status, 200);
    assert_false(answer.whole);
    assert_int_equal(answer.body_bytes, 4200);
    http_answer_free(&answer);
    wait_for(&fake.completed, 1);
    assert_int_equal(atomic_load(&fake.whole), 0);
    assert_int_equal(atomic_load(&fake.bytes), 4200);
}

static void test_client_hangs_up(void **state)
{
    (void)state;
    static const char *const kinds[] = {"bytes", "views", "known", "chunked"};
    for (int i = 0; i < 200; i++) {
        struct http_client client;
        char text[128];
        const char *kind = kinds[i % 4];
        int length = strcmp(kind, "views") == 0 ? 150000 : PATTERN_BYTES;
        (void)snprintf(
            text, sizeof text, "GET /%s/%d HTTP/1.1\r\nHost: test\r\n\r\n", kind, length);
        assert_true(http_client_open(&client, scr_http_port(http)));
        assert_true(http_client_send(&client, text));
        char bytes[512];
        if (i % 3 != 0) {
            assert_true(http_client_some(&client, bytes, sizeof bytes) > 0);
        }
        if (i % 2 == 0) {
            http_client_reset(&client);
        } else {
            http_client_close(&client);
        }
    }
    for (int i = 0; i < 6000 && scr_http_connections(http) > 0; i++) {
        (void)poll(NULL, 0, 10);
    }
    assert_int_equal(scr_http_connections(http), 0);
}

/* Many slow bodies in one daemon: their "again" answers must not keep others from being served. */
static void test_neighbours_are_served(void **state)
{
    (void)state;
    struct http_client slow[16];
    struct http_answer answer;
    for (size_t i = 0; i < 16; i++) {
        assert_true(http_client_open(&slow[i], scr_http_port(http)));
        assert_true(
            http_client_send(&slow[i], "GET /chunked/1000000 HTTP/1.1\r\nHost: test\r\n\r\n"));
    }
    for (int i = 0; i < 20; i++) {
        http_get(scr_http_port(http), "/bytes/10", "", &answer);
        expect_pattern(&answer, 10);
        http_answer_free(&answer);
    }
    for (size_t i = 0; i < 16; i++) {
        http_client_head(&slow[i], false, &answer);
        http_client_body(&slow[i], &answer);
        expect_pattern(&answer, 1000000);
        http_answer_free(&answer);
        http_client_close(&slow[i]);
    }
}

static void test_destroy_without_drain(void **state)
{
    (void)state;
    struct http_client client;
    assert_true(http_client_open(&client, scr_http_port(http)));
    assert_true(http_client_send(&client, "GET /bytes/1048576 HTTP/1.1\r\nHost: test\r\n\r\n"));
    wait_for(&fake.answered, 1);
    scr_boot_enter(SCR_BOOT_TEARDOWN);
    scr_http_destroy(&http);
    http_client_close(&client);
    assert_int_equal(scr_boot_bytes(), 0);
    assert_int_equal(atomic_load(&fake.closed), 1);
    assert_int_equal(scr_stats_read(SCR_STAT_HTTP_CONNECTIONS, 0), 0);
    assert_int_equal(set_up(state), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_kinds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_first_page_leaves_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_empty_bodies, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_head, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_not_modified, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_metrics, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_error_in_the_middle, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_client_hangs_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_neighbours_are_served, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_destroy_without_drain, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
