/*
 * api/query.h - names and values to an order, and an order back to its canonical query.
 * Why:    URLs, flags, environment and configuration files name the same parameters and must
 *         accept, refuse and explain them alike; the parameter table decides, nobody else.
 * Flow:   raw query -> scr_query_parse -> order -> scr_query_resolve -> params
 *         flag or setting -> scr_query_set -^         params -> scr_query_write -> canonical query
 * Limits: SCR_QUERY_PARAMS_MAX parameters, names and values bounded by SCR_QUERY_*_BYTES_MAX.
 */
#ifndef SCR_API_QUERY_H
#define SCR_API_QUERY_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/synth/params.h"

#define SCR_QUERY_ALLOWED_BYTES 192

/* What is wrong with one parameter, complete enough for a problem, a log line or a terminal. */
struct scr_query_error {
    enum scr_err err;
    char parameter[SCR_QUERY_NAME_BYTES_MAX + 1]; /* as given, cut; "" when the whole query is */
    char value[SCR_QUERY_VALUE_BYTES_MAX + 1];    /* as given, cut */
    char allowed[SCR_QUERY_ALLOWED_BYTES];        /* what would do; "" when nothing more is known */
    const char *nearest; /* the known name nearest to a wrong one, or NULL */
};

/* What a GET asks for. */
struct scr_query {
    struct scr_order order;
    bool download;
};

/**
 * Parses a raw query: names and values percent-decoded, every name known and given once.
 * in      query    terminated, without the question mark; may be empty
 * in      bounds   for the texts and the longest duration
 * out     parsed   untouched on error
 * out     error    written on error only
 * errors  SCR_ERR_QUERY_SYNTAX, SCR_ERR_QUERY_TOO_MANY, SCR_ERR_PARAM_REPEATED, and those of
 *         scr_query_set
 * thread  any; alloc none
 */
SCR_MUST_USE enum scr_err scr_query_parse(const char *query,
                                          const struct scr_order_bounds *bounds,
                                          struct scr_query *parsed,
                                          struct scr_query_error *error);

/**
 * Sets one parameter of an order; a later value replaces an earlier one.
 * in      name, value   terminated, decoded
 * out     order         untouched on error
 * errors  SCR_ERR_PARAM_UNKNOWN, SCR_ERR_PARAM_SYNTAX, SCR_ERR_PARAM_RANGE,
 *         SCR_ERR_PRESET_UNKNOWN
 * thread  any; alloc none
 */
SCR_MUST_USE enum scr_err scr_query_set(struct scr_order *order,
                                        const struct scr_order_bounds *bounds,
                                        const char *name,
                                        const char *value,
                                        struct scr_query_error *error);

/**
 * scr_order_resolve with the error spelled out.
 * errors  SCR_ERR_PARAM_RANGE
 */
SCR_MUST_USE enum scr_err scr_query_resolve(struct scr_order *order,
                                            const struct scr_order_bounds *bounds,
                                            uint64_t fresh_seed,
                                            struct scr_params *params,
                                            struct scr_query_error *error);

/** Appends what a parameter accepts: "0.05 to 60 s, as 3, 3s, 500ms or 1m30s". Any thread. */
void scr_query_allowed(enum scr_param param,
                       const struct scr_order_bounds *bounds,
                       struct scr_text *text);

/** Appends one value as scr_query_set reads it back: shortest number, seconds, name. Any thread. */
void scr_query_put_value(enum scr_param param,
                         const struct scr_params *params,
                         struct scr_text *text);

/**
 * Appends the canonical query of a sound: preset, seed and engine always, then what the order
 * gave, in table order. Parsing it again gives the same sound, and writing that the same query.
 */
void scr_query_write(const struct scr_order *order,
                     const struct scr_params *params,
                     struct scr_text *text);

/**
 * Appends the error as one English line, control characters left out:
 * duration: "nan": The value is not written ... Allowed: ... Did you mean "..."?
 */
void scr_query_error_write(const struct scr_query_error *error, struct scr_text *text);

#endif
