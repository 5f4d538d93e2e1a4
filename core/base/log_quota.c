/*
 * core/base/log_quota.c - counting lines by the second.
 * Why:    see log_quota.h.
 */
#include "core/base/log_quota.h"

#include "core/base/assert.h"

#define NS_PER_S INT64_C(1000000000)

void scr_log_quota_init(struct scr_log_quota *quota, uint32_t per_s)
{
    SCR_ASSERT(per_s >= 1);
    quota->per_s = per_s;
    atomic_init(&quota->second, -1);
    atomic_init(&quota->lines, 0);
    atomic_init(&quota->suppressed, 0);
}

uint64_t scr_log_quota_collect(struct scr_log_quota *quota)
{
    /* Nearly always there is nothing, and reading alone disturbs no other core. */
    return atomic_load(&quota->suppressed) == 0 ? 0 : atomic_exchange(&quota->suppressed, 0);
}

bool scr_log_quota_take(struct scr_log_quota *quota, int64_t now_ns, uint64_t *suppressed)
{
    SCR_ASSERT(quota->per_s >= 1 && now_ns >= 0);
    int64_t second = now_ns / NS_PER_S;
    if (atomic_exchange(&quota->second, second) != second) {
        atomic_store(&quota->lines, 0);
    }
    if (atomic_fetch_add(&quota->lines, 1) >= quota->per_s) {
        atomic_fetch_add(&quota->suppressed, 1);
        return false;
    }
    *suppressed = scr_log_quota_collect(quota);
    return true;
}
