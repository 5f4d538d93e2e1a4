/*
 * server/http/head.h - the head of a request, as the library hands it over, examined once.
 * Why:    the gate (api/header_gate.h) and the keep-alive rule (keep_alive.h) know no library;
 *         here its header lines are led through both in one pass.
 * Thread: the daemon thread of the connection; alloc none.
 */
#ifndef SCR_SERVER_HTTP_HEAD_H
#define SCR_SERVER_HTTP_HEAD_H

#include <microhttpd.h>
#include <stdint.h>

#include "server/http/exchange.h"

/* What the library says of a request line; in its buffer. */
struct scr_request_line {
    const char *method;
    const char *target; /* cut at the '?'; the exchange has all of it */
    const char *version;
};

/**
 * Examines a whole head: fills the request's defect and has_body, and the exchange's expects and
 * may_stay; raw_bytes is filled already.
 * returns the bytes of the head
 */
uint64_t scr_head_examine(struct MHD_Connection *connection,
                          const struct scr_request_line *line,
                          struct scr_exchange *exchange);

#endif
