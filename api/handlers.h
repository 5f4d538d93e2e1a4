/*
 * api/handlers.h - one function per route.
 * Why:    a handler sees a plain request and fills a plain response; it knows no socket.
 * Rule:   the base headers stand already; a handler decides first and adds headers last, so that a
 *         problem never carries the headers of a success.
 */
#ifndef SCR_API_HANDLERS_H
#define SCR_API_HANDLERS_H

#include <stdbool.h>
#include <stddef.h>

#include "api/request.h"
#include "api/response.h"
#include "api/service.h"

/* A request on its way through the API. */
struct scr_call {
    const struct scr_request *request;
    const char *path; /* path_bytes of it */
    size_t path_bytes;
    const char *query; /* raw; "" without one */
    bool head;         /* HEAD: no work for a body is done */
};

typedef void scr_handler_fn(struct scr_service *service,
                            const struct scr_call *call,
                            struct scr_response *response);

#define X(id, path, methods, side, handler, operation) scr_handler_fn handler;
#include "api/route_table.h"
#undef X

/** Writes a document of the boot, and its ETag. errors SCR_ERR_NO_SPACE */
SCR_MUST_USE enum scr_err scr_presets_write(struct scr_service *service);
SCR_MUST_USE enum scr_err scr_parameters_write(struct scr_service *service);
SCR_MUST_USE enum scr_err scr_version_write(struct scr_service *service);

#endif
