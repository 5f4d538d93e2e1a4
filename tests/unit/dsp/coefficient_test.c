/*
 * tests/unit/dsp/coefficient_test.c - exponentials, logarithms and decibels without libm.
 * Aim:    2 units in the last place at the most, so that a coefficient rounded to float is the
 *         one that exact arithmetic would give.
 * Method: the system's long double functions as truth, at random over the ranges in use; then
 *         exact cases and the edges of the range.
 */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/dsp/coefficient.h"
#include "core/dsp/mix64.h"
#include "tests/support/death.h"
#include "tests/support/sound.h"

/* Error in units of the last place of the true value. */
static double ulps(double ours, long double truth)
{
    double rounded = (double)truth;
    double unit = nextafter(fabs(rounded), HUGE_VAL) - fabs(rounded);
    return (double)(fabsl((long double)ours - truth) / (long double)unit);
}

static void judge(const char *name, double worst, double allowed)
{
    print_message("%s: %.2f ulp\n", name, worst);
    assert_true(worst <= allowed);
}

static void test_exponentials(void **state)
{
    (void)state;
    uint64_t seed = sound_test_seed();
    double near = 0.0;
    double far = 0.0;
    for (uint32_t k = 0; k < 200000; k++) {
        double u = scr_draw(seed, k) - 0.5;
        near = fmax(near, ulps(scr_exp(u * 4.0), expl((long double)(u * 4.0))));
        far = fmax(far, ulps(scr_exp(u * 1400.0), expl((long double)(u * 1400.0))));
    }
    judge("exp, -2 to 2", near, 1.5);
    judge("exp, -700 to 700", far, 1.5);
}

static void test_logarithms(void **state)
{
    (void)state;
    uint64_t seed = sound_test_seed();
    double near = 0.0;
    double far = 0.0;
    for (uint32_t k = 0; k < 200000; k++) {
        double u = scr_draw(seed, k);
        double x = 0.5 + u;
        near = fmax(near, ulps(scr_natural_log(x), logl((long double)x)));
        double y = ldexp(x, (int)(2000.0 * scr_draw(~seed, k)) - 1000);
        far = fmax(far, ulps(scr_natural_log(y), logl((long double)y)));
    }
    judge("log, around 1", near, 1.5);
    judge("log", far, 1.5);
}

static void test_decibels(void **state)
{
    (void)state;
    uint64_t seed = sound_test_seed();
    const long double ln10 = logl(10.0L);
    double gain = 0.0;
    double level = 0.0;
    for (uint32_t k = 0; k < 200000; k++) {
        double db = 200.0 * (scr_draw(seed, k) - 0.5);
        gain = fmax(gain, ulps(scr_db_to_gain(db), expl((long double)db * ln10 / 20.0L)));
        double x = scr_draw(~seed, k) + 0x1p-60;
        level = fmax(level, ulps(scr_gain_to_db(x), 20.0L * logl((long double)x) / ln10));
    }
    judge("dB to gain", gain, 1.5);
    judge("gain to dB", level, 2.0);
}

/*
 * What a sample loop gets does not differ from exact arithmetic in one bit. About one argument in
 * 2^29 lies so near the middle between two floats that it would; so the arguments are fixed.
 */
static void test_floats_are_right(void **state)
{
    (void)state;
    const uint64_t seed = 2026;
    const long double ln10 = logl(10.0L);
    for (uint32_t k = 0; k < 100000; k++) {
        double db = 100.0 * scr_draw(seed, k) - 60.0;
        assert_true(scr_coefficient(scr_db_to_gain(db)) ==
                    (float)expl((long double)db * ln10 / 20.0L));
        double x = -1.0 / (48.0 * (0.01 + 1000.0 * scr_draw(~seed, k)));
        assert_true(scr_coefficient(scr_exp(x)) == (float)expl((long double)x));
    }
}

static void test_exact_cases(void **state)
{
    (void)state;
    assert_true(scr_exp(0.0) == 1.0 && scr_db_to_gain(0.0) == 1.0);
    assert_true(scr_natural_log(1.0) == 0.0 && scr_gain_to_db(1.0) == 0.0);
    for (int e = -1022; e <= 1023; e++) {
        assert_true(ulps(scr_natural_log(ldexp(1.0, e)), (long double)e * logl(2.0L)) <= 1.0);
    }
    /* Denormal arguments of the logarithm are scaled first. */
    assert_true(ulps(scr_natural_log(0x1p-1074), -1074.0L * logl(2.0L)) <= 1.0);
    assert_true(fabs(scr_gain_to_db(DBL_TRUE_MIN) - 20.0 * log10(DBL_TRUE_MIN)) < 1e-9);
}

static void test_ends_of_the_range(void **state)
{
    (void)state;
    assert_true(isinf(scr_exp(710.0)) && isinf(scr_exp(DBL_MAX)));
    assert_true(isfinite(scr_exp(709.78)) && scr_exp(709.78) > 1e308);
    assert_true(scr_exp(-708.0) > 0.0 && scr_exp(-709.0) == 0.0 && scr_exp(-DBL_MAX) == 0.0);
    assert_true(isinf(scr_db_to_gain(1e9)) && scr_db_to_gain(-1e9) == 0.0);
    assert_true(isinf(scr_db_to_gain(DBL_MAX)) && scr_db_to_gain(-DBL_MAX) == 0.0);
}

static void test_rounding(void **state)
{
    (void)state;
    assert_true(scr_round(0.5) == 0.0 && scr_round(1.5) == 2.0 && scr_round(2.5) == 2.0);
    assert_true(scr_round(-0.5) == 0.0 && scr_round(-1.5) == -2.0);
    assert_true(scr_round(0.49999999999999994) == 0.0);
    assert_true(scr_round(0x1p50 + 0.25) == 0x1p50);
    assert_true(scr_round(-0x1p50 - 0.25) == -0x1p50);
}

static void test_coefficients_are_never_tiny(void **state)
{
    (void)state;
    assert_true(scr_coefficient(0.1) == 0.1f && scr_coefficient(-0.1) == -0.1f);
    assert_true(scr_coefficient(1e-40) == 0.0f && scr_coefficient(-1e-40) == 0.0f);
    assert_true(scr_coefficient(0.9e-15) == 0.0f && scr_coefficient(1.1e-15) == 1.1e-15f);
}

static void log_of_zero(void *context)
{
    (void)context;
    (void)scr_natural_log(0.0);
}

static void log_of_infinity(void *context)
{
    (void)context;
    (void)scr_natural_log(HUGE_VAL);
}

static void round_too_much(void *context)
{
    (void)context;
    (void)scr_round(0x1p51);
}

static void exp_of_no_number(void *context)
{
    (void)context;
    (void)scr_exp((double)NAN);
}

static void test_mistakes_die(void **state)
{
    (void)state;
    assert_dies(log_of_zero, NULL);
    assert_dies(log_of_infinity, NULL);
    assert_dies(round_too_much, NULL);
    assert_dies(exp_of_no_number, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exponentials),
        cmocka_unit_test(test_logarithms),
        cmocka_unit_test(test_decibels),
        cmocka_unit_test(test_floats_are_right),
        cmocka_unit_test(test_exact_cases),
        cmocka_unit_test(test_ends_of_the_range),
        cmocka_unit_test(test_rounding),
        cmocka_unit_test(test_coefficients_are_never_tiny),
        cmocka_unit_test(test_mistakes_die),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
