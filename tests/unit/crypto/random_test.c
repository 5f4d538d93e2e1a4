/*
 * tests/unit/crypto/random_test.c - randomness that differs and stays in its bytes.
 * Aim:    two draws differ, every byte and bit of the output is drawn, nothing beyond is touched.
 * Method: counts whose chance of failing by luck is below one in 10^12.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/crypto/blake2b.h"
#include "core/crypto/random.h"

static int begin(void **state)
{
    (void)state;
    return scr_crypto_init() == SCR_OK ? 0 : -1;
}

static void test_numbers_differ(void **state)
{
    (void)state;
    enum {
        DRAWS = 64
    };
    uint64_t drawn[DRAWS];
    uint64_t ever_set = 0;
    uint64_t ever_clear = 0;
    for (int i = 0; i < DRAWS; i += 1) {
        drawn[i] = scr_random_u64();
        ever_set |= drawn[i];
        ever_clear |= ~drawn[i];
        for (int j = 0; j < i; j += 1) {
            assert_true(drawn[i] != drawn[j]);
        }
    }
    assert_true(ever_set == UINT64_MAX);
    assert_true(ever_clear == UINT64_MAX);
}

static void test_bytes_stay_in_place(void **state)
{
    (void)state;
    for (size_t count = 0; count <= 40; count += 1) {
        uint8_t changed[48] = {0};
        for (int draw = 0; draw < 8; draw += 1) {
            uint8_t bytes[48];
            memset(bytes, 0xa5, sizeof bytes);
            scr_random_bytes(bytes, count);
            for (size_t i = 0; i < sizeof bytes; i += 1) {
                changed[i] |= bytes[i] ^ 0xa5;
            }
        }
        for (size_t i = 0; i < sizeof changed; i += 1) {
            assert_int_equal(changed[i] != 0, i < count);
        }
    }
}

static void test_bits_are_balanced(void **state)
{
    (void)state;
    static uint8_t bytes[1 << 16];
    int64_t ones = 0;
    scr_random_bytes(bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i += 1) {
        ones += __builtin_popcount(bytes[i]);
    }
    /* 2^19 fair bits: deviation 362; eight of them. */
    assert_in_range(ones, (1 << 18) - 2900, (1 << 18) + 2900);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_differ),
        cmocka_unit_test(test_bytes_stay_in_place),
        cmocka_unit_test(test_bits_are_balanced),
    };
    return cmocka_run_group_tests(tests, begin, NULL);
}
