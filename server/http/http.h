/*
 * server/http/http.h - one HTTP side: acceptor, watchdog, one daemon per core, bodies.
 * Why:    libmicrohttpd parses and writes; limits, refusals, balance, time and the stop are ours.
 * Flow:   acceptor -> least loaded daemon -> adapter (request) -> scr_service_handle -> body.
 * Memory: one exchange slot per connection, made at boot; libmicrohttpd allocates its own.
 * Thread: create, drain and destroy on main; the rest on the acceptor's, watchdog's and daemons'
 *         threads. The watchdog runs from start to destroy, also during the drain.
 */
#ifndef SCR_SERVER_HTTP_HTTP_H
#define SCR_SERVER_HTTP_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "api/service.h"
#include "core/base/error.h"

struct scr_http;

struct scr_http_config {
    struct scr_service *service;
    const char *address; /* numeric IPv4 or IPv6, or "*" for all of both */
    uint16_t port;       /* 0 = any free one */
    uint32_t connections_max;
    uint32_t daemons;      /* 0 = one per core */
    bool is_admin;         /* answers health and metrics only; its daemons are not nice */
    uint32_t files_beside; /* of other listeners in this process; theirs lie between ours */
    const char **refused;  /* out, or NULL: why the address is; valid until the next such error */
    int64_t stream_ns_max; /* longest time one response may take; 0 = no limit */
};

/** Responses open at once: so many cursors and PCM streams must exist. */
uint32_t scr_http_responses_max(const struct scr_http_config *config);

/** Bytes that scr_http_create takes at boot. */
uint64_t scr_http_memory_bytes(const struct scr_http_config *config);

/**
 * Binds, allocates and makes the daemons; accepts nothing yet.
 * errors  SCR_ERR_MEMORY, SCR_ERR_IO (the address cannot be bound; logged with the reason)
 */
SCR_MUST_USE enum scr_err scr_http_create(const struct scr_http_config *config,
                                          struct scr_http **http);

/** Starts the watchdog, then accepting. errors SCR_ERR_IO; destroy is still due */
SCR_MUST_USE enum scr_err scr_http_start(struct scr_http *http);

/** The port bound, for "any free one". */
uint16_t scr_http_port(const struct scr_http *http);

/** Connections open now. Any thread. */
uint32_t scr_http_connections(const struct scr_http *http);

/**
 * Stops accepting, closes idle connections, lets requests in flight end.
 * in      deadline_ns  of the service's clock; what is still open then is cut off
 * in      hurry        read every 10 ms; true cuts off at once (a second signal)
 * returns how many responses were cut off
 */
uint32_t scr_http_drain(struct scr_http *http, int64_t deadline_ns, const volatile bool *hurry);

/** Stops the daemons (after drain) and frees everything. Nulls *http. */
void scr_http_destroy(struct scr_http **http);

#endif
