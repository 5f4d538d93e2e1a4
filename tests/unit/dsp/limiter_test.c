/*
 * tests/unit/dsp/limiter_test.c - look-ahead limiter.
 * Aim:    the ceiling holds for any input, what stays below it is only delayed, the gain is the
 *         one of the definition, and where blocks end does not matter.
 * Method: the definition, written as two nested loops; random and worst-case signals.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/limits.h"
#include "core/dsp/limiter.h"
#include "core/dsp/mix64.h"
#include "tests/support/death.h"
#include "tests/support/sound.h"

#define L ((size_t)SCR_LOOKAHEAD_SAMPLES)
#define COUNT ((size_t)12 * SCR_BLOCK_SAMPLES)
#define CEILING 0.794328235f

static float in[COUNT + 2 * L]; /* silence, signal, silence: the signal begins at L */
static float out[COUNT];

/* Runs COUNT samples through, in blocks of random or full size; out is without the delay. */
static float peak_of(const float *block, uint32_t count)
{
    float peak = 0.0f;
    for (uint32_t i = 0; i < count; i++) {
        peak = fmaxf(peak, fabsf(block[i]));
    }
    return peak;
}

static void run(uint64_t seed)
{
    struct scr_limiter limiter;
    scr_limiter_init(&limiter, CEILING);
    static float block[SCR_BLOCK_SAMPLES];
    memcpy(block, in + L, L * sizeof block[0]);
    scr_limiter_process(&limiter, block, L, peak_of(block, L));
    for (uint32_t i = 0; i < L; i++) {
        assert_true(block[i] == 0.0f);
    }
    uint32_t done = 0;
    for (uint32_t k = 0; done < COUNT; k++) {
        uint32_t size = SCR_BLOCK_SAMPLES;
        uint32_t left = (uint32_t)COUNT - done;
        if (seed != 0) {
            size = (uint32_t)(scr_draw(seed, k) * (double)(SCR_BLOCK_SAMPLES + 1));
        }
        size = size < left ? size : left;
        memcpy(block, in + 2 * L + done, size * sizeof block[0]);
        scr_limiter_process(&limiter, block, size, peak_of(block, size));
        memcpy(out + done, block, size * sizeof block[0]);
        done += size;
    }
}

/* Smallest of min(1, ceiling / |x|) over sample i and the L behind it. */
static double needed(size_t i)
{
    double gain = 1.0;
    for (size_t k = i; k <= i + L && k < COUNT + 2 * L; k++) {
        double x = fabs((double)in[k]);
        gain = fmin(gain, x > (double)CEILING ? (double)CEILING / x : 1.0);
    }
    return gain;
}

static void judge(void)
{
    for (size_t n = 0; n < COUNT; n++) {
        double sum = 0.0;
        for (size_t j = n; j <= n + L; j++) {
            sum += needed(j);
        }
        double wanted = (double)in[n + L] * sum / (double)(L + 1);
        /* A gain has 24 bits behind the point and is rounded down. */
        double allowed = 1e-6 + 0x1p-23 * fabs((double)in[n + L]);
        assert_true(fabs((double)out[n] - wanted) <= allowed);
        assert_true(fabsf(out[n]) <= CEILING * 1.000001f);
    }
}

static void test_definition(void **state)
{
    (void)state;
    uint64_t seed = sound_test_seed();
    memset(in, 0, sizeof in);
    for (uint32_t n = 0; n < COUNT; n++) {
        double swell = 3.0 * scr_draw(seed, n / 1500);
        in[L + n] = (float)((2.0 * scr_draw(~seed, n) - 1.0) * swell);
    }
    run(0);
    judge();
    static float whole[COUNT];
    memcpy(whole, out, sizeof out);
    run(seed | 1);
    assert_memory_equal(whole, out, sizeof out);
}

static void test_single_peaks(void **state)
{
    (void)state;
    memset(in, 0, sizeof in);
    /* At block edges, at both ends, close together and far apart; some of them huge. */
    static const uint32_t places[] = {
        0, 1, 95, 96, 863, 864, 865, 959, 960, 2000, 2096, 2097, 5000, 5192, 5193, COUNT - 1};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        in[L + places[i]] = (i % 2 != 0 ? -1.0f : 1.0f) * (i % 3 == 0 ? 1e9f : 1.5f);
    }
    for (uint32_t n = 0; n < COUNT; n++) {
        in[L + n] += 0.1f;
    }
    run(0);
    judge();
}

static void test_quiet_is_only_delayed(void **state)
{
    (void)state;
    uint64_t seed = sound_test_seed();
    memset(in, 0, sizeof in);
    for (uint32_t n = 0; n < COUNT; n++) {
        in[L + n] = (float)(2.0 * scr_draw(seed, n) - 1.0) * CEILING;
    }
    /* Once with the short cut, once behind a loud sample that makes it do the sums. */
    run(0);
    assert_memory_equal(out, in + L, sizeof out);
    in[L] = 5.0f;
    run(0);
    assert_memory_equal(out + 2 * L + 1, in + 3 * L + 1, (COUNT - 2 * L - 1) * sizeof out[0]);
}

/* The short cut with blocks on both sides of the delay, and of none. */
static void test_quiet_in_blocks_of_any_size(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {0, 1, 2, L - 1, L, L + 1, 2 * L, SCR_BLOCK_SAMPLES};
    static float block[SCR_BLOCK_SAMPLES];
    struct scr_limiter limiter;
    uint64_t seed = sound_test_seed();
    scr_limiter_init(&limiter, CEILING);
    memset(in, 0, sizeof in);
    for (uint32_t n = 0; n < COUNT; n++) {
        in[L + n] = (float)(2.0 * scr_draw(seed, n) - 1.0) * CEILING;
    }
    uint32_t done = 0;
    for (uint32_t k = 0; done + SCR_BLOCK_SAMPLES <= COUNT; k++) {
        uint32_t size = sizes[scr_mix64(seed + k) % (sizeof sizes / sizeof sizes[0])];
        memcpy(block, in + L + done, size * sizeof block[0]);
        scr_limiter_process(&limiter, block, size, peak_of(block, size));
        /* L zeros stand before the signal. */
        assert_memory_equal(block, in + done, size * sizeof block[0]);
        done += size;
    }
}

static void test_reset(void **state)
{
    (void)state;
    struct scr_limiter limiter;
    float block[4] = {9.0f, 9.0f, 9.0f, 9.0f};
    scr_limiter_init(&limiter, 0.5f);
    scr_limiter_process(&limiter, block, 4, 9.0f);
    scr_limiter_reset(&limiter);
    struct scr_limiter fresh;
    scr_limiter_init(&fresh, 0.5f);
    assert_memory_equal(&limiter, &fresh, sizeof fresh);
}

static void init_without_ceiling(void *context)
{
    scr_limiter_init(context, 0.0f);
}

static void init_ceiling_too_high(void *context)
{
    scr_limiter_init(context, 1.01f);
}

static void process_too_much(void *context)
{
    scr_limiter_init(context, 1.0f);
    scr_limiter_process(context, in, SCR_BLOCK_SAMPLES + 1, 0.0f);
}

static void test_mistakes_die(void **state)
{
    (void)state;
    struct scr_limiter limiter;
    assert_dies(init_without_ceiling, &limiter);
    assert_dies(init_ceiling_too_high, &limiter);
    assert_dies(process_too_much, &limiter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_definition),
        cmocka_unit_test(test_single_peaks),
        cmocka_unit_test(test_quiet_is_only_delayed),
        cmocka_unit_test(test_quiet_in_blocks_of_any_size),
        cmocka_unit_test(test_reset),
        cmocka_unit_test(test_mistakes_die),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
