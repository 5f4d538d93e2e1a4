/*
 * core/dsp/pcm16.h - float block to little-endian 16-bit samples.
 * Why:    the rounding rule is part of the address "same seed, same bytes": every instruction set
 *         gives the same.
 * Source: t = x * 32767, truncate(t + (t < 0 ? -0.5 : 0.5)), in single precision: to the nearest,
 *         halves away from zero, full scale is +-32767.
 */
#ifndef SCR_DSP_PCM16_H
#define SCR_DSP_PCM16_H

#include <stddef.h>
#include <stdint.h>

#include "core/dsp/kernels.h"

/**
 * Converts samples and spreads them over channels.
 * in      kernels                              of any instruction set that runs here
 * in      block[samples * tracks]              float; beyond [-1, 1] is clipped, NaN becomes 0
 * in      tracks, channels                     equal, or tracks is 1 (doubled on every channel),
 *                                              or tracks 2 and channels 1 (mean of both)
 * out     bytes[samples * channels * 2]        little endian, interleaved; any alignment, must
 *                                              not overlap the block
 * thread  any; alloc none
 */
void scr_pcm16_write(const struct scr_kernels *kernels,
                     const float *block,
                     size_t samples,
                     uint32_t tracks,
                     uint32_t channels,
                     uint8_t *bytes);

#endif
