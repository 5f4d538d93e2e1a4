/*
 * tests/unit/dsp/mix64_test.c - seeded randomness without a state.
 * Aim:    the published generator, the wrapping of signed seeds, the range of every value.
 * Method: known outputs of splitmix64, hand-computed products, many draws.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/dsp/mix64.h"

static void test_known_values(void **state)
{
    (void)state;
    assert_int_equal(scr_mix64(0), 0);
    /* The first outputs of splitmix64 from seed 0, and from seed 1234567, as published. */
    assert_int_equal(scr_mix64(SCR_GOLDEN_64), UINT64_C(0xe220a8397b1dcdaf));
    assert_int_equal(scr_mix64(2 * SCR_GOLDEN_64), UINT64_C(0x6e789e6aa1b965f4));
    assert_int_equal(scr_mix64(1234567 + SCR_GOLDEN_64), UINT64_C(6457827717110365317));
    assert_int_equal(scr_mix64(1234567 + 2 * SCR_GOLDEN_64), UINT64_C(3203168211198807973));
}

static void test_draws_are_the_stream(void **state)
{
    (void)state;
    assert_true(scr_draw(0, 0) == (double)(UINT64_C(0xe220a8397b1dcdaf) >> 11) * 0x1p-53);
    assert_true(scr_draw(0, 1) == (double)(UINT64_C(0x6e789e6aa1b965f4) >> 11) * 0x1p-53);
    double sum = 0.0;
    for (uint32_t k = 0; k < 100000; k++) {
        double u = scr_draw(UINT64_MAX, k);
        assert_true(u >= 0.0 && u < 1.0);
        sum += u;
    }
    assert_true(sum > 49500.0 && sum < 50500.0);
    assert_true(scr_u01(0) == 0.0);
}

static void test_seeds_wrap(void **state)
{
    (void)state;
    assert_int_equal(scr_seed_spread(4242, 0, 1000003), 4242);
    assert_int_equal(scr_seed_spread(0, 1, 1000003), 1000003);
    /* Minus one times a prime is the prime's two's complement. */
    assert_int_equal(scr_seed_spread(0, UINT64_MAX, 1000003), (uint64_t)-1000003);
    assert_int_equal(scr_seed_spread(-1, 0, 1000003), UINT64_MAX);
    /* 2^63 times an odd number is 2^63. */
    assert_int_equal(scr_seed_spread(0, UINT64_C(1) << 63, 1000037), UINT64_C(1) << 63);
}

static void test_steps_differ(void **state)
{
    (void)state;
    assert_true(scr_step_value(7, 0, 137) == scr_u01(7));
    assert_true(scr_step_value(7, 3, 137) == scr_u01(7 ^ (3 * 137)));
    assert_true(scr_step_value(7, UINT32_MAX, 251) == scr_u01(7 ^ (UINT64_C(0xffffffff) * 251)));
    assert_true(scr_step_value(7, 1, 137) != scr_step_value(7, 2, 137));
    assert_true(scr_step_value(7, 1, 137) != scr_step_value(8, 1, 137));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_values),
        cmocka_unit_test(test_draws_are_the_stream),
        cmocka_unit_test(test_seeds_wrap),
        cmocka_unit_test(test_steps_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
