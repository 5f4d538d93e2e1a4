/*
 * server/http/refusal.h - the 503 or 429 for connections that have no place.
 * Why:    a client beyond a limit deserves an answer, not silence; and closing a socket whose
 *         request was not read makes the kernel send a reset that destroys the answer.
 * Flow:   answer written -> our side shut -> what the client sends is read and dropped until it
 *         closes or SCR_HTTP_LINGER_NS are over -> closed.
 * Limits: SCR_HTTP_LINGER_MAX at once; the oldest makes room, answered already. Where there is no
 *         descriptor to linger with, SCR_HTTP_STARVED_MS are waited here, for one client at a time.
 * Thread: acceptor.
 */
#ifndef SCR_SERVER_HTTP_REFUSAL_H
#define SCR_SERVER_HTTP_REFUSAL_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/limits.h"

struct scr_refused {
    int fd;
    int64_t until_ns;
};

/* Oldest first. */
struct scr_refusals {
    struct scr_refused waiting[SCR_HTTP_LINGER_MAX];
    size_t count;
};

/**
 * Answers on a fresh connection and takes its descriptor over.
 * in      err  SCR_ERR_TOO_MANY_CONNECTIONS (503) or SCR_ERR_CLIENT_PLACES (429)
 */
void scr_refusals_add(struct scr_refusals *refusals, int fd, enum scr_err err, int64_t now_ns);

/** Answers 503 on a fresh connection, waits so long for the client's end, and closes. */
void scr_refuse_at_once(int fd, int wait_ms);

/** Fills polls[SCR_HTTP_LINGER_MAX]; returns how many. */
size_t scr_refusals_poll(const struct scr_refusals *refusals, struct pollfd *polls);

/** When the next one must be closed; INT64_MAX when none waits. */
int64_t scr_refusals_next_ns(const struct scr_refusals *refusals);

/** Reads and drops, closes those that are done. polls as filled, after poll(). */
void scr_refusals_serve(struct scr_refusals *refusals, const struct pollfd *polls, int64_t now_ns);

/** Closes all. */
void scr_refusals_close(struct scr_refusals *refusals);

#endif
