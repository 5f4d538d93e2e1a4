/*
 * core/dsp/step_clock.c - when a stepped value changes.
 * How:    the exact position is a guess within two samples of the truth; from just below it the
 *         defining arithmetic itself is asked, sample by sample, which takes a few tries.
 * Source: sound design A.2.
 */
#include "core/dsp/step_clock.h"

#include "core/base/assert.h"
#include "core/base/limits.h"

static_assert(SCR_STEP_RATE_MAX_HZ * 2 < SCR_SAMPLE_RATE_HZ, "no step is shorter than a sample");

uint32_t scr_step_at(uint32_t sample, double rate_hz)
{
    SCR_ASSERT(rate_hz >= 0.0 && rate_hz <= (double)SCR_STEP_RATE_MAX_HZ);
    SCR_ASSERT(sample <= SCR_SAMPLES_MAX);
    double seconds = (double)sample / (double)SCR_SAMPLE_RATE_HZ;
    return (uint32_t)(seconds * rate_hz);
}

uint32_t scr_step_first_sample(uint32_t step, double rate_hz)
{
    if (step == 0) {
        return 0;
    }
    if (!(rate_hz > 0.0)) {
        return SCR_STEP_NEVER;
    }
    double guess = (double)step * (double)SCR_SAMPLE_RATE_HZ / rate_hz;
    /* Written so that infinity (a rate of nearly 0) takes this way too. */
    if (!(guess < (double)SCR_SAMPLES_MAX)) {
        return SCR_STEP_NEVER;
    }
    uint32_t sample = (uint32_t)guess;
    sample = sample > 2 ? sample - 2 : 0;
    SCR_ASSERT(scr_step_at(sample, rate_hz) < step);
    while (sample <= SCR_SAMPLES_MAX && scr_step_at(sample, rate_hz) < step) {
        sample++;
    }
    return sample <= SCR_SAMPLES_MAX ? sample : SCR_STEP_NEVER;
}

void scr_step_clock_init(struct scr_step_clock *clock, double rate_hz)
{
    clock->rate_hz = rate_hz;
    clock->step = 0;
    clock->until = scr_step_first_sample(1, rate_hz);
}

void scr_step_clock_next(struct scr_step_clock *clock)
{
    SCR_ASSERT(clock->until != SCR_STEP_NEVER);
    clock->step++;
    clock->until = scr_step_first_sample(clock->step + 1, clock->rate_hz);
}
