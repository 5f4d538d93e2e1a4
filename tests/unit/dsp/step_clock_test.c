/*
 * tests/unit/dsp/step_clock_test.c - when a stepped value changes.
 * Aim:    the first sample of every step, and that no step is missed.
 * Method: against the defining arithmetic at every sample of ten seconds, for many rates; both
 *         edges of the rate and of the length.
 */
#include <float.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/base/limits.h"
#include "core/dsp/mix64.h"
#include "core/dsp/step_clock.h"
#include "tests/support/death.h"
#include "tests/support/sound.h"

static void walk(double rate_hz, uint32_t samples)
{
    struct scr_step_clock clock;
    scr_step_clock_init(&clock, rate_hz);
    for (uint32_t n = 0; n < samples; n++) {
        if (n == clock.until) {
            scr_step_clock_next(&clock);
        }
        uint32_t step = (uint32_t)(((double)n / 48000.0) * rate_hz);
        assert_int_equal(clock.step, step);
        assert_true(clock.until > n);
    }
}

static void test_every_sample(void **state)
{
    (void)state;
    static const double rates[] = {0.0, 0.1, 1.0, 3.0, 15.0, 25.0, 44.1, 199.999, 200.0};
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        walk(rates[i], 10 * SCR_SAMPLE_RATE_HZ);
    }
    uint64_t seed = sound_test_seed();
    for (uint32_t k = 0; k < 40; k++) {
        walk(200.0 * scr_draw(seed, k), 2 * SCR_SAMPLE_RATE_HZ);
    }
}

static void test_known_positions(void **state)
{
    (void)state;
    assert_int_equal(scr_step_first_sample(0, 25.0), 0);
    assert_int_equal(scr_step_first_sample(1, 25.0), 1920);
    /* The double arithmetic begins these one sample late, and old screams sound so. */
    assert_int_equal(scr_step_first_sample(29, 25.0), 55681);
    assert_int_equal(scr_step_first_sample(123, 15.0), 393601);
}

static void test_rates_without_steps(void **state)
{
    (void)state;
    static const double rates[] = {0.0, -0.0, DBL_TRUE_MIN, DBL_MIN, 1e-300, 1e-9};
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        assert_int_equal(scr_step_first_sample(1, rates[i]), SCR_STEP_NEVER);
        assert_int_equal(scr_step_at(SCR_SAMPLES_MAX, rates[i]), 0);
    }
}

static void test_end_of_the_longest(void **state)
{
    (void)state;
    /* 300 s at 200 Hz is step 60,000, whose first sample would be one past the last. */
    uint32_t last = scr_step_first_sample(59999, 200.0);
    assert_true(last >= 14399760 && last <= 14399761);
    assert_int_equal(scr_step_first_sample(60000, 200.0), SCR_STEP_NEVER);
    assert_int_equal(scr_step_at(SCR_SAMPLES_MAX, 200.0), 60000);
    assert_int_equal(scr_step_first_sample(UINT32_MAX, 200.0), SCR_STEP_NEVER);
}

static void ask_rate_too_high(void *context)
{
    (void)context;
    (void)scr_step_at(0, 200.1);
}

static void ask_rate_negative(void *context)
{
    (void)context;
    (void)scr_step_at(0, -1.0);
}

static void ask_sample_too_far(void *context)
{
    (void)context;
    (void)scr_step_at(SCR_SAMPLES_MAX + 1, 1.0);
}

static void ask_step_after_the_last(void *context)
{
    (void)context;
    struct scr_step_clock clock;
    scr_step_clock_init(&clock, 0.0);
    scr_step_clock_next(&clock);
}

static void test_mistakes_die(void **state)
{
    (void)state;
    assert_dies(ask_rate_too_high, NULL);
    assert_dies(ask_rate_negative, NULL);
    assert_dies(ask_sample_too_far, NULL);
    assert_dies(ask_step_after_the_last, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_sample),
        cmocka_unit_test(test_known_positions),
        cmocka_unit_test(test_rates_without_steps),
        cmocka_unit_test(test_end_of_the_longest),
        cmocka_unit_test(test_mistakes_die),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
