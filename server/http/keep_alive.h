/*
 * server/http/keep_alive.h - whether a connection may be kept after this request.
 * Why:    the HTTP library ends a head at a line ": v", folds lines, takes bare line feeds for
 *         ends, and cuts names and values at zero bytes. Where it and a proxy in front disagree,
 *         one client's bytes become another's request. So a connection is kept only if there is
 *         nothing to disagree about.
 * Rule:   GET, HEAD or OPTIONS; a clean head (api/header_gate.h) without a body; the head stood
 *         there exactly as it would be written in the plainest way; and nothing else has arrived.
 * Places: sums alone do not prove it: a missing blank in one line makes up for a byte too many in
 *         another. So every name and value must also lie where plain writing puts it. In the
 *         library's buffer, whose separators have become zero bytes (0):
 *
 *           G E T 0 / x 0 H T T P / 1 . 1 0 0 H o s t 0 _ a 0 0 0 0
 *           ^       ^     ^                   ^           ^     ^
 *           begin   target version            name        value end of the last line; 2 to the end
 *
 * Thread: any; alloc none; pure functions.
 * Source: RFC 9112 sections 2.2 (line ends), 5.1 (blanks), 5.2 (folding), 11.2 (smuggling).
 */
#ifndef SCR_SERVER_HTTP_KEEP_ALIVE_H
#define SCR_SERVER_HTTP_KEEP_ALIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "server/http/tcp_state.h"

/* A head being followed from place to place. Places are compared, never read. */
struct scr_head_places {
    const char *begin;
    const char *next; /* where the next line must begin */
    bool is_plain;    /* all so far */
};

/**
 * Begins with the request line.
 * in      method, version   terminated, in the library's buffer
 * in      target            where it begins there; the library has cut it at the '?'
 * in      target_bytes      before that
 */
void scr_head_places_init(struct scr_head_places *places,
                          const char *method,
                          const char *target,
                          size_t target_bytes,
                          const char *version);

/** One header line, in order. */
void scr_head_places_add(struct scr_head_places *places,
                         const char *name,
                         size_t name_bytes,
                         const char *value,
                         size_t value_bytes);

/** Whether the head was plain from its first byte to its last. in head_bytes by the library */
bool scr_head_places_end(const struct scr_head_places *places, uint64_t head_bytes);

/* What decides of a head. */
struct scr_keep_alive {
    const char *method;
    bool has_body;
    enum scr_err defect;
    bool target_too_long;
    bool is_plain;        /* scr_head_places_end */
    uint64_t plain_bytes; /* if it was written plainly (struct scr_header_gate) */
    uint64_t head_bytes;  /* by the library */
};

/** Whether the head allows it. */
bool scr_keep_alive_by_head(const struct scr_keep_alive *facts);

/**
 * Whether nothing but heads has arrived. "Unknown" does not allow it.
 * in      heads_bytes  of all heads of the connection so far
 */
bool scr_keep_alive_by_bytes(uint64_t heads_bytes, const struct scr_tcp_state *tcp);

#endif
