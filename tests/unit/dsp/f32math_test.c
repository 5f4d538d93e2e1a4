/*
 * tests/unit/dsp/f32math_test.c - the single-precision kernels.
 * Aim:    the stated errors hold over the whole range in use, and the exact cases are exact.
 * Method: comparison with the system's double-precision functions, densely and at random.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/dsp/f32math.h"
#include "core/dsp/mix64.h"
#include "tests/support/sound.h"

#define TURN 4294967296.0
#define PI 3.14159265358979323846

static void test_sine_is_near(void **state)
{
    (void)state;
    double worst = 0.0;
    for (uint64_t p = 0; p < UINT64_C(0x100000000); p += 4099) {
        double truth = sin(2.0 * PI * (double)p / TURN);
        double ours = (double)scr_sin_turn((uint32_t)p);
        worst = fmax(worst, fabs(ours - truth));
        assert_true(ours >= -1.0 && ours <= 1.0);
    }
    print_message("worst sine error %.3g\n", worst);
    assert_true(worst <= 2.1e-7);
}

static void test_sine_is_odd(void **state)
{
    (void)state;
    assert_true(scr_sin_turn(0) == 0.0f);
    assert_true(scr_sin_turn(UINT32_C(0x80000000)) == 0.0f);
    for (uint32_t p = 1; p < UINT32_C(0x80000000) - 100003; p += 100003) {
        assert_true(scr_sin_turn(p) == -scr_sin_turn(0U - p));
        assert_true(scr_sin_turn(p) == scr_sin_turn(UINT32_C(0x80000000) - p));
    }
}

static void test_logarithm_is_near(void **state)
{
    (void)state;
    double worst = 0.0;
    for (uint32_t bits = UINT32_C(0x00800000); bits < UINT32_C(0x7f800000); bits += 1009) {
        float x = scr_f32_from_bits(bits);
        double difference = fabs((double)scr_log2_32(x) - log2((double)x));
        /* Far from 1 the result itself has fewer bits behind the point. */
        worst = fmax(worst, difference - 0x1p-24 * fabs(log2((double)x)));
    }
    print_message("worst logarithm error %.3g\n", worst);
    assert_true(worst <= 1.1e-6);
}

static void test_power_is_near(void **state)
{
    (void)state;
    double worst = 0.0;
    for (int i = -126 * 10007; i < 127 * 10007; i++) {
        float argument = (float)i / 10007.0f;
        double truth = exp2((double)argument);
        worst = fmax(worst, fabs((double)scr_exp2_32(argument) / truth - 1.0));
    }
    print_message("worst relative power error %.3g\n", worst);
    assert_true(worst <= 1.1e-7);
}

static void test_powers_of_two_are_exact(void **state)
{
    (void)state;
    for (int e = -126; e <= 127; e++) {
        float power = ldexpf(1.0f, e);
        assert_true(scr_exp2_32((float)e) == power);
        assert_true(scr_log2_32(power) == (float)e);
    }
}

static void test_floor(void **state)
{
    (void)state;
    static const float values[] = {0.0f,
                                   0.5f,
                                   1.0f,
                                   -0.5f,
                                   -1.0f,
                                   -1.5f,
                                   131072.5f,
                                   -131072.5f,
                                   0x1p-140f,
                                   -0x1p-140f,
                                   2147483520.0f,
                                   -2147483648.0f};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        assert_true(scr_floor_32(values[i]) == floorf(values[i]));
    }
    uint64_t seed = sound_test_seed();
    for (uint32_t i = 0; i < 100000; i++) {
        float x = (float)((scr_draw(seed, i) - 0.5) * 300000.0);
        assert_true(scr_floor_32(x) == floorf(x));
    }
}

static void test_small_helpers(void **state)
{
    (void)state;
    assert_true(scr_max_32(1.0f, 2.0f) == 2.0f && scr_max_32(2.0f, 1.0f) == 2.0f);
    assert_true(scr_min_32(1.0f, 2.0f) == 1.0f && scr_min_32(2.0f, 1.0f) == 1.0f);
    assert_true(scr_abs_32(-3.5f) == 3.5f && scr_abs_32(3.5f) == 3.5f);
    assert_int_equal(scr_f32_bits(scr_abs_32(-0.0f)), 0);
    assert_true(scr_clamp_32(0.25f, 0.5f) == 0.25f);
    assert_true(scr_clamp_32(0.75f, 0.5f) == 0.5f && scr_clamp_32(-0.75f, 0.5f) == -0.5f);
    assert_true(scr_clamp_32(0.5f, 0.5f) == 0.5f && scr_clamp_32(-0.5f, 0.5f) == -0.5f);
    /* Both edges of what counts as silence. */
    assert_true(scr_settle_32(0.99e-15f) == 0.0f && scr_settle_32(-0.99e-15f) == 0.0f);
    assert_true(scr_settle_32(1.01e-15f) == 1.01e-15f && scr_settle_32(-1.0f) == -1.0f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sine_is_near),
        cmocka_unit_test(test_sine_is_odd),
        cmocka_unit_test(test_logarithm_is_near),
        cmocka_unit_test(test_power_is_near),
        cmocka_unit_test(test_powers_of_two_are_exact),
        cmocka_unit_test(test_floor),
        cmocka_unit_test(test_small_helpers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
