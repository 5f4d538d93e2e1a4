/*
 * tests/unit/synth/listener_test.c - what someone in headphones needs of a smooth scream.
 * Aim:    known loudness, a ceiling, no clicks at either end, no burst at the onset, no direct
 *         current; and that the raw finish, which promises none of it, is told apart by them.
 * Method: measured over all presets and several seeds.
 * Source: sound design Part C, A.9.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/dsp/mix64.h"
#include "core/synth/preset.h"
#include "tests/support/loudness.h"
#include "tests/support/sound.h"

#define SEEDS 10

struct measures {
    double lufs;
    double peak;
    double mean;
    double onset_db; /* first 5 ms against 100 to 200 ms */
    double first;
    double last;
};

static double rms(const float *samples, size_t from, size_t to)
{
    double sum = 0.0;
    for (size_t n = from; n < to; n++) {
        sum += (double)samples[n] * (double)samples[n];
    }
    return sqrt(sum / (double)(to - from));
}

static struct measures measure(const struct scr_params *params)
{
    size_t count;
    const float *x = sound_render(params, &count);
    struct measures m = {.lufs = loudness_lufs_doubled(x, count)};
    double sum = 0.0;
    for (size_t n = 0; n < count; n++) {
        m.peak = fmax(m.peak, fabs((double)x[n]));
        sum += (double)x[n];
    }
    m.mean = sum / (double)count;
    m.onset_db = 20.0 * log10(rms(x, 0, 240) / rms(x, 4800, 9600));
    m.first = fabs((double)x[0]);
    m.last = fabs((double)x[count - 1]);
    return m;
}

static void assert_pleasant(const struct measures *m)
{
    assert_true(m->peak <= pow(10.0, -2.0 / 20.0) + 1e-6);
    assert_true(fabs(m->mean) < 1e-4);
    assert_true(m->onset_db <= 3.0);
    assert_true(m->first < 1e-3 && m->last < 1e-3);
}

static void test_presets(void **state)
{
    (void)state;
    for (unsigned i = 1; i < SCR_PRESET_COUNT; i++) {
        double quietest = 0.0;
        double loudest = -100.0;
        double onset = -100.0;
        double peak = 0.0;
        double mean = 0.0;
        for (uint64_t seed = 0; seed < SEEDS; seed++) {
            struct scr_params params;
            scr_preset_params((enum scr_preset)i, seed, &params);
            struct measures m = measure(&params);
            assert_pleasant(&m);
            assert_true(fabs(m.lufs + 16.0) <= 1.5);
            quietest = fmin(quietest, m.lufs);
            loudest = fmax(loudest, m.lufs);
            onset = fmax(onset, m.onset_db);
            peak = fmax(peak, m.peak);
            mean = fmax(mean, fabs(m.mean));
        }
        print_message("%-12s %.1f to %.1f LUFS, onset %+.1f dB, peak %.1f dBFS, mean %.1e\n",
                      scr_preset_name((enum scr_preset)i),
                      quietest,
                      loudest,
                      onset,
                      20.0 * log10(peak),
                      mean);
    }
}

static void test_random(void **state)
{
    (void)state;
    uint64_t seed = sound_test_seed();
    for (uint64_t i = 0; i < 50; i++) {
        struct scr_params params;
        scr_preset_params(SCR_PRESET_RANDOM, scr_mix64(seed + i), &params);
        struct measures m = measure(&params);
        assert_true(m.peak <= pow(10.0, -2.0 / 20.0) + 1e-6);
        assert_true(m.first < 1e-3 && m.last < 1e-3);
        assert_true(fabs(m.mean) < 1e-4);
    }
}

/* One gain for all random screams: right on average, and each within what 3,000 seeds showed. */
static void test_loudness_of_random(void **state)
{
    (void)state;
    double sum = 0.0;
    double quietest = 0.0;
    double loudest = -100.0;
    for (uint64_t seed = 0; seed < 50; seed++) {
        struct scr_params params;
        scr_preset_params(SCR_PRESET_RANDOM, seed, &params);
        struct measures m = measure(&params);
        sum += m.lufs;
        quietest = fmin(quietest, m.lufs);
        loudest = fmax(loudest, m.lufs);
    }
    print_message("random: %.1f to %.1f, mean %.1f LUFS\n", quietest, loudest, sum / 50.0);
    assert_true(fabs(sum / 50.0 + 16.0) < 1.0);
    assert_true(quietest > -22.0 && loudest < -9.0);
}

static void test_shortest(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SCR_PRESET_COUNT; i++) {
        struct scr_params params;
        size_t count;
        scr_preset_params((enum scr_preset)i, 4, &params);
        params.duration_ns = SCR_DURATION_MIN_NS;
        const float *x = sound_render(&params, &count);
        assert_int_equal(count, 2400);
        assert_true(fabsf(x[0]) < 1e-3f && fabsf(x[count - 1]) < 1e-3f);
        assert_true(rms(x, 0, count) > 0.01);
    }
}

/* The measures can fail: the raw finish is loud, clicks and has direct current. */
static void test_measures_can_fail(void **state)
{
    (void)state;
    struct scr_params params;
    sound_params("glitch", 0, SCR_FINISH_RAW, &params);
    struct measures m = measure(&params);
    assert_true(m.lufs > -14.0);
    assert_true(fabs(m.mean) > 1e-4);
    assert_true(m.onset_db > 3.0);
    assert_true(m.peak > pow(10.0, -2.0 / 20.0));
    assert_true(m.last > 1e-3);
}

/* The meter against a tone of known loudness: 1 kHz at -20 dBFS on two channels is -20 LUFS. */
static void test_meter(void **state)
{
    (void)state;
    static float tone[3 * SCR_SAMPLE_RATE_HZ];
    for (int n = 0; n < 3 * SCR_SAMPLE_RATE_HZ; n++) {
        tone[n] = (float)(0.1 * sin(2.0 * 3.14159265358979323846 * 997.0 * n / 48000.0));
    }
    double lufs = loudness_lufs_doubled(tone, sizeof tone / sizeof tone[0]);
    assert_true(fabs(lufs + 20.0) < 0.1);
    static const float nothing[SCR_SAMPLE_RATE_HZ];
    assert_true(isinf(loudness_lufs_doubled(nothing, SCR_SAMPLE_RATE_HZ)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_meter),
        cmocka_unit_test(test_presets),
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_loudness_of_random),
        cmocka_unit_test(test_shortest),
        cmocka_unit_test(test_measures_can_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
