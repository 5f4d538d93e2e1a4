/*
 * core/synth/scream.c - one scream from start to end, block by block.
 * Flow:   raw:    layers -> chain -> block; the volume is part of the chain's boost.
 *         smooth: layers -> chain -> gain -> limiter -> fades -> block.
 * Trap:   the limiter gives back what went in 2 ms before. So the first pull of a smooth scream
 *         makes 2 ms more than it gives, and at the end silence goes in: the caller sees no
 *         delay and the exact length.
 * Source: sound design A.5 (volume), A.8, A.9, Part C items 1 to 3.
 */
#include "core/synth/scream.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/base/compiler.h"
#include "core/dsp/coefficient.h"
#include "core/dsp/fade.h"
#include "core/synth/preset.h"

/* Room for what the conversion between sample rates in players may add between two samples. */
#define CEILING_DB (-2.0)

/* How full the compressor's envelope is before the first sample: no burst at the onset. */
static double precharge_of(const struct scr_params *params)
{
    double sum = params->primary.amp + params->harmonic.amp + params->shriek.amp;
    return 0.5 * (sum < 1.0 ? sum : 1.0);
}

/* Raw: the volume turns the boost down, before the clipping. Zero is silence. */
static double raw_boost(const struct scr_params *params)
{
    if (!(params->volume > 0.0)) {
        return 0.0;
    }
    return scr_db_to_gain(params->boost_db + scr_gain_to_db(params->volume));
}

void scr_scream_init(struct scr_scream *scream, const struct scr_params *params)
{
    enum scr_param culprit;
    SCR_ASSERT(scr_params_check(params, &culprit) == SCR_OK);
    bool smooth = params->finish == SCR_FINISH_SMOOTH;
    double preset_gain = scr_db_to_gain(scr_preset_gain_db((enum scr_preset)params->preset));
    struct scr_chain_config config = {
        .highpass_hz = params->highpass_hz,
        .lowpass_hz = params->lowpass_hz,
        .crush_bits = params->crush_bits,
        .crush_mix = params->crush_mix,
        .crush_centred = smooth,
        .compressor =
            {
                .threshold_db = params->comp_threshold_db,
                .ratio = params->comp_ratio,
                .attack_ms = params->comp_attack_ms,
                .release_ms = params->comp_release_ms,
                .precharge = smooth ? precharge_of(params) : 0.0,
            },
        .boost = smooth ? scr_db_to_gain(params->boost_db) : raw_boost(params),
        .limit = params->limit,
        .gain = smooth ? preset_gain * params->volume : 1.0,
    };
    memset(scream, 0, sizeof *scream);
    scream->kernels = scr_kernels_of(scr_isa_current());
    scr_layers_init(&scream->layers, params);
    scr_chain_init(&scream->chain, &config);
    scr_limiter_init(&scream->limiter, scr_coefficient(scr_db_to_gain(CEILING_DB)));
    scream->smooth = smooth;
    scream->total = scr_params_samples(params);
}

uint32_t scr_scream_tracks(const struct scr_params *params)
{
    SCR_ASSERT(params->channels >= 1 && params->channels <= SCR_CHANNELS_MAX);
    return 1;
}

/* The next block out of the chain: what is beyond the end is zero. Returns the highest peak. */
static float make(struct scr_scream *scream, float *block, uint32_t lane_samples)
{
    SCR_UNINITIALISED struct scr_lane_layers lanes;
    SCR_UNINITIALISED struct scr_lane_work work;
    uint32_t count = SCR_LANES * lane_samples;
    uint32_t left = scream->total - scream->layers.position;
    scr_layers_begin(&scream->layers, lane_samples, &lanes);
    scream->kernels->mix(&lanes, &scream->chain.filters, &work, lane_samples);
    float peak = scr_chain_process(&scream->chain, scream->kernels, &work, lane_samples, block);
    if (left < count) {
        memset(block + left, 0, (count - left) * sizeof block[0]);
    }
    return peak;
}

/* As above behind the limiter; nothing is made any more when nothing is left. */
static void make_limited(struct scr_scream *scream, float *block, uint32_t lane_samples)
{
    uint32_t count = SCR_LANES * lane_samples;
    float peak = 0.0f;
    if (scream->layers.position < scream->total) {
        peak = make(scream, block, lane_samples);
    } else {
        memset(block, 0, count * sizeof block[0]);
    }
    scr_limiter_process(&scream->limiter, block, count, peak);
}

/* Fills the limiter, so that it gives sample 0 next. */
static void make_ahead(struct scr_scream *scream)
{
    float unheard[SCR_LOOKAHEAD_SAMPLES];
    make_limited(scream, unheard, SCR_LANE_SAMPLES_AHEAD);
}

uint32_t scr_scream_pull(struct scr_scream *scream, float *block)
{
    SCR_ASSERT(scream->position <= scream->total);
    uint32_t left = scream->total - scream->position;
    uint32_t count = left < SCR_BLOCK_SAMPLES ? left : SCR_BLOCK_SAMPLES;
    if (count == 0) {
        memset(block, 0, SCR_BLOCK_SAMPLES * sizeof block[0]);
        return 0;
    }
    if (scream->smooth) {
        if (scream->position == 0) {
            make_ahead(scream);
        }
        make_limited(scream, block, SCR_LANE_SAMPLES);
        scr_fade_apply(block, count, scream->position, scream->total);
    } else {
        (void)make(scream, block, SCR_LANE_SAMPLES);
    }
    for (uint32_t i = 0; i < SCR_BLOCK_SAMPLES; i++) {
        SCR_ASSERT_SLOW(block[i] >= -1.0f && block[i] <= 1.0f);
        SCR_ASSERT_SLOW(i < count || block[i] == 0.0f);
    }
    scream->position += count;
    return count;
}
