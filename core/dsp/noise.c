/*
 * core/dsp/noise.c - white noise as a function of seed and sample number.
 * Why:    see noise.h. The loop holds integers and one product, nothing it must wait for.
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

void scr_noise_add(
    const struct scr_noise *noise, uint32_t first, float level, float *mix, uint32_t count)
{
    uint32_t k0 = noise->k0;
    uint32_t k1 = noise->k1;
    for (uint32_t i = 0; i < count; i++) {
        mix[i] += level * scr_noise_value(scr_noise_bits(k0, k1, first + i));
    }
}
