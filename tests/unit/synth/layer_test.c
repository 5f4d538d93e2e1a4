/*
 * tests/unit/synth/layer_test.c - the five layers and their mixer.
 * Aim:    pitch steps, glide, rise, gate, floor, order and clipping are those of the definition.
 * Method: the definition again in double, with a phase that adds up, and libm's sine; it must
 *         agree within 1e-4 for every preset and for random parameters.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

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

static double model_noise(uint64_t seed, uint32_t n)
{
    struct scr_noise noise;
    scr_noise_init(&noise, seed);
    return (double)scr_noise_value(scr_noise_bits(noise.k0, noise.k1, n));
}

static void judge(const struct scr_params *params)
{
    uint64_t g = params->seed;
    struct model tones[3] = {
        {&params->primary, (uint64_t)params->primary.seed ^ (g * 1000003), 137, 0.0},
        {&params->harmonic, (uint64_t)params->harmonic.seed ^ (g * 1000033), 251, 0.0},
        {&params->shriek, (uint64_t)params->shriek.seed ^ (g * 1000037), 89, 0.0}};
    uint64_t noise_seed = (uint64_t)params->burst_seed ^ (g * 1000081);
    struct scr_layers layers;
    scr_layers_init(&layers, params);
    scr_layers_render(&layers, mix, COUNT);
    assert_int_equal(layers.position, COUNT);
    for (uint32_t n = 0; n < COUNT; n++) {
        double sum = 0.0;
        for (int i = 0; i < 3; i++) {
            sum += model_next(&tones[i], n);
        }
        uint64_t step = (uint64_t)((double)n / 48000.0 * params->burst_rate_hz);
        if (scr_u01(noise_seed ^ (step * 173)) > params->burst_threshold) {
            sum += params->burst_amp * model_noise(noise_seed, n);
        }
        sum += params->floor_amp * model_noise(noise_seed ^ UINT64_C(0x5a5a5a5a5a5a5a5a), n);
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

static void test_any_division_is_the_same(void **state)
{
    (void)state;
    static float parts[COUNT];
    uint64_t seed = sound_test_seed();
    struct scr_params params;
    struct scr_layers layers;
    scr_preset_params(SCR_PRESET_RANDOM, seed, &params);
    scr_layers_init(&layers, &params);
    scr_layers_render(&layers, mix, COUNT);
    scr_layers_init(&layers, &params);
    uint32_t done = 0;
    for (uint32_t k = 0; done < COUNT; k++) {
        uint32_t run = (uint32_t)(scr_draw(seed, k) * 961.0);
        run = run < COUNT - done ? run : COUNT - done;
        scr_layers_render(&layers, parts + done, run);
        done += run;
    }
    assert_memory_equal(mix, parts, sizeof mix);
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
    struct scr_layers layers;
    silence(&params);
    params.primary.rise = 100.0;
    /* Too quiet for anyone is as quiet as nothing. */
    params.shriek.amp = 1e-30;
    params.floor_amp = 1e-300;
    scr_layers_init(&layers, &params);
    scr_layers_render(&layers, mix, COUNT);
    for (uint32_t n = 0; n < COUNT; n++) {
        assert_true(mix[n] == 0.0f);
    }
}

/* Share of samples in which a burst layer alone is open. */
static double open_share(double threshold)
{
    struct scr_params params;
    struct scr_layers layers;
    silence(&params);
    params.burst_amp = 1.0;
    params.burst_rate_hz = 200.0;
    params.burst_threshold = threshold;
    scr_layers_init(&layers, &params);
    scr_layers_render(&layers, mix, COUNT);
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
}

static void test_extremes_clip(void **state)
{
    (void)state;
    struct scr_params params;
    struct scr_layers layers;
    silence(&params);
    params.primary = (struct scr_tonal){-24000.0, 24000.0, 24000.0, 200.0, 1.0, 100.0, INT64_MIN};
    params.harmonic = params.primary;
    params.shriek = params.primary;
    params.shriek.sweep_hz_s = -24000.0;
    params.shriek.base_hz = 24000.0;
    params.burst_amp = 1.0;
    params.floor_amp = 1.0;
    params.burst_threshold = 0.0;
    params.burst_rate_hz = 200.0;
    scr_layers_init(&layers, &params);
    float lowest = 0.0f;
    float highest = 0.0f;
    /* To the end of the longest scream. */
    while (layers.position < SCR_SAMPLES_MAX) {
        scr_layers_render(&layers, mix, COUNT);
        for (uint32_t n = 0; n < COUNT; n++) {
            lowest = fminf(lowest, mix[n]);
            highest = fmaxf(highest, mix[n]);
            assert_true(mix[n] >= -1.0f && mix[n] <= 1.0f);
        }
    }
    assert_true(lowest == -1.0f && highest == 1.0f);
}

static void render_beyond_the_longest(void *context)
{
    struct scr_layers *layers = context;
    layers->position = SCR_SAMPLES_MAX;
    scr_layers_render(layers, mix, 1);
}

static void test_mistakes_die(void **state)
{
    (void)state;
    struct scr_params params;
    struct scr_layers layers;
    scr_preset_params(SCR_PRESET_CLASSIC, 0, &params);
    scr_layers_init(&layers, &params);
    assert_dies(render_beyond_the_longest, &layers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_presets),
        cmocka_unit_test(test_random_parameters),
        cmocka_unit_test(test_any_division_is_the_same),
        cmocka_unit_test(test_silence),
        cmocka_unit_test(test_gate_threshold),
        cmocka_unit_test(test_extremes_clip),
        cmocka_unit_test(test_mistakes_die),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
