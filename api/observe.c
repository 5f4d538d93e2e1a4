/*
 * api/observe.c - what is written down about a request once it is over.
 * Why:    rates, errors and durations by route, and one log line that says who got what; labels
 *         come from closed sets, so no client can grow the metrics.
 * Source: W3C Trace Context, section 3.2 (traceparent).
 */
#include "api/observe.h"

#include <string.h>

#include "api/rate_limit.h"
#include "api/routes.h"
#include "core/base/assert.h"
#include "core/base/log.h"
#include "core/base/series.h"
#include "core/synth/preset.h"

/* The last stands for every code we do not expect. */
static const uint16_t status_codes[] = {200, 204, 206, 304, 400, 404, 405, 406, 412, 414,
                                        416, 417, 429, 431, 500, 501, 502, 503, 505, 0};

#define STATUS_COUNT (sizeof status_codes / sizeof status_codes[0])
static_assert(STATUS_COUNT <= SCR_SERIES_STATUSES, "every status has its series");

uint32_t scr_status_count(void)
{
    return STATUS_COUNT;
}

uint32_t scr_status_index(uint16_t status)
{
    uint32_t index = 0;
    while (index < STATUS_COUNT - 1 && status_codes[index] != status) {
        index += 1;
    }
    return index;
}

uint16_t scr_status_code(uint32_t index)
{
    SCR_ASSERT(index < STATUS_COUNT);
    return status_codes[index];
}

void scr_trace_id_read(const struct scr_request *request, char trace_id[33])
{
    static const char digits[] = "0123456789abcdef";
    bool repeated = false;
    const char *parent = scr_request_header(request, "traceparent", &repeated);
    trace_id[0] = '\0';
    /* version 2, dash, trace 32, dash, parent 16, dash, flags 2 */
    if (parent == NULL || repeated || strlen(parent) < 55 || strspn(parent, digits) != 2 ||
        parent[2] != '-' || strspn(parent + 3, digits) != 32 || parent[35] != '-' ||
        strspn(parent + 36, digits) != 16 || parent[52] != '-') {
        return;
    }
    if (memcmp(parent, "ff", 2) == 0 || strspn(parent + 3, "0") >= 32) {
        return;
    }
    memcpy(trace_id, parent + 3, 32);
    trace_id[32] = '\0';
}

static bool is_probe(uint32_t route)
{
    return route == SCR_ROUTE_LIVEZ || route == SCR_ROUTE_READYZ || route == SCR_ROUTE_STARTUPZ ||
           route == SCR_ROUTE_METRICS;
}

static void count(const struct scr_request *request,
                  const struct scr_response *response,
                  const struct scr_completion *completion)
{
    enum scr_method method = scr_method_of(request->method);
    uint32_t label = method == SCR_METHOD_UNKNOWN ? SCR_METHOD_KNOWN : (uint32_t)method;
    uint32_t series =
        scr_series_request(response->route, label, scr_status_index(response->status));
    scr_stats_add(SCR_STAT_HTTP_REQUESTS, series, 1);
    scr_stats_observe_ns(SCR_STAT_HTTP_DURATION, response->route, completion->duration_ns);
    scr_stats_add(SCR_STAT_HTTP_RESPONSE_BYTES, response->route, (int64_t)completion->body_bytes);
}

/* Fields of a sound; each is left out when the response is none. */
static const char *preset_text(const struct scr_response *response)
{
    return response->is_audio ? scr_preset_name((enum scr_preset)response->preset) : NULL;
}

/* Refusals can be provoked without end; our own faults never pass unseen. */
static bool is_refusal(const struct scr_response *response)
{
    switch (scr_err_class(response->problem)) {
    case SCR_CLASS_INPUT:
    case SCR_CLASS_MISSING:
    case SCR_CLASS_BUSY:
        return true;
    case SCR_CLASS_NONE:
    case SCR_CLASS_PEER:
    case SCR_CLASS_INTERNAL:
        return false;
    }
    SCR_UNREACHABLE();
}

/* in suppressed  lines of refusals that were left out since it was last told; 0 is not written */
static void write_line(enum scr_log_level level,
                       const struct scr_request *request,
                       const struct scr_response *response,
                       const struct scr_completion *completion,
                       uint64_t suppressed)
{
    char seed[24];
    struct scr_text text;
    scr_text_init(&text, seed, sizeof seed);
    scr_text_put_u64(&text, response->seed);
    int64_t duration_us = completion->duration_ns / 1000;
    bool wrong = response->problem != SCR_OK;
    const struct scr_log_field fields[] = {
        scr_log_text("method", request->method),
        scr_log_text("route", scr_route_label((enum scr_route)response->route)),
        scr_log_u64("status", response->status),
        scr_log_u64("bytes", completion->body_bytes),
        scr_log_real("dur_ms", (double)duration_us / 1000.0),
        scr_log_bool("whole", completion->whole),
        scr_log_text("cut", completion->cut),
        scr_log_text("preset", preset_text(response)),
        scr_log_text("seed", response->is_audio ? seed : NULL),
        scr_log_text("format", response->is_audio ? scr_format_name(response->format) : NULL),
        scr_log_text("problem", wrong ? scr_err_name(response->problem) : NULL),
        scr_log_text("target", wrong ? request->target : NULL),
        scr_log_text("remote", request->remote),
        scr_log_text("request_id", request->request_id),
        scr_log_text("trace_id", response->trace_id[0] != '\0' ? response->trace_id : NULL),
        scr_log_text("logger", "http"),
        scr_log_u64("suppressed", suppressed),
    };
    size_t count = sizeof fields / sizeof fields[0] - (suppressed > 0 ? 0 : 1);
    scr_log(level, "request", fields, count);
}

void scr_service_completed(struct scr_service *service,
                           const struct scr_request *request,
                           const struct scr_response *response,
                           const struct scr_completion *completion)
{
    SCR_ASSERT(service != NULL);
    SCR_ASSERT(response->route < SCR_ROUTE_COUNT);
    scr_rate_limit_done(service, request, response);
    count(request, response, completion);
    enum scr_log_level level = is_probe(response->route) ? SCR_LOG_DEBUG : SCR_LOG_INFO;
    if (!scr_log_wants(level)) {
        return;
    }
    struct scr_log_quota *quota = &service->refused_lines;
    uint64_t suppressed = 0;
    if (!is_refusal(response)) {
        suppressed = scr_log_quota_collect(quota);
    } else if (!scr_log_quota_take(quota, scr_clock_now_ns(service->clock), &suppressed)) {
        return;
    }
    write_line(level, request, response, completion, suppressed);
}
