/*
 * core/base/stats.h - counters, gauges and histograms that any thread may add to.
 * Why:    what cannot be counted cannot be trusted; Prometheus reads these at GET /metrics.
 * Flow:   scr_stats_add from anywhere -> atomics -> api/handle_metrics writes text.
 * Memory: static; the number of series is fixed by stats_table.h.
 * Source: stats_table.h: name, kind, labels, sentence.
 */
#ifndef SCR_BASE_STATS_H
#define SCR_BASE_STATS_H

#include <stdint.h>

enum scr_stat {
#define X(id, name, kind, labels, series, sentence) SCR_STAT_##id,
#include "core/base/stats_table.h"
#undef X
    SCR_STAT_COUNT
};

enum scr_stat_kind {
    SCR_STAT_COUNTER,
    SCR_STAT_GAUGE,
    SCR_STAT_HISTOGRAM
};

struct scr_stat_info {
    const char *name;
    enum scr_stat_kind kind;
    uint32_t series;
    const char *sentence;
};

/* Upper bounds of every histogram's buckets, in microseconds; the last bucket is +Inf. */
#define SCR_STAT_BUCKETS 14
extern const uint64_t scr_stat_bucket_us[SCR_STAT_BUCKETS - 1];

/* One histogram as read: cumulative counts, sum in microseconds. */
struct scr_stat_histogram {
    uint64_t cumulative[SCR_STAT_BUCKETS];
    uint64_t sum_us;
};

/** The table row. */
const struct scr_stat_info *scr_stat_info(enum scr_stat stat);

/** Adds to a counter or gauge (gauges may go down: pass the two's complement). Any thread. */
void scr_stats_add(enum scr_stat stat, uint32_t series, int64_t amount);

/** Records one duration in a histogram. Any thread. */
void scr_stats_observe_ns(enum scr_stat stat, uint32_t series, int64_t duration_ns);

/** Reads a counter or gauge. Any thread. */
int64_t scr_stats_read(enum scr_stat stat, uint32_t series);

/** Reads a histogram. Any thread; buckets of a running system may differ by a few. */
struct scr_stat_histogram scr_stats_read_histogram(enum scr_stat stat, uint32_t series);

/** Sets everything to zero: tests only. */
void scr_stats_reset(void);

#endif
