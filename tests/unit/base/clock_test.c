/*
 * tests/unit/base/clock_test.c - time as an interface, and the two clocks of the system behind it.
 * Aim:    an injected clock is read with its own context; the monotonic clock never goes back; the
 *         wall clock is in microseconds since 1970.
 * Method: readings are put between two readings of the system: order decides, never duration.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "core/base/clock.h"

static int64_t stepping_now_ns(void *context)
{
    int64_t *now_ns = context;
    *now_ns += 7;
    return *now_ns;
}

static void test_injected(void **state)
{
    (void)state;
    int64_t now_ns = 100;
    const struct scr_clock clock = {stepping_now_ns, &now_ns};
    assert_int_equal(scr_clock_now_ns(&clock), 107);
    assert_int_equal(scr_clock_now_ns(&clock), 114);
    assert_int_equal(now_ns, 114);
}

static int64_t read_ns(clockid_t id)
{
    struct timespec now;
    assert_int_equal(clock_gettime(id, &now), 0);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void test_monotonic(void **state)
{
    (void)state;
    const struct scr_clock *clock = scr_clock_monotonic();
    assert_non_null(clock);
    assert_ptr_equal(clock, scr_clock_monotonic());
    int64_t before = read_ns(CLOCK_MONOTONIC);
    for (int i = 0; i < 10000; i += 1) {
        int64_t now = scr_clock_now_ns(clock);
        assert_true(now >= before);
        before = now;
    }
    assert_true(read_ns(CLOCK_MONOTONIC) >= before);
}

static void test_wall(void **state)
{
    (void)state;
    int64_t before_us = read_ns(CLOCK_REALTIME) / 1000;
    int64_t now_us = scr_clock_wall_us();
    int64_t after_us = read_ns(CLOCK_REALTIME) / 1000;
    assert_true(before_us <= now_us && now_us <= after_us);
    assert_true(now_us > INT64_C(1577836800000000)); /* 2020: seconds would be far below */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_injected),
        cmocka_unit_test(test_monotonic),
        cmocka_unit_test(test_wall),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
