/*
 * api/handle_health.c - GET /livez, /readyz and /startupz: what an orchestrator asks.
 * Why:    alive means that requests are answered at all, and depends on nothing else: restarting a
 *         program because something beside it is ill helps nobody. Ready means: send me traffic.
 */
#include <string.h>

#include "api/problem.h"
#include "core/base/text.h"
#include "core/json/writer.h"

static bool is_draining(const struct scr_service *service)
{
    return atomic_load_explicit(&service->draining, memory_order_relaxed);
}

static bool is_started(const struct scr_service *service)
{
    return atomic_load_explicit(&service->ready, memory_order_relaxed);
}

/* ?verbose, alone or with a value, tells more. Other parameters of probes are nobody's business. */
static bool wants_more(const char *query)
{
    static const char word[] = "verbose";
    const char *at = query;
    while (*at != '\0') {
        size_t bytes = strcspn(at, "&");
        size_t name_bytes = strcspn(at, "=&");
        if (scr_text_equal(at, name_bytes, word)) {
            return true;
        }
        at += bytes;
        at += *at == '&' ? 1 : 0;
    }
    return false;
}

static void put_report(const struct scr_service *service, struct scr_text *text)
{
    struct scr_arena_usage usage = scr_arena_usage(service->arena);
    struct scr_json_writer json;
    scr_json_writer_init(&json, text);
    scr_json_open_object(&json);
    scr_json_member_string(&json, "status", "ok");
    scr_json_name(&json, "started");
    scr_json_bool(&json, is_started(service));
    scr_json_name(&json, "draining");
    scr_json_bool(&json, is_draining(service));
    scr_json_member_u64(&json, "extentsTotal", usage.extents_total);
    scr_json_member_u64(&json, "extentsWanted", usage.extents_wanted);
    scr_json_member_u64(&json, "jobsUnfinished", usage.jobs_unfinished);
    scr_json_member_u64(&json, "readers", usage.readers);
    scr_json_close_object(&json);
    scr_text_put_char(text, '\n');
}

static void say_well(const struct scr_service *service,
                     const struct scr_call *call,
                     struct scr_response *response)
{
    bool more = wants_more(call->query);
    struct scr_text text;
    scr_text_init(&text, response->body_chars, sizeof response->body_chars);
    if (more) {
        put_report(service, &text);
    } else {
        scr_text_put(&text, "ok\n");
    }
    response->status = 200;
    scr_response_header(
        response, "Content-Type", more ? "application/json" : "text/plain; charset=utf-8");
    scr_response_header(response, "Cache-Control", "no-store");
    scr_response_body_chars(response, text.used);
}

void scr_handle_livez(struct scr_service *service,
                      const struct scr_call *call,
                      struct scr_response *response)
{
    say_well(service, call, response);
}

void scr_handle_startupz(struct scr_service *service,
                         const struct scr_call *call,
                         struct scr_response *response)
{
    if (!is_started(service)) {
        scr_problem_say(call, SCR_ERR_NOT_READY, "The server is starting.", response);
        return;
    }
    say_well(service, call, response);
}

void scr_handle_readyz(struct scr_service *service,
                       const struct scr_call *call,
                       struct scr_response *response)
{
    if (is_draining(service)) {
        scr_problem_say(call, SCR_ERR_NOT_READY, "The server is stopping.", response);
        return;
    }
    scr_handle_startupz(service, call, response);
}
