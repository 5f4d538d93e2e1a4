/*
 * tests/unit/base/log_quota_test.c - a flood of lines is thinned out, and says how much is missing.
 * Aim:    so many a second pass and not one more; what was left out is told exactly once.
 * Method: times are given, so nothing waits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/log_quota.h"

#define SECOND_NS INT64_C(1000000000)
#define UNTOUCHED 77

static unsigned take_many(struct scr_log_quota *quota, int64_t now_ns, unsigned asks)
{
    unsigned passed = 0;
    for (unsigned i = 0; i < asks; i++) {
        uint64_t suppressed = UNTOUCHED;
        passed += scr_log_quota_take(quota, now_ns, &suppressed) ? 1 : 0;
    }
    return passed;
}

static void test_so_many_a_second(void **state)
{
    (void)state;
    struct scr_log_quota quota;
    scr_log_quota_init(&quota, 3);
    assert_int_equal(take_many(&quota, 0, 3), 3);
    assert_int_equal(take_many(&quota, SECOND_NS - 1, 1000), 0);
    assert_int_equal(take_many(&quota, SECOND_NS, 4), 3);
    assert_int_equal(take_many(&quota, 5 * SECOND_NS, 4), 3);
}

static void test_what_is_missing_is_told_once(void **state)
{
    (void)state;
    struct scr_log_quota quota;
    uint64_t suppressed = UNTOUCHED;
    scr_log_quota_init(&quota, 1);
    assert_true(scr_log_quota_take(&quota, 7, &suppressed));
    assert_int_equal(suppressed, 0);
    suppressed = UNTOUCHED;
    for (int i = 0; i < 12; i++) {
        assert_false(scr_log_quota_take(&quota, 8, &suppressed));
        assert_int_equal(suppressed, UNTOUCHED);
    }
    assert_true(scr_log_quota_take(&quota, SECOND_NS, &suppressed));
    assert_int_equal(suppressed, 12);
    assert_true(scr_log_quota_take(&quota, 2 * SECOND_NS, &suppressed));
    assert_int_equal(suppressed, 0);
}

/* A line of another kind may tell it instead; then it is told. */
static void test_what_is_missing_can_be_collected(void **state)
{
    (void)state;
    struct scr_log_quota quota;
    uint64_t suppressed = UNTOUCHED;
    scr_log_quota_init(&quota, 2);
    assert_int_equal(scr_log_quota_collect(&quota), 0);
    assert_int_equal(take_many(&quota, 7, 9), 2);
    assert_int_equal(scr_log_quota_collect(&quota), 7);
    assert_int_equal(scr_log_quota_collect(&quota), 0);
    assert_true(scr_log_quota_take(&quota, SECOND_NS, &suppressed));
    assert_int_equal(suppressed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_so_many_a_second),
        cmocka_unit_test(test_what_is_missing_is_told_once),
        cmocka_unit_test(test_what_is_missing_can_be_collected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
