/*
 * core/dsp/level.c - loudness of a block.
 * Why:    each is one plain loop, so that the compiler can put several samples in a register.
 */
#include "core/dsp/level.h"

#include "core/base/assert.h"
#include "core/dsp/f32math.h"

void scr_level_clip(float *block, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        block[i] = scr_clamp_32(block[i], 1.0f);
    }
}

void scr_level_drive(float *block, uint32_t count, float gain, float limit)
{
    SCR_ASSERT(gain >= 0.0f);
    SCR_ASSERT(limit > 0.0f && limit <= 1.0f);
    for (uint32_t i = 0; i < count; i++) {
        block[i] = scr_clamp_32(block[i] * gain, limit);
    }
}

void scr_level_scale(float *block, uint32_t count, float gain)
{
    SCR_ASSERT(gain >= 0.0f);
    for (uint32_t i = 0; i < count; i++) {
        block[i] *= gain;
    }
}

float scr_level_peak(const float *block, uint32_t count)
{
    float peak = 0.0f;
    for (uint32_t i = 0; i < count; i++) {
        peak = scr_max_32(scr_abs_32(block[i]), peak);
    }
    return peak;
}
