/*
 * tests/unit/dsp/f32math_test.c - single precision without libm.
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

static void test_small_helpers(void **state)
{
    (void)state;
    assert_true(scr_max_32(1.0f, 2.0f) == 2.0f && scr_max_32(2.0f, 1.0f) == 2.0f);
    /* Where neither is larger it is the second, as the kernels have it. */
    assert_int_equal(scr_f32_bits(scr_max_32(0.0f, -0.0f)), UINT32_C(0x80000000));
    assert_int_equal(scr_f32_bits(scr_max_32(-0.0f, 0.0f)), 0);
    assert_int_equal(scr_f32_bits(1.0f), UINT32_C(0x3f800000));
    assert_true(scr_f32_from_bits(UINT32_C(0xc0200000)) == -2.5f);
    assert_true(scr_abs_32(-3.5f) == 3.5f && scr_abs_32(3.5f) == 3.5f);
    assert_int_equal(scr_f32_bits(scr_abs_32(-0.0f)), 0);
    /* Both edges of what counts as silence. */
    assert_true(scr_settle_32(0.99e-15f) == 0.0f && scr_settle_32(-0.99e-15f) == 0.0f);
    assert_true(scr_settle_32(1.01e-15f) == 1.01e-15f && scr_settle_32(-1.0f) == -1.0f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sine_is_near),
        cmocka_unit_test(test_sine_is_odd),
        cmocka_unit_test(test_small_helpers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
