/*
 * core/codec/pvq_search.c - rounds a band to about the right number of pulses, then corrects.
 * Why:    see pvq_search.h. A greedy search puts most pulses one by one; this one rounds first, so
 *         that on average less than one step is left (measured on our presets at 96 kbit/s: 0.74
 *         instead of 3.9), and comes a little nearer to the shape than the greedy one.
 * Flow:   |shape| -> scaled to the pulse count -> rounded at 5/8 -> pulses added, or taken away,
 *         one by one, each where (shape . pulses)^2 / (pulses . pulses) is then largest -> signs.
 * Limits: every operation rounds exactly (IEEE 754: add, multiply, divide, convert) and in an
 *         order that is written here: four lanes, whatever the machine could do. Wider vectors
 *         were measured: no faster, for most bands have 8 to 22 bins.
 * Memory: 4 KiB of stack.
 */
#include "core/codec/pvq_search.h"

#include <assert.h>
#include <string.h>

#include "core/base/assert.h"
#include "core/base/compiler.h"

#define LANES 4
#define VECTORS_MAX ((SCR_PVQ_BINS_MAX + LANES - 1) / LANES)
#define MAGNITUDE_BITS INT32_MAX
#define SIGN_BIT INT32_MIN

/* The low bits of a score say where it was found: 255 - bin, so that the lowest bin wins a tie. */
#define BIN_BITS 255
static_assert(SCR_PVQ_BINS_MAX <= BIN_BITS, "and no place is 0, which is a score out of question");
#define PULSES_ROUNDED_MAX (SCR_PVQ_PULSES_MAX + SCR_PVQ_BINS_MAX / 2)
static_assert(PULSES_ROUNDED_MAX * PULSES_ROUNDED_MAX < 1 << 24,
              "rounding makes at most half a pulse per bin too many; squares stay exact");

/* Rounding up from 5/8 instead of 1/2 loses 1/8 pulse per bin; the scale gives it back. */
#define ROUND_UP 0.375f
#define LOST_PER_BIN 0.125f

/* A unit vector of 255 bins sums to 16 at most. NaN is in no range. */
#define SUM_MIN 1e-15f
#define SUM_MAX 64.0f

#define FLOATS float __attribute__((vector_size(4 * LANES)))
#define INTS int32_t __attribute__((vector_size(4 * LANES)))

/*
 * A band in vectors of four bins. The last one ends with the last bin, so it may begin before the
 * one before it ends; what it repeats is masked out:
 *
 *     bins        0 1 2 3 4 5 6 7 8 9
 *     vector 0    0 1 2 3
 *     vector 1            4 5 6 7
 *     vector 2                6 7 8 9     mask - - 8 9
 */
struct band {
    int32_t bins;
    int32_t last;                  /* the last vector */
    INTS mask;                     /* all ones in its lanes that count */
    FLOATS magnitude[VECTORS_MAX]; /* of the shape */
    FLOATS twice[VECTORS_MAX];     /* twice the pulses */
    INTS pulses[VECTORS_MAX];
};

static INTS all_ints(int32_t value)
{
    return (INTS){value, value, value, value};
}

static FLOATS all_floats(float value)
{
    return (FLOATS){value, value, value, value};
}

static int32_t first_bin(const struct band *band, int32_t v)
{
    return v == band->last ? band->bins - LANES : v * LANES;
}

/* Lanes are added as (0 + 2) + (1 + 3), and every lane gets the sum. */
static FLOATS sum_lanes(FLOATS v)
{
    v += __builtin_shufflevector(v, v, 2, 3, 0, 1);
    return v + __builtin_shufflevector(v, v, 1, 0, 3, 2);
}

static INTS sum_lanes_ints(INTS v)
{
    v += __builtin_shufflevector(v, v, 2, 3, 0, 1);
    return v + __builtin_shufflevector(v, v, 1, 0, 3, 2);
}

static INTS larger(INTS a, INTS b)
{
    INTS is_larger = a > b;
    return (a & is_larger) | (b & ~is_larger);
}

static INTS largest_lane(INTS v)
{
    v = larger(v, __builtin_shufflevector(v, v, 2, 3, 0, 1));
    return larger(v, __builtin_shufflevector(v, v, 1, 0, 3, 2));
}

static INTS load_bits(const float *from)
{
    INTS bits;
    memcpy(&bits, from, sizeof bits);
    return bits;
}

/* Returns the sum of magnitudes, in every lane. */
static FLOATS load(struct band *band, const float *shape)
{
    const INTS lane = {0, 1, 2, 3};
    FLOATS sum = {0};
    band->mask = lane >= LANES * (band->last + 1) - band->bins;
    for (int32_t v = 0; v <= band->last; v += 1) {
        INTS bits = load_bits(shape + first_bin(band, v)) & MAGNITUDE_BITS;
        if (v == band->last) {
            bits &= band->mask;
        }
        band->magnitude[v] = (FLOATS)bits;
        sum += band->magnitude[v];
    }
    return sum_lanes(sum);
}

/* Rounds; returns how many pulses that makes, and the sum of their squares in every lane. */
static int32_t round_band(struct band *band, FLOATS scale, FLOATS *squares)
{
    INTS count = {0};
    *squares = (FLOATS){0};
    for (int32_t v = 0; v <= band->last; v += 1) {
        band->pulses[v] = __builtin_convertvector(band->magnitude[v] * scale + ROUND_UP, INTS);
        FLOATS pulses = __builtin_convertvector(band->pulses[v], FLOATS);
        count += band->pulses[v];
        *squares += pulses * pulses;
        band->twice[v] = pulses + pulses;
    }
    *squares = sum_lanes(*squares);
    return sum_lanes_ints(count)[0];
}

/*
 * Scores every bin by what a step there would make of (shape . pulses)^2 / (pulses . pulses), as
 * the bits of a float, for those of positive FLOATS are in the order of their values; the lowest
 * bits give way to the bin's place. `dot` and `norm` are the two products, `norm` with the 1 that
 * any step adds. Returns the best score, in every lane.
 */
static INTS rate(const struct band *band, FLOATS dot, FLOATS norm, FLOATS limit, INTS *scores)
{
    const INTS lane = {0, 1, 2, 3};
    INTS best = {0};
    for (int32_t v = 0; v <= band->last; v += 1) {
        FLOATS product = dot + band->magnitude[v];
        INTS score = (INTS)(product * product / (norm + band->twice[v]));
        score = (score & ~BIN_BITS) | (BIN_BITS - first_bin(band, v) - lane);
        score &= band->twice[v] < limit;
        if (v == band->last) {
            score &= band->mask;
        }
        scores[v] = score;
        best = larger(best, score);
    }
    return largest_lane(best);
}

/* Makes the step in the one bin that has the best score; returns twice its pulses before, in every
 * lane. */
static FLOATS place(struct band *band, const INTS *scores, INTS best, int32_t step)
{
    INTS before = {0};
    for (int32_t v = 0; v <= band->last; v += 1) {
        INTS here = scores[v] == best;
        before |= here & (INTS)band->twice[v];
        band->twice[v] += (FLOATS)(here & (INTS)all_floats(2.0f));
        band->pulses[v] += here & step;
    }
    before |= __builtin_shufflevector(before, before, 2, 3, 0, 1);
    return (FLOATS)(before | __builtin_shufflevector(before, before, 1, 0, 3, 2));
}

/*
 * Adds the pulses that are missing, or takes away those that are too many. A step down is a step
 * up with the signs of shape and pulses turned: (dot - x)^2 / (norm - 2 y + 1). It may not be made
 * where there is no pulse. Returns the sum of squares.
 */
static FLOATS correct(struct band *band, const float *shape, int32_t missing, FLOATS norm)
{
    const INTS turn = all_ints(missing > 0 ? 0 : SIGN_BIT);
    const FLOATS limit = all_floats(missing > 0 ? (float)INT32_MAX : 0.0f);
    const int32_t step = missing > 0 ? 1 : -1;
    FLOATS dot = {0};
    for (int32_t v = 0; v <= band->last; v += 1) {
        dot += band->magnitude[v] * __builtin_convertvector(band->pulses[v], FLOATS);
        band->magnitude[v] = (FLOATS)((INTS)band->magnitude[v] ^ turn);
        band->twice[v] = (FLOATS)((INTS)band->twice[v] ^ turn);
    }
    dot = sum_lanes(dot);
    for (int32_t left = missing * step; left > 0; left -= 1) {
        SCR_UNINITIALISED INTS scores[VECTORS_MAX];
        norm += 1.0f;
        INTS best = rate(band, dot, norm, limit, scores);
        norm += place(band, scores, best, step);
        INTS magnitude = (INTS)all_floats(shape[BIN_BITS - (best[0] & BIN_BITS)]) & MAGNITUDE_BITS;
        dot += (FLOATS)(magnitude ^ turn);
    }
    return norm;
}

/* The signs of the shape. The last vector first: what it repeats, the one before writes again. */
static void store(const struct band *band, const float *shape, int32_t *pulses)
{
    for (int32_t v = band->last; v >= 0; v -= 1) {
        int32_t first = first_bin(band, v);
        INTS sign = load_bits(shape + first) < 0;
        INTS with_sign = (band->pulses[v] ^ sign) - sign;
        memcpy(pulses + first, &with_sign, sizeof with_sign);
    }
}

/* For at least as many bins as a vector has lanes. */
static float search(const float *shape, int32_t bins, int32_t pulse_count, int32_t *pulses)
{
    SCR_UNINITIALISED struct band band;
    band.bins = bins;
    band.last = (bins - 1) / LANES;
    FLOATS sum = load(&band, shape);
    if (!(sum[0] > SUM_MIN && sum[0] < SUM_MAX)) {
        memset(pulses, 0, (size_t)bins * sizeof pulses[0]);
        pulses[0] = pulse_count;
        return (float)pulse_count * (float)pulse_count;
    }
    FLOATS scale = ((float)pulse_count + LOST_PER_BIN * (float)bins) / sum;
    FLOATS norm;
    int32_t missing = pulse_count - round_band(&band, scale, &norm);
    if (missing != 0) {
        norm = correct(&band, shape, missing, norm);
    }
    store(&band, shape, pulses);
    return norm[0];
}

float scr_pvq_search(const float *shape, int32_t bins, int32_t pulse_count, int32_t *pulses)
{
    SCR_ASSERT(bins >= 1 && bins <= SCR_PVQ_BINS_MAX);
    SCR_ASSERT(pulse_count >= 1 && pulse_count <= SCR_PVQ_PULSES_MAX);
    if (bins >= LANES) {
        return search(shape, bins, pulse_count, pulses);
    }
    float padded_shape[LANES] = {0};
    int32_t padded_pulses[LANES];
    memcpy(padded_shape, shape, (size_t)bins * sizeof shape[0]);
    float norm = search(padded_shape, LANES, pulse_count, padded_pulses);
    memcpy(pulses, padded_pulses, (size_t)bins * sizeof pulses[0]);
    return norm;
}
