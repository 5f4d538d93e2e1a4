/*
 * tests/support/fake_clock.h - time that moves only when the test says so.
 * Why:    waits of seconds are tested in no time, and never decide by the machine's speed.
 */
#ifndef SCR_TESTS_SUPPORT_FAKE_CLOCK_H
#define SCR_TESTS_SUPPORT_FAKE_CLOCK_H

#include <stdatomic.h>
#include <stdint.h>

#include "core/base/clock.h"

struct fake_clock {
    struct scr_clock clock;
    atomic_int_least64_t now_ns;
    /* Every reading moves the time on by this much: to let slices run out. */
    atomic_int_least64_t tick_ns;
};

/** A clock at one second past its start that stands still. */
void fake_clock_init(struct fake_clock *fake);

/** Moves the time on. */
void fake_clock_advance(struct fake_clock *fake, int64_t duration_ns);

#endif
