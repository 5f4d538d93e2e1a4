/*
 * tests/api/handle_version_test.c - GET /version.
 * Aim:    the build and its libraries are told.
 * Method: jansson.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

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

static void the_build_is_told(void **state)
{
    (void)state;
    json_t *json = read_json("/version");
    assert_string_equal(json_string_value(json_object_get(json, "name")), "scream");
    assert_string_equal(json_string_value(json_object_get(json, "version")), "0.0.1");
    assert_string_equal(json_string_value(json_object_get(json, "commit")), "0123456789ab");
    assert_string_equal(json_string_value(json_object_get(json, "built")), "2026-01-31");
    assert_int_equal(json_integer_value(json_object_get(json, "engine")), SCR_ENGINE_EPOCH);
    assert_int_equal(json_string_length(json_object_get(json, "codecClass")), 32);
    json_t *libraries = json_object_get(json, "libraries");
    assert_string_equal(json_string_value(json_object_get(libraries, "opus")), "libopus 1");
    assert_int_equal(json_object_size(libraries), 4);
    json_decref(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_build_is_told, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
