/*
 * core/synth/layer.h - the five layers of the classic engine, as the lanes of a block begin.
 * What:   primary, harmonic and shriek are sines that jump to a new pitch several times a second;
 *         the burst is noise behind a gate that jumps likewise; the floor is steady noise.
 * Flow:   layers -> what each lane begins with and what happens on the way -> kernel mix.
 * Memory: the state is the caller's; no pointers inside.
 * Source: sound design A.2, A.3, A.8.
 */
#ifndef SCR_SYNTH_LAYER_H
#define SCR_SYNTH_LAYER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/dsp/lanes.h"
#include "core/dsp/noise.h"
#include "core/dsp/oscillator.h"
#include "core/dsp/step_clock.h"
#include "core/synth/params.h"

/* What makes equal seeds sound different in each layer: a prime for the seed, one for the step. */
#define SCR_PRIMARY_PRIME 1000003
#define SCR_HARMONIC_PRIME 1000033
#define SCR_SHRIEK_PRIME 1000037
#define SCR_NOISE_PRIME 1000081
#define SCR_PRIMARY_STRIDE 137
#define SCR_HARMONIC_STRIDE 251
#define SCR_SHRIEK_STRIDE 89
#define SCR_GATE_STRIDE 173

/* A sine that jumps. Its loudness is level + rise * sample number. */
struct scr_tone {
    double base_hz;
    double range_hz;
    uint64_t seed;   /* spread over the scream's seed */
    uint64_t stride; /* of its steps */
    struct scr_step_clock clock;
    struct scr_oscillator oscillator;
    float level;
    float rise;
};

/* The gate before the burst's noise. */
struct scr_gate {
    double threshold; /* open above */
    uint64_t seed;
    struct scr_step_clock clock;
    float level; /* while open */
    bool open;
};

struct scr_layers {
    struct scr_tone tones[SCR_TONES]; /* primary, harmonic, shriek */
    struct scr_gate gate;
    struct scr_noise noise; /* of the burst its words, of the floor their lower halves */
    float floor_level;
    uint32_t position; /* number of the next sample */
};

/** Puts the layers of a scream at sample 0. */
void scr_layers_init(struct scr_layers *layers, const struct scr_params *params);

/**
 * What the lanes of the next block begin with.
 * in      samples   length of a lane
 * out     lanes     for kernel mix
 * state   position grows by SCR_LANES * samples; it is at most SCR_SAMPLES_MAX before
 * thread  the owner; alloc none; no libm
 */
void scr_layers_begin(struct scr_layers *layers, uint32_t samples, struct scr_lane_layers *lanes);

#endif
