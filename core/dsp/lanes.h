/*
 * core/dsp/lanes.h - a block as sixteen lanes, and what the kernels hand each other.
 * Why:    a sample needs its predecessor only in the filters. So a block is cut into 16 lanes of
 *         consecutive samples that run side by side, sample k of all lanes at once, and the
 *         filters are put right afterwards: they are linear, so what the past adds is known.
 * Flow:   kernel_mix    layers, mixed, high- and low-passed as if each lane began in silence
 *         scr_chain     what each lane really began with (16 short steps)
 *         kernel_shape  adds that past, crushes, sums the envelope of each group of samples up
 *         scr_chain     the envelope at the start of each group (160 short steps)
 *         kernel_drive  the envelope within the groups, compression, boost, clipping, block
 * Layout: sound[k][lane] is sample lane * length + k of the block: every operation is vertical.
 *         The lanes are 16 whatever the instruction set is; a narrower one takes a few at a time.
 *         So each sample is the same additions and multiplications in the same order everywhere.
 * Source: sound design A.8, restated in lane form; engine epoch 2.
 */
#ifndef SCR_DSP_LANES_H
#define SCR_DSP_LANES_H

#include <stdint.h>

#include "core/base/limits.h"
#include "core/dsp/step_clock.h"

#define SCR_LANES 16
/* Samples of a lane in a usual block, and in the short one that fills the limiter. */
#define SCR_LANE_SAMPLES (SCR_BLOCK_SAMPLES / SCR_LANES)
#define SCR_LANE_SAMPLES_AHEAD (SCR_LOOKAHEAD_SAMPLES / SCR_LANES)
/* The envelope is followed in groups of this many samples. */
#define SCR_GROUP_SAMPLES 6
#define SCR_LANE_GROUPS (SCR_LANE_SAMPLES / SCR_GROUP_SAMPLES)
static_assert(SCR_LANE_SAMPLES * SCR_LANES == SCR_BLOCK_SAMPLES, "no sample is left over");
static_assert(SCR_LANE_SAMPLES_AHEAD * SCR_LANES == SCR_LOOKAHEAD_SAMPLES, "nor here");
static_assert(SCR_LANE_SAMPLES % SCR_GROUP_SAMPLES == 0, "nor in a lane");
static_assert(SCR_LANE_SAMPLES_AHEAD % SCR_GROUP_SAMPLES == 0, "nor in a short one");

#define SCR_TONES 3
/* Where a step may come within a block: each tone and the gate, at the highest rate. */
#define SCR_LANE_EVENTS_MAX                                                                        \
    ((SCR_TONES + 1) * (SCR_BLOCK_SAMPLES * SCR_STEP_RATE_MAX_HZ / SCR_SAMPLE_RATE_HZ + 1))

/* From sample number `sample` of this lane on, a tone turns by `turn`, or the gate lets through. */
struct scr_lane_event {
    uint32_t sample;
    uint32_t lane;
    uint32_t tone; /* SCR_TONES: the gate */
    uint32_t turn; /* of a tone; of the gate the bits of a float, its level */
};

/* The layers of one block: what each lane begins with. Phases are in 2^-32 turns. */
struct scr_lane_layers {
    uint32_t phase[SCR_TONES][SCR_LANES];
    uint32_t turn[SCR_TONES][SCR_LANES]; /* what each sample adds to the phase */
    uint32_t glide;                      /* what each sample adds to the turn of the second tone */
    float level[SCR_TONES][SCR_LANES];
    float rise[SCR_TONES]; /* what each sample adds to the level; nothing to the second's */
    uint32_t noise[SCR_LANES];
    uint32_t noise_key;
    float gate[SCR_LANES]; /* level of the gated noise, 0 when the gate is shut */
    float floor;           /* level of the steady noise */
    uint32_t event_count;
    struct scr_lane_event events[SCR_LANE_EVENTS_MAX]; /* by sample */
};

/* The tone whose pitch glides, and whose level does not rise. */
#define SCR_TONE_GLIDING 1

/* The coefficients of the filter chain: constant for a scream. */
struct scr_lane_filters {
    float highpass_keep; /* a */
    float lowpass_keep;  /* 1 - b */
    float lowpass_take;  /* b */
    /* What a high-pass (low-pass) state of 1 at a lane's start adds to the low-pass' sample k. */
    float highpass_tail[SCR_LANE_SAMPLES];
    float lowpass_tail[SCR_LANE_SAMPLES];
    float crush_centre; /* half a step when cutting down, 0 when rounding */
    float crush_magic;  /* adding it leaves whole steps */
    float wet;
    float dry;
    float attack_keep;
    float attack_take; /* this and the next two are negative when the attack is the slower one */
    float release_keep;
    float release_take;
    float over_threshold; /* 1 / threshold */
    float exponent;       /* 1/ratio - 1, at most 0 */
    float boost;          /* this and the next include the gain behind the limit */
    float limit;
};

/* The block on its way. */
struct scr_lane_work {
    _Alignas(64) float sound[SCR_LANE_SAMPLES][SCR_LANES];
    float highpass[SCR_LANES]; /* out of the mix: state at the lane's end; then: at its start */
    float lowpass[SCR_LANES];
    /* An envelope e before a group is behind it the largest of reach[i] + e * envelope_left[i]. */
    float reach[SCR_LANE_GROUPS][SCR_GROUP_SAMPLES + 1][SCR_LANES];
    float envelope[SCR_LANE_GROUPS][SCR_LANES]; /* at the start of each group */
    /* Between the steps of one kernel: drive, envelopes of a group over the threshold, or 1; */
    float excess[SCR_GROUP_SAMPLES][SCR_LANES];
    /* mix, what the levels of the first and the last tone have risen by. */
    float rise[2][SCR_LANE_SAMPLES + SCR_LANES]; /* the last vector may reach over */
};

#endif
