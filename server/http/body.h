/*
 * server/http/body.h - a plain response becomes a response of libmicrohttpd.
 * Why:    the library writes; what it writes is pulled from the job, the stream or memory.
 * Flow:   bytes that stand in memory go out as views, nothing copied; all else by a reader that
 *         the library calls when the socket takes more.
 * Memory: one page for /metrics, made at boot; the library copies it under the lock.
 * Limits: SCR_HTTP_VIEWS_MAX views; a reader call gives what one pull gives (one slice of work).
 */
#ifndef SCR_SERVER_HTTP_BODY_H
#define SCR_SERVER_HTTP_BODY_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

#include "api/service.h"
#include "core/base/error.h"
#include "core/base/lock.h"
#include "server/http/exchange.h"
#include "server/http/kept.h"

struct scr_metrics_page {
    struct scr_lock lock;
    char *chars;
};

/** Bytes that scr_metrics_page_init takes at boot. */
uint64_t scr_metrics_page_memory_bytes(void);

/** Makes the page. Boot only. errors SCR_ERR_MEMORY */
SCR_MUST_USE enum scr_err scr_metrics_page_init(struct scr_metrics_page *page);

/** Frees it. */
void scr_metrics_page_deinit(struct scr_metrics_page *page);

/**
 * Makes the library's object for an answered exchange, headers included, or finds one.
 * in      kept      the daemon's
 * in      close     the connection ends after this response
 * out     made      the caller queues it; then, if exchange->kept is NULL, drops its reference. The
 *                   slot is told when the library lets go of the body. Untouched on error
 * errors  SCR_ERR_MEMORY, SCR_ERR_NO_SPACE (the metrics do not fit), SCR_ERR_INTERNAL (the library
 *         refuses a header)
 * thread  the connection's daemon
 */
SCR_MUST_USE enum scr_err scr_body_make(struct scr_metrics_page *page,
                                        struct scr_kept_answers *kept,
                                        struct scr_exchange *exchange,
                                        bool close,
                                        struct MHD_Response **made);

#endif
