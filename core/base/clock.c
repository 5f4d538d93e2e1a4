/*
 * core/base/clock.c - the system's clocks behind struct scr_clock.
 * Why:    the one file of core that reads time from the system.
 */
#include "core/base/clock.h"

#include <stddef.h>
#include <time.h>

#include "core/base/assert.h"

static int64_t monotonic_now_ns(void *context)
{
    (void)context;
    struct timespec now;
    int failed = clock_gettime(CLOCK_MONOTONIC, &now);
    SCR_ASSERT(failed == 0);
    return (int64_t)now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

const struct scr_clock *scr_clock_monotonic(void)
{
    static const struct scr_clock monotonic = {monotonic_now_ns, NULL};
    return &monotonic;
}

int64_t scr_clock_wall_us(void)
{
    struct timespec now;
    int failed = clock_gettime(CLOCK_REALTIME, &now);
    SCR_ASSERT(failed == 0);
    return (int64_t)now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}
