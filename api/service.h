/*
 * api/service.h - what the handlers share: the rooms they call, and the documents made at boot.
 * Why:    one struct, wired by the server, instead of globals.
 * Thread: read by every HTTP thread; only the atomics change after boot.
 */
#ifndef SCR_API_SERVICE_H
#define SCR_API_SERVICE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "api/clients.h"
#include "api/request.h"
#include "api/response.h"
#include "core/base/clock.h"
#include "core/base/log_quota.h"
#include "core/base/text.h"
#include "core/job/arena.h"
#include "core/job/pcm_stream.h"
#include "core/synth/params.h"

struct scr_plan_table;

/* Who this program is; literals. */
struct scr_build {
    const char *version;
    const char *commit;
    const char *built; /* RFC 3339 date */
    const char *compiler;
    const char *isa; /* instruction set in use */
    const char *opus;
    const char *ogg;
    const char *sodium;
    const char *microhttpd;
};

/* What the operating system says of this process, for process_* metrics. */
struct scr_process_usage {
    double cpu_seconds;
    double start_time_seconds;
    uint64_t open_fds;
    uint64_t max_fds;
    uint64_t virtual_bytes;
    uint64_t resident_bytes;
    uint64_t threads;
};

struct scr_document {
    char chars[SCR_DOCUMENT_BYTES_MAX];
    size_t bytes;
    char etag[SCR_ETAG_CHARS];
};

struct scr_service {
    struct scr_arena *arena;
    struct scr_pcm_pool *pcm;
    const struct scr_clock *clock;
    struct scr_order_bounds bounds;
    struct scr_plan_table *plans;            /* of URLs asked for lately; NULL = none */
    struct scr_clients *clients;             /* limits per client; NULL = none */
    struct scr_network_list trusted_proxies; /* whose X-Forwarded-For is believed */
    bool admin_apart; /* health and metrics are answered on the admin listener only */
    struct scr_build build;
    /* Fills usage for /metrics; set by the server (NULL in tests: process_* are left out). */
    void (*process_usage)(struct scr_process_usage *usage);
    atomic_bool ready;                  /* /startupz and /readyz: boot is done */
    atomic_bool draining;               /* /readyz: 503; responses close their connection */
    struct scr_log_quota refused_lines; /* of the access log */
    struct scr_document presets;
    struct scr_document parameters;
    struct scr_document version;
    char openapi_etag[SCR_ETAG_CHARS];
};

/**
 * Writes the documents (/presets, /parameters, /version). The fields above them are set.
 * errors  SCR_ERR_NO_SPACE
 * thread  boot
 */
SCR_MUST_USE enum scr_err scr_service_init(struct scr_service *service);

/**
 * Answers one request: finds the route, calls its handler; whatever is wrong becomes a problem.
 * inout   request    client and remote are written, from the peer or from what proxies say
 * out     response   complete; the caller sends and closes it, and reports it completed
 * thread  any HTTP thread; alloc none; never renders more than the caller pulls
 */
void scr_service_handle(struct scr_service *service,
                        struct scr_request *request,
                        struct scr_response *response);

/**
 * The answer to a connection that is not taken: over the connection limit, or over its client's.
 * in      err       SCR_ERR_TOO_MANY_CONNECTIONS (503) or SCR_ERR_CLIENT_PLACES (429)
 * out     bytes     complete HTTP/1.1 response with Retry-After and a problem body
 * returns how many bytes
 */
size_t scr_service_refusal(enum scr_err err, char *bytes, size_t capacity);

/* What happened to a response, for metrics and the access log. */
struct scr_completion {
    uint64_t body_bytes;
    int64_t duration_ns;
    bool whole;      /* everything was sent */
    const char *cut; /* why we cut it off, a literal; NULL: we did not */
};

/**
 * Counts the request, gives its client's place back, writes the access log line.
 * thread  any HTTP thread; once for each response of scr_service_handle
 */
void scr_service_completed(struct scr_service *service,
                           const struct scr_request *request,
                           const struct scr_response *response,
                           const struct scr_completion *completion);

/** Writes all metrics in the Prometheus text format 0.0.4. errors SCR_ERR_NO_SPACE */
SCR_MUST_USE enum scr_err scr_metrics_write(struct scr_service *service, struct scr_text *text);

#endif
