/*
 * api/response.h - one HTTP response as plain data: status, headers, and a body that is pulled.
 * Why:    handlers decide, the server only writes; both can be tested alone.
 * Memory: lives in a slot of the server; header values and small bodies stand in its own storage.
 * Flow:   handler fills -> server queues head -> scr_response_pull until END -> scr_response_close.
 * Length: `length` is that of the body GET has; of an answer to HEAD, and of a 304, whose body
 *         is NONE, it is the Content-Length to promise when length_known. (A 304 must not say 0,
 *         RFC 9110 section 8.6; without a length the server has to close the connection.)
 */
#ifndef SCR_API_RESPONSE_H
#define SCR_API_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/job/cursor.h"
#include "core/job/key.h"
#include "core/job/pcm_stream.h"
#include "core/job/pull.h"

enum scr_body_kind {
    SCR_BODY_NONE,
    SCR_BODY_BYTES,   /* bytes[length], valid until close: static, or in this struct */
    SCR_BODY_METRICS, /* written by scr_metrics_write into the server's buffer when sent */
    SCR_BODY_JOB,     /* Ogg: bytes first..first+length of a job */
    SCR_BODY_PCM      /* WAV: likewise of a PCM stream */
};

struct scr_header {
    const char *name;
    const char *value;
};

struct scr_response {
    uint16_t status;
    uint16_t header_count;
    struct scr_header headers[SCR_RESPONSE_HEADERS_MAX];
    struct scr_text text; /* header values made for this response, one behind the other */
    char text_chars[SCR_RESPONSE_TEXT_BYTES];
    char body_chars[SCR_RESPONSE_BODY_BYTES];

    enum scr_body_kind body;
    /* Content-Length is sent; else chunked (or until close in HTTP/1.0). */
    bool length_known;
    /* The connection closes after this response. */
    bool close_connection;
    /* A place of its client is taken until the exchange is completed (api/clients.h). */
    bool has_place;
    const uint8_t *bytes;
    uint64_t first;
    uint64_t length;
    /* How fast someone takes the body who listens while it comes; 0 = nothing to listen to. */
    uint64_t bytes_per_s;
    struct scr_job_cursor cursor;
    struct scr_pcm_stream *pcm;
    /* How long one pull may work; whole unless the server says otherwise before it pulls. */
    struct scr_slice slice;

    /* For metrics and the access log. */
    uint32_t route;       /* enum scr_route */
    char trace_id[33];    /* of the request's traceparent; "" without one */
    enum scr_err problem; /* what went wrong; SCR_OK when nothing */
    bool is_audio;
    enum scr_format format;
    uint32_t preset; /* enum scr_preset, when is_audio */
    uint64_t seed;
};

/** An empty 500 response: handlers always say more. */
void scr_response_init(struct scr_response *response);

/** Adds a header; name and value stay valid until close (literals, or in response->text). */
void scr_response_header(struct scr_response *response, const char *name, const char *value);

/** Adds a header whose value is copied into the response's own text. */
void scr_response_header_copy(struct scr_response *response, const char *name, const char *value);

/** Makes body_chars[count] the body; its length is known. */
void scr_response_body_chars(struct scr_response *response, size_t count);

/** Makes bytes that outlive the response the body. */
void scr_response_body_static(struct scr_response *response, const void *bytes, size_t count);

/**
 * Writes body bytes [at, at + capacity) relative to the response's own body. The first bytes leave
 * as soon as there are any; after them a job is rendered ahead to fill `capacity`, for one slice.
 * in      at     0..length
 * out     bytes[capacity], count  DATA: at least one byte; at most what is ready now
 * returns DATA, END (at == length), AGAIN, ERROR
 * thread  the request's; bodies NONE and METRICS have no pull
 */
enum scr_pull scr_response_pull(
    struct scr_response *response, uint64_t at, uint8_t *bytes, size_t capacity, size_t *count);

/* A piece of a body that stands in memory. */
struct scr_view {
    const uint8_t *bytes;
    size_t count;
};

/**
 * The whole body as views, when all of it stands in memory already (BYTES, or a finished JOB).
 * returns how many views; 0 when it must be pulled, or does not fit in views_max
 */
size_t scr_response_views(struct scr_response *response, struct scr_view *views, size_t views_max);

/** Releases cursor and stream. The server calls it once, sent or not; twice is allowed. */
void scr_response_close(struct scr_response *response);

#endif
