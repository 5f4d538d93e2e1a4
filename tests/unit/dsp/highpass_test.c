/*
 * tests/unit/dsp/highpass_test.c - first-order high-pass filter.
 * Aim:    its frequency response, its being off at 0, and that silence ends.
 * Method: sines against the analytic response of the recursion; edges of the cut-off.
 */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/dsp/highpass.h"
#include "tests/support/death.h"

#define PI 3.14159265358979323846
#define COUNT 48000

static float block[COUNT];

static void fill_sine(double hz)
{
    for (int n = 0; n < COUNT; n++) {
        block[n] = (float)sin(2.0 * PI * hz * n / 48000.0);
    }
}

/* Amplitude of the second half, when the start has died away. */
static double amplitude(void)
{
    double sum = 0.0;
    for (int n = COUNT / 2; n < COUNT; n++) {
        sum += (double)block[n] * (double)block[n];
    }
    return sqrt(4.0 * sum / COUNT);
}

/* |a (1 - z^-1) / (1 - a z^-1)| on the unit circle. */
static double response(double cutoff_hz, double hz)
{
    double rc = 1.0 / (2.0 * PI * cutoff_hz);
    double a = rc / (rc + 1.0 / 48000.0);
    double w = 2.0 * PI * hz / 48000.0;
    return a * 2.0 * sin(w / 2.0) / sqrt(1.0 - 2.0 * a * cos(w) + a * a);
}

static void test_response(void **state)
{
    (void)state;
    static const double cutoffs[] = {20.0, 120.0, 1000.0, 24000.0};
    static const double tones[] = {20.0, 120.0, 1000.0, 10000.0, 23000.0};
    for (size_t i = 0; i < sizeof cutoffs / sizeof cutoffs[0]; i++) {
        for (size_t k = 0; k < sizeof tones / sizeof tones[0]; k++) {
            struct scr_highpass filter;
            scr_highpass_init(&filter, cutoffs[i]);
            fill_sine(tones[k]);
            scr_highpass_process(&filter, block, COUNT);
            double wanted = response(cutoffs[i], tones[k]);
            assert_true(fabs(amplitude() - wanted) < 1e-3);
        }
    }
}

static void test_off(void **state)
{
    (void)state;
    static const double off[] = {0.0, -0.0, DBL_TRUE_MIN, 1e-300, 1e-9};
    for (size_t i = 0; i < sizeof off / sizeof off[0]; i++) {
        struct scr_highpass filter;
        float in[3] = {0.5f, -1.0f, 0.25f};
        scr_highpass_init(&filter, off[i]);
        assert_true(filter.off);
        scr_highpass_process(&filter, in, 3);
        assert_true(in[0] == 0.5f && in[1] == -1.0f && in[2] == 0.25f);
    }
    struct scr_highpass filter;
    scr_highpass_init(&filter, 1e-8);
    assert_false(filter.off);
    float in[2] = {0.5f, 0.5f};
    scr_highpass_process(&filter, in, 2);
    assert_true(isfinite(in[0]) && fabsf(in[1] - 0.5f) < 1e-6f);
}

static void test_state_goes_on_and_resets(void **state)
{
    (void)state;
    struct scr_highpass filter;
    scr_highpass_init(&filter, 120.0);
    float whole[8] = {1, 1, 1, 1, -1, -1, -1, -1};
    float parts[8] = {1, 1, 1, 1, -1, -1, -1, -1};
    scr_highpass_process(&filter, whole, 8);
    scr_highpass_reset(&filter);
    scr_highpass_process(&filter, parts, 3);
    scr_highpass_process(&filter, parts + 3, 5);
    assert_memory_equal(whole, parts, sizeof whole);
}

static void test_silence_ends(void **state)
{
    (void)state;
    struct scr_highpass filter;
    scr_highpass_init(&filter, 120.0);
    memset(block, 0, sizeof block);
    block[0] = 1.0f;
    for (int at = 0; at < COUNT; at += 960) {
        scr_highpass_process(&filter, block + at, 960);
    }
    assert_true(block[1] != 0.0f);
    assert_true(filter.output == 0.0f && block[COUNT - 1] == 0.0f);
    for (int n = 0; n < COUNT; n++) {
        assert_true(block[n] == 0.0f || isnormal(block[n]));
    }
}

static void init_negative(void *context)
{
    struct scr_highpass *filter = context;
    scr_highpass_init(filter, -1.0);
}

static void init_no_number(void *context)
{
    struct scr_highpass *filter = context;
    scr_highpass_init(filter, (double)NAN);
}

static void test_mistakes_die(void **state)
{
    (void)state;
    struct scr_highpass filter;
    assert_dies(init_negative, &filter);
    assert_dies(init_no_number, &filter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_response),
        cmocka_unit_test(test_off),
        cmocka_unit_test(test_state_goes_on_and_resets),
        cmocka_unit_test(test_silence_ends),
        cmocka_unit_test(test_mistakes_die),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
