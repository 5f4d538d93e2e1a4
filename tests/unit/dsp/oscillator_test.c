/*
 * tests/unit/dsp/oscillator_test.c - a sine whose phase is an integer.
 * Aim:    right pitch, glide and loudness, no drift, and the same bits however it is divided.
 * Method: against the closed form of the phase in long double and the system's sine.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/limits.h"
#include "core/dsp/mix64.h"
#include "core/dsp/oscillator.h"
#include "tests/support/death.h"
#include "tests/support/sound.h"

#define PI 3.14159265358979323846L
#define COUNT 48000

static float block[COUNT];

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

/* Renders a second and compares with the exact phase; the glide may be negative. */
static void judge(double pitch_hz, double glide_hz_s, const struct scr_envelope *envelope)
{
    struct scr_oscillator oscillator;
    scr_oscillator_init(&oscillator, glide_hz_s);
    scr_oscillator_tune(&oscillator, pitch_hz, 0);
    memset(block, 0, sizeof block);
    scr_oscillator_add(&oscillator, envelope, 0, block, COUNT);
    for (int n = 0; n < COUNT; n++) {
        long double turns = (long double)pitch_hz / 48000.0L * (long double)n;
        turns += (long double)glide_hz_s / 48000.0L / 48000.0L * ((long double)n * (n - 1) / 2);
        long double loudness =
            (long double)envelope->level + (long double)envelope->slope * (long double)n;
        long double wanted = loudness * sinl(2.0L * PI * fmodl(turns, 1.0L));
        long double allowed = 1e-6L * (1.0L + loudness);
        assert_true(fabsl((long double)block[n] - wanted) <= allowed);
    }
}

static void test_pitch_and_glide(void **state)
{
    (void)state;
    const struct scr_envelope steady = {.level = 1.0f};
    const struct scr_envelope rising = {.level = 0.4f, .slope = 1e-5f};
    judge(1000.0, 0.0, &steady);
    judge(0.0, 0.0, &steady);
    judge(-440.0, 0.0, &rising);
    judge(24000.0, 0.0, &steady);
    judge(-24000.0, 0.0, &steady);
    judge(48000.0, 0.0, &steady);
    judge(350.0, 500.0, &rising);
    judge(0.0, -24000.0, &steady);
    judge(123.456, 24000.0, &steady);
}

static void test_any_division_is_the_same(void **state)
{
    (void)state;
    static float parts[COUNT];
    const struct scr_envelope envelope = {.level = 0.3f, .slope = 2e-5f};
    uint64_t seed = sound_test_seed();
    struct scr_oscillator a;
    struct scr_oscillator b;
    scr_oscillator_init(&a, 700.0);
    scr_oscillator_tune(&a, 321.0, 0);
    b = a;
    memset(block, 0, sizeof block);
    memset(parts, 0, sizeof parts);
    scr_oscillator_add(&a, &envelope, 1000, block, COUNT);
    uint32_t done = 0;
    for (uint32_t k = 0; done < COUNT; k++) {
        uint32_t run = (uint32_t)(scr_draw(seed, k) * 300.0);
        run = run < COUNT - done ? run : COUNT - done;
        scr_oscillator_add(&b, &envelope, 1000 + done, parts + done, run);
        done += run;
    }
    assert_memory_equal(block, parts, sizeof block);
    assert_int_equal(a.phase, b.phase);
    assert_int_equal(a.step, b.step);
}

static void test_retuning_keeps_the_phase(void **state)
{
    (void)state;
    const struct scr_envelope envelope = {.level = 1.0f};
    struct scr_oscillator oscillator;
    scr_oscillator_init(&oscillator, 100.0);
    scr_oscillator_tune(&oscillator, 500.0, 0);
    float out[480] = {0};
    scr_oscillator_add(&oscillator, &envelope, 0, out, 480);
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

static void add_beyond_the_longest(void *context)
{
    (void)context;
    const struct scr_envelope envelope = {.level = 1.0f};
    struct scr_oscillator oscillator;
    scr_oscillator_init(&oscillator, 0.0);
    scr_oscillator_add(&oscillator, &envelope, SCR_SAMPLES_MAX, block, 1);
}

static void test_mistakes_die(void **state)
{
    (void)state;
    assert_dies(add_beyond_the_longest, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_phase_of_turns),
        cmocka_unit_test(test_pitch_and_glide),
        cmocka_unit_test(test_any_division_is_the_same),
        cmocka_unit_test(test_retuning_keeps_the_phase),
        cmocka_unit_test(test_mistakes_die),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
