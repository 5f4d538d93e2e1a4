/*
 * api/service.c - the way every request goes, from its first check to its handler.
 * Why:    what holds for all routes (limits, bodies, methods, CORS, request ids, the stop) is done
 *         here once, in one order, so that no handler can forget it.
 * Flow:   client (forwarded.h) -> base headers -> head (header_gate.h) -> target length -> body ->
 *         method -> route -> the client's limits (rate_limit.h) -> handler; HEAD loses its body.
 * Source: RFC 9110 sections 9.3.2 (HEAD), 9.3.7 (OPTIONS), 15.5.6 (405); Fetch standard for CORS.
 */
#include "api/service.h"

#include <string.h>

#include "api/document.h"
#include "api/observe.h"
#include "api/openapi.h"
#include "api/problem.h"
#include "api/rate_limit.h"
#include "api/routes.h"
#include "core/base/assert.h"
#include "core/json/writer.h"

enum scr_err scr_service_init(struct scr_service *service)
{
    SCR_ASSERT(service->arena != NULL && service->pcm != NULL && service->clock != NULL);
    scr_log_quota_init(&service->refused_lines, SCR_LOG_REFUSED_PER_S);
    SCR_TRY(scr_presets_write(service));
    SCR_TRY(scr_parameters_write(service));
    SCR_TRY(scr_version_write(service));
    scr_document_etag(scr_openapi_yaml, scr_openapi_yaml_bytes, service->openapi_etag);
    return SCR_OK;
}

static void add_base_headers(const struct scr_request *request, struct scr_response *response)
{
    if (request->request_id[0] != '\0') {
        scr_response_header(response, "X-Request-Id", request->request_id);
    }
    scr_response_header(response, "X-Content-Type-Options", "nosniff");
    scr_response_header(response, "Access-Control-Allow-Origin", "*");
    scr_response_header(response,
                        "Access-Control-Expose-Headers",
                        "Content-Length, Content-Range, Accept-Ranges, ETag, Content-Location, "
                        "X-Scream-Seed, X-Scream-Engine, Retry-After, RateLimit, "
                        "RateLimit-Policy, X-Request-Id, Server-Timing");
}

static void answer_preflight(const char *allow, struct scr_response *response)
{
    response->status = 204;
    response->length_known = false;
    scr_response_header(response, "Allow", allow);
    scr_response_header(response, "Access-Control-Allow-Methods", allow);
    scr_response_header(response,
                        "Access-Control-Allow-Headers",
                        "Range, If-Range, If-Match, If-None-Match, X-Request-Id, traceparent");
    scr_response_header(response, "Access-Control-Max-Age", "7200");
}

static void
answer_wrong_method(const struct scr_call *call, const char *allow, struct scr_response *response)
{
    char detail[128];
    struct scr_text text;
    scr_text_init(&text, detail, sizeof detail);
    scr_text_put(&text, "This address takes ");
    scr_text_put(&text, allow);
    scr_text_put(&text, ".");
    SCR_ASSERT(!text.overflow);
    scr_problem_say(call, SCR_ERR_METHOD_NOT_ALLOWED, detail, response);
    scr_response_header(response, "Allow", allow);
}

static void
answer_not_found(const struct scr_call *call, enum scr_side side, struct scr_response *response)
{
    char detail[SCR_ROUTE_DETAIL_BYTES];
    struct scr_text text;
    scr_text_init(&text, detail, sizeof detail);
    scr_route_put_missing(side, call->path, call->path_bytes, &text);
    SCR_ASSERT(!text.overflow);
    scr_problem_say(call, SCR_ERR_NOT_FOUND, detail, response);
}

/* Health, metrics and what an error means are not limited: they are asked for most when something
 * is wrong. A preflight is the browser's own doing. */
static bool is_limited(enum scr_side side, enum scr_route route, enum scr_method method)
{
    if (side == SCR_SIDE_ADMIN || method == SCR_METHOD_OPTIONS || route == SCR_ROUTE_PROBLEM) {
        return false;
    }
    return scr_route_info(route)->side != SCR_SIDE_ADMIN;
}

/* On false the response is the 429. */
static bool passes_limits(const struct scr_service *service,
                          const struct scr_call *call,
                          enum scr_route route,
                          enum scr_method method,
                          struct scr_response *response)
{
    enum scr_side side = scr_side_of(service, call->request);
    return !is_limited(side, route, method) || scr_rate_limit_pass(service, call, response);
}

static void answer_route(struct scr_service *service,
                         const struct scr_call *call,
                         enum scr_method method,
                         struct scr_response *response)
{
    enum scr_side side = scr_side_of(service, call->request);
    enum scr_route route = scr_route_find(side, call->path, call->path_bytes);
    response->route = (uint32_t)route;
    if (!passes_limits(service, call, route, method, response)) {
        return;
    }
    if (route == SCR_ROUTE_NONE) {
        answer_not_found(call, side, response);
        return;
    }
    const struct scr_route_info *info = scr_route_info(route);
    if (method == SCR_METHOD_OPTIONS) {
        answer_preflight(info->allow, response);
    } else if (method == SCR_METHOD_KNOWN) {
        answer_wrong_method(call, info->allow, response);
    } else {
        info->handler(service, call, response);
    }
}

/* What is wrong with the request before its route matters, or SCR_OK. */
static enum scr_err check_request(const struct scr_request *request)
{
    if (request->defect != SCR_OK) {
        return request->defect;
    }
    if (request->target_too_long ||
        strnlen(request->target, SCR_URI_BYTES_MAX + 1) > SCR_URI_BYTES_MAX) {
        return SCR_ERR_URI_TOO_LONG;
    }
    return request->has_body ? SCR_ERR_BODY_UNEXPECTED : SCR_OK;
}

static void answer(struct scr_service *service,
                   const struct scr_request *request,
                   struct scr_response *response)
{
    struct scr_target target = scr_target_split(request->target);
    enum scr_method method = scr_method_of(request->method);
    struct scr_call call = {
        .request = request,
        .path = target.path,
        .path_bytes = target.path_bytes,
        .query = target.query,
        .head = method == SCR_METHOD_HEAD,
    };
    enum scr_err err = check_request(request);
    if (err != SCR_OK) {
        /* What follows on this connection cannot be trusted to be a request. */
        response->close_connection = true;
        scr_problem_say(&call, err, NULL, response);
    } else if (method == SCR_METHOD_UNKNOWN) {
        if (passes_limits(service, &call, SCR_ROUTE_NONE, method, response)) {
            scr_problem_say(&call, SCR_ERR_METHOD_UNKNOWN, NULL, response);
        }
    } else if (method == SCR_METHOD_OPTIONS && strcmp(request->target, "*") == 0) {
        answer_preflight("GET, HEAD, OPTIONS", response);
    } else {
        answer_route(service, &call, method, response);
    }
    if (call.head && response->body == SCR_BODY_BYTES) {
        response->body = SCR_BODY_NONE;
    }
}

void scr_service_handle(struct scr_service *service,
                        struct scr_request *request,
                        struct scr_response *response)
{
    SCR_ASSERT(request->method != NULL && request->target != NULL && request->headers != NULL);
    scr_rate_limit_find_client(service, request);
    scr_response_init(response);
    add_base_headers(request, response);
    scr_trace_id_read(request, response->trace_id);
    answer(service, request, response);
    if (atomic_load_explicit(&service->draining, memory_order_relaxed)) {
        response->close_connection = true;
    }
    SCR_ASSERT(response->status >= 200 && response->status <= 599);
    SCR_ASSERT(!response->text.overflow);
}

size_t scr_service_refusal(enum scr_err err, char *bytes, size_t capacity)
{
    char body[512];
    char type[64];
    struct scr_text text;
    struct scr_json_writer json;
    uint16_t status = scr_problem_status(err);
    SCR_ASSERT(status == 503 || status == 429);
    scr_text_init(&text, type, sizeof type);
    scr_text_put(&text, "/problems/");
    scr_text_put(&text, scr_err_name(err));
    SCR_ASSERT(!text.overflow);
    scr_text_init(&text, body, sizeof body);
    scr_json_writer_init(&json, &text);
    scr_json_open_object(&json);
    scr_json_member_string(&json, "type", type);
    scr_json_member_string(&json, "title", scr_err_sentence(err));
    scr_json_member_u64(&json, "status", status);
    scr_json_member_string(&json,
                           "detail",
                           err == SCR_ERR_CLIENT_PLACES
                               ? "Too many connections of this address are open; close one."
                               : "All connections are in use; try again when one has ended.");
    scr_json_close_object(&json);
    SCR_ASSERT(!text.overflow);
    size_t body_bytes = text.used;

    scr_text_init(&text, bytes, capacity);
    scr_text_put(&text, "HTTP/1.1 ");
    scr_text_put(&text, status == 429 ? "429 Too Many Requests" : "503 Service Unavailable");
    scr_text_put(&text, "\r\nConnection: close\r\n");
    scr_text_put(&text, "Content-Type: " SCR_PROBLEM_TYPE "\r\nCache-Control: no-store\r\n");
    scr_text_put(&text, "Access-Control-Allow-Origin: *\r\nX-Content-Type-Options: nosniff\r\n");
    scr_text_put(&text, "Retry-After: " SCR_RETRY_AFTER "\r\nContent-Length: ");
    scr_text_put_u64(&text, body_bytes);
    scr_text_put(&text, "\r\n\r\n");
    scr_text_put_bytes(&text, body, body_bytes);
    SCR_ASSERT(!text.overflow);
    return text.used;
}
