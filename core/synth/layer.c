/*
 * core/synth/layer.c - the five layers of the classic engine, as the lanes of a block begin.
 * How:    each tone and the gate is walked over the block from lane to lane. A step at the start of
 *         a lane is part of what the lane begins with; one within it becomes an event. The walk is
 *         in exact integers, so a lane begins where the one before would have arrived.
 * Source: sound design A.2, A.3, A.8.
 */
#include "core/synth/layer.h"

#include "core/base/assert.h"
#include "core/dsp/coefficient.h"
#include "core/dsp/f32math.h"
#include "core/dsp/mix64.h"

/* The pitch of the current step, from this sample (its first) on. */
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
        .level = scr_coefficient(tonal->amp),
        .rise = scr_coefficient(tonal->amp * tonal->rise / (double)SCR_SAMPLE_RATE_HZ),
    };
    scr_step_clock_init(&tone->clock, tonal->jump_hz);
    scr_oscillator_init(&tone->oscillator, tonal->sweep_hz_s);
    tune(tone, 0);
}

static void turn_gate(struct scr_gate *gate)
{
    double value = scr_step_value(gate->seed, gate->clock.step, SCR_GATE_STRIDE);
    gate->open = value > gate->threshold;
}

/* The level of noise that comes as signed 32-bit numbers. */
static float noise_level(double amp)
{
    return scr_coefficient(amp) * 0x1p-31f;
}

void scr_layers_init(struct scr_layers *layers, const struct scr_params *params)
{
    uint64_t global = params->seed;
    tone_init(&layers->tones[0],
              &params->primary,
              scr_seed_spread(params->primary.seed, global, SCR_PRIMARY_PRIME),
              SCR_PRIMARY_STRIDE);
    tone_init(&layers->tones[SCR_TONE_GLIDING],
              &params->harmonic,
              scr_seed_spread(params->harmonic.seed, global, SCR_HARMONIC_PRIME),
              SCR_HARMONIC_STRIDE);
    tone_init(&layers->tones[2],
              &params->shriek,
              scr_seed_spread(params->shriek.seed, global, SCR_SHRIEK_PRIME),
              SCR_SHRIEK_STRIDE);
    uint64_t noise_seed = scr_seed_spread(params->burst_seed, global, SCR_NOISE_PRIME);
    layers->gate = (struct scr_gate){.threshold = params->burst_threshold,
                                     .seed = noise_seed,
                                     .level = noise_level(params->burst_amp)};
    scr_step_clock_init(&layers->gate.clock, params->burst_rate_hz);
    turn_gate(&layers->gate);
    scr_noise_init(&layers->noise, noise_seed);
    layers->floor_level = noise_level(params->floor_amp);
    layers->position = 0;
}

static void add_event(
    struct scr_lane_layers *lanes, uint32_t sample, uint32_t lane, uint32_t tone, uint32_t turn)
{
    SCR_ASSERT(lanes->event_count < SCR_LANE_EVENTS_MAX);
    uint32_t at = lanes->event_count;
    for (; at > 0 && lanes->events[at - 1].sample > sample; at--) {
        lanes->events[at] = lanes->events[at - 1];
    }
    lanes->events[at] =
        (struct scr_lane_event){.sample = sample, .lane = lane, .tone = tone, .turn = turn};
    lanes->event_count += 1;
}

static void begin_tone(struct scr_layers *layers,
                       uint32_t index,
                       uint32_t samples,
                       struct scr_lane_layers *lanes)
{
    struct scr_tone *tone = &layers->tones[index];
    struct scr_oscillator *oscillator = &tone->oscillator;
    for (uint32_t lane = 0; lane < SCR_LANES; lane++) {
        uint32_t first = layers->position + lane * samples;
        uint32_t at = 0;
        if (tone->clock.until == first) {
            scr_step_clock_next(&tone->clock);
            tune(tone, first);
        }
        lanes->phase[index][lane] = scr_turns_32(oscillator->phase);
        lanes->turn[index][lane] = scr_turns_32(oscillator->step);
        lanes->level[index][lane] = tone->level + tone->rise * (float)(int32_t)first;
        while (tone->clock.until - first < samples) {
            uint32_t step = tone->clock.until - first;
            scr_oscillator_advance(oscillator, step - at);
            scr_step_clock_next(&tone->clock);
            tune(tone, first + step);
            add_event(lanes, step, lane, index, scr_turns_32(oscillator->step));
            at = step;
        }
        scr_oscillator_advance(oscillator, samples - at);
    }
    lanes->rise[index] = tone->rise;
}

static void begin_gate(struct scr_layers *layers, uint32_t samples, struct scr_lane_layers *lanes)
{
    struct scr_gate *gate = &layers->gate;
    for (uint32_t lane = 0; lane < SCR_LANES; lane++) {
        uint32_t first = layers->position + lane * samples;
        if (gate->clock.until == first) {
            scr_step_clock_next(&gate->clock);
            turn_gate(gate);
        }
        lanes->gate[lane] = gate->open ? gate->level : 0.0f;
        while (gate->clock.until - first < samples) {
            uint32_t step = gate->clock.until - first;
            scr_step_clock_next(&gate->clock);
            turn_gate(gate);
            float level = gate->open ? gate->level : 0.0f;
            add_event(lanes, step, lane, SCR_TONES, scr_f32_bits(level));
        }
    }
}

void scr_layers_begin(struct scr_layers *layers, uint32_t samples, struct scr_lane_layers *lanes)
{
    SCR_ASSERT(layers->position <= SCR_SAMPLES_MAX);
    SCR_ASSERT(!(layers->tones[SCR_TONE_GLIDING].rise > 0.0f));
    lanes->event_count = 0;
    for (uint32_t i = 0; i < SCR_TONES; i++) {
        begin_tone(layers, i, samples, lanes);
    }
    begin_gate(layers, samples, lanes);
    lanes->glide = scr_turns_32(layers->tones[SCR_TONE_GLIDING].oscillator.glide);
    for (uint32_t lane = 0; lane < SCR_LANES; lane++) {
        uint32_t first = layers->position + lane * samples;
        lanes->noise[lane] = first * SCR_NOISE_STRIDE + layers->noise.k0;
    }
    lanes->noise_key = layers->noise.k1;
    lanes->floor = layers->floor_level;
    layers->position += SCR_LANES * samples;
}
