/*
 * core/dsp/chain.h - the filter chain of a scream, in its fixed order.
 * Flow:   high-pass -> low-pass -> crusher -> compressor -> boost -> clip.
 * Memory: the state is the caller's; no pointers inside.
 * Source: sound design A.4; A.9 for the two fields that only a smooth scream sets.
 */
#ifndef SCR_DSP_CHAIN_H
#define SCR_DSP_CHAIN_H

#include "core/dsp/compressor.h"
#include "core/dsp/crusher.h"
#include "core/dsp/highpass.h"
#include "core/dsp/lowpass.h"

struct scr_chain_config {
    double highpass_hz; /* 0 is off */
    double lowpass_hz;  /* 0 is off */
    uint32_t crush_bits;
    double crush_mix;
    bool crush_centred; /* see core/dsp/crusher.h */
    struct scr_compressor_config compressor;
    double boost; /* factor */
    double limit; /* clipping level, above 0, at most 1 */
};

struct scr_chain {
    struct scr_highpass highpass;
    struct scr_lowpass lowpass;
    struct scr_crusher crusher;
    struct scr_compressor compressor;
    float boost;
    float limit;
};

/** Sets all stages up and resets them. */
void scr_chain_init(struct scr_chain *chain, const struct scr_chain_config *config);

/** Forgets the past of all stages. */
void scr_chain_reset(struct scr_chain *chain);

/**
 * Filters a block in place.
 * in out  block[count]   in -1 .. 1, out -limit .. limit; count at most SCR_BLOCK_SAMPLES
 * state   moves on; where blocks end matters only to states that nobody can hear, which
 *         become zero there (SCR_SETTLE_SAMPLES)
 * thread  the owner; alloc none
 */
void scr_chain_process(struct scr_chain *chain, float *block, uint32_t count);

#endif
