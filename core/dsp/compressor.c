/*
 * core/dsp/compressor.c - turns down what is louder than a threshold.
 * How:    one loop follows the envelope, which must go sample by sample; a second computes the
 *         gains, which need not.
 *         "Attack when louder, release when not" is the larger of both results when the attack
 *         is the faster one, else the smaller: no branch on the signal.
 * Source: sound design A.4 item 4, A.8.
 */
#include "core/dsp/compressor.h"

#include "core/base/assert.h"
#include "core/base/limits.h"
#include "core/dsp/coefficient.h"
#include "core/dsp/f32math.h"

/* The share of the envelope that is left after one sample. */
static double keep_of(double time_ms)
{
    SCR_ASSERT(time_ms > 0.0);
    return scr_exp(-1.0 / ((double)SCR_SAMPLE_RATE_HZ * time_ms / 1000.0));
}

void scr_compressor_init(struct scr_compressor *compressor,
                         const struct scr_compressor_config *config)
{
    SCR_ASSERT(config->ratio >= 1.0);
    SCR_ASSERT(config->precharge >= 0.0 && config->precharge <= 1.0);
    double attack = keep_of(config->attack_ms);
    double release = keep_of(config->release_ms);
    *compressor = (struct scr_compressor){
        .attack_keep = scr_coefficient(attack),
        .attack_take = scr_coefficient(1.0 - attack),
        .release_keep = scr_coefficient(release),
        .release_take = scr_coefficient(1.0 - release),
        .threshold_log2 = scr_coefficient(scr_db_to_log2(config->threshold_db)),
        .exponent = scr_coefficient(1.0 / config->ratio - 1.0),
        .attack_long = config->attack_ms > config->release_ms,
        .precharge = scr_coefficient(config->precharge),
    };
    scr_compressor_reset(compressor);
}

void scr_compressor_reset(struct scr_compressor *compressor)
{
    compressor->envelope = compressor->precharge;
}

/* What is left of the envelope after a sample, and what the sample adds. */
struct pace {
    float attack_keep;
    float attack_take;
    float release_keep;
    float release_take;
};

static float follow_fast_attack(struct pace pace,
                                const float *restrict block,
                                float *restrict envelopes,
                                uint32_t count,
                                float e)
{
    for (uint32_t i = 0; i < count; i++) {
        float loudness = scr_abs_32(block[i]);
        e = scr_max_32(pace.attack_keep * e + pace.attack_take * loudness,
                       pace.release_keep * e + pace.release_take * loudness);
        envelopes[i] = e;
    }
    return scr_settle_32(e);
}

static float follow_slow_attack(struct pace pace,
                                const float *restrict block,
                                float *restrict envelopes,
                                uint32_t count,
                                float e)
{
    for (uint32_t i = 0; i < count; i++) {
        float loudness = scr_abs_32(block[i]);
        e = scr_min_32(pace.attack_keep * e + pace.attack_take * loudness,
                       pace.release_keep * e + pace.release_take * loudness);
        envelopes[i] = e;
    }
    return scr_settle_32(e);
}

static void follow(struct scr_compressor *compressor,
                   const float *restrict block,
                   float *restrict envelopes,
                   uint32_t count)
{
    const struct pace pace = {.attack_keep = compressor->attack_keep,
                              .attack_take = compressor->attack_take,
                              .release_keep = compressor->release_keep,
                              .release_take = compressor->release_take};
    float e = compressor->envelope;
    for (uint32_t at = 0; at < count; at += SCR_SETTLE_SAMPLES) {
        uint32_t left = count - at;
        uint32_t run = left < SCR_SETTLE_SAMPLES ? left : SCR_SETTLE_SAMPLES;
        if (compressor->attack_long) {
            e = follow_slow_attack(pace, block + at, envelopes + at, run, e);
        } else {
            e = follow_fast_attack(pace, block + at, envelopes + at, run, e);
        }
    }
    compressor->envelope = e;
}

static void turn_down(float *restrict block,
                      const float *restrict envelopes,
                      uint32_t count,
                      float threshold_log2,
                      float exponent)
{
    for (uint32_t i = 0; i < count; i++) {
        /* Below 2^-40 no threshold is reached; the logarithm of zero must not be asked for. */
        float floored = scr_max_32(envelopes[i], 0x1p-40f);
        float above = scr_log2_32(floored) - threshold_log2;
        float excess = scr_max_32(above, 0.0f);
        block[i] = block[i] * scr_exp2_32(exponent * excess);
    }
}

void scr_compressor_process(struct scr_compressor *compressor, float *block, uint32_t count)
{
    SCR_ASSERT(count <= SCR_BLOCK_SAMPLES);
    if (!(compressor->exponent < 0.0f)) {
        return;
    }
    float envelopes[SCR_BLOCK_SAMPLES];
    follow(compressor, block, envelopes, count);
    turn_down(block, envelopes, count, compressor->threshold_log2, compressor->exponent);
}
