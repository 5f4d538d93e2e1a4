/*
 * bench/definition.h - the classic engine as its definition reads: double precision and libm.
 * Why:    "how fast is the engine" needs something to be faster than. This is the plain C that
 *         anyone would write from the formulas first; the vector kernels are measured against it,
 *         in the same run, on the same core, by the same compiler.
 * Fair:   nothing is slow on purpose. What changes a few times a second (pitches, gates) is
 *         computed when it changes, what never changes is computed once; sine and power are
 *         libm's own, which are fast. The flags are those of the program: -O2, no contraction.
 * Exact:  tests/unit/bench/definition_test.c holds it against the reference data of go-scream.
 * Noise:  that of the original engine comes from a stateful generator of its library, which is no
 *         part of the definition. Here each of the two noise layers steps a splitmix64 stream,
 *         about the cheapest generator of good doubles there is.
 * Source: sound design A.2 to A.5: raw finish, no preset gain, limiter or fades.
 */
#ifndef BENCH_DEFINITION_H
#define BENCH_DEFINITION_H

#include <stdint.h>

#include "core/synth/params.h"

#define SCR_DEFINITION_TONES 3

/* A sine that jumps. Frequencies in Hz, times in seconds. */
struct scr_definition_tone {
    double base_hz;
    double range_hz;
    double sweep_hz_s;
    double jump_hz;
    double amp;
    double rise;
    uint64_t seed;
    uint64_t stride;
    int64_t step;    /* the current one; -1 before the first */
    double pitch_hz; /* in this step, without the sweep */
    double phase;    /* in turns, 0 to 1 */
};

/* Two streams of noise, one behind a gate. */
struct scr_definition_noise {
    double rate_hz;
    double threshold;
    double burst_amp;
    double floor_amp;
    uint64_t seed;
    int64_t step;
    bool open;
    uint64_t burst_state;
    uint64_t floor_state;
};

struct scr_definition_chain {
    double highpass; /* a; 0 is off */
    double lowpass;  /* b; 0 is off */
    double crush_steps;
    double crush_mix; /* 0 is off */
    double attack;
    double release;
    double threshold;
    double exponent; /* 0 is off */
    double boost;
    double limit;
    /* What the sample before left behind. */
    double input;
    double high;
    double low;
    double envelope;
};

struct scr_definition {
    struct scr_definition_tone tones[SCR_DEFINITION_TONES];
    struct scr_definition_noise noise;
    struct scr_definition_chain chain;
    uint32_t total;
    uint32_t position;
};

/** Prepares a scream at its first sample; params are resolved and valid. Any thread. */
void scr_definition_init(struct scr_definition *definition, const struct scr_params *params);

/**
 * Renders the next block.
 * out     block[SCR_BLOCK_SAMPLES]  in [-limit, limit]; zeros after the end
 * returns samples before the end, SCR_BLOCK_SAMPLES but for the last block, then 0
 * thread  the owner; alloc none
 */
uint32_t scr_definition_pull(struct scr_definition *definition, double *block);

/** 16 bits of a sample: times 32767, clipped, halves away from zero. Any thread. */
int16_t scr_definition_s16(double x);

#endif
