/*
 * bench/load/zipf.c - a table of sums and a binary search.
 * Why:    see zipf.h.
 */
#include "bench/load/zipf.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#include "core/dsp/mix64.h"

bool zipf_init(struct zipf *zipf, uint32_t ranks, double exponent, uint64_t seed)
{
    *zipf = (struct zipf){.ranks = ranks, .seed = seed};
    zipf->shares = malloc((size_t)ranks * sizeof zipf->shares[0]);
    if (zipf->shares == NULL) {
        return false;
    }
    double sum = 0;
    for (uint32_t r = 0; r < ranks; r += 1) {
        sum += pow((double)r + 1, -exponent);
        zipf->shares[r] = sum;
    }
    for (uint32_t r = 0; r < ranks; r += 1) {
        zipf->shares[r] /= sum;
    }
    zipf->shares[ranks - 1] = 1;
    return true;
}

void zipf_deinit(struct zipf *zipf)
{
    free(zipf->shares);
    *zipf = (struct zipf){0};
}

uint32_t zipf_draw(const struct zipf *zipf, uint64_t i)
{
    double u = scr_u01(zipf->seed + (i + 1) * SCR_GOLDEN_64);
    uint32_t low = 0;
    uint32_t high = zipf->ranks - 1;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (zipf->shares[middle] > u) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}
