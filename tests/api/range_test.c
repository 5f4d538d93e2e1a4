/*
 * tests/api/range_test.c - which bytes a Range header means.
 * Aim:    RFC 9110: first, suffix, open, one byte, beyond; everything unusual is the whole file.
 * Method: a table of headers for a file of 100 bytes; then every truncation of a list.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/range.h"

struct row {
    const char *header;
    enum scr_range_kind kind;
    uint64_t first;
    uint64_t length;
};

static const struct row rows[] = {
    {NULL, SCR_RANGE_WHOLE, 0, 100},
    {"bytes=0-", SCR_RANGE_PART, 0, 100},
    {"bytes=0-0", SCR_RANGE_PART, 0, 1},
    {"BYTES=5-9", SCR_RANGE_PART, 5, 5},
    {"bytes=99-", SCR_RANGE_PART, 99, 1},
    {"bytes=99-99", SCR_RANGE_PART, 99, 1},
    {"bytes=90-1000", SCR_RANGE_PART, 90, 10},
    {"bytes=0-99999999999999999999999", SCR_RANGE_PART, 0, 100},
    {"bytes=-1", SCR_RANGE_PART, 99, 1},
    {"bytes=-100", SCR_RANGE_PART, 0, 100},
    {"bytes=-101", SCR_RANGE_PART, 0, 100},
    {"bytes= 1-2 ,", SCR_RANGE_PART, 1, 2},
    {"bytes=,,3-4", SCR_RANGE_PART, 3, 2},
    {"bytes=100-", SCR_RANGE_UNSATISFIABLE, 0, 0},
    {"bytes=99999999999999999999999-", SCR_RANGE_UNSATISFIABLE, 0, 0},
    {"bytes=-0", SCR_RANGE_UNSATISFIABLE, 0, 0},
    {"bytes=0-1,5-6", SCR_RANGE_WHOLE, 0, 100},
    {"bytes=5-4", SCR_RANGE_WHOLE, 0, 100},
    {"bytes=", SCR_RANGE_WHOLE, 0, 100},
    {"bytes=,", SCR_RANGE_WHOLE, 0, 100},
    {"bytes=-", SCR_RANGE_WHOLE, 0, 100},
    {"bytes=1", SCR_RANGE_WHOLE, 0, 100},
    {"bytes=a-b", SCR_RANGE_WHOLE, 0, 100},
    {"bytes=1-2x", SCR_RANGE_WHOLE, 0, 100},
    {"bytes=--1", SCR_RANGE_WHOLE, 0, 100},
    {"bytes=0x1-2", SCR_RANGE_WHOLE, 0, 100},
    {"bytes =0-1", SCR_RANGE_WHOLE, 0, 100},
    {"seconds=0-1", SCR_RANGE_WHOLE, 0, 100},
    {"", SCR_RANGE_WHOLE, 0, 100},
};

static void each_header_has_its_meaning(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i += 1) {
        struct scr_range range = scr_range_read(rows[i].header, 100);
        if (range.kind != rows[i].kind || range.first != rows[i].first ||
            range.length != rows[i].length) {
            fail_msg("%s", rows[i].header);
        }
    }
}

static void every_truncation_is_safe(void **state)
{
    (void)state;
    static const char list[] = "bytes= 10-20 , 30-40,-5";
    for (size_t count = 0; count <= sizeof list - 1; count += 1) {
        char *exact = malloc(count + 1);
        assert_non_null(exact);
        memcpy(exact, list, count);
        exact[count] = '\0';
        struct scr_range range = scr_range_read(exact, 100);
        assert_true(range.first + range.length <= 100);
        free(exact);
    }
}

static void if_range_is_compared_strongly(void **state)
{
    (void)state;
    assert_true(scr_range_allowed(NULL, "\"a\""));
    assert_true(scr_range_allowed("\"a\"", "\"a\""));
    assert_false(scr_range_allowed("W/\"a\"", "\"a\""));
    assert_false(scr_range_allowed("\"b\"", "\"a\""));
    assert_false(scr_range_allowed("Fri, 20 Nov 2026 12:00:00 GMT", "\"a\""));
    assert_false(scr_range_allowed("", "\"a\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_header_has_its_meaning),
        cmocka_unit_test(every_truncation_is_safe),
        cmocka_unit_test(if_range_is_compared_strongly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
