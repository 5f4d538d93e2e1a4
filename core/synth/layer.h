/*
 * core/synth/layer.h - the five layers of the classic engine and their mixer.
 * What:   primary, harmonic and shriek are sines that jump to a new pitch several times a second;
 *         the burst is noise behind a gate that jumps likewise; the floor is steady noise.
 * Flow:   layers, added in this order -> clip to -1 .. 1 -> block.
 * Memory: the state is the caller's; no pointers inside.
 * Source: sound design A.2, A.3, A.8.
 */
#ifndef SCR_SYNTH_LAYER_H
#define SCR_SYNTH_LAYER_H

#include <stdbool.h>
#include <stdint.h>

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

/* The floor's noise is the burst's seed with every other bit pair turned over. */
#define SCR_FLOOR_SEED_MASK UINT64_C(0x5a5a5a5a5a5a5a5a)

#define SCR_TONES 3

/* A sine that jumps. */
struct scr_tone {
    double base_hz;
    double range_hz;
    uint64_t seed;   /* spread over the scream's seed */
    uint64_t stride; /* of its steps */
    struct scr_step_clock clock;
    struct scr_oscillator oscillator;
    struct scr_envelope envelope;
    bool silent;
};

/* Noise behind a gate. */
struct scr_burst {
    double threshold; /* open above */
    uint64_t seed;
    struct scr_step_clock clock;
    struct scr_noise noise;
    float level;
    bool open;
};

struct scr_layers {
    struct scr_tone tones[SCR_TONES]; /* primary, harmonic, shriek */
    struct scr_burst burst;
    struct scr_noise floor;
    float floor_level;
    uint32_t position; /* number of the next sample */
};

/** Puts the layers of a scream at sample 0. */
void scr_layers_init(struct scr_layers *layers, const struct scr_params *params);

/**
 * Renders the next samples of the mix.
 * out     mix[count]   -1 .. 1
 * state   position grows by count, to SCR_SAMPLES_MAX at the most
 * thread  the owner; alloc none; no libm
 */
void scr_layers_render(struct scr_layers *layers, float *mix, uint32_t count);

#endif
