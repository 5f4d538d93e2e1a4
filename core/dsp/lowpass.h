/*
 * core/dsp/lowpass.h - first-order low-pass filter.
 * Why:    dulls the noise, as the second stage of the chain.
 * Limits: a cut-off of 0 switches the stage off.
 * Source: sound design A.4 item 2, A.8: z = (1 - b) * z + b * x.
 */
#ifndef SCR_DSP_LOWPASS_H
#define SCR_DSP_LOWPASS_H

#include <stdbool.h>
#include <stdint.h>

struct scr_lowpass {
    float keep; /* 1 - b, rounded on its own */
    float take; /* b */
    bool off;
    /* From here on cleared by reset. */
    float output;
};

/** Sets the cut-off, 0 (off) to half the sample rate, and resets. */
void scr_lowpass_init(struct scr_lowpass *filter, double cutoff_hz);

/** Forgets the past. */
void scr_lowpass_reset(struct scr_lowpass *filter);

/** Filters block[count] in place. The owner's thread; alloc none. */
void scr_lowpass_process(struct scr_lowpass *filter, float *block, uint32_t count);

#endif
