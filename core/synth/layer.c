/*
 * core/synth/layer.c - the five layers of the classic engine and their mixer.
 * How:    a layer is rendered in runs: within one, pitch and gate hold, so the inner loops
 *         (oscillator, noise) know nothing of steps; between runs the step clock says when.
 * Trap:   the samples are added in single precision, so the order of the layers is part of the
 *         sound. A silent layer adds zero and may be left out.
 * Source: sound design A.2, A.3, A.8.
 */
#include "core/synth/layer.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/dsp/coefficient.h"
#include "core/dsp/level.h"
#include "core/dsp/mix64.h"

/* The pitch of the current step, from the next sample (its first) on. */
static void tune(struct scr_tone *tone, uint32_t sample)
{
    double value = scr_step_value(tone->seed, tone->clock.step, tone->stride);
    scr_oscillator_tune(&tone->oscillator, tone->base_hz + tone->range_hz * value, sample);
}

static void
tone_init(struct scr_tone *tone, const struct scr_tonal *tonal, uint64_t seed, uint64_t stride)
{
    *tone = (struct scr_tone){
        .base_hz = tonal->base_hz,
        .range_hz = tonal->range_hz,
        .seed = seed,
        .stride = stride,
    };
    tone->envelope.level = scr_coefficient(tonal->amp);
    tone->envelope.slope = scr_coefficient(tonal->amp * tonal->rise / (double)SCR_SAMPLE_RATE_HZ);
    tone->silent = !(tone->envelope.level > 0.0f) && !(tone->envelope.slope > 0.0f);
    scr_step_clock_init(&tone->clock, tonal->jump_hz);
    scr_oscillator_init(&tone->oscillator, tonal->sweep_hz_s);
    tune(tone, 0);
}

static void turn_gate(struct scr_burst *burst)
{
    double value = scr_step_value(burst->seed, burst->clock.step, SCR_GATE_STRIDE);
    burst->open = value > burst->threshold;
}

static void burst_init(struct scr_burst *burst, const struct scr_params *params, uint64_t seed)
{
    *burst = (struct scr_burst){
        .threshold = params->burst_threshold,
        .seed = seed,
        .level = scr_coefficient(params->burst_amp),
    };
    scr_noise_init(&burst->noise, seed);
    scr_step_clock_init(&burst->clock, params->burst_rate_hz);
    turn_gate(burst);
}

void scr_layers_init(struct scr_layers *layers, const struct scr_params *params)
{
    uint64_t global = params->seed;
    tone_init(&layers->tones[0],
              &params->primary,
              scr_seed_spread(params->primary.seed, global, SCR_PRIMARY_PRIME),
              SCR_PRIMARY_STRIDE);
    tone_init(&layers->tones[1],
              &params->harmonic,
              scr_seed_spread(params->harmonic.seed, global, SCR_HARMONIC_PRIME),
              SCR_HARMONIC_STRIDE);
    tone_init(&layers->tones[2],
              &params->shriek,
              scr_seed_spread(params->shriek.seed, global, SCR_SHRIEK_PRIME),
              SCR_SHRIEK_STRIDE);
    uint64_t noise_seed = scr_seed_spread(params->burst_seed, global, SCR_NOISE_PRIME);
    burst_init(&layers->burst, params, noise_seed);
    scr_noise_init(&layers->floor, noise_seed ^ SCR_FLOOR_SEED_MASK);
    layers->floor_level = scr_coefficient(params->floor_amp);
    layers->position = 0;
}

/* Samples from here to the next step or the end of the block. */
static uint32_t run_of(const struct scr_step_clock *clock, uint32_t sample, uint32_t left)
{
    SCR_ASSERT(sample < clock->until);
    uint32_t to_step = clock->until - sample;
    return to_step < left ? to_step : left;
}

static void tone_add(struct scr_tone *tone, uint32_t first, float *mix, uint32_t count)
{
    if (tone->silent) {
        return;
    }
    for (uint32_t done = 0; done < count;) {
        uint32_t sample = first + done;
        if (sample == tone->clock.until) {
            scr_step_clock_next(&tone->clock);
            tune(tone, sample);
        }
        uint32_t run = run_of(&tone->clock, sample, count - done);
        scr_oscillator_add(&tone->oscillator, &tone->envelope, sample, mix + done, run);
        done += run;
    }
}

static void burst_add(struct scr_burst *burst, uint32_t first, float *mix, uint32_t count)
{
    if (!(burst->level > 0.0f)) {
        return;
    }
    for (uint32_t done = 0; done < count;) {
        uint32_t sample = first + done;
        if (sample == burst->clock.until) {
            scr_step_clock_next(&burst->clock);
            turn_gate(burst);
        }
        uint32_t run = run_of(&burst->clock, sample, count - done);
        if (burst->open) {
            scr_noise_add(&burst->noise, sample, burst->level, mix + done, run);
        }
        done += run;
    }
}

void scr_layers_render(struct scr_layers *layers, float *mix, uint32_t count)
{
    uint32_t first = layers->position;
    SCR_ASSERT(first <= SCR_SAMPLES_MAX && count <= SCR_SAMPLES_MAX - first);
    memset(mix, 0, count * sizeof mix[0]);
    for (uint32_t i = 0; i < SCR_TONES; i++) {
        tone_add(&layers->tones[i], first, mix, count);
    }
    burst_add(&layers->burst, first, mix, count);
    if (layers->floor_level > 0.0f) {
        scr_noise_add(&layers->floor, first, layers->floor_level, mix, count);
    }
    scr_level_clip(mix, count);
    layers->position = first + count;
}
