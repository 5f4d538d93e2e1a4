/*
 * tests/support/http_client.c - a small blocking HTTP/1.1 client that hides nothing.
 * Why:    see http_client.h. Written from RFC 9112, not from our server.
 */
#define _GNU_SOURCE
#include "tests/support/http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

bool http_client_open(struct http_client *client, uint16_t port)
{
    client->waiting_bytes = 0;
    client->fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(client->fd >= 0);
    const struct timeval wait = {.tv_sec = HTTP_CLIENT_WAIT_MS / 1000};
    assert_int_equal(setsockopt(client->fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait), 0);
    assert_int_equal(setsockopt(client->fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait), 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(client->fd, (const struct sockaddr *)&to, sizeof to) != 0) {
        http_client_close(client);
        return false;
    }
    return true;
}

void http_client_close(struct http_client *client)
{
    if (client->fd >= 0) {
        close(client->fd);
        client->fd = -1;
    }
}

void http_client_reset(struct http_client *client)
{
    const struct linger now = {.l_onoff = 1, .l_linger = 0};
    assert_int_equal(setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now), 0);
    http_client_close(client);
}

bool http_client_send(struct http_client *client, const char *text)
{
    size_t left = strlen(text);
    while (left > 0) {
        ssize_t sent = send(client->fd, text, left, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        text += sent;
        left -= (size_t)sent;
    }
    return true;
}

size_t http_client_some(struct http_client *client, void *bytes, size_t capacity)
{
    if (client->waiting_bytes > 0) {
        size_t count = client->waiting_bytes < capacity ? client->waiting_bytes : capacity;
        memcpy(bytes, client->waiting, count);
        client->waiting_bytes -= count;
        memmove(client->waiting, client->waiting + count, client->waiting_bytes);
        return count;
    }
    ssize_t count = recv(client->fd, bytes, capacity, 0);
    return count > 0 ? (size_t)count : 0;
}

/* Reads until `waiting` holds an end mark; returns the bytes up to and with it, 0 at the end. */
static size_t fill_to(struct http_client *client, const char *mark)
{
    size_t mark_bytes = strlen(mark);
    for (;;) {
        const char *at = memmem(client->waiting, client->waiting_bytes, mark, mark_bytes);
        if (at != NULL) {
            return (size_t)(at - client->waiting) + mark_bytes;
        }
        size_t room = sizeof client->waiting - client->waiting_bytes;
        if (room == 0) {
            return 0;
        }
        ssize_t count = recv(client->fd, client->waiting + client->waiting_bytes, room, 0);
        if (count <= 0) {
            return 0;
        }
        client->waiting_bytes += (size_t)count;
    }
}

static void consume(struct http_client *client, size_t count)
{
    client->waiting_bytes -= count;
    memmove(client->waiting, client->waiting + count, client->waiting_bytes);
}

bool http_answer_header(const struct http_answer *answer,
                        const char *name,
                        char *value,
                        size_t capacity)
{
    size_t name_bytes = strlen(name);
    const char *line = strstr(answer->head, "\r\n");
    while (line != NULL && strncmp(line, "\r\n\r\n", 4) != 0) {
        line += 2;
        if (strncasecmp(line, name, name_bytes) == 0 && line[name_bytes] == ':') {
            const char *from = line + name_bytes + 1;
            from += strspn(from, " ");
            size_t bytes = strcspn(from, "\r");
            assert_true(bytes < capacity);
            memcpy(value, from, bytes);
            value[bytes] = '\0';
            return true;
        }
        line = strstr(line, "\r\n");
    }
    return false;
}

static void understand(struct http_answer *answer, bool is_head_request)
{
    char value[256];
    assert_int_equal(strncmp(answer->head, "HTTP/1.1 ", 9), 0);
    answer->status = (int)strtol(answer->head + 9, NULL, 10);
    answer->keeps_alive = !http_answer_header(answer, "Connection", value, sizeof value) ||
                          strcasecmp(value, "close") != 0;
    answer->has_content_length = http_answer_header(answer, "Content-Length", value, sizeof value);
    if (answer->has_content_length) {
        answer->content_length = strtoull(value, NULL, 10);
    }
    bool chunked = http_answer_header(answer, "Transfer-Encoding", value, sizeof value);
    if (is_head_request || answer->status == 204 || answer->status == 304) {
        answer->framing = HTTP_FRAMING_NONE;
    } else if (chunked) {
        assert_string_equal(value, "chunked");
        assert_false(answer->has_content_length);
        answer->framing = HTTP_FRAMING_CHUNKED;
    } else if (answer->has_content_length) {
        answer->framing = HTTP_FRAMING_LENGTH;
    } else {
        answer->framing = HTTP_FRAMING_CLOSE;
    }
}

void http_client_head(struct http_client *client, bool is_head_request, struct http_answer *answer)
{
    memset(answer, 0, sizeof *answer);
    size_t bytes = fill_to(client, "\r\n\r\n");
    if (bytes == 0) {
        return;
    }
    assert_true(bytes < sizeof answer->head);
    memcpy(answer->head, client->waiting, bytes);
    answer->head[bytes] = '\0';
    consume(client, bytes);
    understand(answer, is_head_request);
}

static void reserve(struct http_answer *answer, size_t bytes)
{
    if (bytes <= answer->body_capacity) {
        return;
    }
    answer->body_capacity = bytes + bytes / 2 + 4096;
    answer->body = realloc(answer->body, answer->body_capacity);
    assert_non_null(answer->body);
}

/* Appends exactly count bytes of the connection; false when it ends before. */
static bool take(struct http_client *client, struct http_answer *answer, size_t count)
{
    reserve(answer, answer->body_bytes + count);
    while (count > 0) {
        size_t got = http_client_some(client, answer->body + answer->body_bytes, count);
        if (got == 0) {
            return false;
        }
        answer->body_bytes += got;
        count -= got;
    }
    return true;
}

static bool take_chunks(struct http_client *client, struct http_answer *answer)
{
    for (;;) {
        size_t line = fill_to(client, "\r\n");
        if (line == 0) {
            return false;
        }
        char *end = NULL;
        size_t count = strtoul(client->waiting, &end, 16);
        assert_ptr_equal(end, client->waiting + line - 2);
        consume(client, line);
        if (!take(client, answer, count)) {
            return false;
        }
        if (fill_to(client, "\r\n") != 2) {
            return false;
        }
        consume(client, 2);
        if (count == 0) {
            return true;
        }
        if (answer->chunks == 0) {
            answer->first_chunk_bytes = count;
        }
        answer->chunks++;
    }
}

static bool take_to_close(struct http_client *client, struct http_answer *answer)
{
    size_t got = 0;
    do {
        reserve(answer, answer->body_bytes + 4096);
        got = http_client_some(client, answer->body + answer->body_bytes, 4096);
        answer->body_bytes += got;
    } while (got > 0);
    return true;
}

void http_client_body(struct http_client *client, struct http_answer *answer)
{
    switch (answer->framing) {
    case HTTP_FRAMING_NONE:
        answer->whole = answer->status != 0;
        return;
    case HTTP_FRAMING_LENGTH:
        answer->whole = take(client, answer, answer->content_length);
        return;
    case HTTP_FRAMING_CHUNKED:
        answer->whole = take_chunks(client, answer);
        return;
    case HTTP_FRAMING_CLOSE:
        answer->whole = take_to_close(client, answer);
        answer->keeps_alive = false;
        return;
    }
}

void http_client_get(struct http_client *client,
                     const char *target,
                     const char *headers,
                     struct http_answer *answer)
{
    char text[HTTP_CLIENT_HEAD_BYTES];
    int bytes =
        snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: test\r\n%s\r\n", target, headers);
    assert_true(bytes > 0 && (size_t)bytes < sizeof text);
    memset(answer, 0, sizeof *answer);
    if (http_client_send(client, text)) {
        http_client_head(client, false, answer);
        http_client_body(client, answer);
    }
}

void http_get(uint16_t port, const char *target, const char *headers, struct http_answer *answer)
{
    struct http_client client;
    assert_true(http_client_open(&client, port));
    http_client_get(&client, target, headers, answer);
    http_client_close(&client);
}

void http_answer_free(struct http_answer *answer)
{
    free(answer->body);
    answer->body = NULL;
}
