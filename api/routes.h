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
#define X(id, path, methods, handler, operation) SCR_ROUTE_##id,
#include "api/route_table.h"
#undef X
    SCR_ROUTE_COUNT
};

enum scr_method {
    SCR_METHOD_GET,
    SCR_METHOD_HEAD,
    SCR_METHOD_OPTIONS,
    SCR_METHOD_KNOWN,  /* another method of HTTP: 405 */
    SCR_METHOD_UNKNOWN /* 501 */
};

struct scr_route_info {
    const char *path;
    const char *allow; /* value of the Allow header */
    scr_handler_fn *handler;
    const char *operation;
};

/* A target, cut where its parts begin; everything points into it. */
struct scr_target {
    const char *path;
    size_t path_bytes;
    const char *query; /* behind the question mark; "" without one */
};

/** The table row of a route other than NONE. Any thread. */
const struct scr_route_info *scr_route_info(enum scr_route route);

/** The route's label in metrics and logs: its path, or "none". Any thread. */
const char *scr_route_label(enum scr_route route);

/** Finds the route of a path, or NONE. Any thread. */
enum scr_route scr_route_find(const char *path, size_t path_bytes);

/** The path of the route most like a wrong one (edit distance at most 3), or NULL. Any thread. */
const char *scr_route_nearest(const char *path, size_t path_bytes);

/** What a method is; methods are case-sensitive. Any thread. */
enum scr_method scr_method_of(const char *method);

/** "GET", "HEAD", "OPTIONS" or "other": the label of metrics. Any thread. */
const char *scr_method_label(enum scr_method method);

/** Cuts a target in origin form (/path?query) or absolute form (http://host/path?query). */
struct scr_target scr_target_split(const char *target);

#endif
