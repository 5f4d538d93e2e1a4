/*
 * api/header_gate.h - what a request head must be like before anything in it is believed.
 * Why:    the HTTP library lets through what smugglers live on (two lengths, a length and a
 *         coding, names with blanks, NULs); two programs that read one head differently serve one
 *         client's bytes to another. And only a head that was received exactly as it would be
 *         written may keep its connection.
 * Flow:   init (request line) -> add, once per header line, in order -> end -> verdict.
 * Limits: SCR_HTTP_HEADERS_MAX lines; sizes are bounded by the library's pool.
 * Thread: any; alloc none; a pure function of what it is given.
 * Source: RFC 9110 section 5 (fields), 10.1.1 (Expect); RFC 9112 sections 3.2 (Host), 5 (field
 *         syntax), 6.1 and 6.3 (framing), 11.2 (smuggling).
 */
#ifndef SCR_API_HEADER_GATE_H
#define SCR_API_HEADER_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

struct scr_header_gate {
    enum scr_err defect; /* the first thing that is wrong; SCR_OK so far */
    bool is_1_1;
    uint32_t lines;
    uint32_t hosts;
    uint32_t lengths;
    uint32_t codings;
    uint32_t authorizations;
    uint32_t expectations;
    bool length_is_zero;
    /* Bytes of the head if it was written in the plainest way: "M T V\r\n", "Name: value\r\n" for
     * each line, "\r\n". Equal to the bytes received only if the library saw all there was. */
    uint64_t plain_bytes;
};

/**
 * Begins with the request line.
 * in      method, target, version   terminated, untrusted, as received; version "HTTP/1.1"
 */
void scr_header_gate_init(struct scr_header_gate *gate,
                          const char *method,
                          const char *target,
                          const char *version);

/** One header line; neither needs to be terminated, both may hold NULs. value may be NULL. */
void scr_header_gate_add(struct scr_header_gate *gate,
                         const char *name,
                         size_t name_bytes,
                         const char *value,
                         size_t value_bytes);

/**
 * The verdict over the whole head.
 * returns SCR_OK, or SCR_ERR_VERSION (505), SCR_ERR_HEADER_SYNTAX (400), SCR_ERR_HEADERS_TOO_MANY
 *         (431), SCR_ERR_EXPECTATION (417); a request that fails is answered and its connection
 *         closes
 */
SCR_MUST_USE enum scr_err scr_header_gate_end(struct scr_header_gate *gate);

/** Whether the head announces a body of more than nothing. After end. */
bool scr_header_gate_has_body(const struct scr_header_gate *gate);

#endif
