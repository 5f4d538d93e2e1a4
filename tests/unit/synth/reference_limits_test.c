/*
 * tests/unit/synth/reference_limits_test.c - the engine against renders of its predecessor.
 * Aim:    single precision and our own noise stay within the stated distance of the double
 *         precision original.
 * Method: mix and filter chain are rendered with the engine's own parts and compared sample by
 *         sample (tonal-mix, tonal-chain, late, probes); the whole sound with noise by its band
 *         levels (bands). Skipped where the reference data is absent.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/synth/preset.h"
#include "core/synth/scream.h"
#include "tests/support/reference_bands.h"
#include "tests/support/sound.h"
#include "tests/support/spectrum.h"
#include "tests/support/vectors.h"

#define SAMPLES_MAX ((size_t)4 * SCR_SAMPLE_RATE_HZ)

static const char *const presets[] = {
    "classic", "whisper", "death-metal", "glitch", "banshee", "robot"};
static const unsigned seeds[] = {0, 42};

/* Both signals of a whole scream without its noise. */
static float mix[SAMPLES_MAX];
static float chain[SAMPLES_MAX];

static size_t render_tonal(const char *preset, uint64_t seed, struct scr_params *params)
{
    sound_params(preset, seed, SCR_FINISH_RAW, params);
    params->burst_amp = 0.0;
    params->floor_amp = 0.0;
    size_t count;
    const float *samples = sound_render(params, &count);
    assert_true(count <= SAMPLES_MAX);
    memcpy(chain, samples, count * sizeof chain[0]);
    sound_render_mix(params, mix, (uint32_t)count);
    return count;
}

/* How far a signal is from another. */
struct distance {
    double signal;
    double error;
    double largest;
    size_t count;
    size_t beyond; /* samples off by more than 1e-4 */
};

static void distance_add(struct distance *distance, float ours, float reference)
{
    double error = (double)ours - (double)reference;
    distance->signal += (double)reference * (double)reference;
    distance->error += error * error;
    distance->largest = fmax(distance->largest, fabs(error));
    distance->beyond += fabs(error) > 1e-4;
    distance->count += 1;
}

static double snr_db(const struct distance *distance)
{
    return 10.0 * log10(distance->signal / fmax(distance->error, 1e-30));
}

static void assert_mix_near(const struct distance *distance)
{
    assert_true(distance->count > 0);
    assert_true(distance->largest <= 1e-4);
    assert_true(snr_db(distance) >= 100.0);
}

static void assert_chain_near(const struct distance *distance, const struct scr_params *params)
{
    assert_true(distance->count > 0);
    assert_true(snr_db(distance) >= 60.0);
    assert_true((double)distance->beyond <= 0.001 * (double)distance->count);
    /* One step of the crusher, doubled, behind the boost. */
    double step = ldexp(params->crush_mix, -(int)params->crush_bits);
    assert_true(distance->largest <= 2.0 * step * pow(10.0, params->boost_db / 20.0));
}

static void compare(const char *file, const float *ours, size_t wanted, struct distance *distance)
{
    static float reference[24000];
    size_t count = vectors_read_f32(vectors_sound_path(file), reference, 24000);
    assert_int_equal(count, wanted);
    *distance = (struct distance){.count = 0};
    for (size_t i = 0; i < count; i++) {
        distance_add(distance, ours[i], reference[i]);
    }
}

static void compare_files(const char *preset, unsigned seed)
{
    struct scr_params params;
    struct distance distance;
    char name[64];
    size_t count = render_tonal(preset, seed, &params);
    assert_true(count >= 88800);
    (void)snprintf(name, sizeof name, "tonal-mix/%s-%u.f32", preset, seed);
    compare(name, mix, 24000, &distance);
    assert_mix_near(&distance);
    print_message("%s-%u: mix %.0f dB, ", preset, seed, snr_db(&distance));
    (void)snprintf(name, sizeof name, "tonal-chain/%s-%u.f32", preset, seed);
    compare(name, chain, 24000, &distance);
    assert_chain_near(&distance, &params);
    print_message("chain %.0f dB, ", snr_db(&distance));
    (void)snprintf(name, sizeof name, "late/%s-%u-mix.f32", preset, seed);
    compare(name, mix + 84000, 4800, &distance);
    assert_mix_near(&distance);
    (void)snprintf(name, sizeof name, "late/%s-%u-chain.f32", preset, seed);
    compare(name, chain + 84000, 4800, &distance);
    assert_chain_near(&distance, &params);
    print_message("late chain %.0f dB, %zu samples off\n", snr_db(&distance), distance.beyond);
}

static void test_tonal_files(void **state)
{
    (void)state;
    vectors_need_sound();
    for (size_t i = 0; i < sizeof presets / sizeof presets[0]; i++) {
        for (size_t k = 0; k < sizeof seeds / sizeof seeds[0]; k++) {
            compare_files(presets[i], seeds[k]);
        }
    }
}

static void test_probes(void **state)
{
    (void)state;
    vectors_need_sound();
    struct csv csv;
    struct scr_params params;
    struct distance of_mix = {.count = 0};
    struct distance of_chain = {.count = 0};
    char preset[32] = "";
    uint64_t seed = 0;
    size_t count = 0;
    size_t beyond = 0;
    size_t rows = 0;
    csv_open(&csv, vectors_sound_path("probes.csv"));
    while (csv_next(&csv)) {
        if (strcmp(preset, csv.fields[0]) != 0 || seed != (uint64_t)csv_i64(&csv, 1)) {
            (void)snprintf(preset, sizeof preset, "%s", csv.fields[0]);
            seed = (uint64_t)csv_i64(&csv, 1);
            count = render_tonal(preset, seed, &params);
            of_mix = (struct distance){.count = 0};
            of_chain = (struct distance){.count = 0};
        }
        size_t index = csv_u64(&csv, 2);
        assert_true(index < count && index % 1009 == 0);
        distance_add(&of_mix, mix[index], (float)csv_real(&csv, 3));
        beyond -= of_chain.beyond;
        distance_add(&of_chain, chain[index], (float)csv_real(&csv, 4));
        beyond += of_chain.beyond;
        rows += 1;
        if (index + 1009 >= count) {
            /* Too few for a share of samples each: that is judged over all of them. */
            assert_mix_near(&of_mix);
            assert_true(snr_db(&of_chain) >= 60.0);
        }
    }
    assert_true(rows > 1000);
    assert_true((double)beyond <= 0.001 * (double)rows);
}

static void compare_bands(const char *preset, unsigned seed)
{
    static float rounded[SAMPLES_MAX];
    static float ours[REFERENCE_BANDS_MAX];
    static float reference[REFERENCE_BANDS_MAX];
    struct scr_params params;
    size_t count;
    sound_params(preset, seed, SCR_FINISH_RAW, &params);
    const float *samples = sound_render(&params, &count);
    assert_true(count <= SAMPLES_MAX);
    for (size_t i = 0; i < count; i++) {
        rounded[i] = (float)sound_s16(samples[i]) / 32767.0f;
    }
    reference_bands_judge(preset, seed, rounded, count, reference);
    /* The measure itself: another seed must be far away. */
    params.seed += 1;
    samples = sound_render(&params, &count);
    size_t frames = spectrum_bands(samples, count, ours);
    assert_true(spectrum_frame_distance(ours, reference, frames) > 6.0);
}

static void test_bands(void **state)
{
    (void)state;
    vectors_need_sound();
    for (size_t i = 0; i < sizeof presets / sizeof presets[0]; i++) {
        for (size_t k = 0; k < sizeof seeds / sizeof seeds[0]; k++) {
            compare_bands(presets[i], seeds[k]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tonal_files),
        cmocka_unit_test(test_probes),
        cmocka_unit_test(test_bands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
