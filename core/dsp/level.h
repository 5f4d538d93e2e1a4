/*
 * core/dsp/level.h - loudness of a block: gain, hard limits, peak.
 * Why:    the mixer, the end of the filter chain and the look-ahead limiter all need one of them.
 * Source: sound design A.3 (mixer), A.4 items 5 and 6.
 */
#ifndef SCR_DSP_LEVEL_H
#define SCR_DSP_LEVEL_H

#include <stdint.h>

/** Clips block[count] to -1 .. 1. Any thread; alloc none. */
void scr_level_clip(float *block, uint32_t count);

/** Multiplies block[count] by gain and clips it to -limit .. limit. Any thread; alloc none. */
void scr_level_drive(float *block, uint32_t count, float gain, float limit);

/** Multiplies block[count] by gain. Any thread; alloc none. */
void scr_level_scale(float *block, uint32_t count, float gain);

/** The largest magnitude in block[count], 0 when count is 0. Any thread; alloc none. */
float scr_level_peak(const float *block, uint32_t count);

#endif
