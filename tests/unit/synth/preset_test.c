/*
 * tests/unit/synth/preset_test.c - named parameter sets.
 * Aim:    every name both ways, valid values for every preset, the values of two presets.
 * Method: loops over the presets; some rows of the sound's definition written out again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/synth/preset.h"
#include "tests/support/death.h"

static void test_names(void **state)
{
    (void)state;
    /* Names that people use never change; new ones come behind. */
    static const char *const names[] = {
        "random", "classic", "whisper", "death-metal", "glitch", "banshee", "robot"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_string_equal(scr_preset_name((enum scr_preset)i), names[i]);
    }
    for (unsigned i = 0; i < SCR_PRESET_COUNT; i++) {
        enum scr_preset preset = SCR_PRESET_COUNT;
        const char *name = scr_preset_name((enum scr_preset)i);
        assert_true(scr_preset_find(name, strlen(name), &preset));
        assert_int_equal(preset, i);
        assert_string_equal(scr_preset_nearest(name, strlen(name)), name);
        const char *sentence = scr_preset_sentence((enum scr_preset)i);
        assert_int_equal(sentence[strlen(sentence) - 1], '.');
        double gain_db = scr_preset_gain_db((enum scr_preset)i);
        assert_true(gain_db < 0.0 && gain_db > -20.0);
    }
}

static void test_names_that_are_none(void **state)
{
    (void)state;
    enum scr_preset preset = SCR_PRESET_COUNT;
    assert_false(scr_preset_find("", 0, &preset));
    assert_false(scr_preset_find("Classic", 7, &preset));
    assert_false(scr_preset_find("classic ", 8, &preset));
    assert_int_equal(preset, SCR_PRESET_COUNT);
    assert_string_equal(scr_preset_nearest("Classic", 7), "classic");
    assert_string_equal(scr_preset_nearest("death metal", 11), "death-metal");
    assert_string_equal(scr_preset_nearest("clasick", 7), "classic");
    assert_string_equal(scr_preset_nearest("banshe", 6), "banshee");
    assert_null(scr_preset_nearest("", 0));
    assert_null(scr_preset_nearest("abc", 3));
    assert_null(scr_preset_nearest("symphony", 8));
}

static void test_values(void **state)
{
    (void)state;
    struct scr_params p;
    scr_preset_params(SCR_PRESET_CLASSIC, 7, &p);
    assert_int_equal(p.preset, SCR_PRESET_CLASSIC);
    assert_int_equal(p.seed, 7);
    assert_int_equal(p.duration_ns, INT64_C(3000000000));
    assert_true(p.primary.base_hz == 500.0 && p.primary.range_hz == 1500.0);
    assert_true(p.primary.jump_hz == 10.0 && p.primary.amp == 0.4 && p.primary.rise == 1.2);
    assert_int_equal(p.primary.seed, 4242);
    assert_true(p.harmonic.sweep_hz_s == 500.0 && p.harmonic.range_hz == 800.0);
    assert_true(p.shriek.rise == 2.5 && p.shriek.jump_hz == 20.0);
    assert_true(p.burst_rate_hz == 8.0 && p.burst_threshold == 0.7 && p.burst_amp == 0.18);
    assert_true(p.floor_amp == 0.1 && p.burst_seed == 4000);
    assert_true(p.highpass_hz == 120.0 && p.lowpass_hz == 8000.0);
    assert_true(p.crush_bits == 8 && p.crush_mix == 0.5 && p.comp_ratio == 8.0);
    assert_true(p.boost_db == 9.0);
    assert_true(scr_preset_gain_db(SCR_PRESET_CLASSIC) == -9.9);
    scr_preset_params(SCR_PRESET_ROBOT, 0, &p);
    assert_true(p.crush_mix == 0.65 && p.harmonic.seed == 8081 && p.burst_seed == 8083);
}

static void test_common_values(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SCR_PRESET_COUNT; i++) {
        struct scr_params p;
        enum scr_param culprit;
        scr_preset_params((enum scr_preset)i, UINT64_MAX, &p);
        assert_int_equal(scr_params_check(&p, &culprit), SCR_OK);
        assert_int_equal(p.preset, i);
        assert_int_equal(p.seed, UINT64_MAX);
        assert_int_equal(p.engine, SCR_ENGINE_EPOCH);
        assert_int_equal(p.channels, 2);
        assert_int_equal(p.bitrate, SCR_BITRATE_DEFAULT);
        assert_int_equal(p.finish, SCR_FINISH_SMOOTH);
        assert_true(p.volume == 1.0 && p.limit == 0.95);
        assert_true(p.comp_threshold_db == -20.0);
        assert_true(p.comp_attack_ms == 5.0 && p.comp_release_ms == 50.0);
        assert_true(p.primary.sweep_hz_s == 0.0 && p.shriek.sweep_hz_s == 0.0);
        assert_true(p.harmonic.rise == 0.0);
    }
}

static void ask_unknown_preset(void *context)
{
    (void)context;
    (void)scr_preset_name(SCR_PRESET_COUNT);
}

static void test_mistakes_die(void **state)
{
    (void)state;
    assert_dies(ask_unknown_preset, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_names_that_are_none),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_common_values),
        cmocka_unit_test(test_mistakes_die),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
