/*
 * api/routes.c - the route table, searched from top to bottom.
 * Why:    see routes.h. A dozen comparisons cost less than a hash.
 */
#include "api/routes.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "core/base/assert.h"
#include "core/base/stats.h"
#include "core/base/text.h"

#define ALLOW_READ "GET, HEAD, OPTIONS"

/* Names that others give to the probes; too far from ours for a distance. */
static const char *const probe_names[] = {"/health", "/healthz"};

/* Further off than this, a suggestion would be a guess. */
#define NEAREST_DISTANCE_MAX 3

static const struct scr_route_info routes[SCR_ROUTE_COUNT] = {
    [SCR_ROUTE_NONE] = {"", "", SCR_SIDE_PUBLIC, NULL, ""},
#define X(id, path, methods, side, handler, operation)                                             \
    [SCR_ROUTE_##id] = {path, ALLOW_##methods, SCR_SIDE_##side, handler, operation},
#include "api/route_table.h"
#undef X
};
static_assert(SCR_ROUTE_COUNT <= SCR_SERIES_ROUTES, "every route has its series");
static_assert(SCR_METHOD_KNOWN + 1 <= SCR_SERIES_METHODS, "every method label has its series");

const struct scr_route_info *scr_route_info(enum scr_route route)
{
    SCR_ASSERT((unsigned)route < SCR_ROUTE_COUNT);
    return &routes[route];
}

const char *scr_route_label(enum scr_route route)
{
    SCR_ASSERT((unsigned)route < SCR_ROUTE_COUNT);
    return route == SCR_ROUTE_NONE ? "none" : routes[route].path;
}

/* A path in braces matches one more segment that is not empty. */
static bool matches(const char *pattern, const char *path, size_t path_bytes)
{
    const char *brace = strchr(pattern, '{');
    if (brace == NULL) {
        return scr_text_equal(path, path_bytes, pattern);
    }
    size_t prefix_bytes = (size_t)(brace - pattern);
    return path_bytes > prefix_bytes && memcmp(path, pattern, prefix_bytes) == 0 &&
           memchr(path + prefix_bytes, '/', path_bytes - prefix_bytes) == NULL;
}

enum scr_side scr_side_of(const struct scr_service *service, const struct scr_request *request)
{
    if (request->is_admin) {
        return SCR_SIDE_ADMIN;
    }
    return service->admin_apart ? SCR_SIDE_PUBLIC : SCR_SIDE_BOTH;
}

static bool is_on(enum scr_side side, unsigned route)
{
    return side == SCR_SIDE_BOTH || side == routes[route].side;
}

enum scr_route scr_route_find(enum scr_side side, const char *path, size_t path_bytes)
{
    for (unsigned route = SCR_ROUTE_NONE + 1; route < SCR_ROUTE_COUNT; route += 1) {
        if (matches(routes[route].path, path, path_bytes)) {
            return is_on(side, route) ? (enum scr_route)route : SCR_ROUTE_NONE;
        }
    }
    return SCR_ROUTE_NONE;
}

static bool is_probe_name(const char *path, size_t path_bytes)
{
    for (size_t i = 0; i < sizeof probe_names / sizeof probe_names[0]; i += 1) {
        if (scr_text_equal(path, path_bytes, probe_names[i])) {
            return true;
        }
    }
    return false;
}

/* The path on this side most like a wrong one, or NULL. */
static const char *nearest_of(enum scr_side side, const char *path, size_t path_bytes)
{
    const char *nearest = NULL;
    unsigned best = NEAREST_DISTANCE_MAX + 1;
    for (unsigned route = SCR_ROUTE_NONE + 1; route < SCR_ROUTE_COUNT; route += 1) {
        const char *known = routes[route].path;
        if (!is_on(side, route) || strchr(known, '{') != NULL) {
            continue;
        }
        unsigned distance = scr_text_distance(path, path_bytes, known, strlen(known));
        /* A distance near the length of the path means that hardly a letter of it was right. */
        if (distance < best && distance + 2 < path_bytes) {
            best = distance;
            nearest = known;
        }
    }
    return nearest;
}

/* "This port answers /livez, /readyz, /startupz, /metrics and nothing else." */
static void put_admin_paths(struct scr_text *detail)
{
    const char *before = "This port answers ";
    for (unsigned route = SCR_ROUTE_NONE + 1; route < SCR_ROUTE_COUNT; route += 1) {
        if (routes[route].side == SCR_SIDE_ADMIN) {
            scr_text_put(detail, before);
            scr_text_put(detail, routes[route].path);
            before = ", ";
        }
    }
    scr_text_put(detail, " and nothing else.");
}

void scr_route_put_missing(enum scr_side side,
                           const char *path,
                           size_t path_bytes,
                           struct scr_text *detail)
{
    if (side == SCR_SIDE_ADMIN) {
        put_admin_paths(detail);
        return;
    }
    bool is_probe = is_probe_name(path, path_bytes);
    if (scr_route_find(SCR_SIDE_BOTH, path, path_bytes) != SCR_ROUTE_NONE ||
        (is_probe && side == SCR_SIDE_PUBLIC)) {
        /* Which port is the business of those who run the server. */
        scr_text_put(detail, "Health and metrics are answered on the admin port only.");
        return;
    }
    const char *nearest = is_probe ? "/livez or /readyz" : nearest_of(side, path, path_bytes);
    scr_text_put(detail, "There is nothing at this address.");
    if (nearest != NULL) {
        scr_text_put(detail, " Did you mean ");
        scr_text_put(detail, nearest);
        scr_text_put(detail, "?");
    }
}

enum scr_method scr_method_of(const char *method)
{
    static const char *const known[] = {"POST", "PUT", "DELETE", "PATCH", "CONNECT", "TRACE"};
    if (strcmp(method, "GET") == 0) {
        return SCR_METHOD_GET;
    }
    if (strcmp(method, "HEAD") == 0) {
        return SCR_METHOD_HEAD;
    }
    if (strcmp(method, "OPTIONS") == 0) {
        return SCR_METHOD_OPTIONS;
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i += 1) {
        if (strcmp(method, known[i]) == 0) {
            return SCR_METHOD_KNOWN;
        }
    }
    return SCR_METHOD_UNKNOWN;
}

const char *scr_method_label(enum scr_method method)
{
    switch (method) {
    case SCR_METHOD_GET:
        return "GET";
    case SCR_METHOD_HEAD:
        return "HEAD";
    case SCR_METHOD_OPTIONS:
        return "OPTIONS";
    case SCR_METHOD_KNOWN:
    case SCR_METHOD_UNKNOWN:
        return "other";
    }
    SCR_UNREACHABLE();
}

/* RFC 9112 section 3.2.2: a server must accept the absolute form. Returns where the path begins. */
static const char *skip_authority(const char *target)
{
    static const char *const schemes[] = {"http://", "https://"};
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i += 1) {
        size_t bytes = strlen(schemes[i]);
        if (strncasecmp(target, schemes[i], bytes) == 0) {
            return target + bytes + strcspn(target + bytes, "/?#");
        }
    }
    return target;
}

struct scr_target scr_target_split(const char *target)
{
    SCR_ASSERT(target != NULL);
    struct scr_target split = {.path = skip_authority(target)};
    split.path_bytes = strcspn(split.path, "?");
    const char *end = split.path + split.path_bytes;
    split.query = *end == '?' ? end + 1 : end;
    if (split.path_bytes == 0) {
        /* http://host means its root. */
        split.path = "/";
        split.path_bytes = 1;
    }
    return split;
}
