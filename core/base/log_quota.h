/*
 * core/base/log_quota.h - how many log lines of one kind a second may have.
 * Why:    what strangers can provoke without end must not fill a disk or hide the other lines.
 * Rule:   the first `per_s` of each second pass; the rest is counted, and told by the next that
 *         passes, or by whoever collects it.
 * Thread: any; two threads at the turn of a second may let a line more or less through: no matter.
 */
#ifndef SCR_BASE_LOG_QUOTA_H
#define SCR_BASE_LOG_QUOTA_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct scr_log_quota {
    uint32_t per_s;
    _Atomic int64_t second; /* the one being counted */
    _Atomic uint32_t lines;
    _Atomic uint64_t suppressed;
};

/** An unused quota. in per_s at least 1 */
void scr_log_quota_init(struct scr_log_quota *quota, uint32_t per_s);

/**
 * Whether a line may be written now.
 * in      now_ns      of the monotonic clock, at least 0
 * out     suppressed  lines that were not written since the last that was; written when it may
 * alloc none
 */
bool scr_log_quota_take(struct scr_log_quota *quota, int64_t now_ns, uint64_t *suppressed);

/** Lines that were not written since it was last told, for a line of another kind to tell. */
uint64_t scr_log_quota_collect(struct scr_log_quota *quota);

#endif
