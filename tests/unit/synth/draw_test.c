/*
 * tests/unit/synth/draw_test.c - random parameters: 33 draws from a seed.
 * Aim:    each draw lands in its field, in its range, in the stated order.
 * Method: the first draws of a seed computed by hand from the generator; ranges over thousands of
 *         seeds; the edges of the ranges are nearly reached.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/dsp/mix64.h"
#include "core/synth/draw.h"
#include "core/synth/preset.h"
#include "tests/support/sound.h"

static double between(uint64_t seed, uint32_t k, double low, double high)
{
    return low + scr_draw(seed, k) * (high - low);
}

static void test_order(void **state)
{
    (void)state;
    const uint64_t seed = 31337;
    struct scr_params p;
    memset(&p, 0, sizeof p);
    scr_draw_params(seed, &p);
    assert_int_equal(p.duration_ns, (int64_t)(between(seed, 0, 2.5, 4.0) * 1e9));
    assert_true(p.primary.base_hz == between(seed, 1, 300, 700));
    assert_true(p.primary.rise == between(seed, 5, 0.5, 2));
    assert_int_equal(p.primary.seed, 1 + (int64_t)(scr_draw(seed, 6) * 9999.0));
    assert_true(p.harmonic.base_hz == between(seed, 7, 200, 500));
    assert_true(p.harmonic.sweep_hz_s == between(seed, 8, 300, 900));
    assert_true(p.harmonic.range_hz == between(seed, 9, 400, 1200));
    assert_int_equal(p.harmonic.seed, 1 + (int64_t)(scr_draw(seed, 12) * 9999.0));
    assert_true(p.shriek.base_hz == between(seed, 13, 900, 1800));
    assert_int_equal(p.shriek.seed, 1 + (int64_t)(scr_draw(seed, 18) * 9999.0));
    /* Draws 19 to 21 have no effect. */
    assert_true(p.burst_rate_hz == between(seed, 22, 3, 12));
    assert_int_equal(p.burst_seed, 1 + (int64_t)(scr_draw(seed, 26) * 9999.0));
    assert_true(p.highpass_hz == between(seed, 27, 80, 200));
    assert_int_equal(p.crush_bits, 6 + (uint32_t)(scr_draw(seed, 29) * 7.0));
    assert_true(p.boost_db == between(seed, 32, 6, 12));
    /* What is not drawn is left alone. */
    assert_int_equal(p.seed, 0);
    assert_true(p.volume == 0.0 && p.limit == 0.0 && p.comp_attack_ms == 0.0);
}

static void test_ranges(void **state)
{
    (void)state;
    uint64_t seed = sound_test_seed();
    bool bits_seen[17] = {false};
    double lowest = 1e9;
    double highest = 0.0;
    for (uint64_t i = 0; i < 20000; i++) {
        struct scr_params p;
        enum scr_param culprit;
        scr_preset_params(SCR_PRESET_RANDOM, scr_mix64(seed + i), &p);
        assert_int_equal(scr_params_check(&p, &culprit), SCR_OK);
        assert_true(p.duration_ns >= INT64_C(2500000000) && p.duration_ns < INT64_C(4000000000));
        assert_true(p.primary.amp >= 0.3 && p.primary.amp < 0.5);
        assert_true(p.primary.seed >= 1 && p.primary.seed <= 9999);
        assert_true(p.burst_seed >= 1 && p.burst_seed <= 9999);
        assert_true(p.crush_bits >= 6 && p.crush_bits <= 12);
        assert_true(p.comp_ratio >= 4.0 && p.comp_ratio < 12.0);
        bits_seen[p.crush_bits] = true;
        lowest = p.lowpass_hz < lowest ? p.lowpass_hz : lowest;
        highest = p.lowpass_hz > highest ? p.lowpass_hz : highest;
    }
    for (int bits = 6; bits <= 12; bits++) {
        assert_true(bits_seen[bits]);
    }
    assert_true(lowest >= 6000.0 && lowest < 6020.0);
    assert_true(highest < 12000.0 && highest > 11980.0);
}

static void test_seeds_differ(void **state)
{
    (void)state;
    struct scr_params a;
    struct scr_params b;
    scr_preset_params(SCR_PRESET_RANDOM, 1, &a);
    scr_preset_params(SCR_PRESET_RANDOM, 1, &b);
    assert_memory_equal(&a, &b, sizeof a);
    scr_preset_params(SCR_PRESET_RANDOM, 2, &b);
    assert_true(a.duration_ns != b.duration_ns && a.primary.base_hz != b.primary.base_hz);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_seeds_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
