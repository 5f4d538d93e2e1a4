/*
 * api/response.c - headers in, bytes out.
 * Why:    see response.h. What a handler may add is bounded by its own code, so a full header table
 *         or text is our own mistake and an assertion.
 */
#include "api/response.h"

#include <string.h>

#include "core/base/assert.h"

void scr_response_init(struct scr_response *response)
{
    SCR_ASSERT(response != NULL);
    response->status = 500;
    response->header_count = 0;
    scr_text_init(&response->text, response->text_chars, sizeof response->text_chars);
    response->body_chars[0] = '\0';
    response->body = SCR_BODY_NONE;
    response->length_known = true;
    response->close_connection = false;
    response->has_place = false;
    response->bytes = NULL;
    response->first = 0;
    response->length = 0;
    response->cursor = (struct scr_job_cursor){.job = NULL};
    response->pcm = NULL;
    response->slice = scr_slice_whole();
    response->route = 0;
    response->trace_id[0] = '\0';
    response->problem = SCR_OK;
    response->bytes_per_s = 0;
    response->is_audio = false;
    response->format = SCR_FORMAT_OGG;
    response->preset = 0;
    response->seed = 0;
}

void scr_response_header(struct scr_response *response, const char *name, const char *value)
{
    SCR_ASSERT(response->header_count < SCR_RESPONSE_HEADERS_MAX);
    SCR_ASSERT(name != NULL && value != NULL);
    response->headers[response->header_count] = (struct scr_header){name, value};
    response->header_count += 1;
}

void scr_response_header_copy(struct scr_response *response, const char *name, const char *value)
{
    const char *copy = scr_text_next(&response->text);
    scr_text_put(&response->text, value);
    SCR_ASSERT(!response->text.overflow);
    scr_response_header(response, name, copy);
}

void scr_response_body_static(struct scr_response *response, const void *bytes, size_t count)
{
    SCR_ASSERT(response->body == SCR_BODY_NONE);
    SCR_ASSERT(bytes != NULL);
    response->body = SCR_BODY_BYTES;
    response->bytes = bytes;
    response->first = 0;
    response->length = count;
    response->length_known = true;
}

void scr_response_body_chars(struct scr_response *response, size_t count)
{
    SCR_ASSERT(count <= sizeof response->body_chars);
    scr_response_body_static(response, response->body_chars, count);
}

static size_t smaller(uint64_t a, size_t b)
{
    return a < b ? (size_t)a : b;
}

static enum scr_pull
pull_job(struct scr_response *response, uint64_t at, uint8_t *bytes, size_t capacity, size_t *count)
{
    const uint8_t *view = NULL;
    size_t ready = 0;
    size_t wanted = smaller(response->length - at, capacity);
    enum scr_pull pull = scr_job_cursor_pull_ahead(&response->cursor,
                                                   response->first + at,
                                                   at == 0 ? 1 : wanted,
                                                   &response->slice,
                                                   &view,
                                                   &ready);
    if (pull == SCR_PULL_DATA) {
        SCR_ASSERT(ready > 0);
        *count = smaller(ready, wanted);
        memcpy(bytes, view, *count);
    }
    return pull;
}

enum scr_pull scr_response_pull(
    struct scr_response *response, uint64_t at, uint8_t *bytes, size_t capacity, size_t *count)
{
    SCR_ASSERT(at <= response->length);
    SCR_ASSERT(capacity > 0);
    if (at == response->length) {
        return SCR_PULL_END;
    }
    size_t wanted = smaller(response->length - at, capacity);
    switch (response->body) {
    case SCR_BODY_BYTES:
        memcpy(bytes, response->bytes + at, wanted);
        *count = wanted;
        return SCR_PULL_DATA;
    case SCR_BODY_JOB:
        return pull_job(response, at, bytes, capacity, count);
    case SCR_BODY_PCM:
        return scr_pcm_stream_pull(
            response->pcm, response->first + at, &response->slice, bytes, wanted, count);
    case SCR_BODY_NONE:
    case SCR_BODY_METRICS:
        break;
    }
    SCR_UNREACHABLE();
}

static size_t job_views(struct scr_response *response, struct scr_view *views, size_t views_max)
{
    if (!scr_job_cursor_is_finished(&response->cursor)) {
        return 0;
    }
    size_t used = 0;
    uint64_t at = 0;
    while (at < response->length) {
        const uint8_t *view = NULL;
        size_t ready = 0;
        if (used == views_max ||
            scr_job_cursor_pull(&response->cursor, response->first + at, &view, &ready) !=
                SCR_PULL_DATA) {
            return 0;
        }
        views[used].bytes = view;
        views[used].count = smaller(response->length - at, ready);
        at += views[used].count;
        used += 1;
    }
    return used;
}

size_t scr_response_views(struct scr_response *response, struct scr_view *views, size_t views_max)
{
    SCR_ASSERT(views != NULL);
    switch (response->body) {
    case SCR_BODY_BYTES:
        if (views_max == 0 || response->length == 0) {
            return 0;
        }
        views[0] = (struct scr_view){response->bytes, (size_t)response->length};
        return 1;
    case SCR_BODY_JOB:
        return job_views(response, views, views_max);
    case SCR_BODY_PCM:
    case SCR_BODY_NONE:
    case SCR_BODY_METRICS:
        return 0;
    }
    SCR_UNREACHABLE();
}

void scr_response_close(struct scr_response *response)
{
    if (response->body == SCR_BODY_JOB) {
        scr_job_cursor_close(&response->cursor);
    }
    if (response->body == SCR_BODY_PCM) {
        scr_pcm_stream_release(response->pcm);
        response->pcm = NULL;
    }
    response->body = SCR_BODY_NONE;
}
