/*
 * tests/api/number_test.c - numbers and durations, read strictly.
 * Aim:    the grammar of number.h and nothing beside it; both edges of every type.
 * Method: tables of good and bad texts; random doubles are written with 17 digits and read back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/number.h"

#include <stdio.h>

struct real_row {
    const char *text;
    double value;
};

static void reals_are_rounded_correctly(void **state)
{
    (void)state;
    const struct real_row rows[] = {{"0", 0},
                                    {"-0", 0},
                                    {"007", 7},
                                    {"-1.5", -1.5},
                                    {"1e3", 1000},
                                    {"1e+3", 1000},
                                    {"5e-1", 0.5},
                                    {"0.1", 0.1},
                                    {"-1e-400", 0.0},
                                    {"1e308", 1e308}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i += 1) {
        double value = -99;
        assert_int_equal(scr_number_real(rows[i].text, &value), SCR_OK);
        assert_memory_equal(&value, &rows[i].value, sizeof value); /* no minus zero either */
    }
}

static void random_reals_read_back(void **state)
{
    (void)state;
    uint64_t seed = 42;
    print_message("seed 42\n");
    for (unsigned i = 0; i < 10000; i += 1) {
        char chars[40];
        double value = 0;
        seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407U;
        double real = (double)(int64_t)seed / 1e9;
        snprintf(chars, sizeof chars, "%.17g", real);
        assert_int_equal(scr_number_real(chars, &value), SCR_OK);
        assert_memory_equal(&value, &real, sizeof value);
    }
}

static const char *const foreign[] = {
    "",   " 1", "1 ",  "+1",  "nan", "NAN",   "inf", "-inf", "infinity", "0x10",     "1,5",  "1.",
    ".5", "1e", "1e+", "--1", "1E3", "1e1.5", "1_0", "-",    "1f",       "\xd9\xa1", "1.5.1"};

static void nothing_else_is_a_number(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i += 1) {
        double real = 7;
        int64_t whole = 7;
        uint64_t natural = 7;
        assert_int_equal(scr_number_real(foreign[i], &real), SCR_ERR_PARAM_SYNTAX);
        assert_int_equal(scr_number_signed(foreign[i], &whole), SCR_ERR_PARAM_SYNTAX);
        assert_int_equal(scr_number_unsigned(foreign[i], &natural), SCR_ERR_PARAM_SYNTAX);
        assert_int_equal(scr_number_duration(foreign[i], &whole), SCR_ERR_PARAM_SYNTAX);
        assert_true(real == 7 && whole == 7 && natural == 7);
    }
    double real = 7;
    assert_int_equal(scr_number_real("1e309", &real), SCR_ERR_PARAM_RANGE);
    assert_int_equal(scr_number_real("-1e309", &real), SCR_ERR_PARAM_RANGE);
    assert_true(real == 7);
}

static void integers_hold_their_whole_range(void **state)
{
    (void)state;
    uint64_t natural = 7;
    int64_t whole = 7;
    assert_int_equal(scr_number_unsigned("18446744073709551615", &natural), SCR_OK);
    assert_true(natural == UINT64_MAX);
    assert_int_equal(scr_number_unsigned("18446744073709551616", &natural), SCR_ERR_PARAM_RANGE);
    assert_int_equal(scr_number_unsigned("-1", &natural), SCR_ERR_PARAM_SYNTAX);
    assert_int_equal(scr_number_signed("-9223372036854775808", &whole), SCR_OK);
    assert_true(whole == INT64_MIN);
    assert_int_equal(scr_number_signed("9223372036854775807", &whole), SCR_OK);
    assert_true(whole == INT64_MAX);
    assert_int_equal(scr_number_signed("9223372036854775808", &whole), SCR_ERR_PARAM_RANGE);
    assert_int_equal(scr_number_signed("-9223372036854775809", &whole), SCR_ERR_PARAM_RANGE);
    assert_int_equal(scr_number_signed("-0", &whole), SCR_OK);
    assert_true(whole == 0);
}

static void a_digit_flood_is_refused(void **state)
{
    (void)state;
    char digits[SCR_NUMBER_BYTES_MAX + 2];
    double real = 0;
    memset(digits, '0', sizeof digits);
    digits[SCR_NUMBER_BYTES_MAX] = '\0';
    assert_int_equal(scr_number_real(digits, &real), SCR_OK);
    digits[SCR_NUMBER_BYTES_MAX] = '0';
    digits[SCR_NUMBER_BYTES_MAX + 1] = '\0';
    assert_int_equal(scr_number_real(digits, &real), SCR_ERR_PARAM_SYNTAX);
}

struct duration_row {
    const char *text;
    int64_t ns;
};

static void durations_in_every_spelling(void **state)
{
    (void)state;
    const struct duration_row rows[] = {{"3", 3000000000},
                                        {"1.5", 1500000000},
                                        {"1e1", 10000000000},
                                        {"-0", 0},
                                        {"3s", 3000000000},
                                        {"500ms", 500000000},
                                        {"1m30s", 90000000000},
                                        {"1.5s", 1500000000},
                                        {"0.000000001s", 1},
                                        {"0.0000000009s", 0},
                                        {"1h0.5m", 3630000000000},
                                        {"-2s", -2000000000},
                                        {"7us", 7000},
                                        {"7\xc2\xb5s", 7000},
                                        {"7\xce\xbcs", 7000},
                                        {"9ns", 9},
                                        {"0.123456789", 123456789},
                                        {"300.000000001", 300000000001},
                                        {"0.9999999999h", 3599999999640}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i += 1) {
        int64_t ns = -1;
        assert_int_equal(scr_number_duration(rows[i].text, &ns), SCR_OK);
        assert_true(ns == rows[i].ns);
    }
}

static void durations_that_are_none(void **state)
{
    (void)state;
    const char *const bad[] = {"s", "3x", "3s5", "3 s", "1.s", ".5s", "+3s", "1e3s", "3ss", "3S"};
    int64_t ns = 7;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i += 1) {
        assert_int_equal(scr_number_duration(bad[i], &ns), SCR_ERR_PARAM_SYNTAX);
    }
    const char *const large[] = {"1e300",
                                 "9223372037s",
                                 "99999999999999999999s",
                                 "1e10",
                                 "9223372036s999999999ns",
                                 "2562048h"};
    for (size_t i = 0; i < sizeof large / sizeof large[0]; i += 1) {
        assert_int_equal(scr_number_duration(large[i], &ns), SCR_ERR_PARAM_RANGE);
    }
    assert_true(ns == 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reals_are_rounded_correctly),
        cmocka_unit_test(random_reals_read_back),
        cmocka_unit_test(nothing_else_is_a_number),
        cmocka_unit_test(integers_hold_their_whole_range),
        cmocka_unit_test(a_digit_flood_is_refused),
        cmocka_unit_test(durations_in_every_spelling),
        cmocka_unit_test(durations_that_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
