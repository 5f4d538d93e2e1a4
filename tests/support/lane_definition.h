/*
 * tests/support/lane_definition.h - the classic engine by definition, sample after sample.
 * Why:    core/dsp's kernels are written to be fast on every processor. What they have to compute,
 *         to the last bit, is written here a second time, in plain C that can be read from top to
 *         bottom: no vectors, no lanes side by side, nothing that looks ahead. defined_sample.h
 *         has the arithmetic of one sample.
 * Lanes:  a block is 16 lanes of 60 samples that follow each other in time. Where a lane begins,
 *         phases, pitches and levels are taken anew from exact ones, and the filters begin in
 *         silence, what was before them being added. Every 6 samples the envelope is taken from
 *         its straight lines. These roundings are part of the sound.
 * Alone:  it shares with the engine only what is exact or tested alone: seeds, steps and 64-bit
 *         phases (integers), coefficients (double), and for smooth screams the limiter and fades.
 */
#ifndef TESTS_SUPPORT_LANE_DEFINITION_H
#define TESTS_SUPPORT_LANE_DEFINITION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/dsp/limiter.h"
#include "core/synth/params.h"
#include "tests/support/defined_sample.h"

#define DEFINED_LANES 16
#define DEFINED_LANE_SAMPLES 60

struct defined_tone {
    const struct scr_tonal *tonal;
    uint64_t seed;
    uint64_t stride;
    uint32_t step;
    /* Exact, in 2^-64 turns. */
    uint64_t phase;
    uint64_t turn;
    uint64_t glide;
    /* Rounded, in 2^-32 turns. */
    uint32_t lane_turn;
    uint32_t lane_glide;
};

struct lane_definition {
    struct scr_params params;
    struct defined_tone tones[DEFINED_TONES];
    float rise[DEFINED_TONES]; /* of the levels, each sample */
    struct defined_voices voices;
    uint64_t noise_seed;
    struct defined_passes passes; /* as if the lane began in silence */
    /* What states of 1 at a lane's start leave over its samples. */
    float highpass_left[DEFINED_LANE_SAMPLES];
    float highpass_tail[DEFINED_LANE_SAMPLES];
    float lowpass_tail[DEFINED_LANE_SAMPLES];
    float highpass; /* true states at the lane's start */
    float lowpass;
    struct defined_crusher crusher;
    struct defined_follower follower;
    float envelope_left[DEFINED_GROUP + 1];
    float reach[DEFINED_GROUP + 1];
    float group_envelope; /* at the group's start */
    float envelope;       /* within it */
    struct defined_drive drive;
    struct scr_limiter limiter;
    uint32_t lane_samples; /* of this block: the lead of a smooth scream is a short one */
    uint32_t lane;
    uint32_t lane_sample;
    uint32_t made; /* samples out of the drive */
    uint32_t total;
    uint32_t position; /* samples pulled */
};

/** Prepares a scream at its first sample; params are resolved and valid. */
void lane_definition_init(struct lane_definition *definition, const struct scr_params *params);

/** The next sample before limiter and fades. */
float lane_definition_next(struct lane_definition *definition);

/** As scr_scream_pull: the next block, zeros after the end; returns the samples before it. */
uint32_t lane_definition_pull(struct lane_definition *definition, float *block);

#endif
