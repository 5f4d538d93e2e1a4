/*
 * tests/api/routes_test.c - targets, paths and methods.
 * Aim:    each row of the route table is found, near misses are not, and targets are cut right.
 * Method: the table itself, then literals.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/routes.h"

static enum scr_route find(const char *path)
{
    return scr_route_find(path, strlen(path));
}

static void every_row_is_found(void **state)
{
    (void)state;
    for (unsigned route = SCR_ROUTE_NONE + 1; route < SCR_ROUTE_COUNT; route += 1) {
        const struct scr_route_info *info = scr_route_info((enum scr_route)route);
        if (strchr(info->path, '{') == NULL) {
            assert_int_equal(find(info->path), route);
        }
        assert_string_equal(scr_route_label((enum scr_route)route), info->path);
        assert_string_equal(info->allow, "GET, HEAD, OPTIONS");
        assert_non_null(info->handler);
    }
    assert_int_equal(find("/problems/not-found"), SCR_ROUTE_PROBLEM);
    assert_string_equal(scr_route_label(SCR_ROUTE_NONE), "none");
}

static void near_misses_are_not(void **state)
{
    (void)state;
    const char *const paths[] = {"",
                                 "/",
                                 "/scream.ogg/",
                                 "//scream.ogg",
                                 "/Scream.ogg",
                                 "/scream%2Eogg",
                                 "/./scream.ogg",
                                 "/scream.og",
                                 "scream.ogg",
                                 "/problems",
                                 "/problems/",
                                 "/problems/a/b",
                                 "/scream.ogg%00",
                                 "*"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i += 1) {
        assert_int_equal(find(paths[i]), SCR_ROUTE_NONE);
    }
}

static void suggestions_are_near(void **state)
{
    (void)state;
    assert_string_equal(scr_route_nearest("/scream.og", 10), "/scream.ogg");
    assert_string_equal(scr_route_nearest("/preset", 7), "/presets");
    assert_null(scr_route_nearest("/", 1));
    assert_null(scr_route_nearest("/wp-login.php", 13));
}

static void methods_are_case_sensitive(void **state)
{
    (void)state;
    assert_int_equal(scr_method_of("GET"), SCR_METHOD_GET);
    assert_int_equal(scr_method_of("HEAD"), SCR_METHOD_HEAD);
    assert_int_equal(scr_method_of("OPTIONS"), SCR_METHOD_OPTIONS);
    assert_int_equal(scr_method_of("PATCH"), SCR_METHOD_KNOWN);
    assert_int_equal(scr_method_of("get"), SCR_METHOD_UNKNOWN);
    assert_int_equal(scr_method_of("BREW"), SCR_METHOD_UNKNOWN);
    assert_int_equal(scr_method_of(""), SCR_METHOD_UNKNOWN);
    assert_string_equal(scr_method_label(SCR_METHOD_GET), "GET");
    assert_string_equal(scr_method_label(SCR_METHOD_HEAD), "HEAD");
    assert_string_equal(scr_method_label(SCR_METHOD_OPTIONS), "OPTIONS");
    assert_string_equal(scr_method_label(SCR_METHOD_UNKNOWN), "other");
}

static void check_split(const char *target, const char *path, const char *query)
{
    struct scr_target split = scr_target_split(target);
    assert_int_equal(split.path_bytes, strlen(path));
    assert_memory_equal(split.path, path, split.path_bytes);
    assert_string_equal(split.query, query);
}

static void targets_in_both_forms(void **state)
{
    (void)state;
    check_split("/a?b?c", "/a", "b?c");
    check_split("/a?", "/a", "");
    check_split("/a", "/a", "");
    check_split("http://host:80/a?b", "/a", "b");
    check_split("HTTPS://host", "/", "");
    check_split("http://host?q", "/", "q");
    check_split("*", "*", "");
    check_split("", "/", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_found),
        cmocka_unit_test(near_misses_are_not),
        cmocka_unit_test(suggestions_are_near),
        cmocka_unit_test(methods_are_case_sensitive),
        cmocka_unit_test(targets_in_both_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
