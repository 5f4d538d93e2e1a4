/*
 * tests/unit/json/writer_test.c - JSON that any reader accepts, whatever goes in.
 * Aim:    commas, nesting, escapes, numbers, cutting, and what happens when it does not fit.
 * Method: exact texts for the small cases; jansson reads back every string of random bytes.
 */
#include "core/json/writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "tests/support/death.h"

static char chars[4096];
static struct scr_text text;
static struct scr_json_writer json;

static void begin(size_t capacity)
{
    scr_text_init(&text, chars, capacity);
    scr_json_writer_init(&json, &text);
}

static void commas_stand_between_and_nowhere_else(void **state)
{
    (void)state;
    begin(sizeof chars);
    scr_json_open_object(&json);
    scr_json_member_string(&json, "a", "b");
    scr_json_name(&json, "list");
    scr_json_open_array(&json);
    scr_json_open_array(&json);
    scr_json_close_array(&json);
    scr_json_u64(&json, UINT64_MAX);
    scr_json_i64(&json, INT64_MIN);
    scr_json_open_object(&json);
    scr_json_close_object(&json);
    scr_json_null(&json);
    scr_json_close_array(&json);
    scr_json_member_u64(&json, "n", 0);
    scr_json_member_real(&json, "r", -0.5);
    scr_json_name(&json, "t");
    scr_json_bool(&json, true);
    scr_json_name(&json, "f");
    assert_false(scr_json_is_complete(&json));
    scr_json_bool(&json, false);
    scr_json_name(&json, "x");
    scr_json_number_text(&json, "1.50");
    scr_json_close_object(&json);
    assert_true(scr_json_is_complete(&json));
    assert_string_equal(chars,
                        "{\"a\":\"b\",\"list\":[[],18446744073709551615,-9223372036854775808,{},"
                        "null],\"n\":0,\"r\":-0.5,\"t\":true,\"f\":false,\"x\":1.50}");
}

static const char *written(const char *bytes, size_t count)
{
    begin(sizeof chars);
    scr_json_string_cut(&json, bytes, count, SIZE_MAX);
    assert_true(scr_json_is_complete(&json));
    return chars;
}

static void what_json_forbids_is_escaped(void **state)
{
    (void)state;
    assert_string_equal(written("\"\\/", 3), "\"\\\"\\\\/\"");
    assert_string_equal(written("\n\r\t", 3), "\"\\n\\r\\t\"");
    assert_string_equal(written("\0\x1f\x7f\x1b", 4), "\"\\u0000\\u001f\\u007f\\u001b\"");
    assert_string_equal(written("\xc3\xa4\xf0\x9f\x98\xb1", 6), "\"\xc3\xa4\xf0\x9f\x98\xb1\"");
    assert_string_equal(written("\xc0\x80", 2), "\"\\ufffd\\ufffd\"");
    assert_string_equal(written("a\xe2\x82", 3), "\"a\\ufffd\\ufffd\"");
    assert_string_equal(written("", 0), "\"\"");
    begin(sizeof chars);
    scr_json_string(&json, NULL);
    assert_string_equal(chars, "null");
}

static void a_cut_never_splits_a_character(void **state)
{
    (void)state;
    const char *expected[] = {"\"\"", "\"a\"", "\"a\"", "\"a\xc3\xa4\"", "\"a\xc3\xa4z\""};
    for (size_t cut = 0; cut < 5; cut += 1) {
        begin(sizeof chars);
        scr_json_string_cut(&json, "a\xc3\xa4z", 4, cut);
        assert_string_equal(chars, expected[cut]);
    }
}

static void numbers_that_json_lacks_are_null(void **state)
{
    (void)state;
    double infinite = 1e308 * 10;
    begin(sizeof chars);
    scr_json_open_array(&json);
    scr_json_real(&json, infinite);
    scr_json_real(&json, -infinite);
    scr_json_real(&json, infinite - infinite);
    scr_json_real(&json, 1e308);
    scr_json_close_array(&json);
    assert_string_equal(chars, "[null,null,null,1e+308]");
}

static void what_does_not_fit_is_told(void **state)
{
    (void)state;
    for (size_t capacity = 1; capacity <= 10; capacity += 1) {
        begin(capacity);
        scr_json_open_object(&json);
        scr_json_member_string(&json, "a", "bc");
        scr_json_close_object(&json);
        assert_int_equal(text.overflow, capacity < 11); /* {"a":"bc"} and its terminator */
        assert_true(strlen(chars) < capacity);
    }
}

static void random_bytes_are_read_back(void **state)
{
    (void)state;
    unsigned seed = 20261;
    print_message("seed %u\n", seed);
    for (unsigned round = 0; round < 20000; round += 1) {
        char bytes[24];
        size_t count = round % sizeof bytes;
        for (size_t i = 0; i < count; i += 1) {
            seed = seed * 1103515245U + 12345U;
            bytes[i] = (char)(seed >> 16);
        }
        json_error_t error;
        json_t *read = json_loads(written(bytes, count), JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
        assert_non_null(read);
        assert_true(json_is_string(read));
        json_decref(read);
    }
}

static void close_unopened(void *context)
{
    (void)context;
    begin(sizeof chars);
    scr_json_close_object(&json);
}

static void close_as_other(void *context)
{
    (void)context;
    begin(sizeof chars);
    scr_json_open_array(&json);
    scr_json_close_object(&json);
}

static void value_without_name(void *context)
{
    (void)context;
    begin(sizeof chars);
    scr_json_open_object(&json);
    scr_json_u64(&json, 1);
}

static void name_in_array(void *context)
{
    (void)context;
    begin(sizeof chars);
    scr_json_open_array(&json);
    scr_json_name(&json, "a");
}

static void two_values(void *context)
{
    (void)context;
    begin(sizeof chars);
    scr_json_u64(&json, 1);
    scr_json_u64(&json, 2);
}

static void nest(unsigned depth)
{
    begin(sizeof chars);
    for (unsigned i = 0; i < depth; i += 1) {
        scr_json_open_array(&json);
    }
    for (unsigned i = 0; i < depth; i += 1) {
        scr_json_close_array(&json);
    }
}

static void nest_too_deep(void *context)
{
    (void)context;
    nest(SCR_JSON_DEPTH_MAX + 1);
}

static void our_own_mistakes_abort(void **state)
{
    (void)state;
    assert_dies(close_unopened, NULL);
    assert_dies(close_as_other, NULL);
    assert_dies(value_without_name, NULL);
    assert_dies(name_in_array, NULL);
    assert_dies(two_values, NULL);
    assert_dies(nest_too_deep, NULL);
    nest(SCR_JSON_DEPTH_MAX);
    assert_true(scr_json_is_complete(&json));
    assert_int_equal(strlen(chars), 2 * SCR_JSON_DEPTH_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commas_stand_between_and_nowhere_else),
        cmocka_unit_test(what_json_forbids_is_escaped),
        cmocka_unit_test(a_cut_never_splits_a_character),
        cmocka_unit_test(numbers_that_json_lacks_are_null),
        cmocka_unit_test(what_does_not_fit_is_told),
        cmocka_unit_test(random_bytes_are_read_back),
        cmocka_unit_test(our_own_mistakes_abort),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
