/*
 * api/plan.h - what a request for a sound comes to, before anything is reserved.
 * Why:    parsing a query, hashing its parameters and counting the bytes of its file are the same
 *         work each time a URL is asked for, so plans of seeded URLs are remembered (plan_table.h).
 * Flow:   query text -> order -> params -> key, size, ETag.
 */
#ifndef SCR_API_PLAN_H
#define SCR_API_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "api/query.h"
#include "api/service.h"
#include "core/base/error.h"
#include "core/job/key.h"
#include "core/synth/params.h"

struct scr_plan {
    enum scr_format format;
    bool fresh; /* another sound each time */
    struct scr_query query;
    struct scr_params params;
    struct scr_key key;
    uint64_t file_bytes;
    char etag[SCR_ETAG_CHARS]; /* "" when fresh */
};

/**
 * Makes the plan of a query.
 * in      text   the query of the target, as received
 * out     plan   untouched on error
 * out     error  written on error only
 * errors  those of scr_query_parse and scr_query_resolve
 * thread  any; alloc none; renders nothing
 */
SCR_MUST_USE enum scr_err scr_plan_make(const struct scr_service *service,
                                        const char *text,
                                        enum scr_format format,
                                        struct scr_plan *plan,
                                        struct scr_query_error *error);

#endif
