/*
 * core/dsp/oscillator.c - a sine whose phase is an integer.
 * Trap:   the envelope converts the sample number to float, which is exact below 2^24 only;
 *         limits.h keeps every scream below that.
 * Source: sound design A.8.
 */
#include "core/dsp/oscillator.h"

#include "core/base/assert.h"
#include "core/base/limits.h"
#include "core/dsp/coefficient.h"
#include "core/dsp/f32math.h"

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

void scr_oscillator_add(struct scr_oscillator *oscillator,
                        const struct scr_envelope *envelope,
                        uint32_t first,
                        float *mix,
                        uint32_t count)
{
    SCR_ASSERT(first <= SCR_SAMPLES_MAX && count <= SCR_SAMPLES_MAX - first);
    uint64_t phase = oscillator->phase;
    uint64_t step = oscillator->step;
    const uint64_t glide = oscillator->glide;
    const float level = envelope->level;
    const float slope = envelope->slope;
    for (uint32_t i = 0; i < count; i++) {
        float loudness = level + slope * (float)(int32_t)(first + i);
        mix[i] += loudness * scr_sin_turn((uint32_t)(phase >> 32));
        phase += step;
        step += glide;
    }
    oscillator->phase = phase;
    oscillator->step = step;
}
