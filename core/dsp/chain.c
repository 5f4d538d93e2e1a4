/*
 * core/dsp/chain.c - the filter chain of a scream: its coefficients and its past.
 * How:    the filters are linear, so a lane's true output is its output from silence plus what the
 *         true state at its start leaves over k samples; 16 lanes need 16 steps of that.
 *         The envelope takes the larger of attack and release when the attack is the faster one,
 *         else the smaller. The smaller is the larger of the negatives: then what a sample adds,
 *         and so the envelope, is negative, and the threshold with it; nothing else changes.
 * Trap:   states that nobody can hear become zero at a block's end, because arithmetic on denormal
 *         numbers is many times slower and silence would never end.
 * Source: sound design A.4, A.8; RC is the time constant of the analogue model.
 */
#include "core/dsp/chain.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/dsp/coefficient.h"
#include "core/dsp/f32math.h"

/* From a line to the next one of the same lane. */
#define ROW ((size_t)SCR_LANES)

/* A share of the sound 140 dB below the rest. */
#define DRY_MIN 1e-7

static_assert(SCR_GROUP_SAMPLES == 6, "next_envelope takes the largest of seven");

/* Time constant of a first-order filter, in samples. */
static double time_constant(double cutoff_hz)
{
    return (double)SCR_SAMPLE_RATE_HZ / (2.0 * SCR_PI * cutoff_hz);
}

static void init_passes(struct scr_lane_filters *filters, double highpass_hz, double lowpass_hz)
{
    SCR_ASSERT(highpass_hz >= 0.0 && lowpass_hz >= 0.0);
    filters->highpass_keep = 1.0f;
    filters->lowpass_keep = 0.0f;
    filters->lowpass_take = 1.0f;
    /* Lower still, a coefficient would round to 1 or 0 and the time constant leave a double. */
    if (highpass_hz > 1e-9) {
        double rc = time_constant(highpass_hz);
        filters->highpass_keep = scr_coefficient(rc / (rc + 1.0));
    }
    if (lowpass_hz > 1e-9) {
        double take = 1.0 / (time_constant(lowpass_hz) + 1.0);
        filters->lowpass_take = scr_coefficient(take);
        filters->lowpass_keep = scr_coefficient(1.0 - take);
    }
}

/* What states of 1 leave over a lane of silence. */
static void init_tails(struct scr_chain *chain)
{
    struct scr_lane_filters *filters = &chain->filters;
    const double a = (double)filters->highpass_keep;
    const double keep = (double)filters->lowpass_keep;
    double highpass = 1.0;
    double after_highpass = 0.0;
    double lowpass = 1.0;
    for (uint32_t k = 0; k < SCR_LANE_SAMPLES; k++) {
        highpass = a * highpass;
        after_highpass = keep * after_highpass + highpass;
        lowpass = keep * lowpass;
        chain->highpass_left[k] = scr_coefficient(highpass);
        filters->highpass_tail[k] = scr_coefficient(after_highpass);
        filters->lowpass_tail[k] = scr_coefficient(lowpass);
    }
}

static void init_crusher(struct scr_lane_filters *filters, const struct scr_chain_config *config)
{
    SCR_ASSERT(config->crush_bits >= 1 && config->crush_bits <= 16);
    SCR_ASSERT(config->crush_mix >= 0.0 && config->crush_mix <= 1.0);
    float step = 1.0f / (float)(int32_t)(UINT32_C(1) << config->crush_bits);
    filters->crush_magic = 12582912.0f * step;
    filters->crush_centre = config->crush_centred ? 0.0f : 0.5f * step;
    double dry = 1.0 - config->crush_mix;
    filters->wet = scr_coefficient(config->crush_mix);
    /* Three factors, each no smaller than a coefficient may be, would still make denormals. */
    filters->dry = dry < DRY_MIN ? 0.0f : scr_coefficient(dry);
}

/* The share of the envelope that is left after one sample. */
static double keep_of(double time_ms)
{
    SCR_ASSERT(time_ms > 0.0);
    return scr_exp(-1.0 / ((double)SCR_SAMPLE_RATE_HZ * time_ms / 1000.0));
}

static void init_compressor(struct scr_chain *chain, const struct scr_compressor_config *config)
{
    SCR_ASSERT(config->ratio >= 1.0);
    SCR_ASSERT(config->precharge >= 0.0 && config->precharge <= 1.0);
    struct scr_lane_filters *filters = &chain->filters;
    double attack = keep_of(config->attack_ms);
    double release = keep_of(config->release_ms);
    double sign = config->attack_ms > config->release_ms ? -1.0 : 1.0;
    filters->attack_keep = scr_coefficient(attack);
    filters->attack_take = scr_coefficient(sign * (1.0 - attack));
    filters->release_keep = scr_coefficient(release);
    filters->release_take = scr_coefficient(sign * (1.0 - release));
    filters->over_threshold = scr_coefficient(sign * scr_db_to_gain(-config->threshold_db));
    filters->exponent = scr_coefficient(1.0 / config->ratio - 1.0);
    for (uint32_t i = 0; i <= SCR_GROUP_SAMPLES; i++) {
        double left = 1.0;
        for (uint32_t k = 0; k < SCR_GROUP_SAMPLES; k++) {
            left *= (double)(k < i ? filters->release_keep : filters->attack_keep);
        }
        chain->envelope_left[i] = scr_coefficient(left);
    }
    chain->envelope = scr_coefficient(sign * config->precharge);
}

void scr_chain_init(struct scr_chain *chain, const struct scr_chain_config *config)
{
    SCR_ASSERT(config->boost >= 0.0 && config->gain >= 0.0);
    SCR_ASSERT(config->limit > 0.0 && config->limit <= 1.0);
    *chain = (struct scr_chain){0};
    init_passes(&chain->filters, config->highpass_hz, config->lowpass_hz);
    init_tails(chain);
    init_crusher(&chain->filters, config);
    init_compressor(chain, &config->compressor);
    chain->filters.boost = scr_coefficient(config->boost * config->gain);
    chain->filters.limit = scr_coefficient(config->limit * config->gain);
}

/* Turns the states at the ends of lanes that began in silence into true ones at their starts. */
static void pass_on(struct scr_chain *chain, struct scr_lane_work *work, uint32_t samples)
{
    const float highpass_left = chain->highpass_left[samples - 1];
    const float highpass_tail = chain->filters.highpass_tail[samples - 1];
    const float lowpass_tail = chain->filters.lowpass_tail[samples - 1];
    float highpass = chain->highpass;
    float lowpass = chain->lowpass;
    for (uint32_t lane = 0; lane < SCR_LANES; lane++) {
        float past = highpass * highpass_tail + lowpass * lowpass_tail;
        float highpass_end = work->highpass[lane] + highpass * highpass_left;
        float lowpass_end = work->lowpass[lane] + past;
        work->highpass[lane] = highpass;
        work->lowpass[lane] = lowpass;
        highpass = highpass_end;
        lowpass = lowpass_end;
    }
    chain->highpass = scr_settle_32(highpass);
    chain->lowpass = scr_settle_32(lowpass);
}

/* The envelope behind a group: the largest of its straight lines. */
static inline float next_envelope(float e, const float *left, const float *reach)
{
    float l0 = left[0] * e + reach[0];
    float l1 = left[1] * e + reach[ROW];
    float l2 = left[2] * e + reach[2 * ROW];
    float l3 = left[3] * e + reach[3 * ROW];
    float l4 = left[4] * e + reach[4 * ROW];
    float l5 = left[5] * e + reach[5 * ROW];
    float l6 = left[6] * e + reach[6 * ROW];
    float even = scr_max_32(scr_max_32(l0, l2), scr_max_32(l4, l6));
    float odd = scr_max_32(scr_max_32(l1, l3), l5);
    return scr_max_32(even, odd);
}

/* The envelope at the start of each group, in the order of time: lane by lane. */
static void follow(struct scr_chain *chain, struct scr_lane_work *work, uint32_t samples)
{
    float left[SCR_GROUP_SAMPLES + 1];
    memcpy(left, chain->envelope_left, sizeof left);
    float e = chain->envelope;
    for (uint32_t lane = 0; lane < SCR_LANES; lane++) {
        for (uint32_t group = 0; group * SCR_GROUP_SAMPLES < samples; group++) {
            work->envelope[group][lane] = e;
            e = next_envelope(e, left, &work->reach[group][0][lane]);
        }
    }
    chain->envelope = scr_settle_32(e);
}

float scr_chain_process(struct scr_chain *chain,
                        const struct scr_kernels *kernels,
                        struct scr_lane_work *work,
                        uint32_t samples,
                        float *block)
{
    SCR_ASSERT(samples == SCR_LANE_SAMPLES || samples == SCR_LANE_SAMPLES_AHEAD);
    pass_on(chain, work, samples);
    kernels->shape(&chain->filters, work, samples);
    follow(chain, work, samples);
    return kernels->drive(&chain->filters, work, samples, block);
}
