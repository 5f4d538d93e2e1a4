/*
 * tests/unit/synth/layer_test.c - the five layers, as the lanes of a block begin.
 * Aim:    pitch steps, glide, rise, gate, floor, order and clipping are those of the definition;
 *         a block begins where the one before would have arrived, to the end of the longest scream.
 * Method: the definition again in double, with a phase that adds up, and libm's sine; what kernel
 *         mix makes of the lanes must agree within 1e-4 for every preset and random parameters.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/dsp/kernels.h"
#include "core/dsp/mix64.h"
#include "core/synth/layer.h"
#include "core/synth/preset.h"
#include "tests/support/death.h"
#include "tests/support/sound.h"

#define PI 3.14159265358979323846
#define COUNT (2 * SCR_SAMPLE_RATE_HZ)

static float mix[COUNT];

/* One tonal layer of the definition. */
struct model {
    const struct scr_tonal *tonal;
    uint64_t seed;
    uint64_t stride;
    double phase;
};

static double model_next(struct model *model, uint32_t n)
{
    const struct scr_tonal *tonal = model->tonal;
    double t = (double)n / 48000.0;
    uint64_t step = (uint64_t)(t * tonal->jump_hz);
    double jump = tonal->range_hz * scr_u01(model->seed ^ (step * model->stride));
    double f = tonal->base_hz + tonal->sweep_hz_s * t + jump;
    double y = tonal->amp * (1.0 + tonal->rise * t) * sin(2.0 * PI * model->phase);
    model->phase += f / 48000.0;
    model->phase -= floor(model->phase);
    return y;
}

/* The burst is a whole random word, the floor its lower half. */
static double
model_noise(const struct scr_params *params, const struct scr_noise *noise, uint32_t n)
{
    uint64_t seed = (uint64_t)params->burst_seed ^ (params->seed * 1000081);
    uint32_t word = scr_noise_bits(noise->k0, noise->k1, n);
    uint64_t step = (uint64_t)((double)n / 48000.0 * params->burst_rate_hz);
    bool open = scr_u01(seed ^ (step * 173)) > params->burst_threshold;
    double burst = params->burst_amp * (double)(int32_t)word / 2147483648.0;
    return (open ? burst : 0.0) + params->floor_amp * (double)(int16_t)(word & 0xffff) / 32768.0;
}

static void judge(const struct scr_params *params)
{
    uint64_t g = params->seed;
    struct model tones[3] = {
        {&params->primary, (uint64_t)params->primary.seed ^ (g * 1000003), 137, 0.0},
        {&params->harmonic, (uint64_t)params->harmonic.seed ^ (g * 1000033), 251, 0.0},
        {&params->shriek, (uint64_t)params->shriek.seed ^ (g * 1000037), 89, 0.0}};
    struct scr_noise noise;
    scr_noise_init(&noise, (uint64_t)params->burst_seed ^ (g * 1000081));
    sound_render_mix(params, mix, COUNT);
    for (uint32_t n = 0; n < COUNT; n++) {
        double sum = model_noise(params, &noise, n);
        for (int i = 0; i < 3; i++) {
            sum += model_next(&tones[i], n);
        }
        double wanted = fmin(1.0, fmax(-1.0, sum));
        assert_true(fabs((double)mix[n] - wanted) <= 1e-4);
    }
}

static void test_presets(void **state)
{
    (void)state;
    static const uint64_t seeds[] = {0, 42, UINT64_MAX, UINT64_C(1) << 63};
    for (unsigned i = 1; i < SCR_PRESET_COUNT; i++) {
        for (size_t k = 0; k < sizeof seeds / sizeof seeds[0]; k++) {
            struct scr_params params;
            scr_preset_params((enum scr_preset)i, seeds[k], &params);
            judge(&params);
        }
    }
}

static void test_random_parameters(void **state)
{
    (void)state;
    uint64_t seed = sound_test_seed();
    for (uint32_t i = 0; i < 20; i++) {
        struct scr_params params;
        scr_preset_params(SCR_PRESET_RANDOM, scr_mix64(seed + i), &params);
        judge(&params);
    }
}

/* The lead of a smooth scream is a short block: the ones behind it begin elsewhere. */
static void test_short_blocks_go_on(void **state)
{
    (void)state;
    uint64_t seed = sound_test_seed();
    for (uint32_t round = 0; round < 50; round++) {
        struct scr_params params;
        struct scr_layers layers;
        struct scr_layers exact;
        struct scr_lane_layers lanes;
        scr_preset_params(SCR_PRESET_RANDOM, scr_mix64(seed + round), &params);
        params.burst_rate_hz = 200.0;
        params.primary.jump_hz = 200.0;
        scr_layers_init(&layers, &params);
        scr_layers_init(&exact, &params);
        for (uint32_t i = 0; i < 10; i++) {
            scr_layers_begin(&exact, SCR_LANE_SAMPLES_AHEAD, &lanes);
        }
        scr_layers_begin(&layers, SCR_LANE_SAMPLES, &lanes);
        assert_int_equal(layers.position, SCR_BLOCK_SAMPLES);
        assert_int_equal(exact.position, SCR_BLOCK_SAMPLES);
        for (uint32_t i = 0; i < SCR_TONES; i++) {
            assert_int_equal(layers.tones[i].oscillator.phase, exact.tones[i].oscillator.phase);
            assert_int_equal(layers.tones[i].oscillator.step, exact.tones[i].oscillator.step);
            assert_int_equal(layers.tones[i].clock.until, exact.tones[i].clock.until);
        }
        assert_int_equal(layers.gate.clock.until, exact.gate.clock.until);
        assert_int_equal(layers.gate.open, exact.gate.open);
    }
}

/* Every step lies where its clock says, in a lane or at the start of one. */
static void test_events(void **state)
{
    (void)state;
    struct scr_params params;
    struct scr_layers layers;
    struct scr_lane_layers lanes;
    uint32_t most = 0;
    scr_preset_params(SCR_PRESET_CLASSIC, 9, &params);
    params.primary.jump_hz = params.harmonic.jump_hz = params.shriek.jump_hz = 200.0;
    params.burst_rate_hz = 199.9;
    scr_layers_init(&layers, &params);
    for (uint32_t block = 0; block < 500; block++) {
        uint32_t first = layers.position;
        scr_layers_begin(&layers, SCR_LANE_SAMPLES, &lanes);
        for (uint32_t i = 0; i < lanes.event_count; i++) {
            const struct scr_lane_event *event = &lanes.events[i];
            assert_true(event->tone <= SCR_TONES && event->lane < SCR_LANES);
            assert_true(event->sample > 0 && event->sample < SCR_LANE_SAMPLES);
            assert_true(i == 0 || event->sample >= lanes.events[i - 1].sample);
            double rate_hz = event->tone == SCR_TONES ? 199.9 : 200.0;
            uint32_t n = first + event->lane * SCR_LANE_SAMPLES + event->sample;
            assert_int_equal(scr_step_at(n, rate_hz), scr_step_at(n - 1, rate_hz) + 1);
        }
        most = lanes.event_count > most ? lanes.event_count : most;
    }
    assert_true(most > 0 && most <= SCR_LANE_EVENTS_MAX);
    /* At rate 0 nothing ever happens. */
    params.primary.jump_hz = params.harmonic.jump_hz = params.shriek.jump_hz = 0.0;
    params.burst_rate_hz = 0.0;
    scr_layers_init(&layers, &params);
    for (uint32_t block = 0; block < 500; block++) {
        scr_layers_begin(&layers, SCR_LANE_SAMPLES, &lanes);
        assert_int_equal(lanes.event_count, 0);
    }
}

static void silence(struct scr_params *params)
{
    scr_preset_params(SCR_PRESET_CLASSIC, 5, params);
    params->primary.amp = 0.0;
    params->harmonic.amp = 0.0;
    params->shriek.amp = 0.0;
    params->burst_amp = 0.0;
    params->floor_amp = 0.0;
}

static void test_silence(void **state)
{
    (void)state;
    struct scr_params params;
    silence(&params);
    params.primary.rise = 100.0;
    /* Too quiet for anyone is as quiet as nothing. */
    params.shriek.amp = 1e-30;
    params.floor_amp = 1e-300;
    sound_render_mix(&params, mix, COUNT);
    for (uint32_t n = 0; n < COUNT; n++) {
        assert_true(mix[n] == 0.0f);
    }
}

/* Share of samples in which a burst layer alone is open. */
static double open_share(double threshold)
{
    struct scr_params params;
    silence(&params);
    params.burst_amp = 1.0;
    params.burst_rate_hz = 200.0;
    params.burst_threshold = threshold;
    sound_render_mix(&params, mix, COUNT);
    uint32_t open = 0;
    for (uint32_t n = 0; n < COUNT; n++) {
        open += mix[n] != 0.0f;
    }
    return (double)open / COUNT;
}

static void test_gate_threshold(void **state)
{
    (void)state;
    assert_true(open_share(1.0) == 0.0);
    assert_true(open_share(0.0) > 0.999);
    double half = open_share(0.5);
    assert_true(half > 0.3 && half < 0.7);
    /* Open above the threshold, not at it. */
    struct scr_params params;
    struct scr_layers layers;
    silence(&params);
    uint64_t seed = scr_seed_spread(params.burst_seed, params.seed, SCR_NOISE_PRIME);
    params.burst_threshold = scr_step_value(seed, 0, SCR_GATE_STRIDE);
    scr_layers_init(&layers, &params);
    assert_false(layers.gate.open);
    params.burst_threshold = nextafter(params.burst_threshold, 0.0);
    scr_layers_init(&layers, &params);
    assert_true(layers.gate.open);
}

static void test_extremes_clip(void **state)
{
    (void)state;
    static const struct scr_lane_filters open = {
        .highpass_keep = 1.0f, .lowpass_keep = 0.0f, .lowpass_take = 1.0f};
    struct scr_params params;
    struct scr_layers layers;
    silence(&params);
    params.primary = (struct scr_tonal){-24000.0, 24000.0, 0.0, 200.0, 1.0, 100.0, INT64_MIN};
    params.harmonic = (struct scr_tonal){24000.0, 24000.0, -24000.0, 200.0, 1.0, 0.0, INT64_MAX};
    params.shriek = params.primary;
    params.burst_amp = 1.0;
    params.floor_amp = 1.0;
    params.burst_threshold = 0.0;
    params.burst_rate_hz = 200.0;
    scr_layers_init(&layers, &params);
    float lowest = 0.0f;
    float highest = 0.0f;
    /* To the end of the longest scream. */
    while (layers.position < SCR_SAMPLES_MAX) {
        struct scr_lane_layers lanes;
        struct scr_lane_work work;
        uint32_t first = layers.position;
        scr_layers_begin(&layers, SCR_LANE_SAMPLES, &lanes);
        /* No rounding of what came before is left: the loudness is that of the sample's number. */
        double loudness = 1.0 + 100.0 * (double)(first + 15 * SCR_LANE_SAMPLES) / 48000.0;
        assert_true(fabs((double)lanes.level[0][15] - loudness) < 3e-7 * loudness);
        scr_kernels_of(scr_isa_current())->mix(&lanes, &open, &work, SCR_LANE_SAMPLES);
        for (uint32_t i = 0; i < SCR_BLOCK_SAMPLES; i++) {
            float x = work.sound[i % SCR_LANE_SAMPLES][i / SCR_LANE_SAMPLES];
            lowest = fminf(lowest, x);
            highest = fmaxf(highest, x);
            assert_true(x >= -1.0f && x <= 1.0f);
        }
    }
    assert_true(lowest == -1.0f && highest == 1.0f);
}

static void begin_beyond_the_longest(void *context)
{
    struct scr_layers *layers = context;
    struct scr_lane_layers lanes;
    layers->position = SCR_SAMPLES_MAX + 1;
    scr_layers_begin(layers, SCR_LANE_SAMPLES, &lanes);
}

static void test_mistakes_die(void **state)
{
    (void)state;
    struct scr_params params;
    struct scr_layers layers;
    scr_preset_params(SCR_PRESET_CLASSIC, 0, &params);
    scr_layers_init(&layers, &params);
    assert_dies(begin_beyond_the_longest, &layers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_presets),
        cmocka_unit_test(test_random_parameters),
        cmocka_unit_test(test_short_blocks_go_on),
        cmocka_unit_test(test_events),
        cmocka_unit_test(test_silence),
        cmocka_unit_test(test_gate_threshold),
        cmocka_unit_test(test_extremes_clip),
        cmocka_unit_test(test_mistakes_die),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
