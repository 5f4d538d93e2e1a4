/*
 * tests/api/routes_test.c - targets, paths and methods.
 * Aim:    each row of the route table is found on its side, near misses are not, and targets are
 *         cut right.
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
    return scr_route_find(SCR_SIDE_BOTH, path, strlen(path));
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
        assert_true(info->side == SCR_SIDE_PUBLIC || info->side == SCR_SIDE_ADMIN);
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

static bool is_found(enum scr_side side, const char *path)
{
    return scr_route_find(side, path, strlen(path)) != SCR_ROUTE_NONE;
}

static void every_route_has_one_side(void **state)
{
    (void)state;
    static const char *const admin[] = {"/livez", "/readyz", "/startupz", "/metrics"};
    size_t count = 0;
    for (unsigned route = SCR_ROUTE_NONE + 1; route < SCR_ROUTE_COUNT; route += 1) {
        const struct scr_route_info *info = scr_route_info((enum scr_route)route);
        const char *path = strchr(info->path, '{') == NULL ? info->path : "/problems/not-found";
        bool is_admin = info->side == SCR_SIDE_ADMIN;
        assert_int_equal(is_found(SCR_SIDE_ADMIN, path), is_admin);
        assert_int_equal(is_found(SCR_SIDE_PUBLIC, path), !is_admin);
        count += is_admin ? 1 : 0;
    }
    assert_int_equal(count, sizeof admin / sizeof admin[0]);
    for (size_t i = 0; i < count; i += 1) {
        assert_true(is_found(SCR_SIDE_ADMIN, admin[i]));
    }
}

static void listeners_have_sides(void **state)
{
    (void)state;
    struct scr_service *service = calloc(1, sizeof *service);
    struct scr_request request = {0};
    assert_non_null(service);
    assert_int_equal(scr_side_of(service, &request), SCR_SIDE_BOTH);
    service->admin_apart = true;
    assert_int_equal(scr_side_of(service, &request), SCR_SIDE_PUBLIC);
    request.is_admin = true;
    assert_int_equal(scr_side_of(service, &request), SCR_SIDE_ADMIN);
    free(service);
}

static const char *missing(enum scr_side side, const char *path)
{
    static char detail[SCR_ROUTE_DETAIL_BYTES];
    struct scr_text text;
    scr_text_init(&text, detail, sizeof detail);
    scr_route_put_missing(side, path, strlen(path), &text);
    assert_false(text.overflow);
    return detail;
}

static void suggestions_are_near(void **state)
{
    (void)state;
    static const char nothing[] = "There is nothing at this address.";
    assert_string_equal(missing(SCR_SIDE_BOTH, "/scream.og"),
                        "There is nothing at this address. Did you mean /scream.ogg?");
    assert_string_equal(missing(SCR_SIDE_BOTH, "/preset"),
                        "There is nothing at this address. Did you mean /presets?");
    assert_string_equal(missing(SCR_SIDE_BOTH, "/metric"),
                        "There is nothing at this address. Did you mean /metrics?");
    static const char probes[] =
        "There is nothing at this address. Did you mean /livez or /readyz?";
    assert_string_equal(missing(SCR_SIDE_BOTH, "/health"), probes);
    assert_string_equal(missing(SCR_SIDE_BOTH, "/healthz"), probes);
    assert_string_equal(missing(SCR_SIDE_BOTH, "/healthy"), nothing);
    assert_string_equal(missing(SCR_SIDE_BOTH, "/"), nothing);
    assert_string_equal(missing(SCR_SIDE_BOTH, "/wp-login.php"), nothing);
}

/* Neither a port nor a path of the other side is told to strangers. */
static void suggestions_stay_on_their_side(void **state)
{
    (void)state;
    assert_string_equal(missing(SCR_SIDE_PUBLIC, "/metric"), "There is nothing at this address.");
    assert_string_equal(missing(SCR_SIDE_PUBLIC, "/metrics"),
                        "Health and metrics are answered on the admin port only.");
    assert_string_equal(missing(SCR_SIDE_PUBLIC, "/healthz"),
                        "Health and metrics are answered on the admin port only.");
    assert_string_equal(missing(SCR_SIDE_PUBLIC, "/preset"),
                        "There is nothing at this address. Did you mean /presets?");
    static const char served[] =
        "This port answers /livez, /readyz, /startupz, /metrics and nothing else.";
    assert_string_equal(missing(SCR_SIDE_ADMIN, "/scream.ogg"), served);
    assert_string_equal(missing(SCR_SIDE_ADMIN, "/"), served);
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
        cmocka_unit_test(every_route_has_one_side),
        cmocka_unit_test(listeners_have_sides),
        cmocka_unit_test(suggestions_are_near),
        cmocka_unit_test(suggestions_stay_on_their_side),
        cmocka_unit_test(methods_are_case_sensitive),
        cmocka_unit_test(targets_in_both_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
