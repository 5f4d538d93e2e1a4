/*
 * tests/api/query_value_test.c - one name and one value.
 * Aim:    each kind of parameter at both edges of its range, just beyond them, and malformed.
 * Method: the parameter table itself gives the edges; hostile texts go to every parameter.
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
    .volume_max = 0.5,
};
static struct scr_order order;
static struct scr_query_error error;

static enum scr_err set(const char *name, const char *value)
{
    return scr_query_set(&order, &bounds, name, value, &error);
}

static void refuse(const char *name, const char *value, enum scr_err err)
{
    scr_order_init(&order);
    if (set(name, value) != err) {
        fail_msg("%s=%s", name, value);
    }
    assert_true(order.given == 0);
    assert_string_equal(error.parameter, name);
    assert_string_not_equal(error.allowed, "");
}

static void accept_value(const char *name, const char *value)
{
    scr_order_init(&order);
    if (set(name, value) != SCR_OK) {
        fail_msg("%s=%s: %s", name, value, error.allowed);
    }
}

static void numbers_end_at_their_edges(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SCR_PARAM_COUNT; i += 1) {
        const struct scr_param_info *info = scr_param_info((enum scr_param)i);
        if (info->kind != SCR_PARAM_KIND_REAL && info->kind != SCR_PARAM_KIND_COUNT) {
            continue;
        }
        double step = info->kind == SCR_PARAM_KIND_COUNT ? 1 : 0.00001;
        const double inside[] = {info->minimum, info->maximum};
        const double outside[] = {info->minimum - step, info->maximum + step};
        for (unsigned edge = 0; edge < 2; edge += 1) {
            char chars[40];
            struct scr_text text;
            scr_text_init(&text, chars, sizeof chars);
            scr_text_put_real(&text, inside[edge]);
            accept_value(info->name, chars);
            scr_text_init(&text, chars, sizeof chars);
            scr_text_put_real(&text, outside[edge]);
            refuse(info->name, chars, SCR_ERR_PARAM_RANGE);
        }
    }
}

static void hostile_texts_are_no_value(void **state)
{
    (void)state;
    const char *const hostile[] = {"nan", "inf", "0x10", "1,5", " 1", "+1", "\xd9\xa1", "1e", ""};
    for (unsigned i = SCR_PARAM_ENGINE; i < SCR_PARAM_COUNT; i += 1) {
        const struct scr_param_info *info = scr_param_info((enum scr_param)i);
        if (info->kind == SCR_PARAM_KIND_CHOICE) {
            continue;
        }
        for (size_t j = 0; j < sizeof hostile / sizeof hostile[0]; j += 1) {
            refuse(info->name, hostile[j], SCR_ERR_PARAM_SYNTAX);
        }
    }
}

static void durations_obey_the_configured_bound(void **state)
{
    (void)state;
    accept_value("duration", "50ms");
    accept_value("duration", "60");
    accept_value("duration", "1m");
    refuse("duration", "49ms", SCR_ERR_PARAM_RANGE);
    refuse("duration", "0.049999999", SCR_ERR_PARAM_RANGE);
    refuse("duration", "60.000000001", SCR_ERR_PARAM_RANGE);
    assert_non_null(strstr(error.allowed, "0.05 to 60 s"));
    refuse("duration", "1e309", SCR_ERR_PARAM_RANGE);
    refuse("duration", "-0", SCR_ERR_PARAM_RANGE);
    refuse("duration", "-3s", SCR_ERR_PARAM_RANGE);
}

static void whole_numbers_and_names(void **state)
{
    (void)state;
    refuse("channels", "1.5", SCR_ERR_PARAM_SYNTAX);
    refuse("channels", "-1", SCR_ERR_PARAM_RANGE);
    refuse("channels", "4294967297", SCR_ERR_PARAM_RANGE);
    accept_value("bitrate", "16400");
    refuse("bitrate", "16401", SCR_ERR_PARAM_RANGE);
    assert_non_null(strstr(error.allowed, "multiple of 400"));
    accept_value("finish", "raw");
    assert_int_equal(order.values.finish, SCR_FINISH_RAW);
    refuse("finish", "rough", SCR_ERR_PARAM_RANGE);
    accept_value("primary_seed", "-9223372036854775808");
    refuse("primary_seed", "9223372036854775808", SCR_ERR_PARAM_RANGE);
    refuse("seed", "", SCR_ERR_PARAM_SYNTAX);
    refuse("seed", "18446744073709551616", SCR_ERR_PARAM_RANGE);
    refuse("preset", "Classic", SCR_ERR_PRESET_UNKNOWN);
    assert_string_equal(error.nearest, "classic");
}

static void a_later_value_replaces_an_earlier_one(void **state)
{
    (void)state;
    scr_order_init(&order);
    assert_int_equal(set("seed", "5"), SCR_OK);
    assert_int_equal(set("seed", "random"), SCR_OK);
    assert_true(order.seed_random && !scr_order_has(&order, SCR_PARAM_SEED));
    assert_int_equal(set("seed", "6"), SCR_OK);
    assert_true(!order.seed_random && scr_order_has(&order, SCR_PARAM_SEED));
    assert_int_equal(order.values.seed, 6);
    assert_int_equal(set("nonsense", "6"), SCR_ERR_PARAM_UNKNOWN);
    assert_int_equal(order.values.seed, 6);
}

static void resolving_tells_what_was_wrong(void **state)
{
    (void)state;
    struct scr_params params;
    accept_value("volume", "1");
    assert_int_equal(scr_query_resolve(&order, &bounds, 9, &params, &error), SCR_OK);
    assert_true(params.volume == 0.5); /* turned down to the configured bound */
    assert_true(params.seed == 9);
    /* Set for a server that allows more, resolved by one that does not. */
    order.values.duration_ns = INT64_C(90000000000);
    order.given |= UINT64_C(1) << SCR_PARAM_DURATION;
    assert_int_equal(scr_query_resolve(&order, &bounds, 9, &params, &error), SCR_ERR_PARAM_RANGE);
    assert_string_equal(error.parameter, "duration");
    assert_string_equal(error.value, "90");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_end_at_their_edges),
        cmocka_unit_test(hostile_texts_are_no_value),
        cmocka_unit_test(durations_obey_the_configured_bound),
        cmocka_unit_test(whole_numbers_and_names),
        cmocka_unit_test(a_later_value_replaces_an_earlier_one),
        cmocka_unit_test(resolving_tells_what_was_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
