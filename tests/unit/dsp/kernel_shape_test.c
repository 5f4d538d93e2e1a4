/*
 * tests/unit/dsp/kernel_shape_test.c - kernel: the past of filters, crusher, reach of envelopes.
 * Aim:    what a filter's state leaves is added; every resolution of the crusher has its steps, cut
 *         or rounded, in the asked share; each line of a group is the best of all orders.
 * Method: formulas in double, exact where single precision is; all 64 orders of attacks and
 *         releases one by one. That every instruction set gives the same bits is kernels_test.c's.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/dsp/chain.h"
#include "core/dsp/mix64.h"
#include "tests/support/sound.h"

static struct scr_chain chain;
static struct scr_lane_work work;

static void shape(uint32_t samples)
{
    scr_kernels_of(scr_isa_current())->shape(&chain.filters, &work, samples);
}

static void init(uint32_t bits, double mix, bool centred, double attack_ms, double release_ms)
{
    const struct scr_chain_config config = {
        .highpass_hz = 120.0,
        .lowpass_hz = 8000.0,
        .crush_bits = bits,
        .crush_mix = mix,
        .crush_centred = centred,
        .compressor = {.threshold_db = -20.0,
                       .ratio = 8.0,
                       .attack_ms = attack_ms,
                       .release_ms = release_ms},
        .boost = 1.0,
        .limit = 1.0,
        .gain = 1.0,
    };
    scr_chain_init(&chain, &config);
}

/* A block of one number. */
static float crush(float x)
{
    memset(&work, 0, sizeof work);
    for (uint32_t lane = 0; lane < SCR_LANES; lane++) {
        work.sound[3][lane] = x;
    }
    shape(SCR_LANE_SAMPLES_AHEAD);
    assert_true(work.sound[3][0] == work.sound[3][SCR_LANES - 1]);
    return work.sound[3][7];
}

static void test_every_resolution(void **state)
{
    (void)state;
    for (uint32_t bits = 1; bits <= 16; bits++) {
        double steps = ldexp(1.0, (int)bits);
        for (int i = -2000; i <= 2000; i += 17) {
            /* Never on a step nor half way, and short enough to be exact. */
            float x = (float)i / 1024.0f + 0x1p-18f;
            init(bits, 1.0, false, 5.0, 50.0);
            assert_true((double)crush(x) == floor((double)x * steps) / steps);
            init(bits, 1.0, true, 5.0, 50.0);
            assert_true((double)crush(x) == floor((double)x * steps + 0.5) / steps);
        }
    }
}

static void test_mix(void **state)
{
    (void)state;
    init(1, 0.0, false, 5.0, 50.0);
    assert_true(crush(0.3f) == 0.3f && crush(-0.3f) == -0.3f);
    init(1, 0.5, false, 5.0, 50.0);
    assert_true(crush(0.7f) == 0.5f * 0.5f + 0.5f * 0.7f);
    init(1, 0.25, true, 5.0, 50.0);
    assert_true(crush(-0.7f) == 0.25f * -0.5f + 0.75f * -0.7f);
    init(1, 1.0, true, 5.0, 50.0);
    assert_true(crush(0.0f) == 0.0f);
    /* Far beyond full scale; on a step of 2^-16 both ways of rounding stay there. */
    init(16, 1.0, true, 5.0, 50.0);
    assert_true(crush(-30.0f) == -30.0f && crush(30.0f) == 30.0f);
}

static void test_the_past_is_added(void **state)
{
    (void)state;
    init(16, 0.0, true, 5.0, 50.0);
    memset(&work, 0, sizeof work);
    for (uint32_t lane = 0; lane < SCR_LANES; lane++) {
        work.highpass[lane] = lane % 2 == 0 ? 0.5f : 0.0f;
        work.lowpass[lane] = lane % 3 == 0 ? -0.25f : 0.0f;
        work.sound[9][lane] = 0.125f;
    }
    struct scr_lane_work before = work;
    shape(SCR_LANE_SAMPLES);
    for (uint32_t lane = 0; lane < SCR_LANES; lane++) {
        /* The recursions go on in silence. The high-pass counts in the low-pass' factor. */
        double high = (double)before.highpass[lane];
        double low = (double)before.lowpass[lane];
        for (uint32_t k = 0; k < SCR_LANE_SAMPLES; k++) {
            high *= (double)chain.filters.highpass_keep;
            low = (double)chain.filters.lowpass_keep * low + high;
            double wanted = low + (k == 9 ? 0.125 : 0.0);
            assert_true(fabs((double)work.sound[k][lane] - wanted) < 1e-6);
        }
    }
}

/* The best envelope from zero over all orders with so many releases; the sign turns it round. */
static double best_of(const double *loudness, uint32_t releases, double sign)
{
    const struct scr_lane_filters *filters = &chain.filters;
    double best = -1e9;
    for (uint32_t order = 0; order < 1U << SCR_GROUP_SAMPLES; order++) {
        double e = 0.0;
        uint32_t count = 0;
        for (uint32_t i = 0; i < SCR_GROUP_SAMPLES; i++) {
            bool release = (order >> i & 1U) != 0;
            double keep = (double)(release ? filters->release_keep : filters->attack_keep);
            e = keep * e + sign * (1.0 - keep) * loudness[i];
            count += release ? 1 : 0;
        }
        best = count == releases ? fmax(best, e) : best;
    }
    return best;
}

static void judge_reach(double attack_ms, double release_ms, uint64_t seed)
{
    double sign = attack_ms > release_ms ? -1.0 : 1.0;
    init(16, 0.0, true, attack_ms, release_ms);
    memset(&work, 0, sizeof work);
    for (uint32_t k = 0; k < SCR_LANE_SAMPLES; k++) {
        for (uint32_t lane = 0; lane < SCR_LANES; lane++) {
            work.sound[k][lane] = (float)(2.0 * scr_draw(seed, 16 * k + lane) - 1.0);
        }
    }
    shape(SCR_LANE_SAMPLES);
    for (uint32_t group = 0; group < SCR_LANE_GROUPS; group++) {
        for (uint32_t lane = 0; lane < SCR_LANES; lane += 5) {
            double loudness[SCR_GROUP_SAMPLES];
            for (uint32_t i = 0; i < SCR_GROUP_SAMPLES; i++) {
                loudness[i] = fabs((double)work.sound[group * SCR_GROUP_SAMPLES + i][lane]);
            }
            for (uint32_t i = 0; i <= SCR_GROUP_SAMPLES; i++) {
                double ours = (double)work.reach[group][i][lane];
                assert_true(fabs(ours - best_of(loudness, i, sign)) < 1e-6);
            }
        }
    }
}

static void test_reach_is_the_best_of_all_orders(void **state)
{
    (void)state;
    uint64_t seed = sound_test_seed();
    judge_reach(5.0, 50.0, seed);
    judge_reach(50.0, 5.0, seed + 1);
    judge_reach(0.01, 10000.0, seed + 2);
    judge_reach(10000.0, 0.01, seed + 3);
    judge_reach(0.1, 0.1, seed + 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_resolution),
        cmocka_unit_test(test_mix),
        cmocka_unit_test(test_the_past_is_added),
        cmocka_unit_test(test_reach_is_the_best_of_all_orders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
