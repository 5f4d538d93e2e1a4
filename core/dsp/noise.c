/*
 * core/dsp/noise.c - white noise as a function of seed and sample number.
 * Why:    see noise.h; kernel mix makes the noise itself, from these keys.
 * Source: sound design A.6.
 */
#include "core/dsp/noise.h"

#include "core/dsp/mix64.h"

void scr_noise_init(struct scr_noise *noise, uint64_t seed)
{
    uint64_t key = scr_mix64(seed + SCR_GOLDEN_64);
    noise->k0 = (uint32_t)key;
    noise->k1 = (uint32_t)(key >> 32);
}
