/*
 * api/rate_limit.c - asks for a token and a place, and says so in fields.
 * Why:    see rate_limit.h.
 * Limits: the fields speak of the token bucket only; of open places a client knows itself.
 */
#include "api/rate_limit.h"

#include "api/forwarded.h"
#include "api/problem.h"
#include "core/base/assert.h"
#include "core/base/series.h"

/* The policy's name: the same in both fields. */
#define POLICY "\"client\""

void scr_rate_limit_find_client(const struct scr_service *service, struct scr_request *request)
{
    struct scr_text remote;
    request->client = scr_forwarded_client(request, &service->trusted_proxies);
    if (scr_address_equal(&request->client, &request->peer)) {
        return;
    }
    scr_text_init(&remote, request->remote, sizeof request->remote);
    scr_address_put(&remote, &request->client);
    SCR_ASSERT(!remote.overflow);
}

/* RateLimit-Policy: "client";q=20;w=4 - 20 requests at once, all of them back after 4 seconds. */
static void add_policy(const struct scr_clients *clients, struct scr_response *response)
{
    char chars[64];
    struct scr_text text;
    scr_text_init(&text, chars, sizeof chars);
    scr_text_put(&text, POLICY ";q=");
    scr_text_put_u64(&text, scr_clients_config(clients)->burst);
    scr_text_put(&text, ";w=");
    scr_text_put_u64(&text, scr_clients_refill_s(clients));
    SCR_ASSERT(!text.overflow);
    scr_response_header_copy(response, "RateLimit-Policy", chars);
}

/* RateLimit: "client";r=19;t=1 - 19 more now, all of them in a second. */
static void add_state(const struct scr_rate_state *state, struct scr_response *response)
{
    char chars[64];
    struct scr_text text;
    scr_text_init(&text, chars, sizeof chars);
    scr_text_put(&text, POLICY ";r=");
    scr_text_put_u64(&text, state->remaining);
    scr_text_put(&text, ";t=");
    scr_text_put_u64(&text, state->reset_s);
    SCR_ASSERT(!text.overflow);
    scr_response_header_copy(response, "RateLimit", chars);
}

static void refuse(enum scr_err err,
                   const struct scr_rate_state *state,
                   const struct scr_call *call,
                   struct scr_response *response)
{
    char detail[128];
    struct scr_text text;
    struct scr_problem problem = {
        .err = err, .detail = detail, .retry_after_s = state->retry_after};
    scr_text_init(&text, detail, sizeof detail);
    if (err == SCR_ERR_CLIENT_RATE) {
        scr_stats_add(SCR_STAT_HTTP_LIMITED, SCR_LIMIT_RATE, 1);
        scr_text_put(&text, "The next request of your address can pass in ");
        scr_text_put_u64(&text, state->retry_after);
        scr_text_put(&text, " s.");
    } else {
        scr_stats_add(SCR_STAT_HTTP_LIMITED, SCR_LIMIT_OPEN, 1);
        scr_text_put(&text, "Another answer to your address has to end first.");
    }
    SCR_ASSERT(!text.overflow);
    scr_problem_answer(call, &problem, response);
}

bool scr_rate_limit_pass(const struct scr_service *service,
                         const struct scr_call *call,
                         struct scr_response *response)
{
    struct scr_rate_state state;
    if (service->clients == NULL) {
        return true;
    }
    int64_t now_ns = scr_clock_now_ns(service->clock);
    enum scr_err err = scr_clients_ask(service->clients, &call->request->client, now_ns, &state);
    if (state.limited) {
        add_policy(service->clients, response);
        add_state(&state, response);
    }
    if (err != SCR_OK) {
        refuse(err, &state, call, response);
        return false;
    }
    response->has_place = true;
    return true;
}

void scr_rate_limit_done(const struct scr_service *service,
                         const struct scr_request *request,
                         const struct scr_response *response)
{
    if (response->has_place) {
        SCR_ASSERT(service->clients != NULL);
        scr_clients_done(service->clients, &request->client);
    }
}
