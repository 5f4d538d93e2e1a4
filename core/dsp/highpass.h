/*
 * core/dsp/highpass.h - first-order high-pass filter.
 * Why:    takes the rumble out, as the first stage of the chain.
 * Limits: a cut-off of 0 switches the stage off.
 * Source: sound design A.4 item 1, A.8: h = a * (h + (x - x_before)).
 */
#ifndef SCR_DSP_HIGHPASS_H
#define SCR_DSP_HIGHPASS_H

#include <stdbool.h>
#include <stdint.h>

struct scr_highpass {
    float a;
    bool off;
    /* From here on cleared by reset. */
    float input;  /* the sample before */
    float output; /* what became of it */
};

/** Sets the cut-off, 0 (off) to half the sample rate, and resets. */
void scr_highpass_init(struct scr_highpass *filter, double cutoff_hz);

/** Forgets the past. */
void scr_highpass_reset(struct scr_highpass *filter);

/** Filters block[count] in place. The owner's thread; alloc none. */
void scr_highpass_process(struct scr_highpass *filter, float *block, uint32_t count);

#endif
