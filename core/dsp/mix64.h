/*
 * core/dsp/mix64.h - seeded randomness without a state: value = function of seed and position.
 * Why:    a layer that can be entered at any step renders the same from any offset, and two
 *         layers never share a stream.
 * Flow:   seeds -> scr_seed_spread -> scr_step_value (pitch steps, gate) and the noise key.
 * Source: sound design 0, A.2, A.5. scr_mix64 is the finaliser of the splitmix64 generator.
 */
#ifndef SCR_DSP_MIX64_H
#define SCR_DSP_MIX64_H

#include <stdint.h>

/* Increment of splitmix64: 2^64 divided by the golden ratio, odd. */
#define SCR_GOLDEN_64 UINT64_C(0x9e3779b97f4a7c15)

/** Mixes 64 bits; a bijection with mix64(0) = 0. Any thread. */
uint64_t scr_mix64(uint64_t s);

/** The upper 53 bits of mix64(s) as a double in [0, 1). Any thread. */
double scr_u01(uint64_t s);

/**
 * The seed of one layer in one variation: seed XOR (global * prime), wrapping.
 * in      seed     the layer's own
 * in      global   the scream's; negative ones as two's complement
 * in      prime    differs per layer, so that equal layer seeds drift apart
 * thread  any; alloc none
 */
uint64_t scr_seed_spread(int64_t seed, uint64_t global, uint64_t prime);

/**
 * The value that a stepped sequence takes in one step.
 * in      seed     spread seed of the layer
 * in      step     0, 1, 2 ...
 * in      stride   coprime to 2^64, differs per layer
 * returns [0, 1)
 * thread  any; alloc none
 */
double scr_step_value(uint64_t seed, uint32_t step, uint64_t stride);

/** Draw number k (from 0) of the splitmix64 stream of a seed, in [0, 1). Any thread. */
double scr_draw(uint64_t seed, uint32_t k);

#endif
