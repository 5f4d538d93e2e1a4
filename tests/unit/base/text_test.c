/*
 * tests/unit/base/text_test.c - bounded text.
 * Aim:    what is appended is right to the character; what does not fit is dropped whole and the
 *         text before it stands; reals come back equal from the shortest form.
 * Method: known rows, both edges of the capacity for every kind of value; random doubles against
 *         snprintf and strtod (seed printed). Edit distances are in text_distance_test.c.
 */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "core/base/text.h"
#include "tests/support/death.h"

static char storage[256];

static struct scr_text fresh(void)
{
    struct scr_text text;
    scr_text_init(&text, storage, sizeof storage);
    return text;
}

static void two_empty_strings_stay_apart(void **state)
{
    (void)state;
    char chars[8];
    struct scr_text text;
    scr_text_init(&text, chars, sizeof chars);
    const char *empty = scr_text_next(&text);
    const char *full = scr_text_next(&text);
    scr_text_put(&text, "x");
    assert_string_equal(empty, "");
    assert_string_equal(full, "x");
}

static void test_appending(void **state)
{
    (void)state;
    struct scr_text text = fresh();
    assert_string_equal(scr_text_view(&text), "");
    scr_text_put(&text, "one ");
    scr_text_put_bytes(&text, "two three", 4);
    scr_text_put_char(&text, '!');
    scr_text_put(&text, "");
    scr_text_put_bytes(&text, NULL, 0);
    assert_string_equal(scr_text_view(&text), "one two !");
    assert_int_equal(text.used, 9);
    assert_false(text.overflow);
}

static void test_integers(void **state)
{
    (void)state;
    struct scr_text text = fresh();
    scr_text_put_u64(&text, 0);
    scr_text_put_char(&text, ' ');
    scr_text_put_u64(&text, 10);
    scr_text_put_char(&text, ' ');
    scr_text_put_u64(&text, UINT64_MAX);
    scr_text_put_char(&text, ' ');
    scr_text_put_i64(&text, INT64_MIN);
    scr_text_put_char(&text, ' ');
    scr_text_put_i64(&text, -1);
    scr_text_put_char(&text, ' ');
    scr_text_put_i64(&text, 0);
    scr_text_put_char(&text, ' ');
    scr_text_put_i64(&text, INT64_MAX);
    assert_string_equal(scr_text_view(&text),
                        "0 10 18446744073709551615 -9223372036854775808 -1 0 "
                        "9223372036854775807");
}

static void test_padding(void **state)
{
    (void)state;
    static const struct {
        uint64_t value;
        unsigned digits;
        const char *out;
    } rows[] = {
        {0, 0, "0"},
        {0, 1, "0"},
        {0, 3, "000"},
        {7, 3, "007"},
        {999, 3, "999"},
        {1000, 3, "1000"},
        {1, 20, "00000000000000000001"},
        {UINT64_MAX, 20, "18446744073709551615"},
        {UINT64_MAX, 0, "18446744073709551615"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i += 1) {
        struct scr_text text = fresh();
        scr_text_put_u64_padded(&text, rows[i].value, rows[i].digits);
        assert_string_equal(scr_text_view(&text), rows[i].out);
    }
}

static const char *real(double value)
{
    struct scr_text text = fresh();
    scr_text_put_real(&text, value);
    assert_false(text.overflow);
    assert_true(text.used < SCR_REAL_CHARS_MAX);
    return scr_text_view(&text);
}

static void test_known_reals(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *out;
    } rows[] = {
        {0.0, "0"},
        {1.0, "1"},
        {-1.0, "-1"},
        {10.0, "10"},
        {0.5, "0.5"},
        {0.1, "0.1"},
        {0.001, "0.001"},
        {0.0005, "0.0005"},
        {0.0015, "0.0015"},
        {12.34, "12.34"},
        {123.405, "123.405"},
        {1200.0, "1200"},
        {999999999.999, "999999999.999"},
        {999999999.9999, "999999999.9999"},
        {1e9, "1000000000"},
        {-0.1, "-0.1"},
        {0.30000000000000004, "0.30000000000000004"},
        {1200.0, "1200"},
        {1500.5, "1500.5"},
        {48000.0, "48000"},
        {-20000.0, "-20000"},
        {123456.0, "123456"},
        {1e6, "1000000"},
        {1e14, "100000000000000"},
        {999999999999999.0, "999999999999999"},
        {-1e14, "-100000000000000"},
        {1e15, "1e+15"},
        {1e21, "1e+21"},
        {9007199254740993.0, "9007199254740992"},
        {0.001, "0.001"},
        {0.0001, "0.0001"},
        {0.00001, "1e-05"},
        {1.5e-7, "1.5e-07"},
        {1.0 / 3.0, "0.3333333333333333"},
        {DBL_MAX, "1.7976931348623157e+308"},
        {-DBL_MAX, "-1.7976931348623157e+308"},
        {DBL_MIN, "2.2250738585072014e-308"},
        {DBL_TRUE_MIN, "5e-324"},
        {DBL_EPSILON, "2.220446049250313e-16"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i += 1) {
        assert_string_equal(real(rows[i].value), rows[i].out);
    }
}

/* Significant digits of a written number: what is left without sign, point, exponent, zeros. */
static int significant_digits(const char *text)
{
    int count = 0;
    int zeros = 0;
    for (; *text != '\0' && *text != 'e'; text += 1) {
        if (*text == '0') {
            zeros += count > 0 ? 1 : 0;
        } else if (*text >= '1' && *text <= '9') {
            count += zeros + 1;
            zeros = 0;
        }
    }
    return count;
}

static void check_real(double value)
{
    const char *out = real(value);
    char *end = NULL;
    double back = strtod(out, &end);
    assert_int_equal(*end, '\0');
    if (!(back == value)) {
        print_error("%.17g came back from %s\n", value, out);
        fail();
    }
    int digits = significant_digits(out);
    if (digits > 1) {
        char shorter[64];
        (void)snprintf(shorter, sizeof shorter, "%.*e", digits - 2, value);
        assert_true(strtod(shorter, NULL) != value);
    }
}

static void test_random_reals(void **state)
{
    (void)state;
    uint64_t seed = (uint64_t)time(NULL);
    print_message("seed %llu\n", (unsigned long long)seed);
    for (int i = 0; i < 20000; i += 1) {
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        double any;
        memcpy(&any, &seed, sizeof any);
        if (isfinite(any)) {
            check_real(any);
        }
        /* And as people write them: few digits, and whole numbers. */
        check_real((double)(seed >> 44) / 1000.0);
        check_real((double)(int64_t)seed);
        check_real(floor((double)(seed >> 34)));
    }
}

static void test_hex(void **state)
{
    (void)state;
    struct scr_text text = fresh();
    scr_text_put_hex(&text, (const uint8_t *)"\x00\x01\x7f\x80\xff\xab", 6);
    scr_text_put_hex(&text, NULL, 0);
    assert_string_equal(scr_text_view(&text), "00017f80ffab");
}

static void put_kind(struct scr_text *text, int kind)
{
    switch (kind) {
    case 0:
        scr_text_put(text, "abc");
        break;
    case 1:
        scr_text_put_bytes(text, "abcdef", 3);
        break;
    case 2:
        scr_text_put_char(text, 'a');
        break;
    case 3:
        scr_text_put_u64(text, 12345);
        break;
    case 4:
        scr_text_put_i64(text, -12345);
        break;
    case 5:
        scr_text_put_u64_padded(text, 5, 5);
        break;
    case 6:
        scr_text_put_real(text, 0.25);
        break;
    default:
        scr_text_put_hex(text, (const uint8_t *)"\xab\xcd", 2);
        break;
    }
}

/* With exactly enough room all of it is there; with less, for every size, nothing of it. */
static void test_both_edges(void **state)
{
    (void)state;
    static const size_t sizes[] = {3, 3, 1, 5, 6, 5, 4, 4};
    for (int kind = 0; kind < 8; kind += 1) {
        char chars[32];
        struct scr_text text;
        memset(chars, 'Z', sizeof chars);
        scr_text_init(&text, chars, 2 + sizes[kind] + 1);
        scr_text_put(&text, "=>");
        put_kind(&text, kind);
        assert_false(text.overflow);
        assert_int_equal(text.used, 2 + sizes[kind]);
        assert_int_equal(strlen(chars), text.used);
        assert_int_equal(chars[2 + sizes[kind] + 1], 'Z');
        for (size_t room = 0; room < sizes[kind]; room += 1) {
            memset(chars, 'Z', sizeof chars);
            scr_text_init(&text, chars, 2 + room + 1);
            scr_text_put(&text, "=>");
            put_kind(&text, kind);
            assert_true(text.overflow);
            assert_string_equal(scr_text_view(&text), "=>");
            assert_int_equal(text.used, 2);
            assert_int_equal(chars[2 + room + 1], 'Z');
        }
    }
}

static void test_overflow_is_remembered(void **state)
{
    (void)state;
    char chars[4];
    struct scr_text text;
    scr_text_init(&text, chars, sizeof chars);
    scr_text_put(&text, "ab");
    scr_text_put(&text, "cd");
    assert_true(text.overflow);
    scr_text_put_char(&text, 'c');
    scr_text_put_i64(&text, -1);
    scr_text_put_hex(&text, (const uint8_t *)"\1", 1);
    assert_string_equal(scr_text_view(&text), "ab");
    scr_text_init(&text, chars, 1);
    assert_string_equal(scr_text_view(&text), "");
    scr_text_put_char(&text, 'a');
    assert_true(text.overflow);
    assert_string_equal(scr_text_view(&text), "");
}

static void test_next_shares_storage(void **state)
{
    (void)state;
    struct scr_text text = fresh();
    const char *first = scr_text_next(&text);
    scr_text_put(&text, "first");
    const char *second = scr_text_next(&text);
    scr_text_put(&text, "second");
    const char *empty = scr_text_next(&text);
    const char *last = scr_text_next(&text);
    scr_text_put_u64(&text, 4);
    assert_string_equal(first, "first");
    assert_string_equal(second, "second");
    assert_string_equal(empty, "");
    assert_string_equal(last, "4");
    assert_true(empty != last);
    assert_false(text.overflow);
}

static void test_next_at_the_edge(void **state)
{
    (void)state;
    char chars[8];
    struct scr_text text;
    /* One byte behind the terminator: an empty string fits there, a character no more. */
    scr_text_init(&text, chars, 5);
    scr_text_put(&text, "abc");
    const char *next = scr_text_next(&text);
    assert_false(text.overflow);
    assert_string_equal(next, "");
    scr_text_put_char(&text, 'x');
    assert_true(text.overflow);
    assert_string_equal(chars, "abc");
    assert_string_equal(next, "");
    /* No byte behind it: an overflow, and still something terminated to point at. */
    chars[5] = 'Z';
    scr_text_init(&text, chars, 4);
    scr_text_put(&text, "abc");
    next = scr_text_next(&text);
    assert_true(text.overflow);
    assert_string_equal(next, "");
    assert_string_equal(chars, "abc");
}

static void test_equal(void **state)
{
    (void)state;
    assert_true(scr_text_equal("", 0, ""));
    assert_true(scr_text_equal("abcd", 3, "abc"));
    assert_false(scr_text_equal("abcd", 4, "abc"));
    assert_false(scr_text_equal("ab", 2, "abc"));
    assert_false(scr_text_equal("abd", 3, "abc"));
    assert_false(scr_text_equal("ABC", 3, "abc"));
    assert_false(scr_text_equal("ab\0", 3, "ab"));
}

static void init_wrongly(void *context)
{
    struct scr_text text;
    scr_text_init(&text, context, context != NULL ? 0 : 1);
}

static void pad_too_much(void *context)
{
    struct scr_text text;
    scr_text_init(&text, context, 64);
    scr_text_put_u64_padded(&text, 1, 21);
}

static void test_mistakes_die(void **state)
{
    (void)state;
    char chars[64];
    assert_dies(init_wrongly, chars);
    assert_dies(init_wrongly, NULL);
    assert_dies(pad_too_much, chars);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_empty_strings_stay_apart),
        cmocka_unit_test(test_appending),
        cmocka_unit_test(test_integers),
        cmocka_unit_test(test_padding),
        cmocka_unit_test(test_known_reals),
        cmocka_unit_test(test_random_reals),
        cmocka_unit_test(test_hex),
        cmocka_unit_test(test_both_edges),
        cmocka_unit_test(test_overflow_is_remembered),
        cmocka_unit_test(test_next_shares_storage),
        cmocka_unit_test(test_next_at_the_edge),
        cmocka_unit_test(test_equal),
        cmocka_unit_test(test_mistakes_die),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
