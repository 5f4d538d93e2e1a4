/*
 * tests/support/fake_clock.c - a number behind struct scr_clock.
 * Why:    see fake_clock.h.
 */
#include "tests/support/fake_clock.h"

static int64_t fake_now_ns(void *context)
{
    struct fake_clock *fake = context;
    return atomic_fetch_add(&fake->now_ns, atomic_load(&fake->tick_ns));
}

void fake_clock_init(struct fake_clock *fake)
{
    fake->clock = (struct scr_clock){fake_now_ns, fake};
    atomic_init(&fake->now_ns, INT64_C(1000000000));
    atomic_init(&fake->tick_ns, 0);
}

void fake_clock_advance(struct fake_clock *fake, int64_t duration_ns)
{
    atomic_fetch_add(&fake->now_ns, duration_ns);
}
