/*
 * tests/support/defined_kernels.h - the definition in the shape of kernels, for any input at all.
 * Why:    a scream reaches only some of what a kernel may be given. Here each kernel of
 *         core/dsp/kernels.h is built of the definition's single samples, and beside them stands
 *         hostile input, so that both can be given the same and compared bit for bit.
 */
#ifndef TESTS_SUPPORT_DEFINED_KERNELS_H
#define TESTS_SUPPORT_DEFINED_KERNELS_H

#include <stdint.h>

#include "core/dsp/chain.h"

/** The definition as a row of kernels. */
const struct scr_kernels *defined_kernels(void);

/** A number between two bounds from one draw of a seed; every third is a bound. */
double hostile_real(uint64_t seed, uint32_t draw, double low, double high);

/** A valid configuration of the chain, everything random. */
void hostile_config(uint64_t seed, struct scr_chain_config *config);

/**
 * Layers as nobody would set them: any phase and pitch, levels up to those of the loudest and
 * longest scream, and so many events, every third of them at the first or last sample of a lane.
 */
void hostile_layers(uint64_t seed,
                    uint32_t samples,
                    uint32_t event_count,
                    struct scr_lane_layers *layers);

/** What kernel mix might leave: any sound, any states. */
void hostile_work(uint64_t seed, struct scr_lane_work *work);

typedef void isa_judge_fn(const struct scr_kernels *kernels, void *context);

/** Calls judge with the kernels of every instruction set that runs here, and prints its name. */
void for_each_isa(isa_judge_fn *judge, void *context);

#endif
