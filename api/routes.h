/*
 * api/routes.h - from a request target to a route.
 * Why:    a path is matched as it was sent, byte for byte: nothing is decoded, no dot segment or
 *         doubled slash is mended, so no two front ends can disagree about what was meant.
 * Source: route_table.h; RFC 9112 section 3.2 for the forms of a target.
 */
#ifndef SCR_API_ROUTES_H
#define SCR_API_ROUTES_H

#include <stddef.h>

#include "api/handlers.h"

enum scr_route {
    SCR_ROUTE_NONE, /* no such address */
#define X(id, path, methods, side, handler, operation) SCR_ROUTE_##id,
#include "api/route_table.h"
#undef X
    SCR_ROUTE_COUNT
};

/* What a listener is for; every route is of one side. */
enum scr_side {
    SCR_SIDE_PUBLIC,
    SCR_SIDE_ADMIN,
    SCR_SIDE_BOTH /* of a listener only: there is no other */
};

enum scr_method {
    SCR_METHOD_GET,
    SCR_METHOD_HEAD,
    SCR_METHOD_OPTIONS,
    SCR_METHOD_KNOWN,  /* another method of HTTP: 405 */
    SCR_METHOD_UNKNOWN /* 501 */
};

/* The longest sentence about a path without a route: the list of the admin side. */
#define SCR_ROUTE_DETAIL_BYTES 256

struct scr_route_info {
    const char *path;
    const char *allow; /* value of the Allow header */
    enum scr_side side;
    scr_handler_fn *handler;
    const char *operation;
};

/* A target, cut where its parts begin; everything points into it. */
struct scr_target {
    const char *path;
    size_t path_bytes;
    const char *query; /* behind the question mark; "" without one */
};

/** The table row of a route; NONE has one without handler, of the public side. Any thread. */
const struct scr_route_info *scr_route_info(enum scr_route route);

/** The route's label in metrics and logs: its path, or "none". Any thread. */
const char *scr_route_label(enum scr_route route);

/** The side of the listener through which a request came. Any thread. */
enum scr_side scr_side_of(const struct scr_service *service, const struct scr_request *request);

/** Finds the route of a path on a side, or NONE. Any thread. */
enum scr_route scr_route_find(enum scr_side side, const char *path, size_t path_bytes);

/**
 * Says why a path has no route on a side: with the path most like it (edit distance at most 3),
 * on which other port it is answered, or, on the admin side, what there is at all.
 * out     detail  SCR_ROUTE_DETAIL_BYTES are enough
 * thread  any
 */
void scr_route_put_missing(enum scr_side side,
                           const char *path,
                           size_t path_bytes,
                           struct scr_text *detail);

/** What a method is; methods are case-sensitive. Any thread. */
enum scr_method scr_method_of(const char *method);

/** "GET", "HEAD", "OPTIONS" or "other": the label of metrics. Any thread. */
const char *scr_method_label(enum scr_method method);

/** Cuts a target in origin form (/path?query) or absolute form (http://host/path?query). */
struct scr_target scr_target_split(const char *target);

#endif
