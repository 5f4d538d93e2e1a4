/*
 * tests/support/loudness.c - integrated loudness of a sound.
 * Limits: five minutes.
 * Source: ITU-R BS.1770-4, annex 1 (filters, gating).
 */
#include "tests/support/loudness.h"

#include <math.h>
#include <stdlib.h>

/* A quarter block: 100 ms. Blocks overlap by three quarters. */
#define STEP 4800
#define STEPS_MAX 3000

/* A second-order section: y = b0 x + b1 x1 + b2 x2 - a1 y1 - a2 y2. */
struct section {
    double b0, b1, b2, a1, a2;
    double x1, x2, y1, y2;
};

static double section_next(struct section *s, double x)
{
    double y = s->b0 * x + s->b1 * s->x1 + s->b2 * s->x2 - s->a1 * s->y1 - s->a2 * s->y2;
    s->x2 = s->x1;
    s->x1 = x;
    s->y2 = s->y1;
    s->y1 = y;
    return y;
}

/* Loudness of a mean square on both channels. */
static double lufs_of(double mean_square)
{
    return -0.691 + 10.0 * log10(2.0 * mean_square);
}

/* Mean square over the blocks louder than a gate; 0 when there is none. */
static double gated_mean(const double *squares, size_t steps, double gate_lufs)
{
    double sum = 0.0;
    size_t blocks = 0;
    for (size_t i = 0; i + 4 <= steps; i++) {
        double block = squares[i] + squares[i + 1] + squares[i + 2] + squares[i + 3];
        double mean = block / (4.0 * STEP);
        if (mean > 0.0 && lufs_of(mean) > gate_lufs) {
            sum += mean;
            blocks += 1;
        }
    }
    return blocks > 0 ? sum / (double)blocks : 0.0;
}

double loudness_lufs_doubled(const float *samples, size_t count)
{
    static double squares[STEPS_MAX];
    struct section shelf = {.b0 = 1.53512485958697,
                            .b1 = -2.69169618940638,
                            .b2 = 1.19839281085285,
                            .a1 = -1.69065929318241,
                            .a2 = 0.73248077421585};
    struct section highpass = {
        .b0 = 1.0, .b1 = -2.0, .b2 = 1.0, .a1 = -1.99004745483398, .a2 = 0.99007225036621};
    size_t steps = count / STEP;
    if (steps > STEPS_MAX) {
        abort();
    }
    for (size_t i = 0; i < steps; i++) {
        squares[i] = 0.0;
        for (size_t k = 0; k < STEP; k++) {
            double x = section_next(&shelf, (double)samples[i * STEP + k]);
            double y = section_next(&highpass, x);
            squares[i] += y * y;
        }
    }
    double loud = gated_mean(squares, steps, -70.0);
    if (!(loud > 0.0)) {
        return -HUGE_VAL;
    }
    return lufs_of(gated_mean(squares, steps, lufs_of(loud) - 10.0));
}
