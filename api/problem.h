/*
 * api/problem.h - errors as people and programs read them.
 * Why:    every refusal says what was wrong, what would be allowed and where that is explained.
 * Flow:   enum scr_err -> class -> status; name -> type; sentence -> title.
 * Limits: what a client sent is echoed escaped and cut, so a problem always fits its body.
 * Source: RFC 9457 (application/problem+json).
 */
#ifndef SCR_API_PROBLEM_H
#define SCR_API_PROBLEM_H

#include "api/handlers.h"
#include "api/query.h"
#include "core/base/error.h"

#define SCR_PROBLEM_TYPE "application/problem+json"

/* Seconds after which trying again makes sense when nothing more exact is known: jobs linger two,
 * screams render in far less. */
#define SCR_RETRY_AFTER "1"

struct scr_problem {
    enum scr_err err;
    const char *detail;                  /* what happened this time, or NULL */
    const struct scr_query_error *query; /* the parameter at fault, or NULL */
    const char *const *available;        /* media types to choose from, ended by NULL, or NULL */
    uint32_t retry_after_s;              /* with 429 and 503; 0 = SCR_RETRY_AFTER */
};

/** The HTTP status of an error. Any thread. */
uint16_t scr_problem_status(enum scr_err err);

/** Whether the same request can succeed later; such answers carry Retry-After. Any thread. */
bool scr_problem_passes(enum scr_err err);

/** Makes the problem the response: status, headers, body. The response has no body yet. */
void scr_problem_answer(const struct scr_call *call,
                        const struct scr_problem *problem,
                        struct scr_response *response);

/** The same for an error that needs no more words; detail may be NULL. */
void scr_problem_say(const struct scr_call *call,
                     enum scr_err err,
                     const char *detail,
                     struct scr_response *response);

#endif
