/*
 * core/base/clock.h - monotonic time as an interface that tests can replace.
 * Why:    nothing in core asks the system for the time, so every wait can be tested in no time.
 * Thread: a clock may be read by any thread.
 */
#ifndef SCR_BASE_CLOCK_H
#define SCR_BASE_CLOCK_H

#include <stdint.h>

struct scr_clock {
    /* Nanoseconds since an arbitrary start; never goes back. */
    int64_t (*now_ns)(void *context);
    void *context;
};

static inline int64_t scr_clock_now_ns(const struct scr_clock *clock)
{
    return clock->now_ns(clock->context);
}

/** The system's monotonic clock. Valid for ever. */
const struct scr_clock *scr_clock_monotonic(void);

/** Wall-clock time in microseconds since 1970-01-01 UTC: for log lines only. Any thread. */
int64_t scr_clock_wall_us(void);

#endif
