/*
 * tests/unit/dsp/noise_test.c - white noise as a function of seed and sample number.
 * Aim:    it depends on nothing else; both noises of a word, the whole and its lower half, are
 *         white and even, and independent of each other and of those of other seeds.
 * Method: moments, histogram, autocorrelation and cross-correlation of a million samples with
 *         bounds of six standard deviations.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/dsp/noise.h"
#include "tests/support/sound.h"

#define COUNT (1U << 20)
#define NOISES 2

/* Each word and its lower half, in -1 .. 1. */
static float values[NOISES][COUNT];
static float others[NOISES][COUNT];

static void fill(uint64_t seed, float out[NOISES][COUNT])
{
    struct scr_noise noise;
    scr_noise_init(&noise, seed);
    for (uint32_t i = 0; i < COUNT; i++) {
        uint32_t word = scr_noise_bits(noise.k0, noise.k1, i);
        out[0][i] = (float)((int32_t)word >> 8) * 0x1p-23f;
        out[1][i] = (float)(int16_t)(word & 0xffff) * 0x1p-15f;
    }
}

static void test_keys(void **state)
{
    (void)state;
    struct scr_noise a;
    struct scr_noise b;
    scr_noise_init(&a, 4000);
    scr_noise_init(&b, 4000);
    assert_true(a.k0 == b.k0 && a.k1 == b.k1);
    scr_noise_init(&b, 4001);
    assert_true(a.k0 != b.k0 && a.k1 != b.k1);
    /* A seed of zero is one like any other. */
    scr_noise_init(&b, 0);
    assert_true(b.k0 != 0 && b.k1 != 0);
}

/* The kernels add the stride from sample to sample instead of multiplying. */
static void test_the_stride_is_one_sample(void **state)
{
    (void)state;
    for (uint32_t n = UINT32_MAX - 50; n != 50; n++) {
        uint32_t sum = 12345 + n * SCR_NOISE_STRIDE;
        assert_int_equal(scr_noise_bits(12345, 678, n), scr_noise_bits(sum, 678, 0));
        assert_int_equal(scr_noise_bits(12345, 678, n + 1),
                         scr_noise_bits(sum + SCR_NOISE_STRIDE, 678, 0));
    }
}

static void test_moments_and_histogram(void **state)
{
    (void)state;
    fill(sound_test_seed(), values);
    for (size_t which = 0; which < NOISES; which++) {
        double sum = 0.0;
        double squares = 0.0;
        size_t bins[64] = {0};
        for (size_t i = 0; i < COUNT; i++) {
            double x = (double)values[which][i];
            sum += x;
            squares += x * x;
            bins[(size_t)((x + 1.0) * 32.0)] += 1;
        }
        double n = (double)COUNT;
        assert_true(fabs(sum / n) < 6.0 / sqrt(3.0 * n));
        assert_true(fabs(squares / n - 1.0 / 3.0) < 6.0 * sqrt(4.0 / 45.0 / n));
        double expected = n / 64.0;
        double chi = 0.0;
        for (size_t i = 0; i < 64; i++) {
            double difference = (double)bins[i] - expected;
            chi += difference * difference / expected;
        }
        assert_true(chi < 63.0 + 6.0 * sqrt(126.0));
    }
}

/* z score of the correlation of two sequences that overlap in n places. */
static double correlation(const float *a, const float *b, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += (double)a[i] * (double)b[i];
    }
    return 3.0 * sum / sqrt((double)n);
}

static void assert_unlike(const float *a, const float *b, size_t n)
{
    double z = correlation(a, b, n);
    if (fabs(z) >= 6.0) {
        fail_msg("correlated: %.1f standard deviations", z);
    }
}

/* Lags at which a hash without the first product repeated itself are among them. */
static const size_t lags[] = {1, 2, 3, 5, 16, 60, 64, 960, 7168, 32767, 32768, 65536, 524288};

static void test_white(void **state)
{
    (void)state;
    fill(sound_test_seed(), values);
    for (size_t i = 0; i < sizeof lags / sizeof lags[0]; i++) {
        for (size_t which = 0; which < NOISES; which++) {
            assert_unlike(values[which], values[which] + lags[i], COUNT - lags[i]);
        }
    }
}

static void test_both_are_independent(void **state)
{
    (void)state;
    fill(sound_test_seed(), values);
    assert_unlike(values[0], values[1], COUNT);
    for (size_t i = 0; i < sizeof lags / sizeof lags[0]; i++) {
        assert_unlike(values[0], values[1] + lags[i], COUNT - lags[i]);
        assert_unlike(values[1], values[0] + lags[i], COUNT - lags[i]);
    }
    /* Nor do their sizes go together: squares less their mean, 1/3, spread by sqrt(4/45). */
    double sum = 0.0;
    for (size_t i = 0; i < COUNT; i++) {
        double whole = (double)values[0][i];
        double half = (double)values[1][i];
        sum += (whole * whole - 1.0 / 3.0) * (half * half - 1.0 / 3.0);
    }
    assert_true(fabs(sum / (4.0 / 45.0) / sqrt((double)COUNT)) < 6.0);
}

static void test_seeds_are_independent(void **state)
{
    (void)state;
    uint64_t seed = sound_test_seed();
    fill(seed, values);
    const uint64_t neighbours[] = {seed + 1, seed ^ (UINT64_C(1) << 63), ~seed};
    for (size_t i = 0; i < sizeof neighbours / sizeof neighbours[0]; i++) {
        fill(neighbours[i], others);
        for (size_t which = 0; which < NOISES; which++) {
            assert_unlike(values[which], others[0], COUNT);
            assert_unlike(values[which], others[1], COUNT);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_the_stride_is_one_sample),
        cmocka_unit_test(test_moments_and_histogram),
        cmocka_unit_test(test_white),
        cmocka_unit_test(test_both_are_independent),
        cmocka_unit_test(test_seeds_are_independent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
