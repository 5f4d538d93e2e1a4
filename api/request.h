/*
 * api/request.h - one HTTP request as plain data.
 * Why:    handlers know nothing of the HTTP library, so tests drive them without a socket.
 * Thread: belongs to the thread that answers it.
 */
#ifndef SCR_API_REQUEST_H
#define SCR_API_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/address.h"
#include "core/base/error.h"
#include "core/base/limits.h"

/* Calls `visit` once per header line of this name (any case); values are terminated. */
typedef void scr_header_visit_fn(void *visitor, const char *value);
typedef void
scr_header_source_fn(void *source, const char *name, scr_header_visit_fn *visit, void *visitor);

struct scr_request {
    const char *method; /* as received */
    const char *target; /* raw path and query, not decoded, terminated */
    bool target_too_long;
    enum scr_err defect; /* of the head, found by the header gate; SCR_OK when it is clean */
    bool has_body;       /* the head announces one */
    bool is_admin;       /* came through the admin listener */
    scr_header_source_fn *headers;
    void *headers_source;
    char request_id[SCR_REQUEST_ID_BYTES_MAX + 1]; /* the client's, validated, or made by us */
    struct scr_address peer;                       /* the other end of the connection */
    struct scr_address client;                     /* behind trusted proxies; else the peer */
    char remote[64]; /* the client's address for the log; comes as the peer's */
    int64_t started_ns;
};

/** The value of a header that may stand once: NULL when absent, *repeated when it is repeated. */
const char *scr_request_header(const struct scr_request *request, const char *name, bool *repeated);

#endif
