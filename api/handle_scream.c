/*
 * api/handle_scream.c - GET /scream.ogg, /scream.wav and /scream: the sound itself.
 * Why:    everything that can be known without rendering is answered without rendering: size, HEAD,
 *         304, 412, 416. Only then is a place in the arena asked for; the body is pulled later.
 * Flow:   plan (plan.h) -> too large? -> preconditions -> range -> reader -> headers.
 * Fresh:  without seed and preset every request is another sound: no ETag, no ranges, not stored;
 *         Content-Location is the address under which this one stays; likewise when the server's
 *         bounds cut the sound or turned it down.
 * Source: RFC 9110 sections 8.7, 13.2.2, 14; RFC 7845 section 9, RFC 8246 (immutable).
 */
#include <string.h>

#include "api/conditional.h"
#include "api/negotiate.h"
#include "api/plan.h"
#include "api/problem.h"
#include "api/range.h"
#include "core/base/assert.h"
#include "core/base/limits.h"
#include "core/synth/preset.h"

/* One request for a sound. */
struct plan {
    struct scr_plan sound;
    bool negotiated; /* the address named no format */
    struct scr_range range;
};

static const char *const ogg_types[] = {"audio/ogg", "application/ogg", NULL};
static const char *const wav_types[] = {
    "audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave", NULL};

static const char *const content_types[SCR_FORMAT_COUNT] = {
    [SCR_FORMAT_OGG] = "audio/ogg; codecs=opus",
    [SCR_FORMAT_WAV] = "audio/wav",
};

/* In the order of enum scr_format, which is also what we like to send. */
static const struct scr_candidate candidates[SCR_FORMAT_COUNT] = {
    [SCR_FORMAT_OGG] = {ogg_types, "opus"},
    [SCR_FORMAT_WAV] = {wav_types, NULL},
};

/*
 * A file that the empty arena could not hold will never be served, so the answer is no "try again"
 * but an error of the request, as for a duration beyond the maximum: another length or rate works.
 */
static void say_too_large(const struct scr_service *service,
                          const struct scr_call *call,
                          const struct scr_plan *plan,
                          struct scr_response *response)
{
    char detail[384];
    struct scr_text text;
    scr_text_init(&text, detail, sizeof detail);
    scr_text_put(&text, "It has ");
    scr_text_put_u64(&text, plan->file_bytes);
    scr_text_put(&text, " bytes, but this server keeps at most ");
    scr_text_put_u64(&text, scr_arena_extent_bytes(service->arena));
    scr_text_put(&text,
                 ". A shorter duration or a lower bitrate makes it smaller; /scream.wav takes "
                 "none of that memory; SCREAM_ARENA_BYTES gives the server more.");
    SCR_ASSERT(!text.overflow);
    scr_problem_say(call, SCR_ERR_SCREAM_TOO_LARGE, detail, response);
}

/* Query to plan; on error the response is the problem. */
static bool plan_sound(const struct scr_service *service,
                       const struct scr_call *call,
                       enum scr_format format,
                       struct plan *plan,
                       struct scr_response *response)
{
    struct scr_query_error error;
    enum scr_err err = scr_plan_make(service, call->query, format, &plan->sound, &error);
    if (err != SCR_OK) {
        struct scr_problem problem = {.err = err, .query = &error};
        scr_problem_answer(call, &problem, response);
        return false;
    }
    if (format == SCR_FORMAT_OGG && !scr_arena_could_hold(service->arena, plan->sound.file_bytes)) {
        say_too_large(service, call, &plan->sound, response);
        return false;
    }
    return true;
}

/* Range and If-Range, which only a GET of something that stays may carry. */
static struct scr_range range_of(const struct scr_call *call, const struct plan *plan)
{
    bool range_repeated = false;
    bool if_range_repeated = false;
    const char *header = scr_request_header(call->request, "Range", &range_repeated);
    const char *if_range = scr_request_header(call->request, "If-Range", &if_range_repeated);
    if (plan->sound.fresh || call->head || range_repeated || if_range_repeated ||
        !scr_range_allowed(if_range, plan->sound.etag)) {
        header = NULL;
    }
    return scr_range_read(header, plan->sound.file_bytes);
}

/* ---- Headers ---- */

static void put_address(const struct scr_plan *plan, struct scr_text *text)
{
    scr_text_put(text, "/scream.");
    scr_text_put(text, scr_format_name(plan->format));
    scr_text_put_char(text, '?');
    scr_query_write(&plan->query.order, &plan->params, text);
}

/* Names of presets hold letters and dashes only, so the file name needs no escapes. */
static void put_disposition(const struct scr_plan *plan, struct scr_text *text)
{
    scr_text_put(text, plan->query.download ? "attachment" : "inline");
    scr_text_put(text, "; filename=\"scream-");
    scr_text_put(text, scr_preset_name((enum scr_preset)plan->params.preset));
    scr_text_put_char(text, '-');
    scr_text_put_u64(text, plan->params.seed);
    scr_text_put_char(text, '.');
    scr_text_put(text, scr_format_name(plan->format));
    scr_text_put_char(text, '"');
}

static const char *cache_control_of(const struct scr_plan *plan)
{
    if (plan->fresh) {
        return "no-store";
    }
    if (plan->query.order.bounded) {
        return "no-cache"; /* another setting, and this address is another sound */
    }
    return scr_order_has(&plan->query.order, SCR_PARAM_ENGINE)
               ? "public, max-age=31536000, immutable"
               : "public, max-age=86400";
}

/* What a 304 carries too. */
static void add_validators(const struct plan *plan, struct scr_response *response)
{
    struct scr_text *text = &response->text;
    if (!plan->sound.fresh) {
        scr_response_header_copy(response, "ETag", plan->sound.etag);
    }
    scr_response_header(response, "Cache-Control", cache_control_of(&plan->sound));
    if (plan->negotiated) {
        scr_response_header(response, "Vary", "Accept");
    }
    if (plan->sound.fresh || plan->negotiated || plan->sound.query.order.bounded) {
        const char *address = scr_text_next(text);
        put_address(&plan->sound, text);
        scr_response_header(response, "Content-Location", address);
    }
}

static void add_content_range(const struct plan *plan, struct scr_response *response)
{
    struct scr_text *text = &response->text;
    const char *value = scr_text_next(text);
    scr_text_put(text, "bytes ");
    if (plan->range.kind == SCR_RANGE_PART) {
        scr_text_put_u64(text, plan->range.first);
        scr_text_put_char(text, '-');
        scr_text_put_u64(text, plan->range.first + plan->range.length - 1);
    } else {
        scr_text_put_char(text, '*');
    }
    scr_text_put_char(text, '/');
    scr_text_put_u64(text, plan->sound.file_bytes);
    scr_response_header(response, "Content-Range", value);
}

/* How long the decision took, and whether the sound stands ready: what a slow start came from. */
static void add_timing(const struct scr_service *service,
                       const struct scr_call *call,
                       struct scr_response *response)
{
    struct scr_text *text = &response->text;
    int64_t spent_ns = scr_clock_now_ns(service->clock) - call->request->started_ns;
    uint64_t spent_us = spent_ns > 0 ? (uint64_t)spent_ns / 1000 : 0;
    const char *value = scr_text_next(text);
    if (response->body == SCR_BODY_JOB) {
        bool hit = scr_job_cursor_is_finished(&response->cursor);
        scr_text_put(text, hit ? "cache;desc=hit, " : "cache;desc=miss, ");
    }
    scr_text_put(text, "app;dur=");
    scr_text_put_u64(text, spent_us / 1000);
    scr_text_put_char(text, '.');
    scr_text_put_u64_padded(text, spent_us % 1000, 3);
    scr_response_header(response, "Server-Timing", value);
}

static void add_sound_headers(const struct plan *plan, struct scr_response *response)
{
    struct scr_text *text = &response->text;
    scr_response_header(response, "Content-Type", content_types[plan->sound.format]);
    scr_response_header(response, "Accept-Ranges", plan->sound.fresh ? "none" : "bytes");
    add_validators(plan, response);

    const char *seed = scr_text_next(text);
    scr_text_put_u64(text, plan->sound.params.seed);
    scr_response_header(response, "X-Scream-Seed", seed);
    const char *engine = scr_text_next(text);
    scr_text_put_u64(text, plan->sound.params.engine);
    scr_response_header(response, "X-Scream-Engine", engine);
    const char *disposition = scr_text_next(text);
    put_disposition(&plan->sound, text);
    scr_response_header(response, "Content-Disposition", disposition);
    scr_response_header(response, "Cross-Origin-Resource-Policy", "cross-origin");
    scr_response_header(response, "Timing-Allow-Origin", "*");
    if (plan->range.kind == SCR_RANGE_PART) {
        add_content_range(plan, response);
    }
}

/* ---- Bodies ---- */

static enum scr_err
open_ogg(struct scr_service *service, const struct plan *plan, struct scr_response *response)
{
    SCR_TRY(scr_arena_open_key(
        service->arena, &plan->sound.params, &plan->sound.key, &response->cursor));
    SCR_ASSERT(scr_job_cursor_file_bytes(&response->cursor) == plan->sound.file_bytes);
    response->body = SCR_BODY_JOB;
    bool finished = scr_job_cursor_is_finished(&response->cursor);
    response->length_known = finished || plan->range.kind == SCR_RANGE_PART;
    uint64_t published = scr_job_cursor_published(&response->cursor);
    if (plan->range.first > published + SCR_FAR_AHEAD_BYTES) {
        scr_job_cursor_want(&response->cursor);
    }
    return SCR_OK;
}

static enum scr_err
open_wav(struct scr_service *service, const struct plan *plan, struct scr_response *response)
{
    SCR_TRY(scr_pcm_stream_acquire(service->pcm, &plan->sound.params, &response->pcm));
    SCR_ASSERT(scr_pcm_stream_file_bytes(response->pcm) == plan->sound.file_bytes);
    scr_pcm_stream_end_at(response->pcm, plan->range.first + plan->range.length);
    response->body = SCR_BODY_PCM;
    response->length_known = plan->range.kind == SCR_RANGE_PART;
    return SCR_OK;
}

static enum scr_err
open_body(struct scr_service *service, const struct plan *plan, struct scr_response *response)
{
    response->first = plan->range.first;
    response->length = plan->range.length;
    return plan->sound.format == SCR_FORMAT_WAV ? open_wav(service, plan, response)
                                                : open_ogg(service, plan, response);
}

static void note_sound(const struct plan *plan, struct scr_response *response)
{
    response->is_audio = true;
    response->format = plan->sound.format;
    response->preset = plan->sound.params.preset;
    response->seed = plan->sound.params.seed;
    response->bytes_per_s =
        plan->sound.file_bytes * SCR_SAMPLE_RATE_HZ / scr_params_samples(&plan->sound.params);
}

/* HEAD: the same headers and the length of the whole, which arithmetic knows. */
static void promise_sound(struct scr_service *service,
                          const struct scr_call *call,
                          const struct plan *plan,
                          struct scr_response *response)
{
    response->status = 200;
    response->length_known = true;
    response->length = plan->sound.file_bytes;
    note_sound(plan, response);
    add_sound_headers(plan, response);
    add_timing(service, call, response);
}

static void send_sound(struct scr_service *service,
                       const struct scr_call *call,
                       const struct plan *plan,
                       struct scr_response *response)
{
    if (plan->range.kind == SCR_RANGE_UNSATISFIABLE) {
        scr_problem_say(call, SCR_ERR_RANGE_UNSATISFIABLE, NULL, response);
        add_content_range(plan, response);
        return;
    }
    enum scr_err err = open_body(service, plan, response);
    if (err != SCR_OK) {
        scr_problem_say(call, err, NULL, response);
        return;
    }
    response->status = plan->range.kind == SCR_RANGE_PART ? 206 : 200;
    note_sound(plan, response);
    add_sound_headers(plan, response);
    add_timing(service, call, response);
}

static void answer_sound(struct scr_service *service,
                         const struct scr_call *call,
                         enum scr_format format,
                         struct plan *plan,
                         struct scr_response *response)
{
    if (!plan_sound(service, call, format, plan, response)) {
        return;
    }
    enum scr_precondition precondition = plan->sound.fresh
                                             ? SCR_PRECONDITION_GO_ON
                                             : scr_precondition_of(call->request, plan->sound.etag);
    switch (precondition) {
    case SCR_PRECONDITION_FAILED:
        scr_problem_say(call, SCR_ERR_PRECONDITION_FAILED, NULL, response);
        return;
    case SCR_PRECONDITION_NOT_MODIFIED:
        response->status = 304;
        response->length = plan->sound.file_bytes;
        note_sound(plan, response);
        add_validators(plan, response);
        return;
    case SCR_PRECONDITION_GO_ON:
        break;
    }
    plan->range = range_of(call, plan);
    if (call->head) {
        promise_sound(service, call, plan, response);
    } else {
        send_sound(service, call, plan, response);
    }
}

void scr_handle_scream_ogg(struct scr_service *service,
                           const struct scr_call *call,
                           struct scr_response *response)
{
    struct plan plan = {.negotiated = false};
    answer_sound(service, call, SCR_FORMAT_OGG, &plan, response);
}

void scr_handle_scream_wav(struct scr_service *service,
                           const struct scr_call *call,
                           struct scr_response *response)
{
    struct plan plan = {.negotiated = false};
    answer_sound(service, call, SCR_FORMAT_WAV, &plan, response);
}

void scr_handle_scream(struct scr_service *service,
                       const struct scr_call *call,
                       struct scr_response *response)
{
    static const char *const available[] = {"audio/ogg; codecs=opus", "audio/wav", NULL};
    size_t format = scr_negotiate(call->request, candidates, SCR_FORMAT_COUNT);
    if (format == SCR_FORMAT_COUNT) {
        struct scr_problem problem = {.err = SCR_ERR_NOT_ACCEPTABLE, .available = available};
        scr_problem_answer(call, &problem, response);
        scr_response_header(response, "Vary", "Accept");
        return;
    }
    struct plan plan = {.negotiated = true};
    answer_sound(service, call, (enum scr_format)format, &plan, response);
}
