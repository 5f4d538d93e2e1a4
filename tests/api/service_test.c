/*
 * tests/api/service_test.c - what holds for every route.
 * Aim:    limits, bodies, methods, CORS, HEAD, the stop, the refusal; every error that the API can
 *         produce is provoked once.
 * Method: literals through the loopback.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/problem.h"
#include "api/routes.h"
#include "core/codec/opus_encoder.h"
#include "tests/support/api_loopback.h"

static struct loopback loopback;

static int begin(void **state)
{
    (void)state;
    loopback_init(&loopback, 16, 4);
    return 0;
}

static int end(void **state)
{
    (void)state;
    loopback_deinit(&loopback);
    return 0;
}

static void
check_error(const char *method, const char *target, const char *headers, enum scr_err err)
{
    free(fetch_problem(&loopback, method, target, headers, err));
}

static void every_error_of_the_api_is_provoked(void **state)
{
    (void)state;
    check_error("GET", "/scream.ogg?x=1", NULL, SCR_ERR_PARAM_UNKNOWN);
    check_error("GET", "/scream.ogg?seed=1&seed=1", NULL, SCR_ERR_PARAM_REPEATED);
    check_error("GET", "/scream.ogg?volume=x", NULL, SCR_ERR_PARAM_SYNTAX);
    check_error("GET", "/scream.ogg?volume=2", NULL, SCR_ERR_PARAM_RANGE);
    check_error("GET", "/scream.ogg?preset=x", NULL, SCR_ERR_PRESET_UNKNOWN);
    check_error("GET", "/scream.ogg?seed=%00", NULL, SCR_ERR_QUERY_SYNTAX);
    check_error("GET", "/scream.ogg?seed=1", "Range: bytes=9999999-", SCR_ERR_RANGE_UNSATISFIABLE);
    check_error("GET", "/nothing", NULL, SCR_ERR_NOT_FOUND);
    check_error("POST", "/scream.ogg", NULL, SCR_ERR_METHOD_NOT_ALLOWED);
    check_error("BREW", "/scream.ogg", NULL, SCR_ERR_METHOD_UNKNOWN);
    check_error("GET", "/scream", "Accept: text/html", SCR_ERR_NOT_ACCEPTABLE);
    check_error("GET", "/scream.ogg?seed=1", "If-Match: \"x\"", SCR_ERR_PRECONDITION_FAILED);
    check_error("GET", "/livez", "Content-Length: 1", SCR_ERR_BODY_UNEXPECTED);
    check_error("GET", "/livez", "Content-Length: x", SCR_ERR_HEADER_SYNTAX);
    check_error("GET", "/livez", "Expect: 200-ok", SCR_ERR_EXPECTATION);
    atomic_store(&loopback.service->draining, true);
    check_error("GET", "/readyz", NULL, SCR_ERR_NOT_READY);
    atomic_store(&loopback.service->draining, false);
}

static void too_many_parameters(void **state)
{
    (void)state;
    char target[SCR_URI_BYTES_MAX];
    struct scr_text text;
    scr_text_init(&text, target, sizeof target);
    scr_text_put(&text, "/scream.ogg?volume=1");
    for (unsigned i = 1; i <= SCR_QUERY_PARAMS_MAX; i += 1) {
        scr_text_put(&text, "&volume=1");
    }
    check_error("GET", target, NULL, SCR_ERR_QUERY_TOO_MANY);
}

static void a_full_arena_and_a_full_pool(void **state)
{
    (void)state;
    struct reply held[5];
    for (unsigned i = 0; i < 4; i += 1) {
        static const char *const targets[] = {
            "/scream.wav?seed=1", "/scream.wav?seed=2", "/scream.wav?seed=3", "/scream.wav?seed=4"};
        reply_open(&loopback, "GET", targets[i], NULL, &held[i]);
        assert_int_equal(held[i].response.status, 200);
    }
    check_error("GET", "/scream.wav?seed=5", NULL, SCR_ERR_POOL_FULL);
    for (unsigned i = 0; i < 4; i += 1) {
        reply_close(&held[i]);
    }
    /* 30 s at 256 kbit/s take 948 of the 1,024 extents there are. */
    reply_open(&loopback, "GET", "/scream.ogg?seed=1&duration=30&bitrate=256000", NULL, &held[0]);
    assert_int_equal(held[0].response.status, 200);
    check_error("GET", "/scream.ogg?seed=1&duration=20", NULL, SCR_ERR_ARENA_FULL);
    reply_close(&held[0]);
    reply_open(&loopback, "GET", "/scream.ogg?seed=1&duration=20", NULL, &held[0]);
    assert_int_equal(held[0].response.status, 200);
    reply_close(&held[0]);
}

/* 60 s at 256 kbit/s: 1,895 of the 1,024 extents there are. Waiting would not help. */
static void what_can_never_fit_is_the_requests_fault(void **state)
{
    (void)state;
    static const char large[] = "/scream.ogg?seed=1&duration=60&bitrate=256000";
    struct reply reply;
    char *said = fetch_problem(&loopback, "GET", large, NULL, SCR_ERR_SCREAM_TOO_LARGE);
    assert_non_null(strstr(said, "\"status\":400"));
    assert_non_null(strstr(said, "this server keeps at most 1048576."));
    assert_non_null(strstr(said, "SCREAM_ARENA_BYTES"));
    free(said);
    check_error("GET", large, "Range: bytes=0-9", SCR_ERR_SCREAM_TOO_LARGE);
    check_error("GET", large, "If-None-Match: *", SCR_ERR_SCREAM_TOO_LARGE);
    check_error("GET", "/scream?seed=1&duration=60&bitrate=256000", NULL, SCR_ERR_SCREAM_TOO_LARGE);
    /* HEAD promises nothing that GET does not keep. */
    reply_open(&loopback, "HEAD", large, NULL, &reply);
    assert_int_equal(reply.response.status, 400);
    assert_int_equal(reply.response.body, SCR_BODY_NONE);
    reply_close(&reply);
    reply_open(&loopback, "HEAD", "/scream.wav?seed=1&duration=60", NULL, &reply);
    assert_int_equal(reply.response.status, 200);
    reply_close(&reply);
}

static void targets_end_at_2048_bytes(void **state)
{
    (void)state;
    char target[SCR_URI_BYTES_MAX + 2];
    struct reply reply;
    memset(target, '&', sizeof target);
    memcpy(target, "/livez?", 7);
    target[SCR_URI_BYTES_MAX] = '\0';
    reply_open(&loopback, "GET", target, NULL, &reply);
    assert_int_equal(reply.response.status, 200);
    reply_close(&reply);
    target[SCR_URI_BYTES_MAX] = '&';
    target[SCR_URI_BYTES_MAX + 1] = '\0';
    check_error("GET", target, NULL, SCR_ERR_URI_TOO_LONG);
    reply_open(&loopback, "GET", target, NULL, &reply);
    assert_true(reply.response.close_connection);
    reply_close(&reply);
}

static void bodies_close_the_connection(void **state)
{
    (void)state;
    const char *const bodies[] = {"Content-Length: 5",
                                  "Transfer-Encoding: chunked",
                                  "Content-Length: 0\nTransfer-Encoding: chunked",
                                  "Content-Length: 00001",
                                  "Content-Length: 0\nContent-Length: 0",
                                  "Content-Length: -1",
                                  "Content-Length: "};
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i += 1) {
        struct reply reply;
        reply_open(&loopback, "GET", "/livez", bodies[i], &reply);
        assert_int_equal(reply.response.status, 400);
        assert_true(reply.response.close_connection);
        reply_close(&reply);
    }
    struct reply reply;
    reply_open(&loopback, "GET", "/livez", "Content-Length: 0", &reply);
    assert_int_equal(reply.response.status, 200);
    assert_false(reply.response.close_connection);
    reply_close(&reply);
}

/* Lines parted by "\n"; one more than the gate lets through, with the Host that is added. */
static void write_lines(char *lines, size_t capacity, unsigned count)
{
    struct scr_text text;
    scr_text_init(&text, lines, capacity);
    for (unsigned i = 0; i < count; i += 1) {
        scr_text_put(&text, i == 0 ? "A: b" : "\nA: b");
    }
    assert_false(text.overflow);
}

static void check_defect(const char *target, const char *headers, enum scr_err err)
{
    struct reply reply;
    reply_open(&loopback, "GET", target, headers, &reply);
    assert_int_equal(reply.response.problem, err);
    assert_int_equal(reply.response.status, scr_problem_status(err));
    assert_int_equal(reply.response.route, SCR_ROUTE_NONE);
    assert_true(reply.response.close_connection);
    reply_close(&reply);
}

/* Whatever else is wrong or right with the request: its head comes first. */
static void defects_of_the_head_close_the_connection(void **state)
{
    (void)state;
    char lines[8 * SCR_HTTP_HEADERS_MAX];
    check_defect("/livez", "Host: a\nHost: a", SCR_ERR_HEADER_SYNTAX);
    check_defect("/livez", "A b: c", SCR_ERR_HEADER_SYNTAX);
    check_defect("/nothing", "Expect: 200-ok\nContent-Length: 5", SCR_ERR_EXPECTATION);
    write_lines(lines, sizeof lines, SCR_HTTP_HEADERS_MAX);
    check_defect("/scream.ogg?x=1", lines, SCR_ERR_HEADERS_TOO_MANY);
    write_lines(lines, sizeof lines, SCR_HTTP_HEADERS_MAX - 1);
    struct body body = fetch(&loopback, "/livez", lines, 200);
    body_free(&body);
    loopback.version = "HTTP/2.0";
    check_defect("/livez", NULL, SCR_ERR_VERSION);
    loopback.version = "HTTP/1.0";
    check_defect("/livez", "Transfer-Encoding: chunked", SCR_ERR_HEADER_SYNTAX);
    loopback.version = "HTTP/1.1";
}

static void options_answers_preflights(void **state)
{
    (void)state;
    const char *const targets[] = {"*", "/scream.ogg", "/scream?x=y", "/problems/any", "/metrics"};
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i += 1) {
        struct reply reply;
        reply_open(&loopback, "OPTIONS", targets[i], "Origin: https://a.example", &reply);
        assert_int_equal(reply.response.status, 204);
        assert_int_equal(reply.response.body, SCR_BODY_NONE);
        assert_header(&reply, "Allow", "GET, HEAD, OPTIONS");
        assert_header(&reply, "Access-Control-Allow-Methods", "GET, HEAD, OPTIONS");
        assert_non_null(strstr(reply_header(&reply, "Access-Control-Allow-Headers"), "Range"));
        assert_header(&reply, "Access-Control-Max-Age", "7200");
        reply_close(&reply);
    }
    check_error("OPTIONS", "/nothing", NULL, SCR_ERR_NOT_FOUND);
    check_error("GET", "*", NULL, SCR_ERR_NOT_FOUND);
}

static void other_methods_name_the_right_ones(void **state)
{
    (void)state;
    const char *const methods[] = {"POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT"};
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i += 1) {
        struct reply reply;
        reply_open(&loopback, methods[i], "/presets", NULL, &reply);
        assert_int_equal(reply.response.status, 405);
        assert_header(&reply, "Allow", "GET, HEAD, OPTIONS");
        reply_close(&reply);
    }
}

static void head_is_get_without_a_body(void **state)
{
    (void)state;
    const char *const targets[] = {"/presets",
                                   "/version",
                                   "/livez",
                                   "/scream.ogg?x=1",
                                   "/nothing",
                                   "/problems/not-found",
                                   "/readyz?verbose"};
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i += 1) {
        struct reply get;
        struct reply head;
        reply_open(&loopback, "GET", targets[i], NULL, &get);
        reply_open(&loopback, "HEAD", targets[i], NULL, &head);
        assert_int_equal(head.response.status, get.response.status);
        assert_int_equal(head.response.body, SCR_BODY_NONE);
        assert_true(head.response.length_known);
        assert_int_equal(head.response.length, get.response.length);
        assert_int_equal(head.response.header_count, get.response.header_count);
        for (uint16_t j = 0; j < get.response.header_count; j += 1) {
            assert_header(&head, get.response.headers[j].name, get.response.headers[j].value);
        }
        reply_close(&get);
        reply_close(&head);
    }
}

static void the_stop_closes_connections(void **state)
{
    (void)state;
    const char *const targets[] = {"/livez", "/scream.ogg?seed=1", "/nothing", "/presets"};
    for (unsigned draining = 0; draining < 2; draining += 1) {
        atomic_store(&loopback.service->draining, draining == 1);
        for (size_t i = 0; i < 4; i += 1) {
            struct reply reply;
            reply_open(&loopback, "GET", targets[i], NULL, &reply);
            assert_int_equal(reply.response.close_connection, draining == 1);
            reply_close(&reply);
        }
    }
}

static void absolute_targets_work(void **state)
{
    (void)state;
    struct body body = fetch(&loopback, "http://any.example/livez?verbose", NULL, 200);
    assert_int_equal(body.bytes[0], '{');
    body_free(&body);
}

static void a_near_miss_gets_a_hint(void **state)
{
    (void)state;
    char *body = fetch_problem(&loopback, "GET", "/scream.og", NULL, SCR_ERR_NOT_FOUND);
    assert_non_null(strstr(body, "Did you mean /scream.ogg?"));
    free(body);
}

static void the_refusal_is_a_whole_response(void **state)
{
    (void)state;
    static const struct {
        enum scr_err err;
        const char *line;
        const char *type;
        const char *detail;
    } rows[] = {
        {SCR_ERR_TOO_MANY_CONNECTIONS,
         "HTTP/1.1 503 Service Unavailable\r\n",
         "\"type\":\"/problems/too-many-connections\"",
         "\"detail\":\"All connections are in use; try again when one has ended.\""},
        {SCR_ERR_CLIENT_PLACES,
         "HTTP/1.1 429 Too Many Requests\r\n",
         "\"type\":\"/problems/too-many-at-once\"",
         "\"detail\":\"Too many connections of this address are open; close one.\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i += 1) {
        char bytes[SCR_HTTP_REFUSAL_BYTES_MAX + 1];
        size_t count = scr_service_refusal(rows[i].err, bytes, sizeof bytes - 1);
        assert_in_range(count, 1, sizeof bytes - 1);
        bytes[count] = '\0';
        assert_memory_equal(bytes, rows[i].line, strlen(rows[i].line));
        assert_non_null(strstr(bytes, "\r\nRetry-After: 1\r\n"));
        assert_non_null(strstr(bytes, "\r\nConnection: close\r\n"));
        assert_non_null(strstr(bytes, rows[i].type));
        assert_non_null(strstr(bytes, rows[i].detail));
        const char *body = strstr(bytes, "\r\n\r\n");
        const char *length = strstr(bytes, "Content-Length: ");
        assert_non_null(body);
        assert_non_null(length);
        assert_int_equal(strtoul(length + 16, NULL, 10), strlen(body + 4));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_error_of_the_api_is_provoked, begin, end),
        cmocka_unit_test_setup_teardown(too_many_parameters, begin, end),
        cmocka_unit_test_setup_teardown(a_full_arena_and_a_full_pool, begin, end),
        cmocka_unit_test_setup_teardown(what_can_never_fit_is_the_requests_fault, begin, end),
        cmocka_unit_test_setup_teardown(targets_end_at_2048_bytes, begin, end),
        cmocka_unit_test_setup_teardown(bodies_close_the_connection, begin, end),
        cmocka_unit_test_setup_teardown(defects_of_the_head_close_the_connection, begin, end),
        cmocka_unit_test_setup_teardown(options_answers_preflights, begin, end),
        cmocka_unit_test_setup_teardown(other_methods_name_the_right_ones, begin, end),
        cmocka_unit_test_setup_teardown(head_is_get_without_a_body, begin, end),
        cmocka_unit_test_setup_teardown(the_stop_closes_connections, begin, end),
        cmocka_unit_test_setup_teardown(absolute_targets_work, begin, end),
        cmocka_unit_test_setup_teardown(a_near_miss_gets_a_hint, begin, end),
        cmocka_unit_test_setup_teardown(the_refusal_is_a_whole_response, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
