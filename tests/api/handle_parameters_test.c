/*
 * tests/api/handle_parameters_test.c - GET /parameters.
 * Aim:    the document is the parameter table, with the configured bounds.
 * Method: jansson beside scr_param_info.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/synth/params.h"
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

static void the_table_is_told(void **state)
{
    (void)state;
    json_t *json = read_json("/parameters");
    json_t *list = json_object_get(json, "parameters");
    assert_int_equal(json_array_size(list), SCR_PARAM_COUNT);
    for (size_t i = 0; i < SCR_PARAM_COUNT; i += 1) {
        const struct scr_param_info *info = scr_param_info((enum scr_param)i);
        json_t *row = json_array_get(list, i);
        assert_string_equal(json_string_value(json_object_get(row, "name")), info->name);
        assert_string_equal(json_string_value(json_object_get(row, "description")), info->sentence);
        json_t *unit = json_object_get(row, "unit");
        assert_int_equal(unit != NULL, info->unit[0] != '\0');
        if (info->kind == SCR_PARAM_KIND_REAL && i != SCR_PARAM_VOLUME) {
            assert_true(json_number_value(json_object_get(row, "minimum")) == info->minimum);
            assert_true(json_number_value(json_object_get(row, "maximum")) == info->maximum);
        }
        if (info->fallback[0] != '\0') {
            assert_string_equal(json_string_value(json_object_get(row, "default")), info->fallback);
        }
    }
    assert_true(json_number_value(
                    json_object_get(json_array_get(list, SCR_PARAM_DURATION), "maximum")) == 60);
    assert_int_equal(
        json_integer_value(json_object_get(json_array_get(list, SCR_PARAM_BITRATE), "multipleOf")),
        400);
    assert_int_equal(
        json_array_size(json_object_get(json_array_get(list, SCR_PARAM_FINISH), "choices")), 2);
    json_decref(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_table_is_told, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
