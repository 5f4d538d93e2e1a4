/*
 * tests/unit/dsp/chain_test.c - the filter chain.
 * Aim:    its order, its limits, and that all stages off leave the sound alone.
 * Method: against the stages one after the other; extremes of every parameter on hostile input.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/limits.h"
#include "core/dsp/chain.h"
#include "core/dsp/coefficient.h"
#include "core/dsp/level.h"
#include "core/dsp/mix64.h"
#include "tests/support/death.h"
#include "tests/support/sound.h"

static const struct scr_chain_config usual = {
    .highpass_hz = 120.0,
    .lowpass_hz = 8000.0,
    .crush_bits = 8,
    .crush_mix = 0.5,
    .compressor = {.threshold_db = -20.0, .ratio = 8.0, .attack_ms = 5.0, .release_ms = 50.0},
    .boost = 2.8,
    .limit = 0.95,
};

static float block[SCR_BLOCK_SAMPLES];

static void fill(uint64_t seed)
{
    for (uint32_t i = 0; i < SCR_BLOCK_SAMPLES; i++) {
        block[i] = (float)(2.0 * scr_draw(seed, i) - 1.0);
    }
}

static void test_order(void **state)
{
    (void)state;
    uint64_t seed = sound_test_seed();
    struct scr_chain chain;
    scr_chain_init(&chain, &usual);
    fill(seed);
    float stages[SCR_BLOCK_SAMPLES];
    memcpy(stages, block, sizeof stages);
    scr_chain_process(&chain, block, SCR_BLOCK_SAMPLES);
    scr_chain_reset(&chain);
    scr_highpass_process(&chain.highpass, stages, SCR_BLOCK_SAMPLES);
    scr_lowpass_process(&chain.lowpass, stages, SCR_BLOCK_SAMPLES);
    scr_crusher_process(&chain.crusher, stages, SCR_BLOCK_SAMPLES);
    scr_compressor_process(&chain.compressor, stages, SCR_BLOCK_SAMPLES);
    scr_level_drive(stages, SCR_BLOCK_SAMPLES, 2.8f, 0.95f);
    assert_memory_equal(block, stages, sizeof stages);
    /* Clipping is part of this sound, and the limit is reached exactly. */
    assert_true(scr_level_peak(block, SCR_BLOCK_SAMPLES) <= 0.95f);
}

static void test_all_off(void **state)
{
    (void)state;
    struct scr_chain_config config = usual;
    config.highpass_hz = 0.0;
    config.lowpass_hz = 0.0;
    config.crush_mix = 0.0;
    config.compressor.ratio = 1.0;
    config.boost = 1.0;
    config.limit = 1.0;
    struct scr_chain chain;
    scr_chain_init(&chain, &config);
    fill(7);
    float before[SCR_BLOCK_SAMPLES];
    memcpy(before, block, sizeof before);
    scr_chain_process(&chain, block, SCR_BLOCK_SAMPLES);
    assert_memory_equal(block, before, sizeof before);
}

static double pick(uint64_t seed, uint32_t k, double low, double high)
{
    double u = scr_draw(seed, k);
    /* Every third value is an edge. */
    if (u < 1.0 / 6.0) {
        return low;
    }
    return u > 5.0 / 6.0 ? high : low + u * (high - low);
}

static void test_extremes_stay_finite(void **state)
{
    (void)state;
    uint64_t seed = sound_test_seed();
    for (uint32_t round = 0; round < 2000; round++) {
        uint64_t own = scr_mix64(seed + round);
        struct scr_chain_config config = {
            .highpass_hz = pick(own, 0, 0.0, 24000.0),
            .lowpass_hz = pick(own, 1, 0.0, 24000.0),
            .crush_bits = (uint32_t)pick(own, 2, 1.0, 16.0),
            .crush_mix = pick(own, 3, 0.0, 1.0),
            .crush_centred = scr_draw(own, 4) < 0.5,
            .compressor = {.threshold_db = pick(own, 5, -80.0, 0.0),
                           .ratio = pick(own, 6, 1.0, 1000.0),
                           .attack_ms = pick(own, 7, 0.01, 10000.0),
                           .release_ms = pick(own, 8, 0.01, 10000.0),
                           .precharge = pick(own, 9, 0.0, 1.0)},
            .boost = scr_db_to_gain(pick(own, 10, -60.0, 40.0)),
            .limit = pick(own, 11, 0.0001, 1.0),
        };
        struct scr_chain chain;
        scr_chain_init(&chain, &config);
        for (uint32_t i = 0; i < SCR_BLOCK_SAMPLES; i++) {
            /* Full scale back and forth is the worst a high-pass can meet. */
            block[i] = scr_draw(own, 100 + i) < 0.5 ? -1.0f : 1.0f;
        }
        scr_chain_process(&chain, block, SCR_BLOCK_SAMPLES);
        for (uint32_t i = 0; i < SCR_BLOCK_SAMPLES; i++) {
            assert_true(fabsf(block[i]) <= (float)config.limit);
        }
    }
}

static void init_negative_boost(void *context)
{
    struct scr_chain_config config = usual;
    config.boost = -1.0;
    scr_chain_init(context, &config);
}

static void init_without_limit(void *context)
{
    struct scr_chain_config config = usual;
    config.limit = 0.0;
    scr_chain_init(context, &config);
}

static void test_mistakes_die(void **state)
{
    (void)state;
    struct scr_chain chain;
    assert_dies(init_negative_boost, &chain);
    assert_dies(init_without_limit, &chain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_all_off),
        cmocka_unit_test(test_extremes_stay_finite),
        cmocka_unit_test(test_mistakes_die),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
