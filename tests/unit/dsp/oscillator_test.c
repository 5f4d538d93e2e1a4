/*
 * tests/unit/dsp/oscillator_test.c - a phase that is an integer.
 * Aim:    right pitch and glide, no drift, many steps at once as exact as single ones.
 * Method: against the closed form of the phase in long double, and against one sample at a time.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/base/limits.h"
#include "core/dsp/mix64.h"
#include "core/dsp/oscillator.h"
#include "tests/support/sound.h"

#define COUNT 48000

static void test_phase_of_turns(void **state)
{
    (void)state;
    assert_int_equal(scr_phase_from_turns(0.0), 0);
    assert_int_equal(scr_phase_from_turns(0.25), UINT64_C(1) << 62);
    assert_int_equal(scr_phase_from_turns(-0.25), UINT64_C(3) << 62);
    assert_int_equal(scr_phase_from_turns(1.25), UINT64_C(1) << 62);
    /* Half a turn has two names; both are 2^63. */
    assert_int_equal(scr_phase_from_turns(0.5), UINT64_C(1) << 63);
    assert_int_equal(scr_phase_from_turns(-0.5), UINT64_C(1) << 63);
    assert_int_equal(scr_phase_from_turns(1.5), UINT64_C(1) << 63);
    assert_int_equal(scr_phase_from_turns(-1.5), UINT64_C(1) << 63);
    assert_int_equal(scr_phase_from_turns(1.0), 0);
}

/* Distance of a phase from a number of turns, in turns, around the circle. */
static double distance(uint64_t phase, long double turns)
{
    long double ours = (long double)phase * 0x1p-64L;
    long double difference = ours - turns;
    return (double)fabsl(difference - roundl(difference));
}

/* A second, one sample after the other, against the exact phase; the glide may be negative. */
static void judge(double pitch_hz, double glide_hz_s)
{
    struct scr_oscillator oscillator;
    scr_oscillator_init(&oscillator, glide_hz_s);
    scr_oscillator_tune(&oscillator, pitch_hz, 0);
    for (int n = 0; n < COUNT; n++) {
        long double turns = (long double)pitch_hz / 48000.0L * (long double)n;
        turns += (long double)glide_hz_s / 48000.0L / 48000.0L * ((long double)n * (n - 1) / 2);
        assert_true(distance(oscillator.phase, turns) < 1e-9);
        scr_oscillator_advance(&oscillator, 1);
    }
}

static void test_pitch_and_glide(void **state)
{
    (void)state;
    judge(1000.0, 0.0);
    judge(0.0, 0.0);
    judge(-440.0, 0.0);
    judge(24000.0, 0.0);
    judge(-24000.0, 0.0);
    judge(48000.0, 0.0);
    judge(350.0, 500.0);
    judge(0.0, -24000.0);
    judge(123.456, 24000.0);
}

static void test_many_steps_are_single_ones(void **state)
{
    (void)state;
    uint64_t seed = sound_test_seed();
    struct scr_oscillator single;
    scr_oscillator_init(&single, 700.0);
    scr_oscillator_tune(&single, 321.0, 0);
    struct scr_oscillator many = single;
    scr_oscillator_advance(&many, 0);
    assert_memory_equal(&many, &single, sizeof many);
    for (uint32_t k = 0; k < 200; k++) {
        uint32_t run = (uint32_t)(scr_draw(seed, k) * 300.0);
        for (uint32_t i = 0; i < run; i++) {
            scr_oscillator_advance(&single, 1);
        }
        scr_oscillator_advance(&many, run);
        assert_int_equal(many.phase, single.phase);
        assert_int_equal(many.step, single.step);
    }
    /* The longest scream at once. */
    struct scr_oscillator halves = many;
    scr_oscillator_advance(&many, SCR_SAMPLES_MAX);
    scr_oscillator_advance(&halves, SCR_SAMPLES_MAX / 2);
    scr_oscillator_advance(&halves, SCR_SAMPLES_MAX / 2);
    assert_int_equal(many.phase, halves.phase);
    assert_int_equal(many.step, halves.step);
}

static void test_retuning_keeps_the_phase(void **state)
{
    (void)state;
    struct scr_oscillator oscillator;
    scr_oscillator_init(&oscillator, 100.0);
    scr_oscillator_tune(&oscillator, 500.0, 0);
    scr_oscillator_advance(&oscillator, 480);
    uint64_t phase = oscillator.phase;
    uint64_t step = oscillator.step;
    /* Tuned to what it has by now, nothing changes: the glide is counted from sample 0. */
    scr_oscillator_tune(&oscillator, 500.0, 480);
    assert_int_equal(oscillator.phase, phase);
    assert_int_equal(oscillator.step, step);
    scr_oscillator_tune(&oscillator, 900.0, 480);
    assert_int_equal(oscillator.phase, phase);
    assert_true(oscillator.step != step);
}

static void test_what_a_lane_counts_in(void **state)
{
    (void)state;
    assert_int_equal(scr_turns_32(0), 0);
    assert_int_equal(scr_turns_32(UINT64_C(1) << 63), UINT32_C(1) << 31);
    /* To the nearest; the largest ones are nearest to a whole turn, which is none. */
    assert_int_equal(scr_turns_32(UINT64_C(0x7fffffff)), 0);
    assert_int_equal(scr_turns_32(UINT64_C(0x80000000)), 1);
    assert_int_equal(scr_turns_32(UINT64_C(0x17fffffff)), 1);
    assert_int_equal(scr_turns_32(UINT64_MAX), 0);
    assert_int_equal(scr_turns_32(UINT64_MAX - (UINT64_C(1) << 31)), UINT32_MAX);
}

/* 60 samples in 2^-32 turns end where the exact oscillator does, nearly: steepest glides. */
static void test_a_lane_stays_near(void **state)
{
    (void)state;
    uint64_t seed = sound_test_seed();
    double worst = 0.0;
    for (uint32_t round = 0; round < 10000; round++) {
        struct scr_oscillator exact;
        scr_oscillator_init(&exact, 48000.0 * (scr_draw(seed, 2 * round) - 0.5));
        scr_oscillator_tune(&exact, 48000.0 * (scr_draw(seed, 2 * round + 1) - 0.5), round);
        exact.phase = scr_mix64(seed + round);
        uint32_t phase = scr_turns_32(exact.phase);
        uint32_t turn = scr_turns_32(exact.step);
        uint32_t glide = scr_turns_32(exact.glide);
        for (uint32_t k = 0; k < 60; k++) {
            phase += turn;
            turn += glide;
        }
        scr_oscillator_advance(&exact, 60);
        int32_t difference = (int32_t)(phase - scr_turns_32(exact.phase));
        worst = fmax(worst, fabs((double)difference) * 0x1p-32);
    }
    print_message("worst phase of a lane off by %.3g turns\n", worst);
    assert_true(worst < 2.2e-7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_phase_of_turns),
        cmocka_unit_test(test_pitch_and_glide),
        cmocka_unit_test(test_many_steps_are_single_ones),
        cmocka_unit_test(test_retuning_keeps_the_phase),
        cmocka_unit_test(test_what_a_lane_counts_in),
        cmocka_unit_test(test_a_lane_stays_near),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
