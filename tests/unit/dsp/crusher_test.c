/*
 * tests/unit/dsp/crusher_test.c - bit crusher.
 * Aim:    the steps of every resolution, both ways of rounding, the mix, the direct current.
 * Method: against the formula in double, which is exact for these values; means of a ramp.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/dsp/crusher.h"
#include "tests/support/death.h"

static float crush(uint32_t bits, double mix, bool centred, float x)
{
    struct scr_crusher crusher;
    scr_crusher_init(&crusher, bits, mix, centred);
    scr_crusher_process(&crusher, &x, 1);
    return x;
}

static void test_every_resolution(void **state)
{
    (void)state;
    for (uint32_t bits = 1; bits <= 16; bits++) {
        double steps = ldexp(1.0, (int)bits);
        for (int i = -2000; i <= 2000; i += 7) {
            /* 22 bits behind the point: value times steps is exact in single precision. */
            float x = (float)i / 1024.0f + 0x1p-13f;
            double below = floor((double)x * steps) / steps;
            double nearest = floor((double)x * steps + 0.5) / steps;
            assert_true((double)crush(bits, 1.0, false, x) == below);
            assert_true((double)crush(bits, 1.0, true, x) == nearest);
        }
    }
}

static void test_mix(void **state)
{
    (void)state;
    assert_true(crush(1, 0.0, false, 0.3f) == 0.3f);
    assert_true(crush(1, 0.5, false, 0.7f) == 0.5f * 0.5f + 0.5f * 0.7f);
    assert_true(crush(1, 0.25, true, -0.7f) == 0.25f * -0.5f + 0.75f * -0.7f);
    assert_true(crush(1, 1.0, true, 0.0f) == 0.0f);
}

static void test_direct_current(void **state)
{
    (void)state;
    for (int centred = 0; centred <= 1; centred++) {
        struct scr_crusher crusher;
        scr_crusher_init(&crusher, 6, 1.0, centred != 0);
        static float ramp[65536];
        double sum = 0.0;
        for (int i = 0; i < 65536; i++) {
            ramp[i] = (float)(2 * i - 65535) / 65536.0f;
        }
        scr_crusher_process(&crusher, ramp, 65536);
        for (int i = 0; i < 65536; i++) {
            sum += (double)ramp[i];
        }
        double wanted = centred != 0 ? 0.0 : -0.5 / 64.0;
        assert_true(fabs(sum / 65536.0 - wanted) < 1e-5);
    }
}

static void test_largest_values(void **state)
{
    (void)state;
    assert_true(crush(16, 1.0, false, 1000.0f) == 1000.0f);
    assert_true(crush(16, 1.0, true, -1000.0f) == -1000.0f);
}

static void init_without_bits(void *context)
{
    scr_crusher_init(context, 0, 0.5, false);
}

static void init_too_many_bits(void *context)
{
    scr_crusher_init(context, 17, 0.5, false);
}

static void init_mix_too_large(void *context)
{
    scr_crusher_init(context, 8, 1.01, false);
}

static void init_mix_negative(void *context)
{
    scr_crusher_init(context, 8, -0.01, false);
}

static void test_mistakes_die(void **state)
{
    (void)state;
    struct scr_crusher crusher;
    assert_dies(init_without_bits, &crusher);
    assert_dies(init_too_many_bits, &crusher);
    assert_dies(init_mix_too_large, &crusher);
    assert_dies(init_mix_negative, &crusher);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_resolution),
        cmocka_unit_test(test_mix),
        cmocka_unit_test(test_direct_current),
        cmocka_unit_test(test_largest_values),
        cmocka_unit_test(test_mistakes_die),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
