/*
 * api/conditional.h - lists of entity tags: If-None-Match and If-Match.
 * Why:    whoever holds the bytes already must get 304, and nothing may be rendered for it.
 * Source: RFC 9110 sections 8.8.3 and 13.1.
 */
#ifndef SCR_API_CONDITIONAL_H
#define SCR_API_CONDITIONAL_H

#include <stdbool.h>

#include "api/request.h"

/* What a request's preconditions come to, evaluated in the order of RFC 9110 section 13.2.2. */
enum scr_precondition {
    SCR_PRECONDITION_GO_ON,        /* answer as if there were none */
    SCR_PRECONDITION_NOT_MODIFIED, /* 304 */
    SCR_PRECONDITION_FAILED        /* 412 */
};

/** Evaluates If-Match (strong) and If-None-Match (weak), each on any number of lines. */
enum scr_precondition scr_precondition_of(const struct scr_request *request, const char *etag);

/**
 * Whether one header line names a tag.
 * in      list    entity tags parted by commas, or *; what is malformed ends the list
 * in      etag    quoted, strong
 * in      weak    compare weakly: W/"a" matches "a"
 */
bool scr_etag_list_has(const char *list, const char *etag, bool weak);

#endif
