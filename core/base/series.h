/*
 * core/base/series.h - which series of a labelled statistic belongs to which labels.
 * Why:    the room that counts and the handler that prints must agree on one arithmetic.
 * Source: stats_table.h holds the sizes.
 */
#ifndef SCR_BASE_SERIES_H
#define SCR_BASE_SERIES_H

#include <assert.h>
#include <stdint.h>

#include "core/base/assert.h"
#include "core/base/stats.h"

enum scr_render_result {
    SCR_RENDER_OK,
    SCR_RENDER_DROPPED
};

/* Series of HTTP_CUT: why a connection was cut off. */
enum scr_cut {
    SCR_CUT_HEAD,     /* the head of a request was not whole in time */
    SCR_CUT_BODY,     /* the body was not */
    SCR_CUT_IDLE,     /* kept without a request for too long */
    SCR_CUT_STREAM,   /* one response took longer than any may */
    SCR_CUT_SLOW,     /* the reader took next to nothing of a waiting answer */
    SCR_CUT_HALF_DEAD /* the client was gone before its request was whole */
};
#define SCR_CUT_COUNT (SCR_CUT_HALF_DEAD + 1)
static_assert(SCR_CUT_COUNT == SCR_SERIES_CUTS, "every reason has its series");

/* Series of HTTP_LIMITED: which limit of a client was reached. */
enum scr_limit {
    SCR_LIMIT_RATE,
    SCR_LIMIT_OPEN
};
#define SCR_LIMIT_COUNT (SCR_LIMIT_OPEN + 1)
static_assert(SCR_LIMIT_COUNT == SCR_SERIES_LIMITS, "every limit has its series");

/** Series of RENDERS: preset x format x result. */
static inline uint32_t scr_series_render(uint32_t preset, uint32_t format, uint32_t result)
{
    SCR_ASSERT(preset < SCR_SERIES_PRESETS && format < SCR_SERIES_FORMATS);
    SCR_ASSERT(result < SCR_SERIES_RESULTS);
    return (preset * SCR_SERIES_FORMATS + format) * SCR_SERIES_RESULTS + result;
}

/** Series of HTTP_REQUESTS: route x method x status index. */
static inline uint32_t scr_series_request(uint32_t route, uint32_t method, uint32_t status)
{
    SCR_ASSERT(route < SCR_SERIES_ROUTES && method < SCR_SERIES_METHODS);
    SCR_ASSERT(status < SCR_SERIES_STATUSES);
    return (route * SCR_SERIES_METHODS + method) * SCR_SERIES_STATUSES + status;
}

#endif
