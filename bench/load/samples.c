/*
 * bench/load/samples.c - keeping, sorting and asking for ranks.
 * Why:    see samples.h.
 */
#include "bench/load/samples.h"

#include <math.h>
#include <stdlib.h>

bool samples_init(struct samples *samples, size_t capacity)
{
    *samples = (struct samples){.capacity = capacity};
    samples->values_ns = malloc((capacity == 0 ? 1 : capacity) * sizeof samples->values_ns[0]);
    return samples->values_ns != NULL;
}

void samples_deinit(struct samples *samples)
{
    free(samples->values_ns);
    *samples = (struct samples){0};
}

void samples_add(struct samples *samples, int64_t value_ns)
{
    if (samples->count == samples->capacity) {
        samples->dropped += 1;
        return;
    }
    samples->values_ns[samples->count] = value_ns;
    samples->count += 1;
    samples->is_sorted = false;
}

static int by_size(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

int64_t samples_percentile(struct samples *samples, double p)
{
    if (samples->count == 0) {
        return 0;
    }
    if (!samples->is_sorted) {
        qsort(samples->values_ns, samples->count, sizeof samples->values_ns[0], by_size);
        samples->is_sorted = true;
    }
    /* Without the hair's breadth, 0.99 of 100 would be rank 100: 0.99 is a little more than 99/100
     * in binary. */
    double rank = ceil(p * (double)samples->count - 1e-9);
    size_t index = rank < 1 ? 0 : (size_t)rank - 1;
    return samples->values_ns[index < samples->count ? index : samples->count - 1];
}

double samples_mean(const struct samples *samples)
{
    double sum = 0;
    for (size_t i = 0; i < samples->count; i += 1) {
        sum += (double)samples->values_ns[i];
    }
    return samples->count == 0 ? 0 : sum / (double)samples->count;
}
