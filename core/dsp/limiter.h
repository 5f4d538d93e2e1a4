/*
 * core/dsp/limiter.h - look-ahead limiter: nothing leaves louder than the ceiling.
 * Why:    the last stage of a smooth scream; it sees a peak 2 ms before it comes and turns down
 *         gently, where clipping would add harmonics.
 * How:    with L the look-ahead, g(i) = the smallest of min(1, ceiling / |x|) over x[i .. i+L],
 *         output(i) = x[i] * mean of g(i-L .. i). Each of these g has seen x[i].
 * Flow:   what comes out is what went in L samples before: the caller renders L samples ahead.
 * Memory: the state is the caller's, below 1 KiB.
 * Source: sound design Part C item 2.
 */
#ifndef SCR_DSP_LIMITER_H
#define SCR_DSP_LIMITER_H

#include <stdint.h>

#include "core/base/limits.h"

struct scr_limiter {
    float ceiling;
    /* From here on cleared by reset. */
    float ahead[SCR_LOOKAHEAD_SAMPLES];    /* input that has not come out yet */
    uint32_t gains[SCR_LOOKAHEAD_SAMPLES]; /* the g before it, in units of 2^-24 */
    uint32_t calm; /* samples since the last one above the ceiling, counted to 2 L at most */
};

/** Sets the ceiling, above 0 and at most 1, and resets. */
void scr_limiter_init(struct scr_limiter *limiter, float ceiling);

/** As if only silence had gone in. */
void scr_limiter_reset(struct scr_limiter *limiter);

/**
 * Takes count samples in and gives the count samples out that came L before them.
 * in out  block[count]   count at most SCR_BLOCK_SAMPLES; magnitudes below 2^100
 * in      peak           none of them is louder
 * thread  the owner; alloc none
 */
void scr_limiter_process(struct scr_limiter *limiter, float *block, uint32_t count, float peak);

#endif
