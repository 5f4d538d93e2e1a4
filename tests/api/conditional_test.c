/*
 * tests/api/conditional_test.c - lists of entity tags.
 * Aim:    weak and strong comparison, the star, several lines, and lists that are malformed.
 * Method: literals; the order of preconditions by requests that carry both headers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/conditional.h"

static void lists_are_searched_whole(void **state)
{
    (void)state;
    const char *const good[] = {"\"a\"", "\"b\", \"a\"", "*", " * ", "\"b\",,\"a\"", ", \"a\""};
    const char *const bad[] = {"",
                               "a",
                               "\"a",
                               "\"b\"",
                               "\"b\" \"a",
                               "*, \"a\"",
                               "\"\"",
                               "\"A\"",
                               "\"b\"\"a\"",
                               "\"b c\", \"a\"",
                               "w/\"a\""};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i += 1) {
        assert_true(scr_etag_list_has(good[i], "\"a\"", true));
        assert_true(scr_etag_list_has(good[i], "\"a\"", false));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i += 1) {
        assert_false(scr_etag_list_has(bad[i], "\"a\"", true));
    }
    assert_true(scr_etag_list_has("W/\"a\"", "\"a\"", true));
    assert_false(scr_etag_list_has("W/\"a\"", "\"a\"", false));
    assert_true(scr_etag_list_has("W/\"a\", \"a\"", "\"a\"", false));
}

struct given {
    const char *if_match[2];
    const char *if_none_match[2];
};

static void find(void *source, const char *name, scr_header_visit_fn *visit, void *visitor)
{
    const struct given *given = source;
    const char *const *values =
        strcmp(name, "If-Match") == 0 ? given->if_match : given->if_none_match;
    for (size_t i = 0; i < 2 && values[i] != NULL; i += 1) {
        visit(visitor, values[i]);
    }
}

static enum scr_precondition of(struct given given)
{
    struct scr_request request = {.headers = find, .headers_source = &given};
    return scr_precondition_of(&request, "\"a\"");
}

static void if_match_comes_before_if_none_match(void **state)
{
    (void)state;
    assert_int_equal(of((struct given){{NULL}, {NULL}}), SCR_PRECONDITION_GO_ON);
    assert_int_equal(of((struct given){{"\"a\""}, {NULL}}), SCR_PRECONDITION_GO_ON);
    assert_int_equal(of((struct given){{"\"b\"", "\"a\""}, {NULL}}), SCR_PRECONDITION_GO_ON);
    assert_int_equal(of((struct given){{"W/\"a\""}, {NULL}}), SCR_PRECONDITION_FAILED);
    assert_int_equal(of((struct given){{"\"b\""}, {"\"a\""}}), SCR_PRECONDITION_FAILED);
    assert_int_equal(of((struct given){{NULL}, {"W/\"a\""}}), SCR_PRECONDITION_NOT_MODIFIED);
    assert_int_equal(of((struct given){{NULL}, {"\"b\"", "*"}}), SCR_PRECONDITION_NOT_MODIFIED);
    assert_int_equal(of((struct given){{NULL}, {"\"b\""}}), SCR_PRECONDITION_GO_ON);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_searched_whole),
        cmocka_unit_test(if_match_comes_before_if_none_match),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
