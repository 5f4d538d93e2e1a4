/*
 * api/percent.h - percent-encoding of query components, both ways.
 * Why:    the HTTP library decodes laxly and stops at NUL; what our parsers read is decoded here.
 * Source: RFC 3986 section 2; application/x-www-form-urlencoded for the plus sign.
 */
#ifndef SCR_API_PERCENT_H
#define SCR_API_PERCENT_H

#include <stddef.h>

#include "core/base/error.h"
#include "core/base/text.h"

/**
 * Decodes one name or value of a query: %XX is a byte, a plus sign is a space.
 * in      raw[raw_bytes]    as received
 * out     chars[capacity]   terminated; empty on error. Never holds a control character
 * errors  SCR_ERR_QUERY_SYNTAX  a broken %, a control character (NUL too), a byte that must stand
 *                               percent-encoded, or malformed UTF-8 after decoding
 *         SCR_ERR_NO_SPACE      does not fit capacity with its terminator
 * thread  any; alloc none
 */
SCR_MUST_USE enum scr_err
scr_percent_decode(const char *raw, size_t raw_bytes, char *chars, size_t capacity);

/** Appends a string so that it can stand in a query: only unreserved characters stay. */
void scr_percent_encode(struct scr_text *text, const char *string);

#endif
