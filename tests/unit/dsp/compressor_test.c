/*
 * tests/unit/dsp/compressor_test.c - turns down what is louder than a threshold.
 * Aim:    attack, release, ratio, threshold, precharge; both orders of attack and release.
 * Method: the definition with its branches, in double with libm, must agree within 1e-5; then
 *         steady levels by hand and the edges of every parameter.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/limits.h"
#include "core/dsp/compressor.h"
#include "core/dsp/mix64.h"
#include "tests/support/death.h"
#include "tests/support/sound.h"

#define COUNT (20 * SCR_BLOCK_SAMPLES)

static const struct scr_compressor_config usual = {
    .threshold_db = -20.0, .ratio = 8.0, .attack_ms = 5.0, .release_ms = 50.0};

static float block[COUNT];

static void process(const struct scr_compressor_config *config)
{
    struct scr_compressor compressor;
    scr_compressor_init(&compressor, config);
    for (uint32_t at = 0; at < COUNT; at += SCR_BLOCK_SAMPLES) {
        scr_compressor_process(&compressor, block + at, SCR_BLOCK_SAMPLES);
    }
}

/* The definition, with a branch where the engine has none. */
static void define(const struct scr_compressor_config *config, const float *in, double *out)
{
    double threshold = pow(10.0, config->threshold_db / 20.0);
    double attack = exp(-1.0 / (48.0 * config->attack_ms));
    double release = exp(-1.0 / (48.0 * config->release_ms));
    double envelope = config->precharge;
    for (uint32_t n = 0; n < COUNT; n++) {
        double m = fabs((double)in[n]);
        double keep = m > envelope ? attack : release;
        envelope = keep * envelope + (1.0 - keep) * m;
        double gain = 1.0;
        if (envelope > threshold) {
            gain = pow(envelope / threshold, 1.0 / config->ratio - 1.0);
        }
        out[n] = (double)in[n] * gain;
    }
}

static void judge(const struct scr_compressor_config *config, uint64_t seed)
{
    static float in[COUNT];
    static double wanted[COUNT];
    for (uint32_t n = 0; n < COUNT; n++) {
        double swell = 0.5 + 0.5 * sin(0.0007 * (double)n);
        in[n] = (float)((2.0 * scr_draw(seed, n) - 1.0) * swell);
    }
    memcpy(block, in, sizeof block);
    process(config);
    define(config, in, wanted);
    for (uint32_t n = 0; n < COUNT; n++) {
        assert_true(fabs((double)block[n] - wanted[n]) < 2e-5);
    }
}

static void test_definition(void **state)
{
    (void)state;
    uint64_t seed = sound_test_seed();
    struct scr_compressor_config config = usual;
    judge(&config, seed);
    config.precharge = 0.5;
    judge(&config, seed);
    config.attack_ms = 50.0;
    config.release_ms = 5.0;
    judge(&config, seed);
    config.attack_ms = 5.0;
    judge(&config, seed);
    config.ratio = 1000.0;
    config.threshold_db = -80.0;
    judge(&config, seed);
    config.attack_ms = 0.01;
    config.release_ms = 10000.0;
    judge(&config, seed);
    config.threshold_db = 0.0;
    judge(&config, seed);
}

static void test_steady_level(void **state)
{
    (void)state;
    struct scr_compressor_config config = usual;
    config.precharge = 1.0;
    for (uint32_t n = 0; n < COUNT; n++) {
        block[n] = (n & 1) != 0 ? 1.0f : -1.0f;
    }
    process(&config);
    /* 20 dB above the threshold become 20/8. */
    double wanted = pow(10.0, (-20.0 + 20.0 / 8.0) / 20.0);
    assert_true(fabs((double)block[COUNT - 1] - wanted) < 1e-5);
    assert_true(fabs((double)block[0] + wanted) < 1e-4);
}

static void test_ratio_one_is_off(void **state)
{
    (void)state;
    struct scr_compressor_config config = usual;
    config.ratio = 1.0;
    for (uint32_t n = 0; n < COUNT; n++) {
        block[n] = (float)(n % 17) / 16.0f;
    }
    process(&config);
    for (uint32_t n = 0; n < COUNT; n++) {
        assert_true(block[n] == (float)(n % 17) / 16.0f);
    }
}

static void test_quiet_is_untouched(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < COUNT; n++) {
        block[n] = 0.0999f;
    }
    process(&usual);
    for (uint32_t n = 0; n < COUNT; n++) {
        assert_true(block[n] == 0.0999f);
    }
}

static void test_silence_ends(void **state)
{
    (void)state;
    struct scr_compressor_config config = usual;
    config.precharge = 1.0;
    struct scr_compressor compressor;
    scr_compressor_init(&compressor, &config);
    memset(block, 0, sizeof block);
    for (int i = 0; i < 200; i++) {
        scr_compressor_process(&compressor, block, SCR_BLOCK_SAMPLES);
    }
    assert_true(compressor.envelope == 0.0f && block[0] == 0.0f);
    scr_compressor_reset(&compressor);
    assert_true(compressor.envelope == 1.0f);
}

static void init_expander(void *context)
{
    struct scr_compressor_config config = usual;
    config.ratio = 0.99;
    scr_compressor_init(context, &config);
}

static void init_no_attack(void *context)
{
    struct scr_compressor_config config = usual;
    config.attack_ms = 0.0;
    scr_compressor_init(context, &config);
}

static void init_precharge_too_large(void *context)
{
    struct scr_compressor_config config = usual;
    config.precharge = 1.01;
    scr_compressor_init(context, &config);
}

static void process_too_much(void *context)
{
    scr_compressor_init(context, &usual);
    scr_compressor_process(context, block, SCR_BLOCK_SAMPLES + 1);
}

static void test_mistakes_die(void **state)
{
    (void)state;
    struct scr_compressor compressor;
    assert_dies(init_expander, &compressor);
    assert_dies(init_no_attack, &compressor);
    assert_dies(init_precharge_too_large, &compressor);
    assert_dies(process_too_much, &compressor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_definition),
        cmocka_unit_test(test_steady_level),
        cmocka_unit_test(test_ratio_one_is_off),
        cmocka_unit_test(test_quiet_is_untouched),
        cmocka_unit_test(test_silence_ends),
        cmocka_unit_test(test_mistakes_die),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
