/*
 * api/problem.c - builds application/problem+json.
 * Why:    see problem.h. The class decides the status; the few errors for which HTTP has a more
 *         exact code stand in a table beside it.
 */
#include "api/problem.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/json/writer.h"

/* An address longer than this helps nobody to recognise it. */
#define INSTANCE_BYTES_MAX 256

struct exact_status {
    enum scr_err err;
    uint16_t status;
};

static const struct exact_status exact_statuses[] = {
    {SCR_ERR_URI_TOO_LONG, 414},
    {SCR_ERR_RANGE_UNSATISFIABLE, 416},
    {SCR_ERR_METHOD_NOT_ALLOWED, 405},
    {SCR_ERR_METHOD_UNKNOWN, 501},
    {SCR_ERR_NOT_ACCEPTABLE, 406},
    {SCR_ERR_PRECONDITION_FAILED, 412},
    {SCR_ERR_EXPECTATION, 417},
    {SCR_ERR_CLIENT_RATE, 429},
    {SCR_ERR_CLIENT_PLACES, 429},
    {SCR_ERR_HEADERS_TOO_MANY, 431},
    {SCR_ERR_VERSION, 505},
};

uint16_t scr_problem_status(enum scr_err err)
{
    for (size_t i = 0; i < sizeof exact_statuses / sizeof exact_statuses[0]; i += 1) {
        if (exact_statuses[i].err == err) {
            return exact_statuses[i].status;
        }
    }
    switch (scr_err_class(err)) {
    case SCR_CLASS_INPUT:
        return 400;
    case SCR_CLASS_MISSING:
        return 404;
    case SCR_CLASS_BUSY:
        return 503;
    case SCR_CLASS_PEER:
        return 502;
    case SCR_CLASS_NONE:
    case SCR_CLASS_INTERNAL:
        return 500;
    }
    SCR_UNREACHABLE();
}

bool scr_problem_passes(enum scr_err err)
{
    uint16_t status = scr_problem_status(err);
    return status == 429 || status == 503;
}

static void put_query_error(struct scr_json_writer *json, const struct scr_query_error *error)
{
    scr_json_name(json, "errors");
    scr_json_open_array(json);
    scr_json_open_object(json);
    scr_json_member_string(json, "parameter", error->parameter);
    scr_json_member_string(json, "detail", scr_err_sentence(error->err));
    if (error->value[0] != '\0') {
        scr_json_member_string(json, "value", error->value);
    }
    if (error->allowed[0] != '\0') {
        scr_json_member_string(json, "allowed", error->allowed);
    }
    if (error->nearest != NULL) {
        scr_json_member_string(json, "nearest", error->nearest);
    }
    scr_json_close_object(json);
    scr_json_close_array(json);
}

static void put_available(struct scr_json_writer *json, const char *const *available)
{
    scr_json_name(json, "available");
    scr_json_open_array(json);
    for (; *available != NULL; available += 1) {
        scr_json_string(json, *available);
    }
    scr_json_close_array(json);
}

/* A sentence for this time: the caller's, the parameter's, or none. */
static void put_detail(struct scr_json_writer *json, const struct scr_problem *problem)
{
    char chars[2 * SCR_QUERY_VALUE_BYTES_MAX + SCR_QUERY_ALLOWED_BYTES + 256];
    if (problem->detail != NULL) {
        scr_json_member_string(json, "detail", problem->detail);
    } else if (problem->query != NULL) {
        struct scr_text text;
        scr_text_init(&text, chars, sizeof chars);
        scr_query_error_write(problem->query, &text);
        SCR_ASSERT(!text.overflow);
        scr_json_member_string(json, "detail", chars);
    }
}

static void put_body(const struct scr_call *call,
                     const struct scr_problem *problem,
                     uint16_t status,
                     struct scr_text *text)
{
    struct scr_json_writer json;
    char type[64];
    struct scr_text type_text;
    scr_text_init(&type_text, type, sizeof type);
    scr_text_put(&type_text, "/problems/");
    scr_text_put(&type_text, scr_err_name(problem->err));
    SCR_ASSERT(!type_text.overflow);

    scr_json_writer_init(&json, text);
    scr_json_open_object(&json);
    scr_json_member_string(&json, "type", type);
    scr_json_member_string(&json, "title", scr_err_sentence(problem->err));
    scr_json_member_u64(&json, "status", status);
    put_detail(&json, problem);
    scr_json_name(&json, "instance");
    scr_json_string_cut(&json, call->path, call->path_bytes, INSTANCE_BYTES_MAX);
    scr_json_member_string(&json, "requestId", call->request->request_id);
    if (problem->query != NULL && problem->query->parameter[0] != '\0') {
        put_query_error(&json, problem->query);
    }
    if (problem->available != NULL) {
        put_available(&json, problem->available);
    }
    scr_json_close_object(&json);
    SCR_ASSERT(scr_json_is_complete(&json));
    scr_text_put_char(text, '\n'); /* people read it in a terminal */
}

static void add_retry_after(uint32_t seconds, struct scr_response *response)
{
    if (seconds == 0) {
        scr_response_header(response, "Retry-After", SCR_RETRY_AFTER);
        return;
    }
    const char *value = scr_text_next(&response->text);
    scr_text_put_u64(&response->text, seconds);
    SCR_ASSERT(!response->text.overflow);
    scr_response_header(response, "Retry-After", value);
}

void scr_problem_answer(const struct scr_call *call,
                        const struct scr_problem *problem,
                        struct scr_response *response)
{
    SCR_ASSERT(problem->err != SCR_OK);
    uint16_t status = scr_problem_status(problem->err);
    struct scr_text text;
    scr_text_init(&text, response->body_chars, sizeof response->body_chars);
    put_body(call, problem, status, &text);
    SCR_ASSERT(!text.overflow);

    response->status = status;
    response->problem = problem->err;
    response->is_audio = false;
    scr_response_header(response, "Content-Type", SCR_PROBLEM_TYPE);
    scr_response_header(response, "Cache-Control", "no-store");
    if (scr_problem_passes(problem->err)) {
        add_retry_after(problem->retry_after_s, response);
    }
    scr_response_body_chars(response, text.used);
}

void scr_problem_say(const struct scr_call *call,
                     enum scr_err err,
                     const char *detail,
                     struct scr_response *response)
{
    struct scr_problem problem = {.err = err, .detail = detail};
    scr_problem_answer(call, &problem, response);
}
