/*
 * core/dsp/oscillator.c - a sine whose phase is an integer.
 * Source: sound design A.8.
 */
#include "core/dsp/oscillator.h"

#include "core/base/assert.h"
#include "core/base/limits.h"
#include "core/dsp/coefficient.h"

uint64_t scr_phase_from_turns(double turns)
{
    double fraction = turns - scr_round(turns);
    /* Half a turn up is half a turn down, and only the latter fits 64 signed bits. */
    if (fraction >= 0.5) {
        fraction = -0.5;
    }
    return (uint64_t)(int64_t)(fraction * 0x1p64);
}

void scr_oscillator_init(struct scr_oscillator *oscillator, double glide_hz_s)
{
    double rate = (double)SCR_SAMPLE_RATE_HZ;
    double glide = scr_round(glide_hz_s / (rate * rate) * 0x1p64);
    *oscillator = (struct scr_oscillator){.glide = (uint64_t)(int64_t)glide};
}

void scr_oscillator_tune(struct scr_oscillator *oscillator, double pitch_hz, uint32_t sample)
{
    uint64_t step = scr_phase_from_turns(pitch_hz / (double)SCR_SAMPLE_RATE_HZ);
    oscillator->step = step + oscillator->glide * sample;
}
