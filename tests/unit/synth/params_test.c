/*
 * tests/unit/synth/params_test.c - the parameter table, ranges, names, length in samples.
 * Aim:    the table is sound in itself; both edges of every range; every name is found.
 * Method: loops over the table; each bad value names its own parameter as the culprit.
 */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/synth/params.h"
#include "core/synth/preset.h"
#include "tests/support/death.h"
#include "tests/support/sound.h"

static void set_real(struct scr_params *params, const struct scr_param_info *info, double value)
{
    memcpy((char *)params + info->offset, &value, sizeof value);
}

static void set_count(struct scr_params *params, const struct scr_param_info *info, double value)
{
    uint32_t count = (uint32_t)value;
    memcpy((char *)params + info->offset, &count, sizeof count);
}

static bool accepted(const struct scr_params *params, enum scr_param param)
{
    enum scr_param culprit = SCR_PARAM_COUNT;
    enum scr_err err = scr_params_check(params, &culprit);
    if (err == SCR_OK) {
        assert_int_equal(culprit, SCR_PARAM_COUNT);
        return true;
    }
    assert_int_equal(err, SCR_ERR_PARAM_RANGE);
    assert_int_equal(culprit, param);
    return false;
}

static void test_table(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SCR_PARAM_COUNT; i++) {
        const struct scr_param_info *info = scr_param_info((enum scr_param)i);
        assert_true(strlen(info->name) > 0 && strlen(info->name) < 64);
        assert_non_null(info->unit);
        assert_non_null(info->fallback);
        assert_int_equal(info->sentence[strlen(info->sentence) - 1], '.');
        assert_true(info->offset < sizeof(struct scr_params));
        assert_true(info->minimum <= info->maximum);
        enum scr_param found = SCR_PARAM_COUNT;
        assert_true(scr_param_find(info->name, strlen(info->name), &found));
        assert_int_equal(found, i);
        assert_string_equal(scr_param_nearest(info->name, strlen(info->name)), info->name);
    }
    assert_string_equal(scr_param_info(SCR_PARAM_PRIMARY_JUMP_HZ)->name, "primary_jump_hz");
    assert_int_equal(scr_param_info(SCR_PARAM_SHRIEK_RISE)->offset,
                     offsetof(struct scr_params, shriek) + offsetof(struct scr_tonal, rise));
}

static void test_names_that_are_none(void **state)
{
    (void)state;
    enum scr_param param = SCR_PARAM_COUNT;
    assert_false(scr_param_find("volum", 5, &param));
    assert_false(scr_param_find("volumes", 7, &param));
    assert_false(scr_param_find("Volume", 6, &param));
    assert_false(scr_param_find("", 0, &param));
    assert_true(scr_param_find("volume!", 6, &param));
    assert_int_equal(param, SCR_PARAM_VOLUME);
    assert_string_equal(scr_param_nearest("volum", 5), "volume");
    assert_string_equal(scr_param_nearest("primary_base", 12), "primary_base_hz");
    assert_string_equal(scr_param_nearest("highpass", 8), "highpass_hz");
    assert_string_equal(scr_param_nearest("durtaion", 8), "duration");
    assert_null(scr_param_nearest("", 0));
    assert_null(scr_param_nearest("x", 1));
    assert_null(scr_param_nearest("completely_else", 15));
}

static void test_finishes(void **state)
{
    (void)state;
    enum scr_finish finish = SCR_FINISH_COUNT;
    assert_string_equal(scr_finish_name(SCR_FINISH_SMOOTH), "smooth");
    assert_string_equal(scr_finish_name(SCR_FINISH_RAW), "raw");
    assert_true(scr_finish_find("raw", 3, &finish));
    assert_int_equal(finish, SCR_FINISH_RAW);
    assert_true(scr_finish_find("smooth", 6, &finish));
    assert_int_equal(finish, SCR_FINISH_SMOOTH);
    assert_false(scr_finish_find("ra", 2, &finish));
    assert_false(scr_finish_find("", 0, &finish));
}

static void judge_real(enum scr_param param)
{
    const struct scr_param_info *info = scr_param_info(param);
    const struct {
        double value;
        bool good;
    } rows[] = {
        {info->minimum, true},
        {info->maximum, true},
        {nextafter(info->minimum, -HUGE_VAL), false},
        {nextafter(info->maximum, HUGE_VAL), false},
        {(double)NAN, false},
        {HUGE_VAL, false},
        {-HUGE_VAL, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scr_params params;
        scr_preset_params(SCR_PRESET_CLASSIC, 0, &params);
        set_real(&params, info, rows[i].value);
        assert_int_equal(accepted(&params, param), rows[i].good);
    }
}

static void judge_count(enum scr_param param)
{
    const struct scr_param_info *info = scr_param_info(param);
    double step = param == SCR_PARAM_BITRATE ? SCR_BITRATE_STEP : 1.0;
    const struct {
        double value;
        bool good;
    } rows[] = {
        {info->minimum, true},
        {info->maximum, true},
        {info->minimum - step, false},
        {info->maximum + step, false},
        {(double)UINT32_MAX, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scr_params params;
        scr_preset_params(SCR_PRESET_CLASSIC, 0, &params);
        set_count(&params, info, rows[i].value);
        assert_int_equal(accepted(&params, param), rows[i].good);
    }
}

static void test_edges_of_every_range(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SCR_PARAM_COUNT; i++) {
        enum scr_param_kind kind = scr_param_info((enum scr_param)i)->kind;
        if (kind == SCR_PARAM_KIND_REAL) {
            judge_real((enum scr_param)i);
        } else if (kind == SCR_PARAM_KIND_COUNT) {
            judge_count((enum scr_param)i);
        }
    }
}

static void test_edges_of_the_other_kinds(void **state)
{
    (void)state;
    struct scr_params params;
    scr_preset_params(SCR_PRESET_CLASSIC, UINT64_MAX, &params);
    params.primary.seed = INT64_MIN;
    params.burst_seed = INT64_MAX;
    assert_true(accepted(&params, SCR_PARAM_COUNT));
    static const struct {
        int64_t duration_ns;
        bool good;
    } rows[] = {{SCR_DURATION_MIN_NS, true},
                {SCR_DURATION_MAX_NS, true},
                {SCR_DURATION_MIN_NS - 1, false},
                {SCR_DURATION_MAX_NS + 1, false},
                {0, false},
                {-1, false},
                {INT64_MIN, false},
                {INT64_MAX, false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        params.duration_ns = rows[i].duration_ns;
        assert_int_equal(accepted(&params, SCR_PARAM_DURATION), rows[i].good);
    }
    scr_preset_params(SCR_PRESET_CLASSIC, 0, &params);
    params.finish = SCR_FINISH_COUNT;
    assert_false(accepted(&params, SCR_PARAM_FINISH));
    params.finish = SCR_FINISH_RAW;
    params.preset = SCR_PRESET_COUNT;
    assert_false(accepted(&params, SCR_PARAM_PRESET));
    params.preset = SCR_PRESET_RANDOM;
    params.bitrate = 96001;
    assert_false(accepted(&params, SCR_PARAM_BITRATE));
}

static void test_first_failure_wins(void **state)
{
    (void)state;
    struct scr_params params;
    scr_preset_params(SCR_PRESET_CLASSIC, 0, &params);
    params.limit = 2.0;
    params.primary.amp = 2.0;
    params.volume = 2.0;
    assert_false(accepted(&params, SCR_PARAM_VOLUME));
    params.volume = 1.0;
    assert_false(accepted(&params, SCR_PARAM_PRIMARY_AMP));
    params.primary.amp = 1.0;
    assert_false(accepted(&params, SCR_PARAM_LIMIT));
}

static void test_samples(void **state)
{
    (void)state;
    static const struct {
        int64_t duration_ns;
        uint32_t samples;
    } rows[] = {
        {SCR_DURATION_MIN_NS, 2400},
        {50020833, 2400}, /* 2401 samples would need a third of a nanosecond more */
        {50020834, 2401},
        {INT64_C(1000000000), 48000},
        {INT64_C(999999999), 47999},
        {INT64_C(3000000000), 144000},
        {INT64_C(2900000000), 139200},
        {INT64_C(1100000000), 52800},
        {SCR_DURATION_MAX_NS, SCR_SAMPLES_MAX},
        {SCR_DURATION_MAX_NS - 1, SCR_SAMPLES_MAX - 1},
    };
    struct scr_params params;
    scr_preset_params(SCR_PRESET_CLASSIC, 0, &params);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        params.duration_ns = rows[i].duration_ns;
        assert_int_equal(scr_params_samples(&params), rows[i].samples);
    }
}

static void ask_unknown_parameter(void *context)
{
    (void)context;
    (void)scr_param_info(SCR_PARAM_COUNT);
}

static void ask_unknown_finish(void *context)
{
    (void)context;
    (void)scr_finish_name(SCR_FINISH_COUNT);
}

static void count_too_short(void *context)
{
    struct scr_params *params = context;
    params->duration_ns = SCR_DURATION_MIN_NS - 1;
    (void)scr_params_samples(params);
}

static void count_too_long(void *context)
{
    struct scr_params *params = context;
    params->duration_ns = SCR_DURATION_MAX_NS + 1;
    (void)scr_params_samples(params);
}

static void test_mistakes_die(void **state)
{
    (void)state;
    struct scr_params params;
    scr_preset_params(SCR_PRESET_CLASSIC, 0, &params);
    assert_dies(ask_unknown_parameter, NULL);
    assert_dies(ask_unknown_finish, NULL);
    assert_dies(count_too_short, &params);
    assert_dies(count_too_long, &params);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_names_that_are_none),
        cmocka_unit_test(test_finishes),
        cmocka_unit_test(test_edges_of_every_range),
        cmocka_unit_test(test_edges_of_the_other_kinds),
        cmocka_unit_test(test_first_failure_wins),
        cmocka_unit_test(test_samples),
        cmocka_unit_test(test_mistakes_die),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
