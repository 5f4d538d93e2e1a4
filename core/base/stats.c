/*
 * core/base/stats.c - one array of atomics, sliced by the table.
 * Why:    adding is one relaxed atomic instruction, from any thread, on any path.
 */
#include "core/base/stats.h"

#include <stdatomic.h>

#include "core/base/assert.h"

const uint64_t scr_stat_bucket_us[SCR_STAT_BUCKETS - 1] = {
    100, 250, 500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 1000000, 10000000};

/* Cells of one series: one number, or the buckets and the sum of a histogram. */
#define CELLS_COUNTER 1
#define CELLS_GAUGE 1
#define CELLS_HISTOGRAM (SCR_STAT_BUCKETS + 1)

enum {
#define X(id, name, kind, labels, series, sentence)                                                \
    CELL_OF_##id, CELL_END_OF_##id = CELL_OF_##id + (series) * (CELLS_##kind) - 1,
#include "core/base/stats_table.h"
#undef X
    CELL_TOTAL
};

static const struct scr_stat_info stat_rows[SCR_STAT_COUNT] = {
#define X(id, name, kind, labels, series, sentence)                                                \
    [SCR_STAT_##id] = {name, SCR_STAT_##kind, series, sentence},
#include "core/base/stats_table.h"
#undef X
};

static const uint32_t stat_cells[SCR_STAT_COUNT] = {
#define X(id, name, kind, labels, series, sentence) [SCR_STAT_##id] = CELL_OF_##id,
#include "core/base/stats_table.h"
#undef X
};

static _Atomic int64_t cells[CELL_TOTAL];

const struct scr_stat_info *scr_stat_info(enum scr_stat stat)
{
    SCR_ASSERT((unsigned)stat < SCR_STAT_COUNT);
    return &stat_rows[stat];
}

static _Atomic int64_t *cell(enum scr_stat stat, uint32_t series, uint32_t stride)
{
    SCR_ASSERT((unsigned)stat < SCR_STAT_COUNT);
    SCR_ASSERT(series < stat_rows[stat].series);
    return &cells[stat_cells[stat] + series * stride];
}

void scr_stats_add(enum scr_stat stat, uint32_t series, int64_t amount)
{
    SCR_ASSERT(scr_stat_info(stat)->kind != SCR_STAT_HISTOGRAM);
    atomic_fetch_add_explicit(cell(stat, series, 1), amount, memory_order_relaxed);
}

void scr_stats_observe_ns(enum scr_stat stat, uint32_t series, int64_t duration_ns)
{
    SCR_ASSERT(scr_stat_info(stat)->kind == SCR_STAT_HISTOGRAM);
    uint64_t duration_us = duration_ns > 0 ? (uint64_t)duration_ns / 1000 : 0;
    _Atomic int64_t *first = cell(stat, series, CELLS_HISTOGRAM);
    uint32_t bucket = 0;
    while (bucket < SCR_STAT_BUCKETS - 1 && duration_us > scr_stat_bucket_us[bucket]) {
        bucket += 1;
    }
    atomic_fetch_add_explicit(first + bucket, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(first + SCR_STAT_BUCKETS, (int64_t)duration_us, memory_order_relaxed);
}

int64_t scr_stats_read(enum scr_stat stat, uint32_t series)
{
    SCR_ASSERT(scr_stat_info(stat)->kind != SCR_STAT_HISTOGRAM);
    return atomic_load_explicit(cell(stat, series, 1), memory_order_relaxed);
}

struct scr_stat_histogram scr_stats_read_histogram(enum scr_stat stat, uint32_t series)
{
    SCR_ASSERT(scr_stat_info(stat)->kind == SCR_STAT_HISTOGRAM);
    const _Atomic int64_t *first = cell(stat, series, CELLS_HISTOGRAM);
    struct scr_stat_histogram read;
    uint64_t sum = 0;
    for (uint32_t bucket = 0; bucket < SCR_STAT_BUCKETS; bucket += 1) {
        sum += (uint64_t)atomic_load_explicit(first + bucket, memory_order_relaxed);
        read.cumulative[bucket] = sum;
    }
    read.sum_us = (uint64_t)atomic_load_explicit(first + SCR_STAT_BUCKETS, memory_order_relaxed);
    return read;
}

void scr_stats_reset(void)
{
    for (uint32_t i = 0; i < CELL_TOTAL; i += 1) {
        atomic_store_explicit(&cells[i], 0, memory_order_relaxed);
    }
}
