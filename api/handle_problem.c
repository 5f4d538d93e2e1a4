/*
 * api/handle_problem.c - GET /problems/{name}: what an error means and what to do about it.
 * Why:    the type of every problem document is an address, and an address should answer.
 */
#include <string.h>

#include "api/negotiate.h"
#include "api/problem.h"
#include "core/base/assert.h"
#include "core/json/writer.h"

#define ADVICE_BYTES 384

static const char *const json_types[] = {"application/json", "application/problem+json", NULL};
static const char *const html_types[] = {"text/html", "application/xhtml+xml", NULL};

/* Programs get JSON; browsers name text/html and nothing of ours beside it. */
static const struct scr_candidate candidates[] = {{json_types, NULL}, {html_types, NULL}};
enum {
    AS_JSON,
    AS_HTML
};

static const char *advice_of(enum scr_err err)
{
    /* Its class says whose fault it is, which for limits of a client is not what matters. */
    switch (scr_problem_passes(err) ? SCR_CLASS_BUSY : scr_err_class(err)) {
    case SCR_CLASS_INPUT:
        return "The request has to change; sending it again as it is gives the same answer.";
    case SCR_CLASS_MISSING:
        return "The address has to change; openapi.yaml lists those that exist.";
    case SCR_CLASS_BUSY:
        return "The same request will work later; Retry-After says in how many seconds.";
    case SCR_CLASS_PEER:
        return "Another server broke off; trying again may help.";
    case SCR_CLASS_NONE:
    case SCR_CLASS_INTERNAL:
        return "This is a fault of the server; its log tells more under the request's id.";
    }
    SCR_UNREACHABLE();
}

/* What the caller can do beside, and which setting is the operator's. */
static const struct {
    enum scr_err err;
    const char *remedy;
} remedies[] = {
    {SCR_ERR_SCREAM_TOO_LARGE,
     "Ask for a shorter one, for one of a lower bitrate, or for WAV, which needs no such memory; "
     "the operator can raise SCREAM_ARENA_BYTES."},
    {SCR_ERR_CLIENT_RATE,
     "Ask less often: the fields RateLimit and RateLimit-Policy say what is left; the operator "
     "can raise SCREAM_RATE."},
    {SCR_ERR_CLIENT_PLACES,
     "Close a connection, or let an answer end first; the operator can raise "
     "SCREAM_MAX_PER_ADDRESS."},
    {SCR_ERR_ARENA_FULL,
     "A shorter scream needs less memory, and WAV none of it; the operator can raise "
     "SCREAM_ARENA_BYTES."},
    {SCR_ERR_TOO_MANY_CONNECTIONS,
     "Close the connections that are not needed; the operator can raise SCREAM_MAX_CONNECTIONS."},
};

static const char *remedy_of(enum scr_err err)
{
    for (size_t i = 0; i < sizeof remedies / sizeof remedies[0]; i += 1) {
        if (remedies[i].err == err) {
            return remedies[i].remedy;
        }
    }
    return NULL;
}

static void put_advice(enum scr_err err, struct scr_text *text)
{
    const char *remedy = remedy_of(err);
    scr_text_put(text, advice_of(err));
    if (remedy != NULL) {
        scr_text_put_char(text, ' ');
        scr_text_put(text, remedy);
    }
}

static enum scr_err find_error(const char *name, size_t name_bytes)
{
    for (unsigned err = SCR_OK + 1; err < SCR_ERR_COUNT; err += 1) {
        if (scr_text_equal(name, name_bytes, scr_err_name((enum scr_err)err))) {
            return (enum scr_err)err;
        }
    }
    return SCR_OK;
}

static void put_json(enum scr_err err, struct scr_text *text)
{
    char advice[ADVICE_BYTES];
    struct scr_text advice_text;
    struct scr_json_writer json;
    scr_text_init(&advice_text, advice, sizeof advice);
    put_advice(err, &advice_text);
    SCR_ASSERT(!advice_text.overflow);
    scr_json_writer_init(&json, text);
    scr_json_open_object(&json);
    scr_json_member_string(&json, "name", scr_err_name(err));
    scr_json_member_string(&json, "title", scr_err_sentence(err));
    scr_json_member_u64(&json, "status", scr_problem_status(err));
    scr_json_member_string(&json, "advice", advice);
    scr_json_close_object(&json);
    scr_text_put_char(text, '\n');
}

/* Names and sentences are our own and hold nothing that HTML would read as markup. */
static void put_html(enum scr_err err, struct scr_text *text)
{
    scr_text_put(text, "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>");
    scr_text_put(text, scr_err_name(err));
    scr_text_put(text, "</title>\n<h1>");
    scr_text_put(text, scr_err_name(err));
    scr_text_put(text, "</h1>\n<p>");
    scr_text_put(text, scr_err_sentence(err));
    scr_text_put(text, "</p>\n<p>HTTP status ");
    scr_text_put_u64(text, scr_problem_status(err));
    scr_text_put(text, ". ");
    put_advice(err, text);
    scr_text_put(text, "</p>\n</html>\n");
}

void scr_handle_problem(struct scr_service *service,
                        const struct scr_call *call,
                        struct scr_response *response)
{
    static const char prefix[] = "/problems/";
    static const char *const available[] = {"application/json", "text/html", NULL};
    (void)service;
    SCR_ASSERT(call->path_bytes > sizeof prefix - 1);
    enum scr_err err =
        find_error(call->path + sizeof prefix - 1, call->path_bytes - (sizeof prefix - 1));
    if (err == SCR_OK) {
        scr_problem_say(call, SCR_ERR_NOT_FOUND, "There is no problem of this name.", response);
        return;
    }
    size_t form = scr_negotiate(call->request, candidates, 2);
    if (form > AS_HTML) {
        struct scr_problem problem = {.err = SCR_ERR_NOT_ACCEPTABLE, .available = available};
        scr_problem_answer(call, &problem, response);
        scr_response_header(response, "Vary", "Accept");
        return;
    }
    struct scr_text text;
    scr_text_init(&text, response->body_chars, sizeof response->body_chars);
    if (form == AS_HTML) {
        put_html(err, &text);
    } else {
        put_json(err, &text);
    }
    SCR_ASSERT(!text.overflow);
    response->status = 200;
    scr_response_header(
        response, "Content-Type", form == AS_HTML ? "text/html; charset=utf-8" : json_types[0]);
    scr_response_header(response, "Cache-Control", "public, max-age=86400");
    scr_response_header(response, "Vary", "Accept");
    if (form == AS_HTML) {
        scr_response_header(
            response, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    }
    scr_response_body_chars(response, text.used);
}
