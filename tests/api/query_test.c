/*
 * tests/api/query_test.c - raw queries, cut and decoded.
 * Aim:    every error of scr_query_parse, both edges of each limit, and what is quietly allowed.
 * Method: literals; generated queries of 48 and 49 parameters, 64 and 65 letters, 256 and 257.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/query.h"
#include "core/crypto/blake2b.h"
#include "core/synth/preset.h"

static const struct scr_order_bounds bounds = {
    .duration_ns_max = SCR_DURATION_MAX_DEFAULT_NS,
    .volume_max = 1.0,
};
static struct scr_query query;
static struct scr_query_error error;

static enum scr_err parse(const char *raw)
{
    return scr_query_parse(raw, &bounds, &query, &error);
}

static void refuse(const char *raw, enum scr_err err, const char *parameter)
{
    enum scr_err got = parse(raw);
    if (got != err || error.err != err || strcmp(error.parameter, parameter) != 0) {
        fail_msg("%s: %s at %s", raw, scr_err_name(got), error.parameter);
    }
}

static void pieces_are_names_and_values(void **state)
{
    (void)state;
    assert_int_equal(parse(""), SCR_OK);
    assert_true(query.order.given == 0);
    assert_false(query.download);
    assert_int_equal(parse("&preset=banshee&&seed=%34%32&volume=0.5&"), SCR_OK);
    assert_int_equal(query.order.values.preset, SCR_PRESET_BANSHEE);
    assert_int_equal(query.order.values.seed, 42);
    assert_true(query.order.values.volume == 0.5);
    assert_int_equal(parse("%70reset=robot"), SCR_OK);
    assert_int_equal(query.order.values.preset, SCR_PRESET_ROBOT);
    assert_int_equal(parse("preset="), SCR_OK);
    assert_int_equal(query.order.values.preset, SCR_PRESET_RANDOM);
    assert_true(scr_order_has(&query.order, SCR_PARAM_PRESET));
}

static void a_plus_is_a_space(void **state)
{
    (void)state;
    uint8_t digest[32];
    assert_int_equal(scr_crypto_init(), SCR_OK);
    assert_int_equal(parse("seed=a+b"), SCR_OK);
    scr_blake2b("a b", 3, digest, sizeof digest);
    assert_int_equal(query.order.values.seed & 0xff, digest[0]);
    refuse("duration=1+", SCR_ERR_PARAM_SYNTAX, "duration");
    assert_string_equal(error.value, "1 ");
}

static void download_is_a_switch(void **state)
{
    (void)state;
    const char *const on[] = {"download", "download=", "download=1", "download=true"};
    const char *const off[] = {"download=0", "download=false", "seed=1"};
    for (size_t i = 0; i < 4; i += 1) {
        assert_int_equal(parse(on[i]), SCR_OK);
        assert_true(query.download);
    }
    for (size_t i = 0; i < 3; i += 1) {
        assert_int_equal(parse(off[i]), SCR_OK);
        assert_false(query.download);
    }
    refuse("download=yes", SCR_ERR_PARAM_SYNTAX, "download");
    assert_string_not_equal(error.allowed, "");
    refuse("download&download", SCR_ERR_PARAM_REPEATED, "download");
    refuse("downlaod=1", SCR_ERR_PARAM_UNKNOWN, "downlaod");
    assert_string_equal(error.nearest, "download");
}

static void what_cannot_be_decoded(void **state)
{
    (void)state;
    const char *const bad[] = {"seed=%",
                               "seed=%00",
                               "seed=%C0%80",
                               "seed=%ff",
                               "seed=\xd9\xa1",
                               "seed=a b",
                               "seed=%0d%0a"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i += 1) {
        refuse(bad[i], SCR_ERR_QUERY_SYNTAX, "seed");
    }
    refuse("%zz=1", SCR_ERR_QUERY_SYNTAX, "");
}

static void names_stand_once_and_are_known(void **state)
{
    (void)state;
    refuse("seed=1&seed=1", SCR_ERR_PARAM_REPEATED, "seed");
    refuse("seed=random&seed=1", SCR_ERR_PARAM_REPEATED, "seed");
    refuse("sede=1", SCR_ERR_PARAM_UNKNOWN, "sede");
    assert_string_equal(error.nearest, "seed");
    refuse("Seed=1", SCR_ERR_PARAM_UNKNOWN, "Seed");
    refuse("=1", SCR_ERR_PARAM_UNKNOWN, "");
    refuse("xyzzyplugh=1", SCR_ERR_PARAM_UNKNOWN, "xyzzyplugh");
    assert_null(error.nearest);
    refuse("preset=banshe", SCR_ERR_PRESET_UNKNOWN, "preset");
    assert_string_equal(error.nearest, "banshee");
    refuse("seed=1;volume=1&volume=x", SCR_ERR_PARAM_SYNTAX, "volume");
}

/* Every name there is, from the end of the table, each with a value that is allowed. */
static void put_all_names(struct scr_text *text)
{
    for (unsigned i = 0; i < SCR_PARAM_COUNT; i += 1) {
        const struct scr_param_info *info = scr_param_info((enum scr_param)i);
        bool is_number = info->kind == SCR_PARAM_KIND_REAL || info->kind == SCR_PARAM_KIND_COUNT;
        scr_text_put(text, info->name);
        scr_text_put(text, "=");
        if (info->kind == SCR_PARAM_KIND_PRESET || info->kind == SCR_PARAM_KIND_CHOICE) {
            scr_text_put(text, info->fallback);
        } else {
            scr_text_put_real(text, is_number ? info->maximum : 1.0);
        }
        scr_text_put(text, "&");
    }
    scr_text_put(text, "download");
}

static void all_names_at_once(void **state)
{
    (void)state;
    char raw[SCR_URI_BYTES_MAX];
    struct scr_text text;
    scr_text_init(&text, raw, sizeof raw);
    put_all_names(&text);
    assert_false(text.overflow);
    assert_int_equal(parse(raw), SCR_OK);
}

static void forty_eight_parameters_and_no_more(void **state)
{
    (void)state;
    char raw[SCR_URI_BYTES_MAX];
    for (unsigned count = 48; count <= 49; count += 1) {
        struct scr_text text;
        scr_text_init(&text, raw, sizeof raw);
        put_all_names(&text);
        for (unsigned i = SCR_PARAM_COUNT + 1; i < count; i += 1) {
            scr_text_put(&text, "&&volume=1"); /* an empty piece does not count */
        }
        assert_false(text.overflow);
        assert_int_equal(parse(raw), count == 48 ? SCR_ERR_PARAM_REPEATED : SCR_ERR_QUERY_TOO_MANY);
    }
}

static void lengths_have_two_edges(void **state)
{
    (void)state;
    char raw[600];
    memset(raw, 'x', sizeof raw);
    raw[64] = '\0';
    refuse(raw, SCR_ERR_PARAM_UNKNOWN, raw);
    raw[64] = 'x';
    raw[65] = '\0';
    assert_int_equal(parse(raw), SCR_ERR_PARAM_UNKNOWN);
    memset(raw, 'x', sizeof raw);
    memcpy(raw, "preset=", 7);
    raw[7 + 256] = '\0';
    refuse(raw, SCR_ERR_PRESET_UNKNOWN, "preset");
    raw[7 + 256] = 'x';
    raw[7 + 257] = '\0';
    refuse(raw, SCR_ERR_PARAM_SYNTAX, "preset");
    raw[7 + 257] = 'x';
    raw[599] = '\0';
    refuse(raw, SCR_ERR_PARAM_SYNTAX, "preset");
}

static void an_error_leaves_the_result_alone(void **state)
{
    (void)state;
    assert_int_equal(parse("seed=7"), SCR_OK);
    refuse("seed=8&volume=2", SCR_ERR_PARAM_RANGE, "volume");
    assert_int_equal(query.order.values.seed, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_names_and_values),
        cmocka_unit_test(a_plus_is_a_space),
        cmocka_unit_test(download_is_a_switch),
        cmocka_unit_test(what_cannot_be_decoded),
        cmocka_unit_test(names_stand_once_and_are_known),
        cmocka_unit_test(all_names_at_once),
        cmocka_unit_test(forty_eight_parameters_and_no_more),
        cmocka_unit_test(lengths_have_two_edges),
        cmocka_unit_test(an_error_leaves_the_result_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
