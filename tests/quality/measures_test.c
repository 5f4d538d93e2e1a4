/*
 * tests/quality/measures_test.c - the measures of tests/support/quality.h, measured.
 * Aim:    a measure that judges others is right itself: it says nothing of equal sounds, what a
 *         formula says of sounds whose answer is known, and puts in order what is in order.
 * Method: noise and tones with errors of known power; expectations are worked out here from the
 *         cited formulas, not taken from the code. Tones lie on bins of the transform, where the
 *         window spreads them over three bins and no more.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/limits.h"
#include "tests/support/quality.h"

#define PI 3.14159265358979323846

enum {
    COUNT = 3 * SCR_SAMPLE_RATE_HZ
};

static float original[COUNT];
static float copy[COUNT];

/* Uniform noise of variance 1, white; xorshift with a fixed start, so that nothing here is luck. */
static double noise(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return ((double)(*state >> 11) / 9007199254740992.0 - 0.5) * sqrt(12.0);
}

static void fill_noise(float *samples, double amplitude, uint64_t seed)
{
    for (size_t i = 0; i < COUNT; i += 1) {
        samples[i] = (float)(amplitude * noise(&seed));
    }
}

static void add_tone(float *samples, double amplitude, size_t bin)
{
    for (size_t i = 0; i < COUNT; i += 1) {
        double turns = (double)bin * (double)i / CRITICAL_FRAME;
        samples[i] += (float)(amplitude * sin(2.0 * PI * fmod(turns, 1.0)));
    }
}

/* The copy is the original and an error of this amplitude: white noise, always the same. */
static struct quality judge_with_noise(double amplitude)
{
    fill_noise(copy, amplitude, 99);
    for (size_t i = 0; i < COUNT; i += 1) {
        copy[i] += original[i];
    }
    return quality_judge(original, copy, COUNT);
}

/* How many bins a band has, counted by its edges. */
static double bins_of(size_t band)
{
    double bins = 0.0;
    for (size_t bin = 1; bin < CRITICAL_FRAME / 2; bin += 1) {
        double hz = (double)bin * SCR_SAMPLE_RATE_HZ / CRITICAL_FRAME;
        if (hz >= critical_edge_hz(band) && hz < critical_edge_hz(band + 1)) {
            bins += 1.0;
        }
    }
    return bins;
}

/* Schroeder's function and Johnston's renormalisation, as published. */
static double spread_into(size_t band, const double powers[CRITICAL_BANDS])
{
    double sum = 0.0;
    double gain = 0.0;
    for (size_t from = 0; from < CRITICAL_BANDS; from += 1) {
        double x = (double)band - (double)from + 0.474;
        double part = pow(10.0, (15.81 + 7.5 * x - 17.5 * sqrt(1.0 + x * x)) / 10.0);
        sum += part * powers[from];
        gain += part;
    }
    return sum / gain;
}

/* What the measure must say when errors and maskers have these powers in the bands. */
static double expected_db(const double maskers[CRITICAL_BANDS],
                          const double errors[CRITICAL_BANDS],
                          double tonality)
{
    double sum = 0.0;
    for (size_t i = 0; i < CRITICAL_BANDS; i += 1) {
        double offset_db = tonality * (14.5 + (double)i + 1.0) + (1.0 - tonality) * 5.5;
        double mask = spread_into(i, maskers) / pow(10.0, offset_db / 10.0);
        sum += errors[i] / fmax(mask, critical_quiet_power(i));
    }
    return 10.0 * log10(sum / CRITICAL_BANDS);
}

static void assert_near(double value, double wanted, double tolerance)
{
    if (!(fabs(value - wanted) <= tolerance)) {
        fail_msg("%.9g where %.9g was expected, within %g", value, wanted, tolerance);
    }
}

static void test_bands_are_powers(void **state)
{
    (void)state;
    /* Bin 43 is 1007.8 Hz, in the ninth band; full scale is a mean square of 0.5. */
    memset(original, 0, sizeof original);
    memset(copy, 0, sizeof copy);
    add_tone(original, 1.0, 43);
    add_tone(copy, 0.5, 43);
    struct critical_frame frame;
    critical_powers(original, copy, 3, &frame);
    assert_near(frame.original[8], 0.5, 1e-6);
    assert_near(frame.copy[8], 0.125, 1e-6);
    assert_near(frame.error[8], 0.125, 1e-6);
    assert_true(frame.original[7] < 1e-9 && frame.original[9] < 1e-9);
    assert_true(frame.flatness_db < -60.0);
    fill_noise(original, 0.1, 7);
    double sum = 0.0;
    for (size_t index = 0; index < critical_frames(COUNT); index += 1) {
        critical_powers(original, copy, index, &frame);
        sum += frame.original[20] / (double)critical_frames(COUNT);
    }
    assert_near(sum, 0.01 * bins_of(20) / (CRITICAL_FRAME / 2), 2e-5);
    assert_int_equal(critical_frames(CRITICAL_FRAME - 1), 0);
    assert_int_equal(critical_frames(CRITICAL_FRAME), 1);
    assert_int_equal(critical_frames(CRITICAL_FRAME + CRITICAL_HOP - 1), 1);
    assert_int_equal(critical_frames(CRITICAL_FRAME + CRITICAL_HOP), 2);
}

/* Published points: about 3.4 dB SPL at 1 kHz, the ear best near 3.3 kHz, some 57 dB at 15.5. */
static void test_threshold_in_quiet(void **state)
{
    (void)state;
    double spl_db[CRITICAL_BANDS];
    for (size_t i = 0; i < CRITICAL_BANDS; i += 1) {
        spl_db[i] = CRITICAL_FULL_SCALE_DB + 10.0 * log10(critical_quiet_power(i) / 0.5);
        assert_true(i == 0 || i > 15 || spl_db[i] < spl_db[i - 1]);
    }
    assert_near(spl_db[8], 3.4, 0.4);
    assert_near(spl_db[16], -5.0, 0.3);
    assert_near(spl_db[24], 57.7, 1.0);
}

static void test_equal_sounds(void **state)
{
    (void)state;
    fill_noise(original, 0.1, 1);
    struct quality same = quality_judge(original, original, COUNT);
    assert_true(same.noise_to_mask_db < -200.0);
    assert_true(same.log_spectral_db < 1e-9 && same.excitation_db < 1e-9);
    assert_true(same.audible_share <= 0.0);
}

/* White noise in white noise. The periodogram's own flatness is -2.5 dB (Euler's constant in dB).
 * Masks of narrow bands fluctuate, and the mean of a quotient is above the quotient of the means:
 * by 0 to 0.6 dB here. */
static void test_noise_in_noise(void **state)
{
    (void)state;
    double maskers[CRITICAL_BANDS];
    double errors[CRITICAL_BANDS];
    fill_noise(original, 0.1, 1);
    double before_db = 0.0;
    for (int snr_db = 10; snr_db <= 50; snr_db += 10) {
        double amplitude = 0.1 * pow(10.0, -snr_db / 20.0);
        for (size_t i = 0; i < CRITICAL_BANDS; i += 1) {
            maskers[i] = 0.01 * bins_of(i) / (CRITICAL_FRAME / 2);
            errors[i] = amplitude * amplitude * bins_of(i) / (CRITICAL_FRAME / 2);
        }
        double value_db = judge_with_noise(amplitude).noise_to_mask_db;
        double wanted_db = expected_db(maskers, errors, 2.507 / 60.0);
        print_message("SNR %d dB: %.3f dB, %.3f expected\n", snr_db, value_db, wanted_db);
        assert_near(value_db, wanted_db + 0.3, 0.3);
        assert_true(snr_db == 10 || fabs(before_db - value_db - 10.0) < 0.01);
        before_db = value_db;
    }
}

/* White noise beside a tone: the mask is the tone's alone, and known exactly. */
static void test_noise_beside_a_tone(void **state)
{
    (void)state;
    double maskers[CRITICAL_BANDS] = {0};
    double errors[CRITICAL_BANDS];
    memset(original, 0, sizeof original);
    add_tone(original, 0.5, 43);
    maskers[8] = 0.125;
    for (size_t i = 0; i < CRITICAL_BANDS; i += 1) {
        errors[i] = 1e-8 * bins_of(i) / (CRITICAL_FRAME / 2);
    }
    double value_db = judge_with_noise(1e-4).noise_to_mask_db;
    assert_near(value_db, expected_db(maskers, errors, 1.0), 0.15);
}

/* An error in one band alone: so far below the mask, so far above it. */
static void test_below_and_above_the_mask(void **state)
{
    (void)state;
    memset(original, 0, sizeof original);
    add_tone(original, 0.5, 43);
    double maskers[CRITICAL_BANDS] = {[8] = 0.125};
    double mask = spread_into(11, maskers) / pow(10.0, (14.5 + 12.0) / 10.0);
    assert_true(mask > 10.0 * critical_quiet_power(11));
    static const double over_db[] = {-10.0, 0.0, 20.0};
    for (size_t i = 0; i < 3; i += 1) {
        memcpy(copy, original, sizeof copy);
        /* Bin 67 is 1570 Hz, in the twelfth band. */
        add_tone(copy, sqrt(2.0 * mask * pow(10.0, over_db[i] / 10.0)), 67);
        struct quality value = quality_judge(original, copy, COUNT);
        assert_near(value.noise_to_mask_db, over_db[i] - 10.0 * log10(CRITICAL_BANDS), 0.02);
        assert_near(value.audible_share, over_db[i] > 0.0 ? 1.0 : 0.0, 0.0);
    }
}

static void test_tones_mask_less_than_noise(void **state)
{
    (void)state;
    struct critical_frame frame = {.original = {[10] = 0.01}};
    double by_noise[CRITICAL_BANDS];
    double by_tone[CRITICAL_BANDS];
    quality_mask(&frame, by_noise);
    frame.flatness_db = -60.0;
    quality_mask(&frame, by_tone);
    assert_near(10.0 * log10(by_noise[10] / by_tone[10]), 14.5 + 11.0 - 5.5, 1e-9);
    frame.flatness_db = -90.0;
    double beyond[CRITICAL_BANDS];
    quality_mask(&frame, beyond);
    assert_near(beyond[10] / by_tone[10], 1.0, 1e-12);
}

/* Upwards a masker reaches far (10 dB a band), downwards hardly (25 dB); even stays even. */
static void test_spreading(void **state)
{
    (void)state;
    double one[CRITICAL_BANDS] = {[12] = 1.0};
    double even[CRITICAL_BANDS];
    double spread[CRITICAL_BANDS];
    quality_spread(one, spread);
    assert_near(10.0 * log10(spread[17] / spread[16]), -10.0, 0.6);
    assert_near(10.0 * log10(spread[4] / spread[5]), -25.0, 0.6);
    for (size_t i = 0; i < CRITICAL_BANDS; i += 1) {
        even[i] = 0.25;
    }
    quality_spread(even, spread);
    for (size_t i = 0; i < CRITICAL_BANDS; i += 1) {
        assert_near(spread[i], 0.25, 1e-12);
    }
}

/* Distances: a gain is its decibels; one band of 25 that is off by d counts d / 5. */
static void test_distances_of_known_changes(void **state)
{
    (void)state;
    fill_noise(original, 0.1, 1);
    for (size_t i = 0; i < COUNT; i += 1) {
        copy[i] = 0.75f * original[i];
    }
    struct quality value = quality_judge(original, copy, COUNT);
    assert_near(value.log_spectral_db, 20.0 * log10(4.0 / 3.0), 1e-4);
    assert_near(value.excitation_db, 20.0 * log10(4.0 / 3.0), 1e-4);
    memset(original, 0, sizeof original);
    memset(copy, 0, sizeof copy);
    add_tone(original, 0.2, 43);
    add_tone(original, 0.2, 211);
    add_tone(copy, 0.2, 43);
    add_tone(copy, 0.1, 211);
    value = quality_judge(original, copy, COUNT);
    assert_near(value.log_spectral_db, 20.0 * log10(2.0) / 5.0, 1e-3);
    /* What lies in a valley beside a louder neighbour changes levels, but hardly excitation. */
    memcpy(copy, original, sizeof copy);
    add_tone(copy, 2e-4, 50);
    value = quality_judge(original, copy, COUNT);
    assert_true(value.log_spectral_db > 1.0);
    assert_true(value.excitation_db < 0.01);
}

/* Small white errors in white noise: the level of a band of n bins moves by the root of
 * 2 c / n times noise over signal, c for the bins that the window ties together. */
static void test_distance_of_small_noise(void **state)
{
    (void)state;
    fill_noise(original, 0.1, 1);
    double variance = 0.0;
    for (size_t i = 0; i < CRITICAL_BANDS; i += 1) {
        double n = bins_of(i);
        double tied = 1.0 + 2.0 * (1.0 - 1.0 / n) * 4.0 / 9.0 + 2.0 * (1.0 - 2.0 / n) / 36.0;
        variance += 2.0 * tied / n / CRITICAL_BANDS;
    }
    double per_amplitude_db = 10.0 / log(10.0) * sqrt(variance);
    double louder_db = judge_with_noise(0.1 * 1e-2).log_spectral_db;
    double softer_db = judge_with_noise(0.1 * 1e-3).log_spectral_db;
    print_message("%.5f dB, %.5f dB expected\n", louder_db, per_amplitude_db * 1e-2);
    assert_near(louder_db / (per_amplitude_db * 1e-2), 1.0, 0.2);
    assert_near(louder_db / softer_db, 10.0, 0.1);
}

/* Both sounds softer together: the same, until the threshold in quiet takes part. */
static void test_gain_of_both(void **state)
{
    (void)state;
    fill_noise(original, 0.3, 1);
    struct quality loud = judge_with_noise(0.003);
    for (size_t i = 0; i < COUNT; i += 1) {
        original[i] *= 0.5f;
        copy[i] *= 0.5f;
    }
    struct quality soft = quality_judge(original, copy, COUNT);
    assert_near(soft.noise_to_mask_db, loud.noise_to_mask_db, 1e-6);
    assert_near(soft.log_spectral_db, loud.log_spectral_db, 1e-6);
    assert_near(soft.excitation_db, loud.excitation_db, 1e-6);
    for (size_t i = 0; i < COUNT; i += 1) {
        original[i] *= 1e-6f;
        copy[i] *= 1e-6f;
    }
    struct quality silent = quality_judge(original, copy, COUNT);
    assert_true(silent.noise_to_mask_db < -20.0);
    assert_true(silent.log_spectral_db <= 0.0 && silent.excitation_db <= 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bands_are_powers),
        cmocka_unit_test(test_threshold_in_quiet),
        cmocka_unit_test(test_equal_sounds),
        cmocka_unit_test(test_noise_in_noise),
        cmocka_unit_test(test_noise_beside_a_tone),
        cmocka_unit_test(test_below_and_above_the_mask),
        cmocka_unit_test(test_tones_mask_less_than_noise),
        cmocka_unit_test(test_spreading),
        cmocka_unit_test(test_distances_of_known_changes),
        cmocka_unit_test(test_distance_of_small_noise),
        cmocka_unit_test(test_gain_of_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
