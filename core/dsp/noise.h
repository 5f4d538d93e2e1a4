/*
 * core/dsp/noise.h - white noise whose value is a function of seed and sample number.
 * Why:    noise that keeps no state can be rendered from any sample on, in any order and in any
 *         number of lanes at once, and is the same everywhere.
 * Limits: 2^32 samples; uniform on [-1, 1) in steps of 2^-23.
 * Source: sound design A.6, which has the statistics that chose this hash.
 */
#ifndef SCR_DSP_NOISE_H
#define SCR_DSP_NOISE_H

#include <stdint.h>

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
    uint32_t x = sample * UINT32_C(0x9e3779b1) + k0;
    x ^= x >> 16;
    x *= UINT32_C(0x21f0aaad);
    x ^= x >> 15;
    x += k1;
    x *= UINT32_C(0xd35a2d97);
    x ^= x >> 15;
    return x;
}

/** The value of such bits: the upper 24, signed, exact in a float. */
static inline float scr_noise_value(uint32_t bits)
{
    return (float)((int32_t)bits >> 8) * 0x1p-23f;
}

/**
 * Adds noise to a block.
 * in      first           sample number of mix[0]
 * in      level           factor of the noise
 * out     mix[count]      each sample grows by level * noise
 * thread  any; alloc none
 */
void scr_noise_add(
    const struct scr_noise *noise, uint32_t first, float level, float *mix, uint32_t count);

#endif
