/*
 * core/dsp/chain.h - the filter chain of a scream: its coefficients and its past.
 * Flow:   high-pass -> low-pass -> crusher -> compressor -> boost -> clip -> gain.
 * Why:    the kernels do the work lane by lane (core/dsp/lanes.h); here is what comes before them,
 *         the coefficients, and between them, the few numbers that run from lane to lane.
 * Limits: a cut-off of 0 switches its filter off; ratio 1 the compressor.
 * Memory: the state is the caller's; no pointers inside.
 * Source: sound design A.4; A.9 for the fields that only a smooth scream sets.
 */
#ifndef SCR_DSP_CHAIN_H
#define SCR_DSP_CHAIN_H

#include <stdbool.h>

#include "core/dsp/kernels.h"

struct scr_compressor_config {
    double threshold_db;
    double ratio;      /* at least 1 */
    double attack_ms;  /* above 0 */
    double release_ms; /* above 0 */
    double precharge;  /* envelope before the first sample, 0 to 1 */
};

struct scr_chain_config {
    double highpass_hz;  /* 0 is off */
    double lowpass_hz;   /* 0 is off */
    uint32_t crush_bits; /* 1 to 16 */
    double crush_mix;    /* share of the crushed sound, 0 to 1 */
    bool crush_centred;  /* rounds to the nearest step instead of the one below */
    struct scr_compressor_config compressor;
    double boost; /* factor */
    double limit; /* clipping level, above 0, at most 1 */
    double gain;  /* factor behind the limit */
};

struct scr_chain {
    struct scr_lane_filters filters;
    float highpass_left[SCR_LANE_SAMPLES];      /* of a high-pass state of 1, after sample k */
    float envelope_left[SCR_GROUP_SAMPLES + 1]; /* of an envelope of 1, with i releases */
    /* The past. */
    float highpass;
    float lowpass;
    float envelope; /* with the sign of filters.attack_take */
};

/** Computes the coefficients and forgets the past. */
void scr_chain_init(struct scr_chain *chain, const struct scr_chain_config *config);

/**
 * Makes a block of what kernel mix left in the work area.
 * in      samples            length of a lane
 * out     block[16*samples]  -limit*gain .. limit*gain
 * returns the largest magnitude in it
 * thread  the owner; alloc none
 */
float scr_chain_process(struct scr_chain *chain,
                        const struct scr_kernels *kernels,
                        struct scr_lane_work *work,
                        uint32_t samples,
                        float *block);

#endif
