/*
 * core/dsp/crusher.h - bit crusher: part of the sound in few loudness steps.
 * Why:    the third stage of the chain, and the one that makes it sound like a machine.
 * Traps:  cutting down to the step below shifts the mean by half a step, which is the direct
 *         current of the raw sound; rounding to the nearest step (centred) has none.
 * Source: sound design A.4 item 3, A.8, A.9.
 */
#ifndef SCR_DSP_CRUSHER_H
#define SCR_DSP_CRUSHER_H

#include <stdbool.h>
#include <stdint.h>

/* Constant after init: a crusher has no past, so it has no reset. */
struct scr_crusher {
    float steps;  /* per unit of loudness, a power of two */
    float step;   /* their size, exact */
    float centre; /* 0 cuts to the step below, 0.5 rounds to the nearest */
    float wet;
    float dry;
};

/**
 * Sets a crusher up.
 * in      bits      1 to 16
 * in      mix       share of the crushed sound, 0 to 1
 * in      centred   rounds to the nearest step instead of the one below
 */
void scr_crusher_init(struct scr_crusher *crusher, uint32_t bits, double mix, bool centred);

/** Crushes block[count], values within +-1000, in place. Any thread; alloc none. */
void scr_crusher_process(const struct scr_crusher *crusher, float *block, uint32_t count);

#endif
