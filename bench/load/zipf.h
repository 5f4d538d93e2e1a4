/*
 * bench/load/zipf.h - which of many URLs is asked for next, popular ones more often.
 * Why:    what a cache is worth depends on how requests are spread; rank r is drawn with a
 *         probability proportional to 1 / r^exponent.
 * Method: draw i depends on the seed and on i alone, so two programs can walk the same trace, and
 *         any part of it.
 * Memory: the sums of the probabilities, eight bytes a rank.
 */
#ifndef SCR_BENCH_LOAD_ZIPF_H
#define SCR_BENCH_LOAD_ZIPF_H

#include <stdbool.h>
#include <stdint.h>

struct zipf {
    double *shares; /* shares[r]: of all draws, how many have rank r or less; the last is 1 */
    uint32_t ranks;
    uint64_t seed;
};

/** Makes the table; ranks >= 1, exponent >= 0. False without memory. Free with zipf_deinit. */
bool zipf_init(struct zipf *zipf, uint32_t ranks, double exponent, uint64_t seed);

/** Gives it back. */
void zipf_deinit(struct zipf *zipf);

/** The rank of draw i: 0 is the most popular. */
uint32_t zipf_draw(const struct zipf *zipf, uint64_t i);

#endif
