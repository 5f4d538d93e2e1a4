/*
 * api/negotiate.h - which of our formats an Accept header likes best.
 * Why:    GET /scream has no extension; several types at q=1 are usual, so our order decides ties.
 * Source: RFC 9110 sections 12.4.2 and 12.5.1.
 */
#ifndef SCR_API_NEGOTIATE_H
#define SCR_API_NEGOTIATE_H

#include <stddef.h>
#include <stdint.h>

#include "api/request.h"

#define SCR_NEGOTIATE_CANDIDATES_MAX 4

/* Something we can send. */
struct scr_candidate {
    const char *const *types; /* media types that name it, ended by NULL; the first is its own */
    const char *codecs;       /* what a codecs parameter must say when there is one, or NULL */
};

/**
 * Chooses among candidates[count], best liked by us first.
 * returns the index; count when nothing fits; 0 without an Accept header or without a word in it
 *         that can be understood
 * thread  any
 */
size_t scr_negotiate(const struct scr_request *request,
                     const struct scr_candidate *candidates,
                     size_t count);

#endif
