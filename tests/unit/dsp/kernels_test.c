/*
 * tests/unit/dsp/kernels_test.c - the kernels of every instruction set, bit for bit.
 * Aim:    each kernel, and the whole chain of them, gives exactly the bits of the definition,
 *         whatever it is given: random and extreme numbers, both lane lengths, events at both ends
 *         of a lane and many at once, an attack slower than the release, silence, and decays
 *         through the smallest numbers.
 * Method: the definition of tests/support in the shape of kernels, from the same hostile input;
 *         for every set of isa_table.h that runs on this machine.
 */
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

#define ROUNDS 400

/* The bytes of a lane length in the planes of a work area. */
#define SOUND_BYTES(work, samples) ((samples) * sizeof(work).sound[0])
#define REACH_BYTES(work, samples) ((samples) / SCR_GROUP_SAMPLES * sizeof(work).reach[0])

static const uint32_t lengths[] = {SCR_LANE_SAMPLES, SCR_LANE_SAMPLES_AHEAD};

static struct scr_lane_layers layers;
static struct scr_lane_work ours;
static struct scr_lane_work wanted;
static float block[SCR_BLOCK_SAMPLES];
static float wanted_block[SCR_BLOCK_SAMPLES];

static void judge_mix(const struct scr_kernels *kernels, void *context)
{
    uint64_t seed = *(const uint64_t *)context;
    /* None, one, as many as there can be, anything between. */
    static const uint32_t counts[] = {0, 1, 5, 10, SCR_LANE_EVENTS_MAX - 1, SCR_LANE_EVENTS_MAX};
    for (uint32_t round = 0; round < ROUNDS; round++) {
        uint64_t own = scr_mix64(seed + round);
        uint32_t samples = lengths[round % 2];
        struct scr_chain_config config;
        struct scr_chain chain;
        hostile_config(own, &config);
        scr_chain_init(&chain, &config);
        hostile_layers(own, samples, counts[round / 2 % 6], &layers);
        memset(&ours, 0x55, sizeof ours);
        kernels->mix(&layers, &chain.filters, &ours, samples);
        defined_kernels()->mix(&layers, &chain.filters, &wanted, samples);
        assert_memory_equal(ours.sound, wanted.sound, SOUND_BYTES(ours, samples));
        assert_memory_equal(ours.highpass, wanted.highpass, sizeof ours.highpass);
        assert_memory_equal(ours.lowpass, wanted.lowpass, sizeof ours.lowpass);
    }
}

static void test_mix(void **state)
{
    (void)state;
    uint64_t seed = sound_test_seed();
    for_each_isa(judge_mix, &seed);
}

static void judge_shape(const struct scr_kernels *kernels, void *context)
{
    uint64_t seed = *(const uint64_t *)context;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        uint64_t own = scr_mix64(seed + round);
        uint32_t samples = lengths[round % 2];
        struct scr_chain_config config;
        struct scr_chain chain;
        hostile_config(own, &config);
        scr_chain_init(&chain, &config);
        hostile_work(own, &ours);
        wanted = ours;
        kernels->shape(&chain.filters, &ours, samples);
        defined_kernels()->shape(&chain.filters, &wanted, samples);
        assert_memory_equal(ours.sound, wanted.sound, SOUND_BYTES(ours, samples));
        assert_memory_equal(ours.reach, wanted.reach, REACH_BYTES(ours, samples));
    }
}

static void test_shape(void **state)
{
    (void)state;
    uint64_t seed = sound_test_seed();
    for_each_isa(judge_shape, &seed);
}

static void judge_drive(const struct scr_kernels *kernels, void *context)
{
    uint64_t seed = *(const uint64_t *)context;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        uint64_t own = scr_mix64(seed + round);
        uint32_t samples = lengths[round % 2];
        size_t bytes = SCR_LANES * samples * sizeof block[0];
        struct scr_chain_config config;
        struct scr_chain chain;
        hostile_config(own, &config);
        scr_chain_init(&chain, &config);
        hostile_work(own, &ours);
        wanted = ours;
        float peak = kernels->drive(&chain.filters, &ours, samples, block);
        float wanted_peak =
            defined_kernels()->drive(&chain.filters, &wanted, samples, wanted_block);
        assert_memory_equal(block, wanted_block, bytes);
        assert_memory_equal(&peak, &wanted_peak, sizeof peak);
    }
}

static void test_drive(void **state)
{
    (void)state;
    uint64_t seed = sound_test_seed();
    for_each_isa(judge_drive, &seed);
}

/* Some blocks of a chain, its states handed on; the last ones of silence. */
static void judge_blocks(const struct scr_kernels *kernels,
                         const struct scr_chain_config *config,
                         uint64_t seed)
{
    struct scr_chain ours_chain;
    struct scr_chain wanted_chain;
    scr_chain_init(&ours_chain, config);
    scr_chain_init(&wanted_chain, config);
    for (uint32_t i = 0; i < 10; i++) {
        uint32_t samples = lengths[i == 0];
        size_t bytes = SCR_LANES * samples * sizeof block[0];
        if (i < 6) {
            hostile_layers(scr_mix64(seed + i), samples, 4 * i, &layers);
        } else {
            memset(&layers, 0, sizeof layers);
        }
        kernels->mix(&layers, &ours_chain.filters, &ours, samples);
        defined_kernels()->mix(&layers, &wanted_chain.filters, &wanted, samples);
        float peak = scr_chain_process(&ours_chain, kernels, &ours, samples, block);
        float wanted_peak =
            scr_chain_process(&wanted_chain, defined_kernels(), &wanted, samples, wanted_block);
        assert_memory_equal(block, wanted_block, bytes);
        assert_memory_equal(&peak, &wanted_peak, sizeof peak);
        assert_memory_equal(&ours_chain, &wanted_chain, sizeof ours_chain);
    }
}

static void judge_chain(const struct scr_kernels *kernels, void *context)
{
    uint64_t seed = *(const uint64_t *)context;
    for (uint32_t round = 0; round < ROUNDS / 4; round++) {
        struct scr_chain_config config;
        hostile_config(scr_mix64(seed + round), &config);
        judge_blocks(kernels, &config, scr_mix64(~seed + round));
    }
    /* Each order of attack and release, the compressor at work in both. */
    static const double times_ms[][2] = {
        {5.0, 50.0}, {50.0, 5.0}, {5.0, 5.0}, {0.01, 10000.0}, {10000.0, 0.01}};
    for (size_t i = 0; i < sizeof times_ms / sizeof times_ms[0]; i++) {
        struct scr_chain_config config = {
            .highpass_hz = 120.0,
            .lowpass_hz = 8000.0,
            .crush_bits = 8,
            .crush_mix = 0.5,
            .compressor = {.threshold_db = -20.0,
                           .ratio = 8.0,
                           .attack_ms = times_ms[i][0],
                           .release_ms = times_ms[i][1],
                           .precharge = 0.5},
            .boost = 2.8,
            .limit = 0.95,
            .gain = 0.7,
        };
        judge_blocks(kernels, &config, scr_mix64(seed ^ i));
    }
}

static void test_chain(void **state)
{
    (void)state;
    uint64_t seed = sound_test_seed();
    for_each_isa(judge_chain, &seed);
}

/* Filters and envelopes that fall through the smallest numbers, denormal ones among them. */
static void judge_decay(const struct scr_kernels *kernels, void *context)
{
    (void)context;
    for (uint32_t round = 0; round < 100; round++) {
        struct scr_chain_config config;
        struct scr_chain chain;
        hostile_config(round, &config);
        scr_chain_init(&chain, &config);
        memset(&ours, 0, sizeof ours);
        for (uint32_t lane = 0; lane < SCR_LANES; lane++) {
            float scale = 1.0f;
            for (uint32_t i = 0; i < 2 * lane + round % 13; i++) {
                scale *= 0x1p-5f;
            }
            for (uint32_t k = 0; k < SCR_LANE_SAMPLES; k++) {
                ours.sound[k][lane] = (k & 1) != 0 ? scale : -0.7f * scale;
                scale *= 0.5f;
            }
            ours.highpass[lane] = scale;
            ours.lowpass[lane] = -scale;
        }
        wanted = ours;
        float peak = scr_chain_process(&chain, kernels, &ours, SCR_LANE_SAMPLES, block);
        hostile_config(round, &config);
        scr_chain_init(&chain, &config);
        float wanted_peak =
            scr_chain_process(&chain, defined_kernels(), &wanted, SCR_LANE_SAMPLES, wanted_block);
        assert_memory_equal(block, wanted_block, sizeof block);
        assert_memory_equal(&peak, &wanted_peak, sizeof peak);
        assert_memory_equal(ours.reach, wanted.reach, sizeof ours.reach);
        assert_memory_equal(ours.envelope, wanted.envelope, sizeof ours.envelope);
    }
}

static void test_decay(void **state)
{
    (void)state;
    for_each_isa(judge_decay, NULL);
}

/* Several changes of one lane at one sample: the last of the list counts, before the sample. */
static void judge_order(const struct scr_kernels *kernels, void *context)
{
    (void)context;
    static const struct scr_lane_filters open = {
        .highpass_keep = 1.0f, .lowpass_keep = 0.0f, .lowpass_take = 1.0f};
    static const uint32_t places[] = {0, 1, SCR_LANE_SAMPLES - 1};
    for (uint32_t lane = 0; lane < SCR_LANES; lane++) {
        for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
            memset(&layers, 0, sizeof layers);
            layers.level[0][lane] = 0.5f;
            layers.phase[0][lane] = UINT32_C(0x40000000);
            layers.event_count = 3;
            for (uint32_t event = 0; event < 3; event++) {
                layers.events[event] =
                    (struct scr_lane_event){.sample = places[i], .lane = lane, .turn = event << 30};
            }
            kernels->mix(&layers, &open, &ours, SCR_LANE_SAMPLES);
            for (uint32_t k = 0; k < SCR_LANE_SAMPLES; k++) {
                /* Half a turn each sample: up and down from the sample behind the event on. */
                bool down = k > places[i] && (k - places[i]) % 2 == 1;
                for (uint32_t other = 0; other < SCR_LANES; other++) {
                    float level = other == lane ? 0.5f : 0.0f;
                    float x = down ? -ours.sound[k][other] : ours.sound[k][other];
                    assert_true(x > level - 1e-6f && x < level + 1e-6f);
                }
            }
        }
    }
}

static void test_order_of_events(void **state)
{
    (void)state;
    for_each_isa(judge_order, NULL);
}

static void ask_for_no_set(void *context)
{
    (void)context;
    (void)scr_kernels_of(SCR_ISA_COUNT);
}

static void test_mistakes_die(void **state)
{
    (void)state;
    assert_dies(ask_for_no_set, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mix),
        cmocka_unit_test(test_shape),
        cmocka_unit_test(test_drive),
        cmocka_unit_test(test_chain),
        cmocka_unit_test(test_decay),
        cmocka_unit_test(test_order_of_events),
        cmocka_unit_test(test_mistakes_die),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
