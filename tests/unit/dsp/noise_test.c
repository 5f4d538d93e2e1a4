/*
 * tests/unit/dsp/noise_test.c - white noise as a function of seed and sample number.
 * Aim:    it depends on nothing else, is white, even and independent between seeds.
 * Method: blocks against single values; moments, histogram and autocorrelation of a million
 *         samples with bounds of six standard deviations.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/dsp/noise.h"
#include "tests/support/sound.h"

#define COUNT (1U << 20)

static float values[COUNT];
static float others[COUNT];

static void fill(uint64_t seed, float *out)
{
    struct scr_noise noise;
    scr_noise_init(&noise, seed);
    memset(out, 0, COUNT * sizeof out[0]);
    scr_noise_add(&noise, 0, 1.0f, out, COUNT);
}

static void test_value_depends_on_position_only(void **state)
{
    (void)state;
    struct scr_noise noise;
    scr_noise_init(&noise, 4000);
    float whole[100] = {0};
    float parts[100] = {0};
    scr_noise_add(&noise, UINT32_MAX - 49, 0.5f, whole, 100); /* the counter may wrap */
    scr_noise_add(&noise, UINT32_MAX - 49, 0.5f, parts, 13);
    scr_noise_add(&noise, UINT32_MAX - 36, 0.5f, parts + 13, 87);
    assert_memory_equal(whole, parts, sizeof whole);
    for (uint32_t i = 0; i < 100; i++) {
        uint32_t bits = scr_noise_bits(noise.k0, noise.k1, UINT32_MAX - 49 + i);
        assert_true(whole[i] == 0.5f * scr_noise_value(bits));
    }
}

static void test_noise_is_added(void **state)
{
    (void)state;
    struct scr_noise noise;
    scr_noise_init(&noise, 1);
    float mix[2] = {0.25f, 0.25f};
    scr_noise_add(&noise, 5, 0.0f, mix, 2);
    assert_true(mix[0] == 0.25f && mix[1] == 0.25f);
    scr_noise_add(&noise, 5, 1.0f, mix, 1);
    assert_true(mix[0] == 0.25f + scr_noise_value(scr_noise_bits(noise.k0, noise.k1, 5)));
    assert_true(mix[1] == 0.25f);
    scr_noise_add(&noise, 5, 1.0f, mix + 1, 0);
    assert_true(mix[1] == 0.25f);
}

static void test_range(void **state)
{
    (void)state;
    assert_true(scr_noise_value(0) == 0.0f);
    assert_true(scr_noise_value(UINT32_C(0x80000000)) == -1.0f);
    assert_true(scr_noise_value(UINT32_C(0x7fffffff)) == 1.0f - 0x1p-23f);
    assert_true(scr_noise_value(UINT32_C(0xffffffff)) == -0x1p-23f);
}

static void test_moments_and_histogram(void **state)
{
    (void)state;
    fill(sound_test_seed(), values);
    double sum = 0.0;
    double squares = 0.0;
    size_t bins[64] = {0};
    for (size_t i = 0; i < COUNT; i++) {
        double x = (double)values[i];
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

/* z score of the correlation of two sequences that overlap in n places. */
static double correlation(const float *a, const float *b, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += (double)a[i] * (double)b[i];
    }
    return 3.0 * sum / sqrt((double)n);
}

static void test_white(void **state)
{
    (void)state;
    uint64_t seed = sound_test_seed();
    fill(seed, values);
    /* Lags at which a hash without the first product repeated itself are among them. */
    static const size_t lags[] = {1, 2, 3, 5, 64, 960, 7168, 32767, 32768, 65536, 524288};
    for (size_t i = 0; i < sizeof lags / sizeof lags[0]; i++) {
        assert_true(fabs(correlation(values, values + lags[i], COUNT - lags[i])) < 6.0);
    }
    fill(seed + 1, others);
    assert_true(fabs(correlation(values, others, COUNT)) < 6.0);
    fill(seed ^ UINT64_C(0x5a5a5a5a5a5a5a5a), others);
    assert_true(fabs(correlation(values, others, COUNT)) < 6.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_value_depends_on_position_only),
        cmocka_unit_test(test_noise_is_added),
        cmocka_unit_test(test_range),
        cmocka_unit_test(test_moments_and_histogram),
        cmocka_unit_test(test_white),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
