/*
 * bench/load/samples.h - every measured time, kept, so that a percentile is a value that occurred.
 * Why:    buckets round the very tails that targets are about; a run has at most some million
 *         requests, and eight bytes each are cheap.
 * Limits: `capacity` samples; what comes after is dropped and counted.
 * Thread: one.
 */
#ifndef SCR_BENCH_LOAD_SAMPLES_H
#define SCR_BENCH_LOAD_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct samples {
    int64_t *values_ns;
    size_t count;
    size_t capacity;
    size_t dropped;
    bool is_sorted;
};

/** Takes memory; false when there is none. Free with samples_deinit. */
bool samples_init(struct samples *samples, size_t capacity);

/** Gives it back. */
void samples_deinit(struct samples *samples);

/** Keeps one. */
void samples_add(struct samples *samples, int64_t value_ns);

/**
 * The smallest sample that at least the share `p` of all do not exceed (nearest rank).
 * in      p  0 < p <= 1
 * returns 0 when there are none
 */
int64_t samples_percentile(struct samples *samples, double p);

/** The arithmetic mean; 0 when there are none. */
double samples_mean(const struct samples *samples);

#endif
