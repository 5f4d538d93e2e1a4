/*
 * tests/api/document_test.c - documents with a validator.
 * Aim:    200, 304 and 412 of each document, and an ETag that follows the bytes.
 * Method: the four documents through the loopback.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/document.h"
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

static void each_document_validates(void **state)
{
    (void)state;
    const char *const paths[] = {"/presets", "/parameters", "/version", "/openapi.yaml"};
    for (size_t i = 0; i < 4; i += 1) {
        struct reply reply;
        char lines[64];
        struct scr_text text;
        reply_open(&loopback, "GET", paths[i], NULL, &reply);
        assert_int_equal(reply.response.status, 200);
        assert_true(reply.response.length_known);
        assert_header(&reply, "Cache-Control", "no-cache");
        scr_text_init(&text, lines, sizeof lines);
        scr_text_put(&text, "If-None-Match: W/");
        scr_text_put(&text, reply_header(&reply, "ETag"));
        reply_close(&reply);

        reply_open(&loopback, "GET", paths[i], lines, &reply);
        assert_int_equal(reply.response.status, 304);
        assert_int_equal(reply.response.body, SCR_BODY_NONE);
        assert_non_null(reply_header(&reply, "ETag"));
        reply_close(&reply);
        free(fetch_problem(
            &loopback, "GET", paths[i], "If-Match: \"other\"", SCR_ERR_PRECONDITION_FAILED));
    }
}

static void etags_follow_the_bytes(void **state)
{
    (void)state;
    char a[SCR_ETAG_CHARS];
    char b[SCR_ETAG_CHARS];
    scr_document_etag("a", 1, a);
    scr_document_etag("b", 1, b);
    assert_string_not_equal(a, b);
    assert_int_equal(strlen(a), SCR_ETAG_CHARS - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_document_validates, begin, end),
        cmocka_unit_test_setup_teardown(etags_follow_the_bytes, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
