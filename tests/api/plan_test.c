/*
 * tests/api/plan_test.c - what a query comes to.
 * Aim:    a plan from the table is the plan that would have been worked out; fresh sounds and
 *         errors are never remembered; formats and bounds keep apart.
 * Method: the same queries twice, with a table and without; whole answers through the loopback.
 */
#include "api/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/plan_table.h"
#include "tests/support/api_loopback.h"

static struct loopback loopback;

static int set_up(void **state)
{
    (void)state;
    loopback_init(&loopback, 16, 4);
    return scr_plan_table_create(&loopback.service->plans) == SCR_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    scr_plan_table_destroy(&loopback.service->plans);
    loopback_deinit(&loopback);
    return 0;
}

static struct scr_plan make(const char *text, enum scr_format format)
{
    struct scr_plan plan;
    struct scr_query_error error;
    assert_int_equal(scr_plan_make(loopback.service, text, format, &plan, &error), SCR_OK);
    assert_int_equal(plan.format, format);
    return plan;
}

static struct scr_plan make_without_table(const char *text, enum scr_format format)
{
    struct scr_plan_table *table = loopback.service->plans;
    loopback.service->plans = NULL;
    struct scr_plan plan = make(text, format);
    loopback.service->plans = table;
    return plan;
}

static void assert_same(const struct scr_plan *a, const struct scr_plan *b)
{
    assert_int_equal(a->fresh, b->fresh);
    assert_true(scr_key_equal(&a->key, &b->key));
    assert_int_equal(a->file_bytes, b->file_bytes);
    assert_string_equal(a->etag, b->etag);
    assert_memory_equal(&a->params, &b->params, sizeof a->params);
    assert_memory_equal(&a->query.order, &b->query.order, sizeof a->query.order);
    assert_int_equal(a->query.download, b->query.download);
}

static const char *const queries[] = {"seed=1",
                                      "preset=banshee",
                                      "preset=banshee&seed=42&duration=500ms&volume=0.5",
                                      "seed=1&download",
                                      "seed=1&download=0",
                                      "preset=classic&seed=-1&finish=raw&bitrate=64000",
                                      "seed=hello+world&engine=2"};

static void remembered_is_worked_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i += 1) {
        for (enum scr_format format = SCR_FORMAT_OGG; format < SCR_FORMAT_COUNT; format += 1) {
            struct scr_plan first = make(queries[i], format);
            struct scr_plan found;
            assert_true(scr_plan_table_find(loopback.service->plans, queries[i], format, &found));
            struct scr_plan second = make(queries[i], format);
            struct scr_plan alone = make_without_table(queries[i], format);
            assert_same(&first, &alone);
            assert_same(&first, &found);
            assert_same(&second, &alone);
        }
    }
}

static void fresh_is_fresh(void **state)
{
    (void)state;
    static const char *const fresh[] = {"", "preset=random", "preset=banshee&seed=random"};
    for (size_t i = 0; i < sizeof fresh / sizeof fresh[0]; i += 1) {
        struct scr_plan first = make(fresh[i], SCR_FORMAT_OGG);
        struct scr_plan second = make(fresh[i], SCR_FORMAT_OGG);
        assert_true(first.fresh && second.fresh);
        assert_string_equal(first.etag, "");
        assert_false(scr_key_equal(&first.key, &second.key));
        assert_false(
            scr_plan_table_find(loopback.service->plans, fresh[i], SCR_FORMAT_OGG, &first));
    }
}

static void errors_are_said_each_time(void **state)
{
    (void)state;
    static const char text[] = "seed=1&duration=900s";
    struct scr_plan plan = {.file_bytes = 77};
    for (int turn = 0; turn < 2; turn += 1) {
        struct scr_query_error error = {.err = SCR_OK};
        assert_int_equal(scr_plan_make(loopback.service, text, SCR_FORMAT_OGG, &plan, &error),
                         SCR_ERR_PARAM_RANGE);
        assert_int_equal(error.err, SCR_ERR_PARAM_RANGE);
        assert_string_equal(error.parameter, "duration");
        assert_int_equal(plan.file_bytes, 77);
    }
}

/* The second answer comes from the table, and is the first but for its id and its timing. */
static void answers_are_the_same(void **state)
{
    (void)state;
    static const char *const names[] = {"ETag",
                                        "Cache-Control",
                                        "X-Scream-Seed",
                                        "X-Scream-Engine",
                                        "Content-Disposition",
                                        "Content-Type",
                                        "Accept-Ranges"};
    static const char target[] = "/scream.ogg?preset=banshee&seed=42&duration=300ms";
    struct reply first;
    struct reply second;
    reply_open(&loopback, "GET", target, NULL, &first);
    reply_open(&loopback, "GET", target, NULL, &second);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i += 1) {
        assert_header(&second, names[i], reply_header(&first, names[i]));
    }
    struct body one = reply_body(&first, 1000);
    struct body other = reply_body(&second, 5000);
    assert_int_equal(one.count, other.count);
    assert_memory_equal(one.bytes, other.bytes, one.count);
    body_free(&one);
    body_free(&other);
    reply_close(&first);
    reply_close(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(remembered_is_worked_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(fresh_is_fresh, set_up, tear_down),
        cmocka_unit_test_setup_teardown(errors_are_said_each_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(answers_are_the_same, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
