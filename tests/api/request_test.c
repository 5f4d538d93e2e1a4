/*
 * tests/api/request_test.c - headers that may stand once.
 * Aim:    absent, once, twice.
 * Method: a header source of literals.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/request.h"

struct lines {
    const char *name;
    const char *values[3];
};

static void find(void *source, const char *name, scr_header_visit_fn *visit, void *visitor)
{
    const struct lines *lines = source;
    for (size_t i = 0; i < 3 && lines->values[i] != NULL; i += 1) {
        if (strcmp(lines->name, name) == 0) {
            visit(visitor, lines->values[i]);
        }
    }
}

static void repetition_is_told(void **state)
{
    (void)state;
    struct lines lines = {.name = "Range", .values = {"a", "b"}};
    struct scr_request request = {.headers = find, .headers_source = &lines};
    bool repeated = false;
    assert_string_equal(scr_request_header(&request, "Range", &repeated), "a");
    assert_true(repeated);
    lines.values[1] = NULL;
    assert_string_equal(scr_request_header(&request, "Range", &repeated), "a");
    assert_false(repeated);
    assert_null(scr_request_header(&request, "If-Range", &repeated));
    assert_false(repeated);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(repetition_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
