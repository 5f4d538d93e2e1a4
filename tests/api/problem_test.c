/*
 * tests/api/problem_test.c - errors as RFC 9457 documents.
 * Aim:    each error has its status and a body that is JSON, whatever a client sent.
 * Method: every row of the error table; jansson reads hostile echoes back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/problem.h"
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

#include <jansson.h>

static json_t *read_problem(const char *target, enum scr_err err)
{
    char *body = fetch_problem(&loopback, "GET", target, NULL, err);
    json_t *problem = json_loads(body, 0, NULL);
    assert_non_null(problem);
    assert_int_equal(json_integer_value(json_object_get(problem, "status")),
                     scr_problem_status(err));
    assert_string_equal(json_string_value(json_object_get(problem, "requestId")), "test-1");
    free(body);
    return problem;
}

static void classes_and_exceptions_have_their_status(void **state)
{
    (void)state;
    for (unsigned err = 1; err < SCR_ERR_COUNT; err += 1) {
        uint16_t status = scr_problem_status((enum scr_err)err);
        assert_in_range(status, 400, 505);
        assert_int_equal(scr_problem_passes((enum scr_err)err), status == 429 || status == 503);
    }
    assert_int_equal(scr_problem_status(SCR_ERR_PARAM_RANGE), 400);
    assert_int_equal(scr_problem_status(SCR_ERR_NOT_FOUND), 404);
    assert_int_equal(scr_problem_status(SCR_ERR_METHOD_NOT_ALLOWED), 405);
    assert_int_equal(scr_problem_status(SCR_ERR_NOT_ACCEPTABLE), 406);
    assert_int_equal(scr_problem_status(SCR_ERR_PRECONDITION_FAILED), 412);
    assert_int_equal(scr_problem_status(SCR_ERR_URI_TOO_LONG), 414);
    assert_int_equal(scr_problem_status(SCR_ERR_RANGE_UNSATISFIABLE), 416);
    assert_int_equal(scr_problem_status(SCR_ERR_EXPECTATION), 417);
    assert_int_equal(scr_problem_status(SCR_ERR_CLIENT_RATE), 429);
    assert_int_equal(scr_problem_status(SCR_ERR_CLIENT_PLACES), 429);
    assert_int_equal(scr_problem_status(SCR_ERR_HEADERS_TOO_MANY), 431);
    assert_int_equal(scr_problem_status(SCR_ERR_INTERNAL), 500);
    assert_int_equal(scr_problem_status(SCR_ERR_METHOD_UNKNOWN), 501);
    assert_int_equal(scr_problem_status(SCR_ERR_ARENA_FULL), 503);
    assert_int_equal(scr_problem_status(SCR_ERR_VERSION), 505);
}

/* Retry-After of an answer to this problem; "" when it has none. */
static void check_retry_after(const struct scr_call *call,
                              enum scr_err err,
                              uint32_t seconds,
                              const char *value)
{
    struct reply reply;
    struct scr_problem problem = {.err = err, .retry_after_s = seconds};
    scr_response_init(&reply.response);
    scr_problem_answer(call, &problem, &reply.response);
    const char *is = reply_header(&reply, "Retry-After");
    assert_string_equal(is == NULL ? "" : is, value);
    scr_response_close(&reply.response);
}

static void what_passes_says_when(void **state)
{
    (void)state;
    const struct scr_request request = {.request_id = "test-1"};
    const struct scr_call call = {.request = &request, .path = "/", .path_bytes = 1};
    check_retry_after(&call, SCR_ERR_CLIENT_RATE, 0, "1");
    check_retry_after(&call, SCR_ERR_CLIENT_RATE, 7, "7");
    check_retry_after(&call, SCR_ERR_CLIENT_PLACES, UINT32_MAX, "4294967295");
    check_retry_after(&call, SCR_ERR_ARENA_FULL, 0, "1");
    check_retry_after(&call, SCR_ERR_ARENA_FULL, 30, "30");
    /* What cannot succeed later does not say so, whatever it was given. */
    check_retry_after(&call, SCR_ERR_NOT_FOUND, 5, "");
    check_retry_after(&call, SCR_ERR_INTERNAL, 5, "");
}

static const char *error_member(json_t *problem, const char *name)
{
    json_t *errors = json_object_get(problem, "errors");
    assert_int_equal(json_array_size(errors), 1);
    return json_string_value(json_object_get(json_array_get(errors, 0), name));
}

static void a_parameter_is_named_with_its_range(void **state)
{
    (void)state;
    json_t *problem = read_problem("/scream.ogg?volume=1.5", SCR_ERR_PARAM_RANGE);
    assert_string_equal(error_member(problem, "parameter"), "volume");
    assert_string_equal(error_member(problem, "value"), "1.5");
    assert_string_equal(error_member(problem, "allowed"), "0 to 1");
    assert_string_equal(json_string_value(json_object_get(problem, "instance")), "/scream.ogg");
    json_decref(problem);
    problem = read_problem("/scream.ogg?prest=x", SCR_ERR_PARAM_UNKNOWN);
    assert_string_equal(error_member(problem, "nearest"), "preset");
    json_decref(problem);
}

static void hostile_echoes_stay_json(void **state)
{
    (void)state;
    char target[2048];
    struct scr_text text;
    json_t *problem =
        read_problem("/scream.ogg?preset=%22%5C%3Cscript%3E%C2%85", SCR_ERR_PRESET_UNKNOWN);
    assert_string_equal(error_member(problem, "value"), "\"\\<script>\xc2\x85");
    json_decref(problem);
    /* The worst that fits: every byte of value and name needs an escape. */
    scr_text_init(&text, target, sizeof target);
    scr_text_put(&text, "/scream.ogg?");
    for (unsigned i = 0; i < 64; i += 1) {
        scr_text_put(&text, "%22");
    }
    scr_text_put(&text, "=");
    for (unsigned i = 0; i < 256; i += 1) {
        scr_text_put(&text, "%5c");
    }
    assert_false(text.overflow);
    json_decref(read_problem(target, SCR_ERR_PARAM_UNKNOWN));
    /* Malformed bytes and a path that is cut. */
    scr_text_init(&text, target, sizeof target);
    for (unsigned i = 0; i < 600; i += 1) {
        scr_text_put(&text, i == 0 ? "/" : "\xff\x01\"");
    }
    json_decref(read_problem(target, SCR_ERR_NOT_FOUND));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(classes_and_exceptions_have_their_status, begin, end),
        cmocka_unit_test_setup_teardown(what_passes_says_when, begin, end),
        cmocka_unit_test_setup_teardown(a_parameter_is_named_with_its_range, begin, end),
        cmocka_unit_test_setup_teardown(hostile_echoes_stay_json, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
