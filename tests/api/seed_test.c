/*
 * tests/api/seed_test.c - numbers, words and random.
 * Aim:    every row of the table in seed.h and both edges of each.
 * Method: hashes are computed here again with BLAKE2b; the last digit that fits and the next.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/seed.h"
#include "core/base/bytes.h"
#include "core/crypto/blake2b.h"

static uint64_t seed;
static bool fresh;

static enum scr_err read(const char *text)
{
    seed = 99;
    return scr_seed_read(text, &seed, &fresh);
}

static void assert_number(const char *text, uint64_t value)
{
    assert_int_equal(read(text), SCR_OK);
    assert_false(fresh);
    assert_true(seed == value);
}

static void assert_word(const char *text)
{
    uint8_t digest[32];
    scr_blake2b(text, strlen(text), digest, sizeof digest);
    assert_number(text, scr_load_u64le(digest));
}

static void numbers_stand_for_themselves(void **state)
{
    (void)state;
    assert_number("0", 0);
    assert_number("42", 42);
    assert_number("18446744073709551615", UINT64_MAX);
    assert_number("-1", UINT64_MAX);
    assert_number("-9223372036854775808", UINT64_C(1) << 63);
    assert_number("-0", 0);
}

static void numbers_too_large_are_not_words(void **state)
{
    (void)state;
    assert_int_equal(read("18446744073709551616"), SCR_ERR_PARAM_RANGE);
    assert_int_equal(read("-9223372036854775809"), SCR_ERR_PARAM_RANGE);
    assert_true(seed == 99);
}

static void any_other_text_is_hashed(void **state)
{
    (void)state;
    assert_word("Anna");
    assert_word("007");
    assert_word("1.5");
    assert_word("-");
    assert_word("-007");
    assert_word("Random");
    assert_word("\xc3\xa4");
}

static void random_is_left_to_the_caller(void **state)
{
    (void)state;
    assert_int_equal(read("random"), SCR_OK);
    assert_true(fresh && seed == 99);
}

static void length_has_two_edges(void **state)
{
    (void)state;
    char text[66];
    memset(text, 'a', sizeof text);
    assert_int_equal(read(""), SCR_ERR_PARAM_SYNTAX);
    assert_word("a");
    text[64] = '\0';
    assert_word(text);
    text[64] = 'a';
    text[65] = '\0';
    assert_int_equal(read(text), SCR_ERR_PARAM_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_stand_for_themselves),
        cmocka_unit_test(numbers_too_large_are_not_words),
        cmocka_unit_test(any_other_text_is_hashed),
        cmocka_unit_test(random_is_left_to_the_caller),
        cmocka_unit_test(length_has_two_edges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
