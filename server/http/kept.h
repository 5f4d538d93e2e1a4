/*
 * server/http/kept.h - objects of the library that answer more than once.
 * Why:    the library makes three heap blocks for each header of an answer, and frees them behind
 *         it: a sixth of all the time a HEAD takes. Most headers are those of the answer before,
 *         and the library lets a response be queued time and again.
 * Flow:   take one of the same bytes, or that promises as many (HEAD, 304), with as many headers ->
 *         exchange what differs (always the request's own, like its id) -> queue -> the request is
 *         completed -> free again.
 * Bytes:  of a body an object knows where it lies and how long it is, no more. That what lies there
 *         is the answer, and stays so until the request is completed, its exchange sees to; behind
 *         that the library does not look there until the object is queued again.
 * Memory: SCR_KEPT_ANSWERS a daemon; of their headers at most SCR_KEPT_TEXT_BYTES_MAX bytes, the
 *         request's id, and what is written in our own source. The one used longest ago makes room.
 * Limits: no bodies that are pulled. No "Connection: close": it belongs to the connection, and who
 *         closes has other costs. All in use, or headers too long: an object is made for this one
 *         answer.
 * Thread: a daemon's own. An object in use is not touched: the library reads it until the request
 *         is completed.
 */
#ifndef SCR_SERVER_HTTP_KEPT_H
#define SCR_SERVER_HTTP_KEPT_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

#include "api/response.h"
#include "core/base/limits.h"

/* An object, and the kind of answer it was made for. */
struct scr_kept_answer {
    struct MHD_Response *made; /* NULL: none yet */
    bool in_use;
    uint16_t status;
    uint16_t header_count;
    const uint8_t *bytes; /* its body; NULL: none follows */
    uint64_t length;
    uint64_t used_at; /* in the count of all uses */
};

struct scr_kept_answers {
    struct scr_kept_answer answers[SCR_KEPT_ANSWERS];
    uint64_t uses;
};

/* Makes an object without headers for these bytes, or, where they are NULL, one that promises so
 * many; NULL when the library cannot. */
typedef struct MHD_Response *scr_kept_make_fn(const uint8_t *bytes, uint64_t length);

/** None yet. */
void scr_kept_init(struct scr_kept_answers *kept);

/** Drops all; none is in use. The daemon's thread has ended. */
void scr_kept_deinit(struct scr_kept_answers *kept);

/**
 * Takes an object for an answer, and makes its headers those of the response.
 * in      bytes     response->length of them, valid until the request is completed; NULL: none
 *                   follow, the length is promised
 * returns NULL when none is to be had: then the answer needs an object of its own. Else one in use:
 *         its `made` is queued, and no reference is dropped
 * thread  the daemon's; what is allocated is the library's
 */
struct scr_kept_answer *scr_kept_take(struct scr_kept_answers *kept,
                                      const struct scr_response *response,
                                      const uint8_t *bytes,
                                      scr_kept_make_fn *make);

/**
 * The request is completed: the object may answer another.
 * in      whole  everything was sent; else the object is dropped, for the library changes the
 *                length of one whose body fails (body.c says who asks for that body)
 */
void scr_kept_release(struct scr_kept_answer *answer, bool whole);

#endif
