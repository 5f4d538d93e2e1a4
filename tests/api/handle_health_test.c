/*
 * tests/api/handle_health_test.c - GET /livez, /readyz and /startupz.
 * Aim:    what each says while starting, running and stopping.
 * Method: the two switches of the service in all positions.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/routes.h"
#include "tests/support/api_loopback.h"

static struct loopback loopback;

static int begin(void **state)
{
    (void)state;
    loopback_init(&loopback, 16, 4);
    return 0;
}

static int end(void **state)
{
    (void)state;
    loopback_deinit(&loopback);
    return 0;
}

#include <jansson.h>

static json_t *read_json(const char *path)
{
    struct body body = fetch(&loopback, path, NULL, 200);
    json_t *json = json_loadb((char *)body.bytes, body.count, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(json);
    body_free(&body);
    return json;
}

static const char *const paths[] = {"/livez", "/startupz", "/readyz"};

static void check(bool ready, bool draining, const bool well[3])
{
    atomic_store(&loopback.service->ready, ready);
    atomic_store(&loopback.service->draining, draining);
    for (size_t i = 0; i < 3; i += 1) {
        if (well[i]) {
            struct body body = fetch(&loopback, paths[i], NULL, 200);
            assert_string_equal((char *)body.bytes, "ok\n");
            body_free(&body);
        } else {
            free(fetch_problem(&loopback, "GET", paths[i], NULL, SCR_ERR_NOT_READY));
        }
    }
}

static void each_probe_has_its_meaning(void **state)
{
    (void)state;
    check(false, false, (const bool[]){true, false, false});
    check(true, false, (const bool[]){true, true, true});
    check(true, true, (const bool[]){true, true, false});
}

static void verbose_tells_more(void **state)
{
    (void)state;
    json_t *json = read_json("/readyz?a=b&verbose");
    assert_string_equal(json_string_value(json_object_get(json, "status")), "ok");
    assert_true(json_is_true(json_object_get(json, "started")));
    assert_true(json_is_false(json_object_get(json, "draining")));
    assert_int_equal(json_integer_value(json_object_get(json, "extentsTotal")), 1024);
    json_decref(json);
    json_decref(read_json("/livez?verbose=1"));
    struct body body = fetch(&loopback, "/livez?verbosely", NULL, 200);
    assert_string_equal((char *)body.bytes, "ok\n");
    body_free(&body);
}

/* With an admin listener: everything on its side, and there only. */
static void probes_move_to_the_admin_side(void **state)
{
    (void)state;
    static const char *const methods[] = {"GET", "HEAD", "OPTIONS", "POST"};
    loopback.service->admin_apart = true;
    for (size_t i = 0; i < 3; i += 1) {
        char *said = fetch_problem(&loopback, "GET", paths[i], NULL, SCR_ERR_NOT_FOUND);
        assert_non_null(strstr(said, "on the admin port only"));
        free(said);
        for (size_t j = 1; j < sizeof methods / sizeof methods[0]; j += 1) {
            struct reply reply;
            reply_open(&loopback, methods[j], paths[i], NULL, &reply);
            assert_int_equal(reply.response.status, 404);
            assert_int_equal(reply.response.route, SCR_ROUTE_NONE);
            reply_close(&reply);
        }
    }
    loopback.is_admin = true;
    check(true, false, (const bool[]){true, true, true});
    check(true, true, (const bool[]){true, true, false});
    free(fetch_problem(&loopback, "GET", "/scream.ogg?seed=1", NULL, SCR_ERR_NOT_FOUND));
    free(fetch_problem(&loopback, "GET", "/problems/not-found", NULL, SCR_ERR_NOT_FOUND));
    char *said = fetch_problem(&loopback, "POST", "/", NULL, SCR_ERR_NOT_FOUND);
    assert_non_null(strstr(said, "This port answers /livez, /readyz, /startupz, /metrics and"));
    free(said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_probe_has_its_meaning, begin, end),
        cmocka_unit_test_setup_teardown(verbose_tells_more, begin, end),
        cmocka_unit_test_setup_teardown(probes_move_to_the_admin_side, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
