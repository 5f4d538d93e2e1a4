/*
 * core/dsp/fade.c - raised-cosine fades at both ends of a scream.
 * Limits: the shortest scream holds both fades, so they never meet.
 * Source: sound design A.9, Part C item 3.
 */
#include "core/dsp/fade.h"

#include "core/base/assert.h"
#include "core/base/limits.h"
#include "core/dsp/f32math.h"

static_assert(SCR_DURATION_MIN_NS / 1000 * SCR_SAMPLE_RATE_HZ / 1000000 >=
                  SCR_FADE_IN_SAMPLES + SCR_FADE_OUT_SAMPLES,
              "both fades fit in the shortest scream");

float scr_fade_weight(uint32_t sample, uint32_t length)
{
    SCR_ASSERT(sample < length && length <= SCR_FADE_OUT_SAMPLES);
    /* A quarter turn, 2^30, over the fade; the sample's centre lies half a sample on. */
    uint64_t phase = ((uint64_t)(2 * sample + 1) << 30) / (2 * (uint64_t)length);
    float sine = scr_sin_turn((uint32_t)phase);
    return sine * sine;
}

void scr_fade_apply(float *block, uint32_t count, uint32_t first, uint32_t total)
{
    SCR_ASSERT(total >= SCR_FADE_IN_SAMPLES + SCR_FADE_OUT_SAMPLES);
    SCR_ASSERT(first <= total && count <= total - first);
    for (uint32_t i = 0; i < count && first + i < SCR_FADE_IN_SAMPLES; i++) {
        block[i] *= scr_fade_weight(first + i, SCR_FADE_IN_SAMPLES);
    }
    uint32_t fade_out = total - SCR_FADE_OUT_SAMPLES;
    uint32_t start = first < fade_out ? fade_out - first : 0;
    for (uint32_t i = start; i < count; i++) {
        block[i] *= scr_fade_weight(total - 1 - (first + i), SCR_FADE_OUT_SAMPLES);
    }
}
