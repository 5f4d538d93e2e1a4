/*
 * tests/api/percent_test.c - query components, decoded strictly.
 * Aim:    what is well-formed comes through; controls, raw bytes and malformed UTF-8 never do.
 * Method: literals for each rule, every single byte raw and escaped, both edges of the capacity,
 *         and a round trip of every encodable character.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/percent.h"

static char chars[64];

static enum scr_err decode(const char *raw)
{
    return scr_percent_decode(raw, strlen(raw), chars, sizeof chars);
}

static void well_formed_text_comes_through(void **state)
{
    (void)state;
    assert_int_equal(decode(""), SCR_OK);
    assert_string_equal(chars, "");
    assert_int_equal(decode("a+b%20c%2Bd"), SCR_OK);
    assert_string_equal(chars, "a b c+d");
    assert_int_equal(decode("%c3%A4%F0%9F%98%B1"), SCR_OK);
    assert_string_equal(chars, "\xc3\xa4\xf0\x9f\x98\xb1");
}

static void malformed_text_does_not(void **state)
{
    (void)state;
    const char *const bad[] = {"%",
                               "%4",
                               "a%",
                               "%zz",
                               "%4g",
                               "%00",
                               "%0a",
                               "%7f",
                               "%1F",
                               "%C0%80",
                               "%E0%80%80",
                               "%F0%80%80%80",
                               "%ED%A0%80",
                               "%F4%90%80%80",
                               "%80",
                               "%C3",
                               "\xd9\xa1",
                               " ",
                               "\t"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i += 1) {
        assert_int_equal(decode(bad[i]), SCR_ERR_QUERY_SYNTAX);
        assert_string_equal(chars, "");
    }
}

static void every_byte_is_judged(void **state)
{
    (void)state;
    static const char digits[] = "0123456789ABCDEF";
    for (unsigned byte = 0; byte < 256; byte += 1) {
        char raw[1] = {(char)byte};
        char escaped[4] = {'%', digits[byte >> 4], digits[byte & 15], '\0'};
        bool bare = byte >= 0x21 && byte <= 0x7e && byte != '%';
        bool coded = byte >= 0x20 && byte < 0x7f;
        assert_int_equal(scr_percent_decode(raw, 1, chars, sizeof chars) == SCR_OK, bare);
        assert_int_equal(decode(escaped) == SCR_OK, coded);
    }
}

static void the_capacity_holds_a_terminator(void **state)
{
    (void)state;
    char small[4];
    assert_int_equal(scr_percent_decode("a%62c", 5, small, sizeof small), SCR_OK);
    assert_string_equal(small, "abc");
    assert_int_equal(scr_percent_decode("abcd", 4, small, sizeof small), SCR_ERR_NO_SPACE);
    assert_string_equal(small, "");
}

static void what_is_encoded_reads_back(void **state)
{
    (void)state;
    char all[96];
    char encoded[400];
    char decoded[96];
    size_t count = 0;
    struct scr_text text;
    for (char c = 0x20; c < 0x7f; c += 1) {
        all[count] = c;
        count += 1;
    }
    all[count] = '\0';
    scr_text_init(&text, encoded, sizeof encoded);
    scr_percent_encode(&text, all);
    assert_false(text.overflow);
    assert_int_equal(scr_percent_decode(encoded, text.used, decoded, sizeof decoded), SCR_OK);
    assert_string_equal(decoded, all);
    scr_text_init(&text, encoded, sizeof encoded);
    scr_percent_encode(&text, "a-Z_0.~ +\xc3\xa4");
    assert_string_equal(encoded, "a-Z_0.~%20%2B%C3%A4");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(well_formed_text_comes_through),
        cmocka_unit_test(malformed_text_does_not),
        cmocka_unit_test(every_byte_is_judged),
        cmocka_unit_test(the_capacity_holds_a_terminator),
        cmocka_unit_test(what_is_encoded_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
