/*
 * core/dsp/chain.c - the filter chain of a scream, in its fixed order.
 * Why:    stage by stage over a whole block: the block stays in the first-level cache, and each
 *         loop is small enough for the compiler to see through.
 * Source: sound design A.4.
 */
#include "core/dsp/chain.h"

#include "core/base/assert.h"
#include "core/dsp/coefficient.h"
#include "core/dsp/level.h"

void scr_chain_init(struct scr_chain *chain, const struct scr_chain_config *config)
{
    SCR_ASSERT(config->boost >= 0.0);
    SCR_ASSERT(config->limit > 0.0 && config->limit <= 1.0);
    scr_highpass_init(&chain->highpass, config->highpass_hz);
    scr_lowpass_init(&chain->lowpass, config->lowpass_hz);
    scr_crusher_init(&chain->crusher, config->crush_bits, config->crush_mix, config->crush_centred);
    scr_compressor_init(&chain->compressor, &config->compressor);
    chain->boost = scr_coefficient(config->boost);
    chain->limit = scr_coefficient(config->limit);
}

void scr_chain_reset(struct scr_chain *chain)
{
    scr_highpass_reset(&chain->highpass);
    scr_lowpass_reset(&chain->lowpass);
    scr_compressor_reset(&chain->compressor);
}

void scr_chain_process(struct scr_chain *chain, float *block, uint32_t count)
{
    scr_highpass_process(&chain->highpass, block, count);
    scr_lowpass_process(&chain->lowpass, block, count);
    scr_crusher_process(&chain->crusher, block, count);
    scr_compressor_process(&chain->compressor, block, count);
    scr_level_drive(block, count, chain->boost, chain->limit);
}
