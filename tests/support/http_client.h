/*
 * tests/support/http_client.h - a small blocking HTTP/1.1 client that hides nothing.
 * Why:    tests of the server must see chunks, closings and broken-off bodies as they are.
 * Limits: one connection, heads of 16 KiB; every wait ends after HTTP_CLIENT_WAIT_MS, and the test
 *         fails: a deadline for hanging, never a measure of speed.
 */
#ifndef SCR_TESTS_SUPPORT_HTTP_CLIENT_H
#define SCR_TESTS_SUPPORT_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HTTP_CLIENT_WAIT_MS 60000
#define HTTP_CLIENT_HEAD_BYTES 16384

struct http_client {
    int fd; /* -1 when closed */
    /* Received and not yet consumed. */
    char waiting[HTTP_CLIENT_HEAD_BYTES];
    size_t waiting_bytes;
};

enum http_framing {
    HTTP_FRAMING_NONE,
    HTTP_FRAMING_LENGTH,
    HTTP_FRAMING_CHUNKED,
    HTTP_FRAMING_CLOSE
};

struct http_answer {
    int status; /* 0 when the connection ended without a head */
    char head[HTTP_CLIENT_HEAD_BYTES];
    enum http_framing framing;
    uint64_t content_length; /* when the header stands there */
    bool has_content_length;
    bool keeps_alive; /* neither said nor seen to close */
    bool whole;       /* the body ended as its framing promised */
    uint8_t *body;    /* free with http_answer_free */
    size_t body_bytes;
    size_t body_capacity;
    size_t chunks;
    size_t first_chunk_bytes;
};

/** Connects to 127.0.0.1; true on success. */
bool http_client_open(struct http_client *client, uint16_t port);

/** Closes it; closing twice is allowed. */
void http_client_close(struct http_client *client);

/** Closes it with a reset instead of a goodbye. */
void http_client_reset(struct http_client *client);

/** Sends text; false when the server has gone. */
bool http_client_send(struct http_client *client, const char *text);

/** Reads a head only; status 0 when there is none. The body follows with http_client_body. */
void http_client_head(struct http_client *client, bool is_head_request, struct http_answer *answer);

/** Reads the body as the head framed it. */
void http_client_body(struct http_client *client, struct http_answer *answer);

/** Reads some bytes as they come; 0 at the end of the connection. */
size_t http_client_some(struct http_client *client, void *bytes, size_t capacity);

/** Sends "GET target" with headers (lines ending in CRLF, or ""), reads all of the answer. */
void http_client_get(struct http_client *client,
                     const char *target,
                     const char *headers,
                     struct http_answer *answer);

/** One request on a connection of its own. */
void http_get(uint16_t port, const char *target, const char *headers, struct http_answer *answer);

/** The value of a header of the answer, copied and terminated; false when absent. */
bool http_answer_header(const struct http_answer *answer,
                        const char *name,
                        char *value,
                        size_t capacity);

/** Frees the body. */
void http_answer_free(struct http_answer *answer);

#endif
