/*
 * tests/support/defined_sample.h - what one sample of the classic engine is, by definition.
 * Why:    core/dsp's kernels are written to be fast on every processor. What they have to compute,
 *         to the last bit, is written here a second time in plain C: one number after the other.
 *         lane_definition.h makes whole screams of it, defined_kernels.h kernels.
 * Limits: single precision, each operation rounded, in the order that is written.
 */
#ifndef TESTS_SUPPORT_DEFINED_SAMPLE_H
#define TESTS_SUPPORT_DEFINED_SAMPLE_H

#include <stdbool.h>
#include <stdint.h>

#define DEFINED_TONES 3
#define DEFINED_GROUP 6

/* What is added up in one sample. The levels, and full scale, are those behind the low-pass: times
 * its factor. */
struct defined_voices {
    uint32_t phase[DEFINED_TONES]; /* in 2^-32 turns */
    float level[DEFINED_TONES];    /* at the lane's start */
    float rise[DEFINED_TONES];     /* what each sample of the lane adds to it */
    uint32_t sample;               /* of the lane */
    uint32_t noise;                /* first sum of the sample's hash */
    uint32_t noise_key;
    float gate;  /* level of the noise that is the whole random word */
    float floor; /* level of the one that is its lower half */
    float full;  /* full scale: louder is clipped */
};

/* High-pass and low-pass with their states. */
struct defined_passes {
    float highpass_keep;
    float lowpass_keep;
    float highpass; /* what it put out less what came in */
    float lowpass;  /* what it put out */
};

struct defined_crusher {
    float centre; /* half a step when cutting down, 0 when rounding */
    float magic;  /* 1.5 * 2^23 steps: beyond it a float holds whole steps only */
    float wet;
    float dry;
};

struct defined_follower {
    float attack_keep;
    float attack_take;
    float release_keep;
    float release_take;
    bool smaller; /* the attack is slower than the release: then it takes the smaller of the two */
};

struct defined_drive {
    float over_threshold;
    float exponent;
    float boost;
    float limit;
};

/** Sine of a phase. */
float defined_sine(uint32_t phase);

/** The random word of a sample, from the first sum of its hash on. */
uint32_t defined_noise_word(uint32_t sum, uint32_t key);

/** One sample of the layers: three sines, two noises, clipped. */
float defined_mix(const struct defined_voices *voices);

/** One sample through high-pass and low-pass. */
float defined_pass(struct defined_passes *passes, float x);

/** Cut down to whole steps, in part. */
float defined_crush(const struct defined_crusher *crusher, float x);

/** The larger of two envelopes, or the smaller: as the follower does. */
float defined_choice(const struct defined_follower *follower, float a, float b);

/** The envelope behind a sample. */
float defined_follow(const struct defined_follower *follower, float envelope, float x);

/**
 * The straight lines of a group, one sample on: line i is the highest envelope (or lowest) that
 * these samples lead to from zero, with i of them releases and the others attacks.
 * in      done   samples of the group before this one
 */
void defined_reach(const struct defined_follower *follower,
                   float reach[DEFINED_GROUP + 1],
                   uint32_t done,
                   float x);

/** 2^x for -126 < x <= 0, and log2(x) for x >= 1, as the compressor takes them. */
float defined_exp2(float x);
float defined_log2(float x);

/** Compression, boost, clipping. */
float defined_drive(const struct defined_drive *drive, float x, float envelope);

/** The larger and the smaller; the second when neither is. */
float defined_larger(float a, float b);
float defined_smaller(float a, float b);

/** A number without its sign. */
float defined_magnitude(float x);

#endif
