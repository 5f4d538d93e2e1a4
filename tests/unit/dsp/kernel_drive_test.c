/*
 * tests/unit/dsp/kernel_drive_test.c - kernel: envelope, compression, boost, clipping, order.
 * Aim:    the envelope is followed from the start of each group; the gain is near the power it
 *         stands for and exactly 1 up to the threshold; clipping and peak are exact; what was
 *         lanes comes out in the order of time.
 * Method: envelopes held still, so that one number goes through logarithm and power; libm. That
 *         every instruction set gives the same bits is kernels_test.c's.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/dsp/kernels.h"
#include "core/dsp/mix64.h"
#include "tests/support/sound.h"

/* Keeps every envelope as it is, and everything else too. */
static const struct scr_lane_filters still = {.attack_keep = 1.0f,
                                              .release_keep = 1.0f,
                                              .over_threshold = 1.0f,
                                              .boost = 1.0f,
                                              .limit = 1.0f};

static struct scr_lane_work work;
static float block[SCR_BLOCK_SAMPLES];

static float drive(const struct scr_lane_filters *filters, uint32_t samples)
{
    return scr_kernels_of(scr_isa_current())->drive(filters, &work, samples, block);
}

static void fill(float x)
{
    for (uint32_t k = 0; k < SCR_LANE_SAMPLES; k++) {
        for (uint32_t lane = 0; lane < SCR_LANES; lane++) {
            work.sound[k][lane] = x;
        }
    }
}

/* An envelope of its own for each group of each lane. */
static float envelope_of(uint32_t group, uint32_t lane, float from, float factor)
{
    return from * powf(factor, (float)(group * SCR_LANES + lane));
}

static double worst_gain(float ratio_exponent, float from, float factor)
{
    struct scr_lane_filters filters = still;
    filters.exponent = ratio_exponent;
    fill(1.0f);
    for (uint32_t group = 0; group < SCR_LANE_GROUPS; group++) {
        for (uint32_t lane = 0; lane < SCR_LANES; lane++) {
            work.envelope[group][lane] = envelope_of(group, lane, from, factor);
        }
    }
    (void)drive(&filters, SCR_LANE_SAMPLES);
    double worst = 0.0;
    for (uint32_t i = 0; i < SCR_BLOCK_SAMPLES; i++) {
        uint32_t group = i % SCR_LANE_SAMPLES / SCR_GROUP_SAMPLES;
        float e = envelope_of(group, i / SCR_LANE_SAMPLES, from, factor);
        double truth = pow((double)e, (double)ratio_exponent);
        worst = fmax(worst, fabs((double)block[i] / truth - 1.0));
    }
    return worst;
}

static void test_gain_is_near(void **state)
{
    (void)state;
    static const float exponents[] = {-1e-6f, -0.1f, -0.5f, -0.75f, -0.875f, -0.999f};
    for (size_t i = 0; i < sizeof exponents / sizeof exponents[0]; i++) {
        /* The envelope: up to 80 dB above the threshold, some beyond full scale, then finely. */
        double worst = worst_gain(exponents[i], 1.0f, 1.07f);
        for (uint32_t part = 0; part < 40; part++) {
            worst = fmax(worst, worst_gain(exponents[i], 1.0f + 0.025f * (float)part, 1.0003f));
        }
        print_message("exponent %g: worst gain off by %.3g\n", (double)exponents[i], worst);
        /* Logarithm 1.5e-5 in octaves, power 2.8e-6, and the rounding of both. */
        double octaves = log2(1.07) * 160.0;
        double allowed = -(double)exponents[i] * 1.5e-5 * log(2.0) + 2.8e-6 + octaves * 0x1p-24;
        assert_true(worst <= allowed);
    }
}

static void test_gain_is_one_up_to_the_threshold(void **state)
{
    (void)state;
    static const float envelopes[] = {0.0f, 1e-30f, 0.5f, 0.99999994f, 1.0f};
    struct scr_lane_filters filters = still;
    filters.exponent = -0.875f;
    for (size_t i = 0; i < sizeof envelopes / sizeof envelopes[0]; i++) {
        fill(0.7f);
        for (uint32_t group = 0; group < SCR_LANE_GROUPS; group++) {
            for (uint32_t lane = 0; lane < SCR_LANES; lane++) {
                work.envelope[group][lane] = envelopes[i];
            }
        }
        assert_true(drive(&filters, SCR_LANE_SAMPLES) == 0.7f);
        for (uint32_t k = 0; k < SCR_BLOCK_SAMPLES; k++) {
            assert_true(block[k] == 0.7f);
        }
    }
}

/* Envelope of one sample after the other, in double, where it can be heard: in the gain. */
static void judge_envelope(double attack_keep, double release_keep, double sign)
{
    struct scr_lane_filters filters = still;
    filters.attack_keep = (float)attack_keep;
    filters.attack_take = (float)(sign * (1.0 - attack_keep));
    filters.release_keep = (float)release_keep;
    filters.release_take = (float)(sign * (1.0 - release_keep));
    filters.over_threshold = (float)(sign * 100.0);
    filters.exponent = -0.5f;
    static float x[SCR_LANE_SAMPLES][SCR_LANES];
    for (uint32_t k = 0; k < SCR_LANE_SAMPLES; k++) {
        for (uint32_t lane = 0; lane < SCR_LANES; lane++) {
            x[k][lane] = (float)(2.0 * scr_draw(77, 16 * k + lane) - 1.0);
        }
    }
    memcpy(work.sound, x, sizeof x);
    for (uint32_t group = 0; group < SCR_LANE_GROUPS; group++) {
        for (uint32_t lane = 0; lane < SCR_LANES; lane++) {
            work.envelope[group][lane] = (float)(sign * scr_draw(78, 16 * group + lane));
        }
    }
    (void)drive(&filters, SCR_LANE_SAMPLES);
    for (uint32_t lane = 0; lane < SCR_LANES; lane++) {
        double e = 0.0;
        for (uint32_t k = 0; k < SCR_LANE_SAMPLES; k++) {
            double m = fabs((double)x[k][lane]);
            if (k % SCR_GROUP_SAMPLES == 0) {
                e = fabs((double)work.envelope[k / SCR_GROUP_SAMPLES][lane]);
            }
            double keep = m > e ? attack_keep : release_keep;
            e = keep * e + (1.0 - keep) * m;
            double wanted = (double)x[k][lane] * (e > 0.01 ? pow(e / 0.01, -0.5) : 1.0);
            double ours = (double)block[lane * SCR_LANE_SAMPLES + k];
            assert_true(fabs(ours - wanted) < 2e-5);
        }
    }
}

static void test_envelope_is_followed(void **state)
{
    (void)state;
    judge_envelope(0.5, 0.9, 1.0);
    judge_envelope(0.99, 0.999, 1.0);
    judge_envelope(0.8, 0.8, 1.0);
    /* An attack slower than the release: everything with its sign turned round. */
    judge_envelope(0.9, 0.5, -1.0);
    judge_envelope(0.999, 0.99, -1.0);
}

static void test_clip_and_peak(void **state)
{
    (void)state;
    struct scr_lane_filters filters = still;
    filters.boost = 2.0f;
    filters.limit = 0.375f;
    fill(0.0f);
    memset(work.envelope, 0, sizeof work.envelope);
    assert_true(drive(&filters, SCR_LANE_SAMPLES) == 0.0f);
    for (uint32_t lane = 0; lane < SCR_LANES; lane++) {
        static const float x[6] = {0.125f, -0.125f, 0.1875f, -0.1875f, 0.5f, -1.0f};
        static const float wanted[6] = {0.25f, -0.25f, 0.375f, -0.375f, 0.375f, -0.375f};
        fill(0.0f);
        for (uint32_t k = 0; k < 6; k++) {
            work.sound[SCR_LANE_SAMPLES - 6 + k][lane] = x[k];
        }
        /* Wherever the loudest one lies, either sign. */
        assert_true(drive(&filters, SCR_LANE_SAMPLES) == 0.375f);
        for (uint32_t i = 0; i < SCR_BLOCK_SAMPLES; i++) {
            uint32_t k = i % SCR_LANE_SAMPLES;
            bool here = i / SCR_LANE_SAMPLES == lane && k >= SCR_LANE_SAMPLES - 6;
            assert_true(block[i] == (here ? wanted[k - (SCR_LANE_SAMPLES - 6)] : 0.0f));
        }
        fill(0.0f);
        work.sound[17][lane] = -0.0625f;
        assert_true(drive(&filters, SCR_LANE_SAMPLES) == 0.125f);
    }
}

static void test_lanes_become_time(void **state)
{
    (void)state;
    static const uint32_t lengths[] = {SCR_LANE_SAMPLES, SCR_LANE_SAMPLES_AHEAD};
    for (size_t length = 0; length < 2; length++) {
        uint32_t samples = lengths[length];
        memset(work.envelope, 0, sizeof work.envelope);
        fill(1.0f); /* what lies beyond a short lane is not looked at */
        for (uint32_t i = 0; i < SCR_LANES * samples; i++) {
            work.sound[i % samples][i / samples] = (float)(i + 1) * 0x1p-10f;
            block[i] = -1.0f;
        }
        block[SCR_LANES * samples % SCR_BLOCK_SAMPLES] = -1.0f;
        assert_true(drive(&still, samples) == (float)(SCR_LANES * samples) * 0x1p-10f);
        for (uint32_t i = 0; i < SCR_LANES * samples; i++) {
            assert_true(block[i] == (float)(i + 1) * 0x1p-10f);
        }
        /* Nothing is written behind a short block. */
        assert_true(samples == SCR_LANE_SAMPLES || block[SCR_LANES * samples] == -1.0f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gain_is_near),
        cmocka_unit_test(test_gain_is_one_up_to_the_threshold),
        cmocka_unit_test(test_envelope_is_followed),
        cmocka_unit_test(test_clip_and_peak),
        cmocka_unit_test(test_lanes_become_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
