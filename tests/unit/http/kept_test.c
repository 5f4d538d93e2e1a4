/*
 * tests/unit/http/kept_test.c - objects that answer more than once.
 * Aim:    an object bears exactly the headers of the response it was taken for, whatever it bore
 *         before; none is given out twice; their number is bounded; and over real connections HEAD
 *         and 304 say what they say on a connection that closes, where nothing is kept.
 * Method: the objects alone, asked by the library's own iterator, with responses drawn at random;
 *         then real daemons, several clients in turn, heads compared line by line.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <microhttpd.h>

#include "core/base/limits.h"
#include "core/dsp/mix64.h"
#include "server/http/kept.h"
#include "tests/support/http_bench.h"
#include "tests/support/http_client.h"

static struct scr_kept_answers kept;

static int set_up(void **state)
{
    (void)state;
    scr_kept_init(&kept);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    scr_kept_deinit(&kept);
    return 0;
}

static ssize_t read_nothing(void *context, uint64_t at, char *chars, size_t capacity)
{
    (void)context;
    (void)at;
    (void)chars;
    (void)capacity;
    return MHD_CONTENT_READER_END_WITH_ERROR;
}

static struct MHD_Response *promise(const uint8_t *bytes, uint64_t length)
{
    (void)bytes;
    return MHD_create_response_from_callback(length, 1, read_nothing, NULL, NULL);
}

static struct MHD_Response *no_promise(const uint8_t *bytes, uint64_t length)
{
    (void)bytes;
    (void)length;
    return NULL;
}

static void begin(struct scr_response *response, uint16_t status, uint64_t length)
{
    scr_response_init(response);
    response->status = status;
    response->length = length;
}

/* ---- Headers ---- */

struct lines {
    const struct scr_response *response;
    bool found[SCR_RESPONSE_HEADERS_MAX];
    size_t count;
};

static enum MHD_Result
find_line(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct lines *lines = context;
    assert_int_equal(kind, MHD_HEADER_KIND);
    lines->count += 1;
    for (size_t i = 0; i < lines->response->header_count; i += 1) {
        const struct scr_header *header = &lines->response->headers[i];
        if (!lines->found[i] && strcmp(header->name, name) == 0 &&
            strcmp(header->value, value) == 0) {
            lines->found[i] = true;
            return MHD_YES;
        }
    }
    fail_msg("%s: %s was not wanted", name, value);
    return MHD_NO;
}

static void assert_bears(struct MHD_Response *made, const struct scr_response *response)
{
    struct lines lines = {.response = response};
    (void)MHD_get_response_headers(made, find_line, &lines);
    assert_int_equal(lines.count, response->header_count);
}

static struct scr_kept_answer *take(const struct scr_response *response)
{
    struct scr_kept_answer *answer = scr_kept_take(&kept, response, NULL, promise);
    assert_non_null(answer);
    assert_true(answer->in_use);
    assert_bears(answer->made, response);
    return answer;
}

static void test_headers_at_random(void **state)
{
    (void)state;
    static const char *const names[] = {
        "A", "B", "ETag", "Link", "Link", "Link", "X-Request-Id", "Server-Timing", "Vary", "V"};
    static const char *const values[] = {"1", "2", "*", "a, b", "\"tag\""};
    const char *given = getenv("SCREAM_TEST_SEED");
    uint64_t seed = given == NULL ? 20261120 : strtoull(given, NULL, 10);
    print_message("seed %llu\n", (unsigned long long)seed);
    struct scr_response response;
    for (uint64_t i = 0; i < 20000; i += 1) {
        uint64_t draw = scr_mix64(seed + i);
        begin(&response, draw % 3 == 0 ? 200 : 304, draw >> 8 & 1);
        size_t count = draw >> 16 & 7;
        for (size_t j = 0; j < count; j += 1) {
            uint64_t drawn = scr_mix64(draw + j);
            scr_response_header(&response,
                                names[drawn % (sizeof names / sizeof names[0])],
                                values[(drawn >> 32) % (sizeof values / sizeof values[0])]);
        }
        scr_kept_release(take(&response), (draw >> 24) % 64 != 0);
    }
}

static void test_what_is_the_requests_own_is_exchanged(void **state)
{
    (void)state;
    struct scr_response response;
    char id[32];
    struct MHD_Response *made = NULL;
    for (int i = 0; i < 100; i += 1) {
        begin(&response, 200, 37146);
        (void)snprintf(id, sizeof id, "request-%d", i);
        scr_response_header(&response, "X-Request-Id", id);
        scr_response_header(&response, "Accept-Ranges", "bytes");
        scr_response_header(&response, "Server-Timing", i % 2 == 0 ? "app;dur=0.1" : "a");
        struct scr_kept_answer *answer = take(&response);
        made = i == 0 ? answer->made : made;
        assert_ptr_equal(answer->made, made);
        scr_kept_release(answer, true);
    }
}

/* The library takes neither an empty value nor a line feed: the object is half done, and goes. */
static void test_refused_headers(void **state)
{
    (void)state;
    struct scr_response response;
    begin(&response, 200, 1);
    scr_response_header(&response, "A", "1");
    scr_kept_release(take(&response), true);
    response.headers[0].value = "";
    assert_null(scr_kept_take(&kept, &response, NULL, promise));
    response.headers[0].value = "a\nb";
    assert_null(scr_kept_take(&kept, &response, NULL, promise));
    response.headers[0].value = "2";
    scr_kept_release(take(&response), true);
    assert_null(scr_kept_take(&kept, &(struct scr_response){.status = 304}, NULL, no_promise));
}

static void test_all_headers_and_long_text(void **state)
{
    (void)state;
    struct scr_response response;
    char value[SCR_KEPT_TEXT_BYTES_MAX + 2];
    for (int round = 0; round < 3; round += 1) {
        begin(&response, 200, 1);
        for (int i = 0; i < SCR_RESPONSE_HEADERS_MAX; i += 1) {
            scr_response_header(&response, i % 2 == 0 ? "A" : "B", round % 2 == 0 ? "1" : "2");
        }
        /* More differs than is worth an exchange in the second round. */
        struct scr_kept_answer *answer = scr_kept_take(&kept, &response, NULL, promise);
        assert_true((answer == NULL) == (round == 1));
        if (answer != NULL) {
            assert_bears(answer->made, &response);
            scr_kept_release(answer, true);
        }
    }
    memset(value, 'a', sizeof value);
    value[SCR_KEPT_TEXT_BYTES_MAX] = '\0';
    begin(&response, 200, 2);
    scr_response_header_copy(&response, "Content-Location", value);
    scr_kept_release(take(&response), true);
    value[SCR_KEPT_TEXT_BYTES_MAX] = 'a';
    value[SCR_KEPT_TEXT_BYTES_MAX + 1] = '\0';
    begin(&response, 200, 2);
    scr_response_header_copy(&response, "Content-Location", value);
    assert_null(scr_kept_take(&kept, &response, NULL, promise));
}

/* ---- Choice ---- */

static void test_kinds_are_apart(void **state)
{
    (void)state;
    struct scr_response response;
    begin(&response, 200, 5);
    scr_response_header(&response, "A", "1");
    struct scr_kept_answer *first = take(&response);
    struct scr_kept_answer *second = take(&response);
    assert_ptr_not_equal(first, second);
    scr_kept_release(first, true);
    response.status = 304;
    struct scr_kept_answer *status = take(&response);
    assert_ptr_not_equal(status, first);
    response.status = 200;
    response.length = 6;
    struct scr_kept_answer *length = take(&response);
    assert_ptr_not_equal(length, first);
    static const uint8_t bytes[6];
    response.length = 5;
    struct scr_kept_answer *body = scr_kept_take(&kept, &response, bytes, promise);
    assert_ptr_not_equal(body, first);
    scr_kept_release(body, true);
    struct scr_kept_answer *other = scr_kept_take(&kept, &response, bytes + 1, promise);
    assert_ptr_not_equal(other, first);
    assert_ptr_not_equal(other, body);
    scr_kept_release(other, true);
    assert_ptr_equal(scr_kept_take(&kept, &response, bytes, promise), body);
    scr_kept_release(body, true);
    assert_ptr_equal(take(&response), first);
    scr_kept_release(first, true);
    scr_kept_release(second, true);
    scr_kept_release(status, true);
    scr_kept_release(length, true);
}

static void test_a_bounded_number(void **state)
{
    (void)state;
    struct scr_response response;
    struct scr_kept_answer *answers[SCR_KEPT_ANSWERS];
    for (size_t i = 0; i < SCR_KEPT_ANSWERS; i += 1) {
        begin(&response, 200, i);
        answers[i] = take(&response);
    }
    assert_null(scr_kept_take(&kept, &response, NULL, promise));
    for (size_t i = 0; i < SCR_KEPT_ANSWERS; i += 1) {
        scr_kept_release(answers[i], true);
    }
    /* The first was used longest ago. */
    begin(&response, 200, 1000);
    struct scr_kept_answer *newest = take(&response);
    assert_ptr_equal(newest, answers[0]);
    scr_kept_release(newest, true);
    begin(&response, 200, 1);
    assert_ptr_equal(take(&response), answers[1]);
    scr_kept_release(answers[1], true);
}

static void test_broken_off_is_dropped(void **state)
{
    (void)state;
    struct scr_response response;
    begin(&response, 200, 5);
    struct scr_kept_answer *answer = take(&response);
    scr_kept_release(answer, false);
    assert_null(answer->made);
    scr_kept_release(take(&response), true);
}

/* ---- Over real connections ---- */

static struct http_bench bench;

static int start(void **state)
{
    (void)state;
    http_bench_init(&bench, 64, 2 << 20);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    http_bench_deinit(&bench);
    return 0;
}

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The lines of a head that two answers to one question share, sorted, one behind the other. */
static void normalise(const char *head, char *out, size_t capacity)
{
    static char copy[HTTP_CLIENT_HEAD_BYTES];
    static const char *const own[] = {"Date:", "X-Request-Id:", "Server-Timing:", "Connection:"};
    char *lines[64];
    size_t count = 0;
    char *rest = NULL;
    (void)snprintf(copy, sizeof copy, "%s", head);
    for (char *line = strtok_r(copy, "\r\n", &rest); line != NULL;
         line = strtok_r(NULL, "\r\n", &rest)) {
        bool is_own = false;
        for (size_t i = 0; i < sizeof own / sizeof own[0]; i += 1) {
            is_own = is_own || strncmp(line, own[i], strlen(own[i])) == 0;
        }
        assert_true(count < sizeof lines / sizeof lines[0]);
        lines[count] = line;
        count += is_own ? 0 : 1;
    }
    qsort(lines, count, sizeof lines[0], compare_lines);
    size_t used = 0;
    for (size_t i = 0; i < count; i += 1) {
        int bytes = snprintf(out + used, capacity - used, "%s\n", lines[i]);
        assert_true(bytes > 0 && (size_t)bytes < capacity - used);
        used += (size_t)bytes;
    }
}

static void
ask(struct http_client *client, const char *line, const char *headers, struct http_answer *answer)
{
    char request[1024];
    int bytes =
        snprintf(request, sizeof request, "%s HTTP/1.1\r\nHost: a\r\n%s\r\n", line, headers);
    assert_true(bytes > 0 && (size_t)bytes < sizeof request);
    assert_true(http_client_send(client, request));
    http_client_head(client, strncmp(line, "HEAD", 4) == 0, answer);
    http_client_body(client, answer);
}

#define QUESTIONS 7
/* The one that is answered by 304. */
#define MATCHING 2
#define CLIENTS 3

static const char *const questions[QUESTIONS] = {
    "HEAD /scream.ogg?preset=classic&seed=1",
    "HEAD /scream.ogg?preset=classic&seed=2",
    "GET /scream.ogg?preset=classic&seed=1",
    "HEAD /scream.wav?preset=whisper&seed=3",
    "HEAD /scream?preset=classic&seed=1",
    "HEAD /presets",
    "HEAD /parameters",
};

static struct http_answer answer;

/* in      extra  a further header line, or "" */
static void ask_question(
    struct http_client *client, size_t question, const char *extra, char *head, size_t capacity)
{
    static char etag[64];
    if (etag[0] == '\0') {
        http_get(bench.port, "/scream.ogg?preset=classic&seed=1", "", &answer);
        assert_true(http_answer_header(&answer, "ETag", etag, sizeof etag));
        http_answer_free(&answer);
    }
    char headers[256];
    (void)snprintf(headers,
                   sizeof headers,
                   "If-None-Match: %s\r\n%s",
                   question == MATCHING ? etag : "x",
                   extra);
    ask(client, questions[question], headers, &answer);
    assert_int_equal(answer.status, question == MATCHING ? 304 : 200);
    normalise(answer.head, head, capacity);
}

/* Every third request has no id of its own, and must not be told another's. */
static void assert_own_id(size_t round, const char *id)
{
    char wanted[80];
    (void)snprintf(wanted, sizeof wanted, "mine-%zu", round);
    if (round % 3 == 0) {
        assert_null(strstr(id, "mine"));
    } else {
        assert_string_equal(id, wanted);
    }
}

static void test_heads_are_the_same(void **state)
{
    (void)state;
    static char heads[QUESTIONS][4096];
    static char head[4096];
    struct http_client clients[CLIENTS];
    for (size_t i = 0; i < QUESTIONS; i += 1) {
        assert_true(http_client_open(&clients[0], bench.port));
        ask_question(&clients[0], i, "Connection: close\r\n", heads[i], sizeof heads[i]);
        assert_false(answer.keeps_alive);
        http_answer_free(&answer);
        http_client_close(&clients[0]);
    }
    for (size_t i = 0; i < CLIENTS; i += 1) {
        assert_true(http_client_open(&clients[i], bench.port));
    }
    for (size_t i = 0; i < 210; i += 1) {
        size_t question = scr_mix64(i) % QUESTIONS;
        char extra[80] = "";
        char id[80];
        if (i % 3 != 0) {
            (void)snprintf(extra, sizeof extra, "X-Request-Id: mine-%zu\r\n", i);
        }
        ask_question(&clients[scr_mix64(~i) % CLIENTS], question, extra, head, sizeof head);
        assert_true(answer.keeps_alive);
        assert_true(http_answer_header(&answer, "X-Request-Id", id, sizeof id));
        assert_own_id(i, id);
        assert_string_equal(head, heads[question]);
        http_answer_free(&answer);
    }
    for (size_t i = 0; i < CLIENTS; i += 1) {
        http_client_close(&clients[i]);
    }
    http_bench_settle(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_headers_at_random, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_what_is_the_requests_own_is_exchanged, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refused_headers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_all_headers_and_long_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_kinds_are_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_bounded_number, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_broken_off_is_dropped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_heads_are_the_same, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
