/*
 * api/query_internal.h - how the files of the query fill an error.
 * Why:    query.c finds the pairs, query_value.c judges them; both report alike.
 */
#ifndef SCR_API_QUERY_INTERNAL_H
#define SCR_API_QUERY_INTERNAL_H

#include "api/query.h"

/** Fills an error, name and value cut at character borders; returns err. */
enum scr_err scr_query_fail(struct scr_query_error *error,
                            enum scr_err err,
                            const char *name,
                            const char *value);

/** The same for SCR_ERR_PARAM_UNKNOWN, with the nearest name. */
enum scr_err
scr_query_fail_unknown(struct scr_query_error *error, const char *name, const char *value);

/** Says what would have been allowed. */
void scr_query_fail_allowed(struct scr_query_error *error, const char *allowed);

#endif
