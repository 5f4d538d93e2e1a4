/*
 * core/dsp/fade.h - raised-cosine fades at both ends of a scream.
 * Why:    a sound that starts or stops at full loudness clicks.
 * Shape:  weight 0.5 - 0.5 cos(pi u), u from 0 to 1 over the fade, taken at sample centres; it
 *         equals sin^2(pi u / 2), which the integer-phase sine gives without a cosine.
 * Source: sound design A.9, Part C item 3.
 */
#ifndef SCR_DSP_FADE_H
#define SCR_DSP_FADE_H

#include <stdint.h>

/* 5 ms in, 20 ms out. */
#define SCR_FADE_IN_SAMPLES 240
#define SCR_FADE_OUT_SAMPLES 960

/** Weight of sample number `sample` of a fade-in of `length` samples, 0 < w < 1. Any thread. */
float scr_fade_weight(uint32_t sample, uint32_t length);

/**
 * Fades the part of a scream that lies in a block.
 * in      first          sample number of block[0]
 * in      total          samples of the whole scream, at least both fades together
 * out     block[count]   weighted in place; first + count at most total
 * thread  any; alloc none
 */
void scr_fade_apply(float *block, uint32_t count, uint32_t first, uint32_t total);

#endif
