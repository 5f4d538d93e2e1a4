/*
 * api/rate_limit.h - the limits of one client, as a request meets them.
 * Why:    who has used up its share is told when to come back, and everybody else how much is left.
 * Flow:   client -> ask (a token and a place, or 429) -> handler -> completed: the place goes back.
 * Source: RFC 6585 section 4 (429); draft-ietf-httpapi-ratelimit-headers-10 (RateLimit,
 *         RateLimit-Policy).
 */
#ifndef SCR_API_RATE_LIMIT_H
#define SCR_API_RATE_LIMIT_H

#include <stdbool.h>

#include "api/handlers.h"

/** Writes request->client and request->remote: the peer, or who stands behind trusted proxies. */
void scr_rate_limit_find_client(const struct scr_service *service, struct scr_request *request);

/**
 * Takes a token and a place for a request; adds the RateLimit fields where there is a rate.
 * out     response  on false the 429 problem, complete
 * returns whether the request may be answered
 * thread  any HTTP thread; alloc none
 */
bool scr_rate_limit_pass(const struct scr_service *service,
                         const struct scr_call *call,
                         struct scr_response *response);

/** Gives the place of a response back; once, when its exchange is completed. */
void scr_rate_limit_done(const struct scr_service *service,
                         const struct scr_request *request,
                         const struct scr_response *response);

#endif
