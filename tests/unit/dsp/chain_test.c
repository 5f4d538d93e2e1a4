/*
 * tests/unit/dsp/chain_test.c - the filter chain: its coefficients and its past.
 * Aim:    frequency responses, steps and direct current of the crusher, the compressor's curve
 *         and times; what is off is exactly off, silence ends at exactly zero, the limit holds.
 * Method: sines and steady levels made by kernel mix, against analytic responses and the definition
 *         in double with branches and libm; extremes of every parameter on hostile layers.
 */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/dsp/chain.h"
#include "core/dsp/mix64.h"
#include "tests/support/death.h"
#include "tests/support/defined_kernels.h"
#include "tests/support/sound.h"

#define PI 3.14159265358979323846
#define BLOCKS 50
#define COUNT (BLOCKS * SCR_BLOCK_SAMPLES)
#define QUARTER UINT32_C(0x40000000)

/* Everything off. */
static const struct scr_chain_config off = {
    .crush_bits = 8,
    .compressor = {.threshold_db = -20.0, .ratio = 1.0, .attack_ms = 5.0, .release_ms = 50.0},
    .boost = 1.0,
    .limit = 1.0,
    .gain = 1.0,
};

static struct scr_lane_layers layers;
static struct scr_lane_work work;
static float out[COUNT];

/* One block of the layers through the chain. */
static float process(struct scr_chain *chain, float *block)
{
    const struct scr_kernels *kernels = scr_kernels_of(scr_isa_current());
    kernels->mix(&layers, &chain->filters, &work, SCR_LANE_SAMPLES);
    return scr_chain_process(chain, kernels, &work, SCR_LANE_SAMPLES, block);
}

/* A sine of this amplitude from this sample on; pitch 0 is a steady level. */
static void set_sine(double hz, float amplitude, uint32_t first)
{
    uint32_t turn = (uint32_t)(hz / 48000.0 * 4294967296.0);
    memset(&layers, 0, sizeof layers);
    for (uint32_t lane = 0; lane < SCR_LANES; lane++) {
        layers.level[0][lane] = amplitude;
        layers.phase[0][lane] = QUARTER + (first + lane * SCR_LANE_SAMPLES) * turn;
        layers.turn[0][lane] = turn;
    }
}

static void run_sine(const struct scr_chain_config *config, double hz, float amplitude)
{
    struct scr_chain chain;
    scr_chain_init(&chain, config);
    for (uint32_t at = 0; at < COUNT; at += SCR_BLOCK_SAMPLES) {
        set_sine(hz, amplitude, at);
        (void)process(&chain, out + at);
    }
}

/* Amplitude of the second half, when the start has died away. */
static double amplitude_of_end(void)
{
    double sum = 0.0;
    for (uint32_t n = COUNT / 2; n < COUNT; n++) {
        sum += (double)out[n] * (double)out[n];
    }
    return sqrt(4.0 * sum / COUNT);
}

/* |a (1 - z^-1) / (1 - a z^-1)| and |b / (1 - (1 - b) z^-1)| on the unit circle. */
static double highpass_response(double cutoff_hz, double hz)
{
    double rc = 1.0 / (2.0 * PI * cutoff_hz);
    double a = rc / (rc + 1.0 / 48000.0);
    double w = 2.0 * PI * hz / 48000.0;
    return a * 2.0 * sin(w / 2.0) / sqrt(1.0 - 2.0 * a * cos(w) + a * a);
}

static double lowpass_response(double cutoff_hz, double hz)
{
    double rc = 1.0 / (2.0 * PI * cutoff_hz);
    double b = 1.0 / 48000.0 / (rc + 1.0 / 48000.0);
    double w = 2.0 * PI * hz / 48000.0;
    return b / sqrt(1.0 - 2.0 * (1.0 - b) * cos(w) + (1.0 - b) * (1.0 - b));
}

static void test_responses(void **state)
{
    (void)state;
    static const double cutoffs[] = {20.0, 120.0, 1000.0, 8000.0, 24000.0};
    static const double tones[] = {20.0, 120.0, 1000.0, 10000.0, 23000.0};
    for (size_t i = 0; i < sizeof cutoffs / sizeof cutoffs[0]; i++) {
        for (size_t k = 0; k < sizeof tones / sizeof tones[0]; k++) {
            struct scr_chain_config config = off;
            config.highpass_hz = cutoffs[i];
            run_sine(&config, tones[k], 1.0f);
            double high = highpass_response(cutoffs[i], tones[k]);
            assert_true(fabs(amplitude_of_end() - high) < 1e-3);
            config.highpass_hz = 0.0;
            config.lowpass_hz = cutoffs[i];
            run_sine(&config, tones[k], 1.0f);
            double low = lowpass_response(cutoffs[i], tones[k]);
            assert_true(fabs(amplitude_of_end() - low) < 1e-3);
            config.highpass_hz = 120.0;
            run_sine(&config, tones[k], 1.0f);
            double both = low * highpass_response(120.0, tones[k]);
            assert_true(fabs(amplitude_of_end() - both) < 1e-3);
        }
    }
}

/* Layers of every kind, none so loud that its own rounding is heard; what they are before any
 * filter goes to plain. */
static void hostile_block(uint64_t seed, float *plain)
{
    static const struct scr_lane_filters open = {
        .highpass_keep = 1.0f, .lowpass_keep = 0.0f, .lowpass_take = 1.0f};
    hostile_layers(seed, SCR_LANE_SAMPLES, SCR_LANE_EVENTS_MAX, &layers);
    for (uint32_t i = 0; i < SCR_TONES * SCR_LANES; i++) {
        float *level = &layers.level[i / SCR_LANES][i % SCR_LANES];
        *level = fminf(*level, 1.0f);
    }
    scr_kernels_of(scr_isa_current())->mix(&layers, &open, &work, SCR_LANE_SAMPLES);
    for (uint32_t i = 0; i < SCR_BLOCK_SAMPLES; i++) {
        plain[i] = work.sound[i % SCR_LANE_SAMPLES][i / SCR_LANE_SAMPLES];
    }
}

static void test_off_is_exactly_off(void **state)
{
    (void)state;
    static const double nothings[] = {0.0, -0.0, DBL_TRUE_MIN, 1e-300, 1e-9};
    uint64_t seed = sound_test_seed();
    for (size_t i = 0; i < sizeof nothings / sizeof nothings[0]; i++) {
        struct scr_chain_config config = off;
        struct scr_chain chain;
        config.highpass_hz = nothings[i];
        config.lowpass_hz = nothings[i];
        scr_chain_init(&chain, &config);
        for (uint32_t block = 0; block < 5; block++) {
            float plain[SCR_BLOCK_SAMPLES];
            hostile_block(seed + block, plain);
            float peak = process(&chain, out);
            for (uint32_t n = 0; n < SCR_BLOCK_SAMPLES; n++) {
                assert_true(out[n] == plain[n] && fabsf(out[n]) <= peak);
            }
        }
    }
    /* The lowest cut-offs that are not off: all but nothing is cut, all but everything. */
    struct scr_chain_config config = off;
    config.highpass_hz = 1e-8;
    run_sine(&config, 0.0, 0.5f);
    assert_true(fabs((double)out[COUNT - 1] - 0.5) < 1e-5);
    config.highpass_hz = 0.0;
    config.lowpass_hz = 1e-8;
    run_sine(&config, 0.0, 0.5f);
    assert_true(fabs((double)out[COUNT - 1]) < 1e-5);
}

static void test_crusher(void **state)
{
    (void)state;
    for (int centred = 0; centred <= 1; centred++) {
        struct scr_chain_config config = off;
        config.crush_bits = 6;
        config.crush_mix = 1.0;
        config.crush_centred = centred != 0;
        run_sine(&config, 997.0, 0.9f);
        double sum = 0.0;
        for (uint32_t n = 0; n < COUNT; n++) {
            /* Whole steps of 1/64, and the right ones. */
            double truth = (double)0.9f * cos(2.0 * PI * fmod(997.0 * n / 48000.0, 1.0));
            assert_true((double)out[n] * 64.0 == round((double)out[n] * 64.0));
            double error = (double)out[n] - truth;
            assert_true(error < (centred != 0 ? 0.5 : 0.0) / 64.0 + 1e-4);
            assert_true(error > (centred != 0 ? -0.5 : -1.0) / 64.0 - 1e-4);
            sum += (double)out[n];
        }
        double wanted = centred != 0 ? 0.0 : -0.5 / 64.0;
        assert_true(fabs(sum / COUNT - wanted) < 2e-4);
    }
}

/* Steady levels on both sides of the threshold, the envelope full of them. */
static void test_static_curve(void **state)
{
    (void)state;
    static const double ratios[] = {1.0, 2.0, 8.0, 1000.0};
    static const double levels[] = {0.001, 0.0999, 0.1, 0.101, 0.2, 0.5, 0.999};
    for (size_t i = 0; i < sizeof ratios / sizeof ratios[0]; i++) {
        for (size_t k = 0; k < sizeof levels / sizeof levels[0]; k++) {
            struct scr_chain_config config = off;
            config.compressor.ratio = ratios[i];
            config.compressor.precharge = levels[k];
            run_sine(&config, 0.0, (float)levels[k]);
            double over = fmax(levels[k] / 0.1, 1.0);
            double wanted = levels[k] * pow(over, 1.0 / ratios[i] - 1.0);
            assert_true(fabs((double)out[0] - wanted) < 3e-5 * wanted);
            assert_true(fabs((double)out[COUNT - 1] - wanted) < 3e-5 * wanted);
        }
    }
}

/* Loud, quiet, loud: the envelope's times, by the definition with its branch. */
static void judge_times(double attack_ms, double release_ms, double precharge)
{
    struct scr_chain_config config = off;
    struct scr_chain chain;
    config.compressor = (struct scr_compressor_config){.threshold_db = -26.0,
                                                       .ratio = 8.0,
                                                       .attack_ms = attack_ms,
                                                       .release_ms = release_ms,
                                                       .precharge = precharge};
    const double threshold = pow(10.0, -26.0 / 20.0);
    const double attack = exp(-1.0 / (48.0 * attack_ms));
    const double release = exp(-1.0 / (48.0 * release_ms));
    double e = precharge;
    scr_chain_init(&chain, &config);
    for (uint32_t at = 0; at < COUNT; at += SCR_BLOCK_SAMPLES) {
        bool loud = at / SCR_BLOCK_SAMPLES % 20 >= 10;
        float plain = loud ? 0.9f : 0.1f;
        set_sine(0.0, plain, at);
        (void)process(&chain, out + at);
        for (uint32_t n = at; n < at + SCR_BLOCK_SAMPLES; n++) {
            double m = (double)plain;
            double keep = m > e ? attack : release;
            e = keep * e + (1.0 - keep) * m;
            double gain = e > threshold ? pow(e / threshold, 1.0 / 8.0 - 1.0) : 1.0;
            assert_true(fabs((double)out[n] - m * gain) < 3e-5);
        }
    }
}

static void test_attack_and_release(void **state)
{
    (void)state;
    judge_times(5.0, 50.0, 0.0);
    judge_times(5.0, 50.0, 1.0);
    judge_times(50.0, 5.0, 0.0);
    judge_times(50.0, 5.0, 0.5);
    judge_times(5.0, 5.0, 0.5);
    judge_times(0.01, 10000.0, 0.0);
    judge_times(10000.0, 0.01, 1.0);
}

/* Every stage at once, on whatever comes, but for the crusher, whose steps are decisions. */
static void judge_definition(const struct scr_chain_config *config, uint64_t seed)
{
    struct scr_chain chain;
    scr_chain_init(&chain, config);
    const double w = 2.0 * PI / 48000.0;
    const double a = 1.0 / (1.0 + w * config->highpass_hz);
    const double b = w * config->lowpass_hz / (1.0 + w * config->lowpass_hz);
    const struct scr_compressor_config *compressor = &config->compressor;
    const double threshold = pow(10.0, compressor->threshold_db / 20.0);
    double before = 0.0;
    double high = 0.0;
    double low = 0.0;
    double e = compressor->precharge;
    for (uint32_t block = 0; block < 20; block++) {
        float plain[SCR_BLOCK_SAMPLES];
        hostile_block(seed + block, plain);
        (void)process(&chain, out);
        for (uint32_t n = 0; n < SCR_BLOCK_SAMPLES; n++) {
            high = a * (high + (double)plain[n] - before);
            before = (double)plain[n];
            low += b * (high - low);
            double m = fabs(low);
            double time_ms = m > e ? compressor->attack_ms : compressor->release_ms;
            double keep = exp(-1.0 / (48.0 * time_ms));
            e = keep * e + (1.0 - keep) * m;
            double gain = e > threshold ? pow(e / threshold, 1.0 / compressor->ratio - 1.0) : 1.0;
            double x = fmax(-config->limit, fmin(config->limit, low * gain * config->boost));
            assert_true(fabs((double)out[n] - x * config->gain) < 5e-5);
        }
    }
}

static void test_definition(void **state)
{
    (void)state;
    uint64_t seed = sound_test_seed();
    struct scr_chain_config config = off;
    config.highpass_hz = 120.0;
    config.lowpass_hz = 8000.0;
    config.compressor.ratio = 8.0;
    config.boost = 2.8;
    config.limit = 0.95;
    config.gain = 0.7;
    judge_definition(&config, seed);
    config.compressor.attack_ms = 50.0;
    config.compressor.release_ms = 5.0;
    config.compressor.precharge = 0.5;
    judge_definition(&config, seed + 100);
    config.highpass_hz = 24000.0;
    config.lowpass_hz = 100.0;
    judge_definition(&config, seed + 200);
}

/* What the past was, silence ends it: no state stays, and no slow number on the way stays long. */
static void test_silence_ends_at_zero(void **state)
{
    (void)state;
    static const double times_ms[][2] = {{5.0, 50.0}, {50.0, 5.0}, {0.01, 20.0}};
    for (size_t i = 0; i < sizeof times_ms / sizeof times_ms[0]; i++) {
        struct scr_chain_config config = off;
        struct scr_chain chain;
        /* The slowest that anybody sets: they would stay among the smallest numbers for ever. */
        config.highpass_hz = 20.0;
        config.lowpass_hz = 20.0;
        config.compressor.ratio = 8.0;
        config.compressor.attack_ms = times_ms[i][0];
        config.compressor.release_ms = times_ms[i][1];
        config.compressor.precharge = 1.0;
        scr_chain_init(&chain, &config);
        set_sine(0.0, 1.0f, 0);
        (void)process(&chain, out);
        assert_true(chain.highpass != 0.0f && chain.lowpass != 0.0f && chain.envelope != 0.0f);
        memset(&layers, 0, sizeof layers);
        uint32_t slow_blocks = 0;
        for (uint32_t block = 0; block < 150; block++) {
            float peak = process(&chain, out);
            slow_blocks += peak != 0.0f && !isnormal(peak);
            slow_blocks += chain.envelope != 0.0f && !isnormal(chain.envelope);
        }
        assert_true(chain.highpass == 0.0f && chain.lowpass == 0.0f && chain.envelope == 0.0f);
        assert_true(slow_blocks == 0);
        for (uint32_t n = 0; n < SCR_BLOCK_SAMPLES; n++) {
            assert_true(out[n] == 0.0f);
        }
    }
}

static void test_nothing_leaves_the_limit(void **state)
{
    (void)state;
    uint64_t seed = sound_test_seed();
    for (uint32_t round = 0; round < 1000; round++) {
        uint64_t own = scr_mix64(seed + round);
        struct scr_chain_config config;
        struct scr_chain chain;
        hostile_config(own, &config);
        scr_chain_init(&chain, &config);
        for (uint32_t block = 0; block < 3; block++) {
            float highest = 0.0f;
            hostile_layers(own + block, SCR_LANE_SAMPLES, SCR_LANE_EVENTS_MAX, &layers);
            float peak = process(&chain, out);
            for (uint32_t n = 0; n < SCR_BLOCK_SAMPLES; n++) {
                assert_true(fabsf(out[n]) <= chain.filters.limit);
                highest = fmaxf(highest, fabsf(out[n]));
            }
            assert_true(peak == highest);
        }
    }
}

/* ---- What is no configuration ---- */

static struct scr_chain_config wrong;

static void init_wrong(void *context)
{
    scr_chain_init(context, &wrong);
}

static void process_other_length(void *context)
{
    struct scr_chain *chain = context;
    scr_chain_init(chain, &off);
    (void)scr_chain_process(chain, scr_kernels_of(SCR_ISA_SCALAR), &work, 12, out);
}

static void test_mistakes_die(void **state)
{
    (void)state;
    static const struct {
        size_t offset;
        double value;
    } mistakes[] = {
        {offsetof(struct scr_chain_config, highpass_hz), -1.0},
        {offsetof(struct scr_chain_config, highpass_hz), (double)NAN},
        {offsetof(struct scr_chain_config, lowpass_hz), -1.0},
        {offsetof(struct scr_chain_config, lowpass_hz), (double)NAN},
        {offsetof(struct scr_chain_config, crush_mix), -0.01},
        {offsetof(struct scr_chain_config, crush_mix), 1.01},
        {offsetof(struct scr_chain_config, compressor.ratio), 0.99},
        {offsetof(struct scr_chain_config, compressor.attack_ms), 0.0},
        {offsetof(struct scr_chain_config, compressor.release_ms), 0.0},
        {offsetof(struct scr_chain_config, compressor.precharge), -0.01},
        {offsetof(struct scr_chain_config, compressor.precharge), 1.01},
        {offsetof(struct scr_chain_config, boost), -1.0},
        {offsetof(struct scr_chain_config, limit), 0.0},
        {offsetof(struct scr_chain_config, limit), 1.01},
        {offsetof(struct scr_chain_config, gain), -1.0},
    };
    struct scr_chain chain;
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        wrong = off;
        memcpy((char *)&wrong + mistakes[i].offset, &mistakes[i].value, sizeof(double));
        assert_dies(init_wrong, &chain);
    }
    wrong = off;
    wrong.crush_bits = 0;
    assert_dies(init_wrong, &chain);
    wrong.crush_bits = 17;
    assert_dies(init_wrong, &chain);
    assert_dies(process_other_length, &chain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_responses),
        cmocka_unit_test(test_off_is_exactly_off),
        cmocka_unit_test(test_crusher),
        cmocka_unit_test(test_static_curve),
        cmocka_unit_test(test_attack_and_release),
        cmocka_unit_test(test_definition),
        cmocka_unit_test(test_silence_ends_at_zero),
        cmocka_unit_test(test_nothing_leaves_the_limit),
        cmocka_unit_test(test_mistakes_die),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
