/*
 * tests/support/api_loopback.h - the whole API without a socket.
 * Why:    handlers see plain requests, so a test can ask anything and look at everything.
 * Flow:   loopback_init -> ask("GET", target, headers) -> reply, pulled as a server would.
 * Memory: one arena and one pool of WAV streams on a fake clock; a reply's body is malloc'ed.
 */
#ifndef SCR_TESTS_SUPPORT_API_LOOPBACK_H
#define SCR_TESTS_SUPPORT_API_LOOPBACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/service.h"
#include "tests/support/fake_clock.h"

/* More than the gate lets through, and a Host line. */
#define LOOPBACK_HEADERS_MAX (SCR_HTTP_HEADERS_MAX + 2)

struct loopback {
    struct fake_clock fake;
    struct scr_service *service;
    bool is_admin;           /* requests come through the admin listener */
    const char *version;     /* of requests; "HTTP/1.1" unless a test sets another */
    struct scr_address peer; /* of requests; 127.0.0.1 unless a test sets another */
};

/* Header lines of a request, in order; names may repeat. */
struct asked {
    const char *method;
    const char *target;
    struct scr_header headers[LOOPBACK_HEADERS_MAX];
    size_t header_count;
    char *lines; /* the copy into which headers point */
    struct scr_request request;
};

/* An open exchange: the response lives until reply_close. */
struct reply {
    struct asked asked;
    struct scr_response response;
};

/* A body as received. */
struct body {
    uint8_t *bytes;
    size_t count;
    size_t pulls;
};

/** A service with `pieces` times 64 KiB of arena and `streams` readers and WAV streams. */
void loopback_init(struct loopback *loopback, uint32_t pieces, uint32_t streams);
void loopback_deinit(struct loopback *loopback);

/**
 * Sends a request. headers is NULL or lines of "Name: value" parted by "\n"; a Host is added when
 * none is among them. The head passes the header gate, as the server's do. The response stays open;
 * read it, then reply_close.
 */
void reply_open(struct loopback *loopback,
                const char *method,
                const char *target,
                const char *headers,
                struct reply *reply);
void reply_close(struct reply *reply);

/** The value of a response header, or NULL; fails when it stands twice. */
const char *reply_header(const struct reply *reply, const char *name);

/** Fails unless the header has this value. */
void assert_header(const struct reply *reply, const char *name, const char *value);

/** Pulls the whole body in pieces of at most piece_bytes; the caller frees it with body_free. */
struct body reply_body(struct reply *reply, size_t piece_bytes);
void body_free(struct body *body);

/** Sends, checks the status, and returns the body; the response is closed. */
struct body
fetch(struct loopback *loopback, const char *target, const char *headers, uint16_t status);

/** Sends, and fails unless the answer is this problem; returns its body as terminated text. */
char *fetch_problem(struct loopback *loopback,
                    const char *method,
                    const char *target,
                    const char *headers,
                    enum scr_err err);

#endif
