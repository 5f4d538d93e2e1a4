/*
 * tests/api/handle_problem_test.c - GET /problems/{name}.
 * Aim:    every error of the table has its explanation, as JSON and as a page.
 * Method: all names in both forms; wrong names; an Accept that nothing fits.
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

static json_t *read_json(const char *path)
{
    struct body body = fetch(&loopback, path, NULL, 200);
    json_t *json = json_loadb((char *)body.bytes, body.count, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(json);
    body_free(&body);
    return json;
}

static void every_name_is_explained(void **state)
{
    (void)state;
    for (unsigned i = 1; i < SCR_ERR_COUNT; i += 1) {
        enum scr_err err = (enum scr_err)i;
        char target[96];
        struct scr_text text;
        scr_text_init(&text, target, sizeof target);
        scr_text_put(&text, "/problems/");
        scr_text_put(&text, scr_err_name(err));
        json_t *json = read_json(target);
        assert_string_equal(json_string_value(json_object_get(json, "name")), scr_err_name(err));
        assert_string_equal(json_string_value(json_object_get(json, "title")),
                            scr_err_sentence(err));
        assert_int_equal(json_integer_value(json_object_get(json, "status")),
                         scr_problem_status(err));
        const char *advice = json_string_value(json_object_get(json, "advice"));
        assert_non_null(advice);
        assert_int_equal(strstr(advice, "Retry-After") != NULL, scr_problem_passes(err));
        json_decref(json);
        struct body page = fetch(&loopback, target, "Accept: text/html,*/*;q=0.8", 200);
        assert_non_null(strstr((char *)page.bytes, "<!doctype html>"));
        assert_non_null(strstr((char *)page.bytes, scr_err_sentence(err)));
        body_free(&page);
    }
}

/* Whoever was refused for want of room learns what to do, and what the operator has for it. */
static void remedies_name_the_setting(void **state)
{
    (void)state;
    static const struct {
        const char *target;
        const char *setting;
        const char *remedy;
    } rows[] = {
        {"/problems/scream-too-large", "SCREAM_ARENA_BYTES", "shorter"},
        {"/problems/arena-full", "SCREAM_ARENA_BYTES", "shorter"},
        {"/problems/too-many-connections", "SCREAM_MAX_CONNECTIONS", "Close"},
        {"/problems/too-many-requests", "SCREAM_RATE.", "less often"},
        {"/problems/too-many-at-once", "SCREAM_MAX_PER_ADDRESS", "Close a connection"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i += 1) {
        json_t *json = read_json(rows[i].target);
        const char *advice = json_string_value(json_object_get(json, "advice"));
        assert_non_null(advice);
        assert_non_null(strstr(advice, rows[i].setting));
        assert_non_null(strstr(advice, rows[i].remedy));
        struct body page = fetch(&loopback, rows[i].target, "Accept: text/html", 200);
        assert_non_null(strstr((char *)page.bytes, advice));
        body_free(&page);
        json_decref(json);
    }
    json_t *json = read_json("/problems/not-found");
    assert_null(strstr(json_string_value(json_object_get(json, "advice")), "SCREAM_"));
    json_decref(json);
}

static void forms_are_negotiated(void **state)
{
    (void)state;
    struct reply reply;
    reply_open(&loopback, "GET", "/problems/not-found", "Accept: text/html", &reply);
    assert_header(&reply, "Content-Type", "text/html; charset=utf-8");
    assert_header(&reply, "Vary", "Accept");
    assert_header(&reply, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    reply_close(&reply);
    reply_open(&loopback, "GET", "/problems/not-found", "Accept: */*", &reply);
    assert_header(&reply, "Content-Type", "application/json");
    reply_close(&reply);
    char *body = fetch_problem(
        &loopback, "GET", "/problems/not-found", "Accept: image/png", SCR_ERR_NOT_ACCEPTABLE);
    assert_non_null(strstr(body, "\"available\":[\"application/json\",\"text/html\"]"));
    free(body);
}

static void wrong_names_are_not_found(void **state)
{
    (void)state;
    free(fetch_problem(&loopback, "GET", "/problems/ok", NULL, SCR_ERR_NOT_FOUND));
    free(fetch_problem(&loopback, "GET", "/problems/not-foun", NULL, SCR_ERR_NOT_FOUND));
    free(fetch_problem(&loopback, "GET", "/problems/", NULL, SCR_ERR_NOT_FOUND));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_name_is_explained, begin, end),
        cmocka_unit_test_setup_teardown(remedies_name_the_setting, begin, end),
        cmocka_unit_test_setup_teardown(forms_are_negotiated, begin, end),
        cmocka_unit_test_setup_teardown(wrong_names_are_not_found, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
