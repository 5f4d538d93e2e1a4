/*
 * tests/unit/codec/pvq_search_test.c - pulses that sum up, the same bits as plain C, and near.
 * Aim:    what libopus is promised holds for every band it could ask for, and for floats that are
 *         none; the vectors compute what is written in scalars here; and the pulses are no farther
 *         from the shape than those of a greedy search that puts one after the other.
 * Method: random shapes of three kinds (flat, peaked, sparse) over all sizes and pulse counts that
 *         matter; the seed is printed. Canaries stand around the pulses.
 */
#include "core/codec/pvq_search.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/death.h"

#define CANARY 0x5ca1ab1e
#define ROUNDS 60000
/* What libopus asks for at 48 kHz. */
#define LIBOPUS_BINS_MAX 176
#define LIBOPUS_PULSES_MAX 128

static uint32_t seed = 20250301;
static uint32_t noise_state;

static uint32_t next_random(void)
{
    noise_state ^= noise_state << 13;
    noise_state ^= noise_state >> 17;
    noise_state ^= noise_state << 5;
    return noise_state;
}

/* In [-1, 1). */
static double next_noise(void)
{
    return next_random() / 2147483648.0 - 1.0;
}

static int seeded(void **state)
{
    (void)state;
    noise_state = seed;
    print_message("seed %u\n", seed);
    return 0;
}

/* A unit vector: flat, peaked like a tone, or with many zeros. */
static void make_shape(uint32_t kind, int32_t bins, float *shape)
{
    double wide[SCR_PVQ_BINS_MAX];
    double norm = 0.0;
    for (int32_t i = 0; i < bins; i += 1) {
        double x = next_noise();
        if (kind == 1) {
            x = x * x * x;
        } else if (kind == 2 && next_random() % 3 != 0) {
            x = 0.0;
        }
        wide[i] = x;
        norm += x * x;
    }
    for (int32_t i = 0; i < bins; i += 1) {
        shape[i] = norm > 0.0 ? (float)(wide[i] / sqrt(norm)) : 0.0f;
    }
}

/* Searches, and checks everything that holds for any shape; returns what the search returned. */
static float search_checked(const float *shape, int32_t bins, int32_t pulse_count, int32_t *pulses)
{
    int32_t guarded[SCR_PVQ_BINS_MAX + 2];
    float copy[SCR_PVQ_BINS_MAX];
    memcpy(copy, shape, (size_t)bins * sizeof copy[0]);
    for (int32_t i = 0; i < bins + 2; i += 1) {
        guarded[i] = CANARY;
    }
    float norm = scr_pvq_search(shape, bins, pulse_count, guarded + 1);
    assert_int_equal(guarded[0], CANARY);
    assert_int_equal(guarded[bins + 1], CANARY);
    assert_memory_equal(copy, shape, (size_t)bins * sizeof copy[0]);
    int64_t sum = 0;
    int64_t squares = 0;
    for (int32_t i = 0; i < bins; i += 1) {
        int64_t pulse = guarded[i + 1];
        sum += llabs(pulse);
        squares += pulse * pulse;
        /* No pulse points away from its shape; a lone fallback pulse is positive. */
        assert_false(pulse < 0 && !signbit(shape[i]));
        pulses[i] = guarded[i + 1];
    }
    assert_int_equal(sum, pulse_count);
    assert_true(norm == (float)squares);
    return norm;
}

/* ---- The definition in scalars ---- */

struct plain {
    int32_t bins;
    float magnitude[SCR_PVQ_BINS_MAX];
    int32_t pulses[SCR_PVQ_BINS_MAX];
};

/* Where a bin stands in vectors of four, the last of which ends with the last bin. */
static int32_t lane_of(int32_t bins, int32_t bin)
{
    int32_t last_first = (bins - 1) / 4 * 4;
    return bin < last_first ? bin % 4 : bin - (bins - 4);
}

static float sum_of_lanes(const float lanes[4])
{
    return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]);
}

static float score_of(const struct plain *plain, int32_t bin, float dot, float norm, int32_t step)
{
    float x = (float)step * plain->magnitude[bin];
    float y = (float)step * (float)plain->pulses[bin];
    float product = dot + x;
    float score = product * product / (norm + 2.0f * y);
    uint32_t bits;
    memcpy(&bits, &score, sizeof bits);
    bits &= ~255U; /* the vectors keep the bin's number there */
    memcpy(&score, &bits, sizeof score);
    return score;
}

static void step_plainly(struct plain *plain, float *dot, float *norm, int32_t step)
{
    int32_t best = -1;
    *norm += 1.0f;
    for (int32_t i = 0; i < plain->bins; i += 1) {
        bool lawful = step > 0 || plain->pulses[i] > 0;
        if (lawful && (best < 0 || score_of(plain, i, *dot, *norm, step) >
                                       score_of(plain, best, *dot, *norm, step))) {
            best = i;
        }
    }
    assert_true(best >= 0);
    *norm += 2.0f * (float)step * (float)plain->pulses[best];
    *dot += (float)step * plain->magnitude[best];
    plain->pulses[best] += step;
}

/* For at least four bins and a lawful shape. */
static float search_plainly(const float *shape, int32_t bins, int32_t pulse_count, int32_t *pulses)
{
    struct plain plain = {.bins = bins};
    float sums[4] = {0};
    float dots[4] = {0};
    float norm = 0.0f;
    int32_t missing = pulse_count;
    for (int32_t i = 0; i < bins; i += 1) {
        plain.magnitude[i] = fabsf(shape[i]);
        sums[lane_of(bins, i)] += plain.magnitude[i];
    }
    float scale = ((float)pulse_count + 0.125f * (float)bins) / sum_of_lanes(sums);
    for (int32_t i = 0; i < bins; i += 1) {
        plain.pulses[i] = (int32_t)(plain.magnitude[i] * scale + 0.375f);
        norm += (float)plain.pulses[i] * (float)plain.pulses[i];
        dots[lane_of(bins, i)] += plain.magnitude[i] * (float)plain.pulses[i];
        missing -= plain.pulses[i];
    }
    float dot = sum_of_lanes(dots);
    for (; missing != 0; missing += missing > 0 ? -1 : 1) {
        step_plainly(&plain, &dot, &norm, missing > 0 ? 1 : -1);
    }
    for (int32_t i = 0; i < bins; i += 1) {
        pulses[i] = signbit(shape[i]) ? -plain.pulses[i] : plain.pulses[i];
    }
    return norm;
}

/* ---- How near ---- */

/* The squared sine of the angle between shape and pulses. */
static double distance(const float *shape, int32_t bins, const int32_t *pulses)
{
    double dot = 0.0;
    double shape_norm = 0.0;
    double norm = 0.0;
    for (int32_t i = 0; i < bins; i += 1) {
        dot += (double)shape[i] * pulses[i];
        shape_norm += (double)shape[i] * (double)shape[i];
        norm += (double)pulses[i] * pulses[i];
    }
    return 1.0 - dot * dot / (shape_norm * norm);
}

/* One pulse after the other, in double. */
static void search_greedily(const float *shape, int32_t bins, int32_t pulse_count, int32_t *pulses)
{
    double dot = 0.0;
    double norm = 0.0;
    memset(pulses, 0, (size_t)bins * sizeof pulses[0]);
    for (int32_t left = pulse_count; left > 0; left -= 1) {
        int32_t best = 0;
        double best_score = -1.0;
        for (int32_t i = 0; i < bins; i += 1) {
            double product = dot + fabs((double)shape[i]);
            double score = product * product / (norm + 1.0 + 2.0 * pulses[i]);
            if (score > best_score) {
                best = i;
                best_score = score;
            }
        }
        dot += fabs((double)shape[best]);
        norm += 1.0 + 2.0 * pulses[best];
        pulses[best] += 1;
    }
    for (int32_t i = 0; i < bins; i += 1) {
        pulses[i] = signbit(shape[i]) ? -pulses[i] : pulses[i];
    }
}

/* ---- Tests ---- */

static void test_vectors_are_the_scalars(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < ROUNDS; round += 1) {
        float shape[SCR_PVQ_BINS_MAX];
        int32_t pulses[SCR_PVQ_BINS_MAX];
        int32_t expected[SCR_PVQ_BINS_MAX];
        /* Mostly what libopus asks for, with every width in turn. */
        int32_t bins = round % 8 == 0 ? 4 + (int32_t)(round / 8 % (SCR_PVQ_BINS_MAX - 3))
                                      : 4 + (int32_t)(next_random() % 21);
        int32_t pulse_count = 1 + (int32_t)(next_random() % LIBOPUS_PULSES_MAX);
        make_shape(round % 3, bins, shape);
        float sum = 0.0f;
        for (int32_t i = 0; i < bins; i += 1) {
            sum += fabsf(shape[i]);
        }
        float norm = search_checked(shape, bins, pulse_count, pulses);
        if (sum > 0.0f) {
            assert_true(norm == search_plainly(shape, bins, pulse_count, expected));
            assert_memory_equal(pulses, expected, (size_t)bins * sizeof pulses[0]);
        }
    }
}

static void test_nearer_than_greedy(void **state)
{
    (void)state;
    double ours = 0.0;
    double greedy = 0.0;
    for (uint32_t round = 0; round < 20000; round += 1) {
        float shape[SCR_PVQ_BINS_MAX];
        int32_t pulses[SCR_PVQ_BINS_MAX];
        int32_t bins = 8 + (int32_t)(next_random() % 15);
        int32_t pulse_count = 4 + (int32_t)(next_random() % 16);
        make_shape(round % 2, bins, shape);
        (void)search_checked(shape, bins, pulse_count, pulses);
        ours += distance(shape, bins, pulses);
        search_greedily(shape, bins, pulse_count, pulses);
        greedy += distance(shape, bins, pulses);
    }
    print_message("mean squared sine: ours %.6f, greedy %.6f\n", ours / 20000, greedy / 20000);
    assert_true(ours < greedy);
}

/* Every width and the counts at the edges, on shapes that are hard: equal bins, one bin, ties. */
static void test_every_width(void **state)
{
    (void)state;
    static const int32_t counts[] = {1, 2, 3, 7, LIBOPUS_PULSES_MAX, SCR_PVQ_PULSES_MAX};
    for (int32_t bins = 1; bins <= SCR_PVQ_BINS_MAX; bins += 1) {
        float equal[SCR_PVQ_BINS_MAX];
        float lone[SCR_PVQ_BINS_MAX] = {0};
        float random[SCR_PVQ_BINS_MAX];
        int32_t pulses[SCR_PVQ_BINS_MAX];
        for (int32_t i = 0; i < bins; i += 1) {
            equal[i] = (i % 2 == 0 ? 1.0f : -1.0f) / sqrtf((float)bins);
        }
        lone[bins - 1] = -1.0f;
        make_shape(0, bins, random);
        for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i += 1) {
            (void)search_checked(equal, bins, counts[i], pulses);
            (void)search_checked(random, bins, counts[i], pulses);
            (void)search_checked(lone, bins, counts[i], pulses);
            /* More pulses than about half the bins, or few: all belong where the shape is. */
            assert_int_equal(pulses[bins - 1], -counts[i]);
        }
        /* One pulse goes to the first of equals; of two, both get one, and the first loses it. */
        (void)search_checked(equal, bins, 1, pulses);
        assert_int_equal(pulses[bins == 2 ? 1 : 0], bins == 2 ? -1 : 1);
    }
}

/* What no unit vector is: everything lands in the first bin. */
static void test_hostile_shapes(void **state)
{
    (void)state;
    static const float hostile[] = {0.0f, -0.0f, 1e-40f, 1e-20f, 1e9f, NAN, INFINITY, -INFINITY};
    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i += 1) {
        for (int32_t bins = 1; bins <= LIBOPUS_BINS_MAX; bins += 1) {
            float shape[LIBOPUS_BINS_MAX];
            int32_t pulses[LIBOPUS_BINS_MAX];
            for (int32_t j = 0; j < bins; j += 1) {
                shape[j] = hostile[i];
            }
            assert_true(search_checked(shape, bins, 9, pulses) == 81.0f);
            assert_int_equal(pulses[0], 9);
        }
    }
    /* One such float among good ones, in every place. */
    for (int32_t at = 0; at < 22; at += 1) {
        for (size_t i = 4; i < sizeof hostile / sizeof hostile[0]; i += 1) {
            float shape[22];
            int32_t pulses[22];
            make_shape(0, 22, shape);
            shape[at] = hostile[i];
            assert_true(search_checked(shape, 22, 5, pulses) == 25.0f);
        }
    }
}

/* Bits that are any float at all. */
static void test_random_bits(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < ROUNDS; round += 1) {
        float shape[24];
        int32_t pulses[24];
        int32_t bins = 1 + (int32_t)(next_random() % 24);
        for (int32_t i = 0; i < bins; i += 1) {
            /* Every second round small enough to be a lawful shape. */
            uint32_t bits = next_random() & (round % 2 == 0 ? UINT32_MAX : UINT32_C(0xbf7fffff));
            memcpy(&shape[i], &bits, sizeof bits);
        }
        (void)search_checked(shape, bins, 1 + (int32_t)(next_random() % 128), pulses);
    }
}

struct mistake {
    int32_t bins;
    int32_t pulse_count;
};

static void search_wrongly(void *context)
{
    static const float shape[SCR_PVQ_BINS_MAX + 1] = {1.0f};
    static int32_t pulses[SCR_PVQ_BINS_MAX + 1];
    const struct mistake *mistake = context;
    (void)scr_pvq_search(shape, mistake->bins, mistake->pulse_count, pulses);
}

static void test_mistakes_die(void **state)
{
    (void)state;
    assert_dies(search_wrongly, &(struct mistake){0, 1});
    assert_dies(search_wrongly, &(struct mistake){-1, 1});
    assert_dies(search_wrongly, &(struct mistake){SCR_PVQ_BINS_MAX + 1, 1});
    assert_dies(search_wrongly, &(struct mistake){8, 0});
    assert_dies(search_wrongly, &(struct mistake){8, -1});
    assert_dies(search_wrongly, &(struct mistake){8, SCR_PVQ_PULSES_MAX + 1});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_vectors_are_the_scalars, seeded),
        cmocka_unit_test_setup(test_nearer_than_greedy, seeded),
        cmocka_unit_test_setup(test_every_width, seeded),
        cmocka_unit_test_setup(test_hostile_shapes, seeded),
        cmocka_unit_test_setup(test_random_bits, seeded),
        cmocka_unit_test(test_mistakes_die),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
