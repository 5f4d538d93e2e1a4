/*
 * tests/unit/bench/definition_test.c - the yardstick of the bench is the engine's definition.
 * Aim:    nobody can say that the kernels are compared with something else, or with less, than
 *         the sound of go-scream in double precision.
 * Method: without noise every stored sample of the reference data must come out as the very same
 *         float (but for libm's last bit), for each preset and seed; with noise the band levels
 *         must lie as near as two renders of one sound do. Gates, ends, volume beside it.
 *         Skipped in parts where the reference data is absent.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bench/definition.h"
#include "core/synth/preset.h"
#include "tests/support/reference_bands.h"
#include "tests/support/sound.h"
#include "tests/support/vectors.h"

#define SAMPLES_MAX ((size_t)5 * SCR_SAMPLE_RATE_HZ)

static const char *const presets[] = {
    "classic", "whisper", "death-metal", "glitch", "banshee", "robot"};
static const unsigned seeds[] = {0, 42};

static double mix[SAMPLES_MAX];
static double chain[SAMPLES_MAX];

static size_t render(const struct scr_params *params, double *samples)
{
    struct scr_definition definition;
    scr_definition_init(&definition, params);
    size_t count = 0;
    for (;;) {
        assert_true(count + SCR_BLOCK_SAMPLES <= SAMPLES_MAX);
        uint32_t made = scr_definition_pull(&definition, samples + count);
        count += made;
        if (made < SCR_BLOCK_SAMPLES) {
            return count;
        }
    }
}

static void switch_filters_off(struct scr_params *params)
{
    params->highpass_hz = 0.0;
    params->lowpass_hz = 0.0;
    params->crush_mix = 0.0;
    params->comp_ratio = 1.0;
    params->boost_db = 0.0;
    params->limit = 1.0;
}

/* Both signals without noise; returns the samples of each. */
static size_t render_tonal(const char *preset, uint64_t seed)
{
    struct scr_params params;
    sound_params(preset, seed, SCR_FINISH_RAW, &params);
    params.burst_amp = 0.0;
    params.floor_amp = 0.0;
    size_t count = render(&params, chain);
    switch_filters_off(&params);
    assert_int_equal(render(&params, mix), count);
    return count;
}

/* The last bit of another libm's sine may round another way, but hardly ever to another float. */
#define DIFFERING_MAX 2

static size_t differing(const char *file, const double *ours, size_t wanted)
{
    static float reference[24000];
    size_t count = vectors_read_f32(vectors_sound_path(file), reference, 24000);
    assert_int_equal(count, wanted);
    size_t differ = 0;
    for (size_t i = 0; i < count; i += 1) {
        assert_true(fabs(ours[i] - (double)reference[i]) <= 1e-6);
        differ += (float)ours[i] != reference[i];
    }
    return differ;
}

static void compare_files(const char *preset, unsigned seed)
{
    char name[64];
    size_t count = render_tonal(preset, seed);
    assert_true(count >= 88800);
    (void)snprintf(name, sizeof name, "tonal-mix/%s-%u.f32", preset, seed);
    assert_true(differing(name, mix, 24000) <= DIFFERING_MAX);
    (void)snprintf(name, sizeof name, "tonal-chain/%s-%u.f32", preset, seed);
    assert_true(differing(name, chain, 24000) <= DIFFERING_MAX);
    (void)snprintf(name, sizeof name, "late/%s-%u-mix.f32", preset, seed);
    assert_true(differing(name, mix + 84000, 4800) <= DIFFERING_MAX);
    (void)snprintf(name, sizeof name, "late/%s-%u-chain.f32", preset, seed);
    assert_true(differing(name, chain + 84000, 4800) <= DIFFERING_MAX);
}

static void test_every_stored_sample(void **state)
{
    (void)state;
    vectors_need_sound();
    for (size_t i = 0; i < sizeof presets / sizeof presets[0]; i += 1) {
        for (size_t k = 0; k < sizeof seeds / sizeof seeds[0]; k += 1) {
            compare_files(presets[i], seeds[k]);
        }
    }
}

/* The stored values are doubles cut to nine digits. */
static bool is_probe(double ours, double stored)
{
    return fabs(ours - stored) <= 5e-9 * fabs(stored) + 1e-12;
}

static void test_probes_to_the_end(void **state)
{
    (void)state;
    vectors_need_sound();
    struct csv csv;
    char preset[32] = "";
    uint64_t seed = 0;
    size_t count = 0;
    size_t rows = 0;
    csv_open(&csv, vectors_sound_path("probes.csv"));
    while (csv_next(&csv)) {
        if (strcmp(preset, csv.fields[0]) != 0 || seed != (uint64_t)csv_i64(&csv, 1)) {
            (void)snprintf(preset, sizeof preset, "%s", csv.fields[0]);
            seed = (uint64_t)csv_i64(&csv, 1);
            count = render_tonal(preset, seed);
        }
        size_t index = csv_u64(&csv, 2);
        assert_true(index < count);
        assert_true(is_probe(mix[index], csv_real(&csv, 3)));
        assert_true(is_probe(chain[index], csv_real(&csv, 4)));
        rows += 1;
    }
    assert_true(rows > 1000);
}

static void test_gates(void **state)
{
    (void)state;
    vectors_need_sound();
    struct csv csv;
    size_t rows = 0;
    size_t open = 0;
    size_t found = 0;
    char preset[32] = "";
    uint64_t seed = 0;
    csv_open(&csv, vectors_sound_path("gates.csv"));
    while (csv_next(&csv)) {
        if (strcmp(preset, csv.fields[0]) != 0 || seed != (uint64_t)csv_i64(&csv, 1)) {
            assert_int_equal(open, found);
            (void)snprintf(preset, sizeof preset, "%s", csv.fields[0]);
            seed = (uint64_t)csv_i64(&csv, 1);
            struct scr_params params;
            sound_params(preset, seed, SCR_FINISH_RAW, &params);
            params.primary.amp = params.harmonic.amp = params.shriek.amp = 0.0;
            params.floor_amp = 0.0;
            switch_filters_off(&params);
            size_t count = render(&params, mix);
            open = 0;
            found = 0;
            for (size_t i = 0; i < count; i += 1) {
                open += mix[i] != 0.0;
            }
        }
        for (size_t i = csv_u64(&csv, 2); i < csv_u64(&csv, 3); i += 1) {
            assert_true(mix[i] != 0.0);
            found += 1;
        }
        rows += 1;
    }
    assert_int_equal(open, found);
    assert_true(rows > 10);
}

static void compare_bands(const char *preset, unsigned seed)
{
    static float rounded[SAMPLES_MAX];
    static float reference[REFERENCE_BANDS_MAX];
    struct scr_params params;
    sound_params(preset, seed, SCR_FINISH_RAW, &params);
    size_t count = render(&params, chain);
    for (size_t i = 0; i < count; i += 1) {
        rounded[i] = (float)scr_definition_s16(chain[i]) / 32767.0f;
    }
    reference_bands_judge(preset, seed, rounded, count, reference);
}

static void test_bands_with_noise(void **state)
{
    (void)state;
    vectors_need_sound();
    for (size_t i = 0; i < sizeof presets / sizeof presets[0]; i += 1) {
        for (size_t k = 0; k < sizeof seeds / sizeof seeds[0]; k += 1) {
            compare_bands(presets[i], seeds[k]);
        }
    }
}

static void test_noise_is_white_and_uniform(void **state)
{
    (void)state;
    struct scr_params params;
    sound_params("classic", 0, SCR_FINISH_RAW, &params);
    params.primary.amp = params.harmonic.amp = params.shriek.amp = params.burst_amp = 0.0;
    params.floor_amp = 1.0;
    switch_filters_off(&params);
    size_t count = render(&params, mix);
    double sum = 0.0;
    double squares = 0.0;
    double neighbours = 0.0;
    for (size_t i = 0; i < count; i += 1) {
        sum += mix[i];
        squares += mix[i] * mix[i];
        neighbours += i > 0 ? mix[i] * mix[i - 1] : 0.0;
    }
    double n = (double)count;
    /* Five standard deviations: variance 1/3 of a value, 1/9 of a product, 4/45 of a square. */
    assert_true(fabs(sum / n) < 5.0 * sqrt(1.0 / 3.0 / n));
    assert_true(fabs(neighbours / n) < 5.0 / 3.0 / sqrt(n));
    assert_true(fabs(squares / n - 1.0 / 3.0) < 5.0 * sqrt(4.0 / 45.0 / n));
}

static void test_ends_with_zeros(void **state)
{
    (void)state;
    struct scr_params params;
    sound_params("classic", 7, SCR_FINISH_RAW, &params);
    params.duration_ns = SCR_DURATION_MIN_NS; /* 2400 samples: two and a half blocks */
    struct scr_definition definition;
    double block[SCR_BLOCK_SAMPLES];
    scr_definition_init(&definition, &params);
    assert_int_equal(scr_definition_pull(&definition, block), SCR_BLOCK_SAMPLES);
    assert_int_equal(scr_definition_pull(&definition, block), SCR_BLOCK_SAMPLES);
    assert_int_equal(scr_definition_pull(&definition, block), 480);
    for (uint32_t i = 480; i < SCR_BLOCK_SAMPLES; i += 1) {
        assert_true(block[i] == 0.0);
    }
    assert_int_equal(scr_definition_pull(&definition, block), 0);
    assert_true(block[0] == 0.0);
}

static void test_volume_acts_before_the_limit(void **state)
{
    (void)state;
    struct scr_params params;
    sound_params("banshee", 3, SCR_FINISH_RAW, &params);
    size_t count = render(&params, mix);
    params.volume = 0.5;
    assert_int_equal(render(&params, chain), count);
    size_t halved = 0;
    for (size_t i = 0; i < count; i += 1) {
        assert_true(fabs(mix[i]) <= params.limit);
        if (fabs(mix[i]) < params.limit) {
            assert_true(fabs(chain[i] - 0.5 * mix[i]) < 1e-12);
            halved += 1;
        }
    }
    assert_true(halved > count / 2 && halved < count);
    params.volume = 0.0;
    assert_int_equal(render(&params, chain), count);
    for (size_t i = 0; i < count; i += 1) {
        assert_true(chain[i] == 0.0);
    }
}

static void test_s16_rounds_halves_away(void **state)
{
    (void)state;
    assert_int_equal(scr_definition_s16(0.0), 0);
    assert_int_equal(scr_definition_s16(0.5 / 32767.0), 1);
    assert_int_equal(scr_definition_s16(-0.5 / 32767.0), -1);
    assert_int_equal(scr_definition_s16(0.49 / 32767.0), 0);
    assert_int_equal(scr_definition_s16(1.0), 32767);
    assert_int_equal(scr_definition_s16(-1.0), -32767);
    assert_int_equal(scr_definition_s16(2.0), 32767);
    assert_int_equal(scr_definition_s16(-2.0), -32768);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_stored_sample),
        cmocka_unit_test(test_probes_to_the_end),
        cmocka_unit_test(test_gates),
        cmocka_unit_test(test_bands_with_noise),
        cmocka_unit_test(test_noise_is_white_and_uniform),
        cmocka_unit_test(test_ends_with_zeros),
        cmocka_unit_test(test_volume_acts_before_the_limit),
        cmocka_unit_test(test_s16_rounds_halves_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
