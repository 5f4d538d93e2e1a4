/*
 * api/service.c - the way every request goes, from its first check to its handler.
 * Why:    what holds for all routes (limits, bodies, methods, CORS, request ids, the stop) is done
 *         here once, in one order, so that no handler can forget it.
 * Flow:   base headers -> target length -> body -> method -> route -> handler; HEAD loses its body.
 * Source: RFC 9110 sections 9.3.2 (HEAD), 9.3.7 (OPTIONS), 15.5.6 (405); Fetch standard for CORS.
 */
#include "api/service.h"

#include <string.h>

#include "api/document.h"
#include "api/observe.h"
#include "api/openapi.h"
#include "api/problem.h"
#include "api/routes.h"
#include "core/base/assert.h"
#include "core/json/writer.h"

enum scr_err scr_service_init(struct scr_service *service)
{
    SCR_ASSERT(service->arena != NULL && service->pcm != NULL && service->clock != NULL);
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
                        "X-Scream-Seed, X-Scream-Engine, Retry-After, X-Request-Id, "
                        "Server-Timing");
}

/* What the headers say of a body. Only one length, of plain zeros, is no body. */
struct framing {
    unsigned lengths;
    unsigned codings;
    bool is_zero;
    bool is_number;
};

static void note_length(void *visitor, const char *value)
{
    struct framing *framing = visitor;
    framing->lengths += 1;
    framing->is_zero = value[0] != '\0' && strspn(value, "0") == strlen(value);
    framing->is_number = value[0] != '\0' && strspn(value, "0123456789") == strlen(value);
}

static void note_coding(void *visitor, const char *value)
{
    struct framing *framing = visitor;
    (void)value;
    framing->codings += 1;
}

static enum scr_err check_body(const struct scr_request *request)
{
    struct framing framing = {.lengths = 0};
    request->headers(request->headers_source, "Content-Length", note_length, &framing);
    request->headers(request->headers_source, "Transfer-Encoding", note_coding, &framing);
    if (framing.lengths > 1 || (framing.lengths == 1 && !framing.is_number)) {
        return SCR_ERR_HEADER_SYNTAX;
    }
    if (framing.codings > 0 || (framing.lengths == 1 && !framing.is_zero)) {
        return SCR_ERR_BODY_UNEXPECTED;
    }
    return SCR_OK;
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

static void answer_not_found(const struct scr_call *call, struct scr_response *response)
{
    char detail[128];
    struct scr_text text;
    const char *nearest = scr_route_nearest(call->path, call->path_bytes);
    scr_text_init(&text, detail, sizeof detail);
    scr_text_put(&text, "There is nothing at this address.");
    if (nearest != NULL) {
        scr_text_put(&text, " Did you mean ");
        scr_text_put(&text, nearest);
        scr_text_put(&text, "?");
    }
    SCR_ASSERT(!text.overflow);
    scr_problem_say(call, SCR_ERR_NOT_FOUND, detail, response);
}

static void answer_route(struct scr_service *service,
                         const struct scr_call *call,
                         enum scr_method method,
                         struct scr_response *response)
{
    enum scr_route route = scr_route_find(call->path, call->path_bytes);
    response->route = (uint32_t)route;
    if (route == SCR_ROUTE_NONE) {
        answer_not_found(call, response);
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
    if (request->target_too_long ||
        strnlen(request->target, SCR_URI_BYTES_MAX + 1) > SCR_URI_BYTES_MAX) {
        return SCR_ERR_URI_TOO_LONG;
    }
    return check_body(request);
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
        scr_problem_say(&call, SCR_ERR_METHOD_UNKNOWN, NULL, response);
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
                        const struct scr_request *request,
                        struct scr_response *response)
{
    SCR_ASSERT(request->method != NULL && request->target != NULL && request->headers != NULL);
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

size_t scr_service_refusal(char *bytes, size_t capacity)
{
    char body[512];
    struct scr_text text;
    struct scr_json_writer json;
    scr_text_init(&text, body, sizeof body);
    scr_json_writer_init(&json, &text);
    scr_json_open_object(&json);
    scr_json_member_string(&json, "type", "/problems/too-many-connections");
    scr_json_member_string(&json, "title", scr_err_sentence(SCR_ERR_TOO_MANY_CONNECTIONS));
    scr_json_member_u64(&json, "status", 503);
    scr_json_close_object(&json);
    SCR_ASSERT(!text.overflow);
    size_t body_bytes = text.used;

    scr_text_init(&text, bytes, capacity);
    scr_text_put(&text, "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n");
    scr_text_put(&text, "Content-Type: " SCR_PROBLEM_TYPE "\r\nCache-Control: no-store\r\n");
    scr_text_put(&text, "Access-Control-Allow-Origin: *\r\nX-Content-Type-Options: nosniff\r\n");
    scr_text_put(&text, "Retry-After: " SCR_RETRY_AFTER "\r\nContent-Length: ");
    scr_text_put_u64(&text, body_bytes);
    scr_text_put(&text, "\r\n\r\n");
    scr_text_put_bytes(&text, body, body_bytes);
    SCR_ASSERT(!text.overflow);
    return text.used;
}
