/*
 * tests/api/handle_presets_test.c - GET /presets.
 * Aim:    every preset stands there with values the query accepts and links that work.
 * Method: jansson; each link and each value is asked for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/synth/preset.h"
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

static void presets_can_be_asked_for(void **state)
{
    (void)state;
    json_t *json = read_json("/presets");
    json_t *presets = json_object_get(json, "presets");
    assert_int_equal(json_array_size(presets), SCR_PRESET_COUNT);
    for (size_t i = 0; i < SCR_PRESET_COUNT; i += 1) {
        json_t *preset = json_array_get(presets, i);
        assert_string_equal(json_string_value(json_object_get(preset, "name")),
                            scr_preset_name((enum scr_preset)i));
        assert_true(json_string_length(json_object_get(preset, "description")) > 0);
        json_t *links = json_object_get(preset, "links");
        const char *name;
        json_t *link;
        assert_int_equal(json_object_size(links), 2);
        json_object_foreach(links, name, link)
        {
            struct reply reply;
            reply_open(&loopback, "HEAD", json_string_value(link), NULL, &reply);
            assert_int_equal(reply.response.status, 200);
            assert_header(&reply, "Cache-Control", "public, max-age=31536000, immutable");
            reply_close(&reply);
        }
        json_t *parameters = json_object_get(preset, "parameters");
        assert_int_equal(parameters != NULL, i != SCR_PRESET_RANDOM);
        if (parameters != NULL) {
            assert_int_equal(json_object_size(parameters), SCR_PARAM_COUNT - SCR_PARAM_DURATION);
            assert_true(json_is_number(json_object_get(parameters, "duration")));
            assert_true(json_is_string(json_object_get(parameters, "primary_seed")));
            assert_true(json_is_integer(json_object_get(parameters, "bitrate")));
        }
    }
    json_decref(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(presets_can_be_asked_for, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
