/*
 * bench/definition.c - the classic engine as its definition reads: double precision and libm.
 * Flow:   five layers, added in their order -> clip -> block; then high-pass -> low-pass ->
 *         crusher -> compressor -> boost -> clip, in place.
 * Source: sound design A.2 (seeds, steps), A.3 (layers), A.4 (filters), A.5 (volume, stages off).
 */
#include "bench/definition.h"

#include <math.h>
#include <string.h>

#define SAMPLE_RATE ((double)SCR_SAMPLE_RATE_HZ)
#define PI 3.14159265358979323846
#define GOLDEN UINT64_C(0x9e3779b97f4a7c15)

/* ---- Seeds and steps (A.2) ---- */

static uint64_t mix64(uint64_t s)
{
    s ^= s >> 30;
    s *= UINT64_C(0xbf58476d1ce4e5b9);
    s ^= s >> 27;
    s *= UINT64_C(0x94d049bb133111eb);
    s ^= s >> 31;
    return s;
}

/* A double in [0, 1). */
static double u01(uint64_t s)
{
    return (double)(mix64(s) >> 11) * 0x1p-53;
}

static uint64_t effective_seed(int64_t seed, uint64_t global, uint64_t prime)
{
    return (uint64_t)seed ^ (global * prime);
}

static double step_value(uint64_t seed, int64_t step, uint64_t stride)
{
    return u01(seed ^ ((uint64_t)step * stride));
}

/* ---- Layers (A.3) ---- */

static struct scr_definition_tone
tone_of(const struct scr_tonal *tonal, uint64_t seed, uint64_t stride)
{
    return (struct scr_definition_tone){
        .base_hz = tonal->base_hz,
        .range_hz = tonal->range_hz,
        .sweep_hz_s = tonal->sweep_hz_s,
        .jump_hz = tonal->jump_hz,
        .amp = tonal->amp,
        .rise = tonal->rise,
        .seed = seed,
        .stride = stride,
        .step = -1,
    };
}

static double tone_next(struct scr_definition_tone *tone, double t)
{
    int64_t step = (int64_t)(t * tone->jump_hz);
    if (step != tone->step) {
        tone->step = step;
        tone->pitch_hz = tone->range_hz * step_value(tone->seed, step, tone->stride);
    }
    double hz = tone->base_hz + tone->sweep_hz_s * t + tone->pitch_hz;
    double y = tone->amp * (1.0 + tone->rise * t) * sin(2.0 * PI * tone->phase);
    tone->phase += hz / SAMPLE_RATE;
    if (tone->phase >= 1.0) {
        tone->phase -= 1.0;
    }
    return y;
}

/* White noise in [-1, 1). */
static double noise_value(uint64_t *state)
{
    *state += GOLDEN;
    return 2.0 * u01(*state) - 1.0;
}

static double burst_next(struct scr_definition_noise *noise, double t)
{
    int64_t step = (int64_t)(t * noise->rate_hz);
    if (step != noise->step) {
        noise->step = step;
        noise->open = step_value(noise->seed, step, 173) > noise->threshold;
    }
    return noise->open ? noise->burst_amp * noise_value(&noise->burst_state) : 0.0;
}

static double clip(double x, double limit)
{
    if (x > limit) {
        return limit;
    }
    return x < -limit ? -limit : x;
}

/* A silent layer is left out, as it may be: it adds zero. */
static double mix_next(struct scr_definition *definition, double t)
{
    double mix = 0.0;
    for (size_t i = 0; i < SCR_DEFINITION_TONES; i += 1) {
        if (definition->tones[i].amp > 0.0) {
            mix += tone_next(&definition->tones[i], t);
        }
    }
    struct scr_definition_noise *noise = &definition->noise;
    if (noise->burst_amp > 0.0) {
        mix += burst_next(noise, t);
    }
    if (noise->floor_amp > 0.0) {
        mix += noise->floor_amp * noise_value(&noise->floor_state);
    }
    return clip(mix, 1.0);
}

/* ---- Filters (A.4) ---- */

static double highpass_of(double cutoff_hz)
{
    if (!(cutoff_hz > 0.0)) {
        return 0.0;
    }
    double rc = 1.0 / (2.0 * PI * cutoff_hz);
    return rc / (rc + 1.0 / SAMPLE_RATE);
}

static double lowpass_of(double cutoff_hz)
{
    if (!(cutoff_hz > 0.0)) {
        return 0.0;
    }
    double rc = 1.0 / (2.0 * PI * cutoff_hz);
    double dt = 1.0 / SAMPLE_RATE;
    return dt / (rc + dt);
}

static double boost_of(const struct scr_params *params)
{
    if (!(params->volume > 0.0)) {
        return 0.0;
    }
    return pow(10.0, (params->boost_db + 20.0 * log10(params->volume)) / 20.0);
}

static struct scr_definition_chain chain_of(const struct scr_params *params)
{
    return (struct scr_definition_chain){
        .highpass = highpass_of(params->highpass_hz),
        .lowpass = lowpass_of(params->lowpass_hz),
        .crush_steps = pow(2.0, (double)params->crush_bits),
        .crush_mix = params->crush_mix,
        .attack = exp(-1.0 / (SAMPLE_RATE * params->comp_attack_ms / 1000.0)),
        .release = exp(-1.0 / (SAMPLE_RATE * params->comp_release_ms / 1000.0)),
        .threshold = pow(10.0, params->comp_threshold_db / 20.0),
        .exponent = 1.0 / params->comp_ratio - 1.0,
        .boost = boost_of(params),
        .limit = params->limit,
    };
}

static double compress(struct scr_definition_chain *chain, double x)
{
    double loudness = fabs(x);
    double keep = loudness > chain->envelope ? chain->attack : chain->release;
    chain->envelope = keep * chain->envelope + (1.0 - keep) * loudness;
    if (chain->envelope > chain->threshold) {
        x *= pow(chain->envelope / chain->threshold, chain->exponent);
    }
    return x;
}

static double chain_next(struct scr_definition_chain *chain, double x)
{
    if (chain->highpass > 0.0) {
        chain->high = chain->highpass * (chain->high + x - chain->input);
        chain->input = x;
        x = chain->high;
    }
    if (chain->lowpass > 0.0) {
        chain->low += chain->lowpass * (x - chain->low);
        x = chain->low;
    }
    if (chain->crush_mix > 0.0) {
        double crushed = floor(x * chain->crush_steps) / chain->crush_steps;
        x = chain->crush_mix * crushed + (1.0 - chain->crush_mix) * x;
    }
    if (chain->exponent < 0.0) {
        x = compress(chain, x);
    }
    return clip(x * chain->boost, chain->limit);
}

/* ---- A scream ---- */

void scr_definition_init(struct scr_definition *definition, const struct scr_params *params)
{
    uint64_t global = params->seed;
    uint64_t noise_seed = effective_seed(params->burst_seed, global, 1000081);
    *definition = (struct scr_definition){
        .tones =
            {
                tone_of(
                    &params->primary, effective_seed(params->primary.seed, global, 1000003), 137),
                tone_of(
                    &params->harmonic, effective_seed(params->harmonic.seed, global, 1000033), 251),
                tone_of(&params->shriek, effective_seed(params->shriek.seed, global, 1000037), 89),
            },
        .noise =
            {
                .rate_hz = params->burst_rate_hz,
                .threshold = params->burst_threshold,
                .burst_amp = params->burst_amp,
                .floor_amp = params->floor_amp,
                .seed = noise_seed,
                .step = -1,
                .burst_state = mix64(noise_seed),
                .floor_state = mix64(noise_seed ^ GOLDEN),
            },
        .chain = chain_of(params),
        .total = scr_params_samples(params),
    };
}

uint32_t scr_definition_pull(struct scr_definition *definition, double *block)
{
    uint32_t left = definition->total - definition->position;
    uint32_t count = left < SCR_BLOCK_SAMPLES ? left : SCR_BLOCK_SAMPLES;
    for (uint32_t i = 0; i < count; i += 1) {
        block[i] = mix_next(definition, (double)(definition->position + i) / SAMPLE_RATE);
    }
    for (uint32_t i = 0; i < count; i += 1) {
        block[i] = chain_next(&definition->chain, block[i]);
    }
    memset(block + count, 0, (SCR_BLOCK_SAMPLES - count) * sizeof block[0]);
    definition->position += count;
    return count;
}

int16_t scr_definition_s16(double x)
{
    double scaled = 32767.0 * x;
    scaled = scaled > 32767.0 ? 32767.0 : scaled;
    scaled = scaled < -32768.0 ? -32768.0 : scaled;
    return (int16_t)round(scaled);
}
