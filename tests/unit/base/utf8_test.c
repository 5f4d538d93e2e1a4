/*
 * tests/unit/base/utf8_test.c - well-formed UTF-8 and nothing else.
 * Aim:    every character Unicode has is accepted with its length; surrogates, overlong forms,
 *         numbers beyond U+10FFFF, stray and missing continuations are not.
 * Method: all code points encoded by the bit pattern of RFC 3629; then every sequence of one, two
 *         and three bytes and many of four, against a decoder that checks by value, not by range.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/utf8.h"
#include "tests/support/death.h"

/* Writes the bit pattern for a number in so many bytes, needed or not. */
static void encode(uint32_t number, size_t count, char bytes[4])
{
    static const uint8_t marks[] = {0, 0x00, 0xc0, 0xe0, 0xf0};
    for (size_t i = count; i > 1; i -= 1) {
        bytes[i - 1] = (char)(0x80 | (number & 0x3f));
        number >>= 6;
    }
    bytes[0] = (char)(marks[count] | number);
}

static size_t bytes_needed(uint32_t number)
{
    return number < 0x80 ? 1 : number < 0x800 ? 2 : number < 0x10000 ? 3 : 4;
}

static void test_every_code_point(void **state)
{
    (void)state;
    for (uint32_t number = 0; number <= 0x1fffff; number += 1) {
        char bytes[4];
        size_t count = bytes_needed(number);
        bool is_right = number <= 0x10ffff && (number < 0xd800 || number > 0xdfff);
        encode(number, count, bytes);
        assert_int_equal(scr_utf8_character_bytes(bytes, count), is_right ? count : 0);
        assert_int_equal(scr_utf8_valid(bytes, count), is_right);
    }
}

static void test_overlong_forms(void **state)
{
    (void)state;
    for (uint32_t number = 0; number < 0x10000; number += number < 0x1000 ? 1 : 61) {
        for (size_t count = bytes_needed(number) + 1; count <= 4; count += 1) {
            char bytes[4];
            encode(number, count, bytes);
            assert_int_equal(scr_utf8_character_bytes(bytes, count), 0);
        }
    }
}

/* Decodes by value: length from the first byte, then the number, then whether it may be so. */
static size_t by_value(const uint8_t *bytes, size_t count)
{
    if (bytes[0] < 0x80) {
        return 1;
    }
    size_t length = (bytes[0] & 0xe0) == 0xc0   ? 2
                    : (bytes[0] & 0xf0) == 0xe0 ? 3
                    : (bytes[0] & 0xf8) == 0xf0 ? 4
                                                : 0;
    if (length == 0 || length > count) {
        return 0;
    }
    uint32_t number = bytes[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i += 1) {
        if ((bytes[i] & 0xc0) != 0x80) {
            return 0;
        }
        number = number << 6 | (bytes[i] & 0x3fu);
    }
    bool is_right = length == bytes_needed(number) && number <= 0x10ffff &&
                    (number < 0xd800 || number > 0xdfff);
    return is_right ? length : 0;
}

static void test_every_short_sequence(void **state)
{
    (void)state;
    for (uint32_t number = 0; number < 1u << 24; number += number < 1u << 16 ? 1 : 7) {
        const uint8_t bytes[3] = {(uint8_t)number, (uint8_t)(number >> 8), (uint8_t)(number >> 16)};
        for (size_t count = 1; count <= 3; count += 1) {
            size_t got = scr_utf8_character_bytes((const char *)bytes, count);
            if (got != by_value(bytes, count)) {
                print_error("%02x %02x %02x, %zu bytes\n", bytes[0], bytes[1], bytes[2], count);
                fail();
            }
        }
    }
    for (uint32_t number = 0; number < 1u << 24; number += 5) {
        const uint8_t bytes[4] = {(uint8_t)(0xf0 | (number & 0x0f)),
                                  (uint8_t)(number >> 4 & 0xff),
                                  (uint8_t)(number >> 12 & 0xff),
                                  (uint8_t)(0x70 + (number >> 17 & 0x7f))};
        assert_int_equal(scr_utf8_character_bytes((const char *)bytes, 4), by_value(bytes, 4));
    }
}

static void test_texts(void **state)
{
    (void)state;
    static const char good[] = "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\xb1 z";
    static const size_t starts[] = {0, 1, 3, 6, 10, 11};
    for (size_t count = 0; count < sizeof good; count += 1) {
        bool is_start = count == sizeof good - 1;
        for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i += 1) {
            is_start = is_start || count == starts[i];
        }
        assert_int_equal(scr_utf8_valid(good, count), is_start);
    }
    assert_true(scr_utf8_valid(NULL, 0));
    assert_true(scr_utf8_valid("a\0b", 3));
    assert_false(scr_utf8_valid("a\x80", 2));
    assert_false(scr_utf8_valid("\xfe", 1));
    assert_false(scr_utf8_valid("\xff", 1));
    assert_false(scr_utf8_valid("ok\xc0\x80ok", 6));
}

static void ask_of_nothing(void *context)
{
    (void)scr_utf8_character_bytes(context, 0);
}

static void test_mistakes_die(void **state)
{
    (void)state;
    char byte = 'a';
    assert_dies(ask_of_nothing, &byte);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_code_point),
        cmocka_unit_test(test_overlong_forms),
        cmocka_unit_test(test_every_short_sequence),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_mistakes_die),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
