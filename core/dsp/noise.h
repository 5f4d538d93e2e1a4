/*
 * core/dsp/noise.h - white noise whose value is a function of seed and sample number.
 * Why:    noise that keeps no state can be rendered from any sample on, in any order and in any
 *         number of lanes at once, and is the same everywhere.
 * Limits: 2^32 samples. A word makes two noises, uniform on [-1, 1): the whole word, and its lower
 *         half, which is 96 dB below in the whole.
 * Source: sound design A.6, which has the statistics that chose this hash.
 */
#ifndef SCR_DSP_NOISE_H
#define SCR_DSP_NOISE_H

#include <stdint.h>

/* What one sample further adds to the hash's first sum. */
#define SCR_NOISE_STRIDE UINT32_C(0x9e3779b1)

/* One stream of noise. Constant after init, so any number of threads may read it. */
struct scr_noise {
    uint32_t k0;
    uint32_t k1;
};

/** The stream of a seed. Any thread. */
void scr_noise_init(struct scr_noise *noise, uint64_t seed);

/** The 32 random bits of one sample. */
static inline uint32_t scr_noise_bits(uint32_t k0, uint32_t k1, uint32_t sample)
{
    /* Without the first product the hash of a counter repeats itself at some lags. */
    uint32_t x = sample * SCR_NOISE_STRIDE + k0;
    x ^= x >> 16;
    x *= UINT32_C(0x21f0aaad);
    x ^= x >> 15;
    x += k1;
    x *= UINT32_C(0xd35a2d97);
    x ^= x >> 15;
    return x;
}

#endif
