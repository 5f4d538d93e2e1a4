/*
 * tests/support/lane_definition.c - the classic engine by definition, sample after sample.
 * Reads:  coefficients first; then lane_definition_next, which makes a sample in this order:
 *         layers, mix, clip, high-pass, low-pass, crusher, compressor, boost, clip. Of smooth
 *         screams limiter and fades follow. Two factors are applied before they are due, because
 *         that costs nothing: the low-pass' is part of all levels, the gain behind the clipping is
 *         part of boost and limit.
 */
#include "tests/support/lane_definition.h"

#include <string.h>

#include "core/dsp/coefficient.h"
#include "core/dsp/fade.h"
#include "core/dsp/mix64.h"
#include "core/dsp/oscillator.h"
#include "core/dsp/step_clock.h"
#include "core/synth/preset.h"

#define RATE 48000.0
#define BLOCK 960
#define LEAD 96
#define NOISE_STRIDE UINT32_C(0x9e3779b1)
#define CEILING_DB (-2.0)

/* What nobody hears is nothing. */
static float settled(float state)
{
    return defined_magnitude(state) < 1e-15f ? 0.0f : state;
}

/* ---- Set-up: coefficients in double, rounded once ---- */

static void init_tones(struct lane_definition *d)
{
    const struct scr_tonal *tonals[DEFINED_TONES] = {
        &d->params.primary, &d->params.harmonic, &d->params.shriek};
    static const uint64_t primes[DEFINED_TONES] = {1000003, 1000033, 1000037};
    static const uint64_t strides[DEFINED_TONES] = {137, 251, 89};
    for (uint32_t i = 0; i < DEFINED_TONES; i++) {
        double glide = scr_round(tonals[i]->sweep_hz_s / (RATE * RATE) * 0x1p64);
        d->tones[i] = (struct defined_tone){
            .tonal = tonals[i],
            .seed = scr_seed_spread(tonals[i]->seed, d->params.seed, primes[i]),
            .stride = strides[i],
            .step = UINT32_MAX, /* so that the first sample begins one */
            .glide = (uint64_t)(int64_t)glide,
        };
        d->rise[i] = scr_coefficient(tonals[i]->amp * tonals[i]->rise / RATE);
        d->voices.rise[i] = d->rise[i] * d->voices.full;
    }
    d->noise_seed = scr_seed_spread(d->params.burst_seed, d->params.seed, 1000081);
    d->voices.noise_key = (uint32_t)(scr_mix64(d->noise_seed + SCR_GOLDEN_64) >> 32);
    d->voices.floor = scr_coefficient(d->params.floor_amp) * 0x1p-31f * d->voices.full;
}

static double time_constant(double cutoff_hz)
{
    return RATE / (2.0 * SCR_PI * cutoff_hz);
}

static void init_passes(struct lane_definition *d)
{
    struct defined_passes *passes = &d->passes;
    *passes = (struct defined_passes){.highpass_keep = 1.0f};
    d->voices.full = 1.0f;
    if (d->params.highpass_hz > 1e-9) {
        double rc = time_constant(d->params.highpass_hz);
        passes->highpass_keep = scr_coefficient(rc / (rc + 1.0));
    }
    if (d->params.lowpass_hz > 1e-9) {
        double take = 1.0 / (time_constant(d->params.lowpass_hz) + 1.0);
        d->voices.full = scr_coefficient(take);
        passes->lowpass_keep = scr_coefficient(1.0 - take);
    }
    double keep = (double)passes->lowpass_keep;
    double highpass = 1.0;
    double after_highpass = 0.0;
    double lowpass = 1.0;
    for (uint32_t k = 0; k < DEFINED_LANE_SAMPLES; k++) {
        highpass = (double)passes->highpass_keep * highpass;
        after_highpass = keep * after_highpass + highpass;
        lowpass = keep * lowpass;
        d->highpass_left[k] = scr_coefficient(highpass);
        d->highpass_tail[k] = scr_coefficient(after_highpass);
        d->lowpass_tail[k] = scr_coefficient(lowpass);
    }
}

static void init_crusher(struct lane_definition *d, bool smooth)
{
    float step = 1.0f / (float)(1 << d->params.crush_bits);
    double dry = 1.0 - d->params.crush_mix;
    d->crusher = (struct defined_crusher){
        .centre = smooth ? 0.0f : 0.5f * step,
        .magic = 12582912.0f * step,
        .wet = scr_coefficient(d->params.crush_mix),
        .dry = dry < 1e-7 ? 0.0f : scr_coefficient(dry),
    };
}

static void init_follower(struct lane_definition *d, bool smooth)
{
    const struct scr_params *params = &d->params;
    double attack = scr_exp(-1.0 / (RATE * params->comp_attack_ms / 1000.0));
    double release = scr_exp(-1.0 / (RATE * params->comp_release_ms / 1000.0));
    d->follower = (struct defined_follower){
        .attack_keep = scr_coefficient(attack),
        .attack_take = scr_coefficient(1.0 - attack),
        .release_keep = scr_coefficient(release),
        .release_take = scr_coefficient(1.0 - release),
        .smaller = params->comp_attack_ms > params->comp_release_ms,
    };
    for (uint32_t i = 0; i <= DEFINED_GROUP; i++) {
        double left = 1.0;
        for (uint32_t k = 0; k < DEFINED_GROUP; k++) {
            left *= (double)(k < i ? d->follower.release_keep : d->follower.attack_keep);
        }
        d->envelope_left[i] = scr_coefficient(left);
    }
    double amps = params->primary.amp + params->harmonic.amp + params->shriek.amp;
    double precharge = 0.5 * (amps < 1.0 ? amps : 1.0);
    d->group_envelope = smooth ? scr_coefficient(precharge) : 0.0f;
}

static void init_drive(struct lane_definition *d, bool smooth)
{
    const struct scr_params *params = &d->params;
    double boost = scr_db_to_gain(params->boost_db);
    double gain = 1.0;
    if (smooth) {
        enum scr_preset preset = (enum scr_preset)params->preset;
        gain = scr_db_to_gain(scr_preset_gain_db(preset)) * params->volume;
    } else if (params->volume > 0.0) {
        boost = scr_db_to_gain(params->boost_db + scr_gain_to_db(params->volume));
    } else {
        boost = 0.0;
    }
    d->drive = (struct defined_drive){
        .over_threshold = scr_coefficient(scr_db_to_gain(-params->comp_threshold_db)),
        .exponent = scr_coefficient(1.0 / params->comp_ratio - 1.0),
        .boost = scr_coefficient(boost * gain),
        .limit = scr_coefficient(params->limit * gain),
    };
}

void lane_definition_init(struct lane_definition *definition, const struct scr_params *params)
{
    bool smooth = params->finish == SCR_FINISH_SMOOTH;
    memset(definition, 0, sizeof *definition);
    definition->params = *params;
    init_passes(definition);
    init_tones(definition);
    init_crusher(definition, smooth);
    init_follower(definition, smooth);
    init_drive(definition, smooth);
    scr_limiter_init(&definition->limiter, scr_coefficient(scr_db_to_gain(CEILING_DB)));
    definition->lane_samples = smooth ? LEAD / DEFINED_LANES : DEFINED_LANE_SAMPLES;
    definition->total = scr_params_samples(params);
}

/* ---- One sample after the other ---- */

/* 2^-64 turns to 2^-32, rounded. */
static uint32_t rounded(uint64_t turns)
{
    return (uint32_t)((turns + (UINT64_C(1) << 31)) >> 32);
}

/* Before sample n: a new step, and at the start of a lane everything from what is exact. */
static void begin_tone(struct lane_definition *d, uint32_t index, uint32_t n)
{
    struct defined_tone *tone = &d->tones[index];
    uint32_t step = scr_step_at(n, tone->tonal->jump_hz);
    bool jumps = step != tone->step;
    if (jumps) {
        double value = scr_step_value(tone->seed, step, tone->stride);
        double pitch_hz = tone->tonal->base_hz + tone->tonal->range_hz * value;
        tone->turn = scr_phase_from_turns(pitch_hz / RATE) + tone->glide * n;
        tone->step = step;
    }
    if (jumps || d->lane_sample == 0) {
        tone->lane_turn = rounded(tone->turn);
    }
    if (d->lane_sample == 0) {
        float level = scr_coefficient(tone->tonal->amp);
        tone->lane_glide = rounded(tone->glide);
        d->voices.phase[index] = rounded(tone->phase);
        d->voices.level[index] = (level + d->rise[index] * (float)n) * d->voices.full;
    }
}

static void end_tone(struct lane_definition *d, uint32_t index)
{
    struct defined_tone *tone = &d->tones[index];
    tone->phase += tone->turn;
    tone->turn += tone->glide;
    d->voices.phase[index] += tone->lane_turn;
    tone->lane_turn += tone->lane_glide;
}

static void begin_noise(struct lane_definition *d, uint32_t n)
{
    uint32_t key = (uint32_t)scr_mix64(d->noise_seed + SCR_GOLDEN_64);
    uint32_t step = scr_step_at(n, d->params.burst_rate_hz);
    bool open = scr_step_value(d->noise_seed, step, 173) > d->params.burst_threshold;
    float level = open ? scr_coefficient(d->params.burst_amp) * 0x1p-31f : 0.0f;
    d->voices.gate = level * d->voices.full;
    d->voices.noise = n * NOISE_STRIDE + key;
}

/* High-pass and low-pass: from silence, and what the state at the lane's start leaves. */
static float filter(struct lane_definition *d, float mix)
{
    uint32_t k = d->lane_sample;
    if (k == 0) {
        d->passes.highpass = 0.0f;
        d->passes.lowpass = 0.0f;
    }
    float past = d->highpass * d->highpass_tail[k] + d->lowpass * d->lowpass_tail[k];
    float z = defined_pass(&d->passes, mix) + past;
    if (k == d->lane_samples - 1) {
        d->highpass = d->passes.highpass + d->highpass * d->highpass_left[k];
        d->lowpass = z;
    }
    return z;
}

/* The envelope at this sample. Behind the last one of a group it goes on from the best line. */
static float follow(struct lane_definition *d, float x)
{
    uint32_t k = d->lane_sample % DEFINED_GROUP;
    float before = k == 0 ? d->group_envelope : d->envelope;
    d->envelope = defined_follow(&d->follower, before, x);
    defined_reach(&d->follower, d->reach, k, x);
    if (k == DEFINED_GROUP - 1) {
        float end = d->envelope_left[0] * d->group_envelope + d->reach[0];
        for (uint32_t i = 1; i <= DEFINED_GROUP; i++) {
            float line = d->envelope_left[i] * d->group_envelope + d->reach[i];
            end = defined_choice(&d->follower, end, line);
        }
        d->group_envelope = end;
    }
    return d->envelope;
}

/* To the next sample of the lane, the next lane, the next block. */
static void step_on(struct lane_definition *d)
{
    d->made += 1;
    d->lane_sample += 1;
    if (d->lane_sample < d->lane_samples) {
        return;
    }
    d->lane_sample = 0;
    d->lane += 1;
    if (d->lane == DEFINED_LANES) {
        d->lane = 0;
        d->lane_samples = DEFINED_LANE_SAMPLES;
        d->highpass = settled(d->highpass);
        d->lowpass = settled(d->lowpass);
        d->group_envelope = settled(d->group_envelope);
    }
}

float lane_definition_next(struct lane_definition *definition)
{
    struct lane_definition *d = definition;
    uint32_t n = d->made;
    for (uint32_t i = 0; i < DEFINED_TONES; i++) {
        begin_tone(d, i, n);
    }
    begin_noise(d, n);
    d->voices.sample = d->lane_sample;
    float x = defined_mix(&d->voices);
    for (uint32_t i = 0; i < DEFINED_TONES; i++) {
        end_tone(d, i);
    }
    x = filter(d, x);
    x = defined_crush(&d->crusher, x);
    x = defined_drive(&d->drive, x, follow(d, x));
    step_on(d);
    return x;
}

/* Samples before the limiter, silence after the end; then the limiter. */
static void make(struct lane_definition *d, float *block, uint32_t count)
{
    float peak = 0.0f;
    for (uint32_t i = 0; i < count; i++) {
        block[i] = d->made < d->total ? lane_definition_next(d) : 0.0f;
        peak = defined_larger(defined_magnitude(block[i]), peak);
    }
    if (d->params.finish == SCR_FINISH_SMOOTH) {
        scr_limiter_process(&d->limiter, block, count, peak);
    }
}

uint32_t lane_definition_pull(struct lane_definition *definition, float *block)
{
    struct lane_definition *d = definition;
    uint32_t left = d->total - d->position;
    uint32_t count = left < BLOCK ? left : BLOCK;
    if (count == 0) {
        memset(block, 0, BLOCK * sizeof block[0]);
        return 0;
    }
    if (d->params.finish == SCR_FINISH_SMOOTH) {
        if (d->position == 0) {
            float unheard[LEAD];
            make(d, unheard, LEAD);
        }
        make(d, block, BLOCK);
        scr_fade_apply(block, count, d->position, d->total);
    } else {
        make(d, block, BLOCK);
    }
    d->position += count;
    return count;
}
