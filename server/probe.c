/*
 * server/probe.c - connect, send, read "HTTP/1.1 200".
 * Why:    see probe.h. Every wait is a poll with what is left of the deadline.
 * Source: RFC 9112 section 4 (status line).
 */
#include "server/probe.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/assert.h"
#include "core/base/clock.h"
#include "core/base/text.h"

/* "HTTP/1.1 200" */
#define STATUS_BYTES 12

struct probe {
    int fd;
    int64_t deadline_ns;
    const char **reason;
};

static enum scr_err fail(const struct probe *probe, const char *reason)
{
    *probe->reason = reason;
    return SCR_ERR_IO;
}

static enum scr_err wait_for(const struct probe *probe, short events)
{
    int64_t left_ns = probe->deadline_ns - scr_clock_now_ns(scr_clock_monotonic());
    struct pollfd descriptor = {.fd = probe->fd, .events = events};
    int ready = left_ns > 0 ? poll(&descriptor, 1, (int)((left_ns + 999999) / 1000000)) : 0;
    if (ready < 0 && errno == EINTR) {
        return SCR_OK;
    }
    if (ready < 0) {
        return fail(probe, strerror(errno));
    }
    return ready > 0 ? SCR_OK : fail(probe, "no answer in time");
}

static enum scr_err connect_to(struct probe *probe, const char *address, uint16_t port)
{
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    bool is_six = inet_pton(AF_INET6, address, &six.sin6_addr) == 1;
    if (!is_six && inet_pton(AF_INET, address, &four.sin_addr) != 1) {
        return fail(probe, "this is no numeric address");
    }
    probe->fd = socket(is_six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (probe->fd < 0) {
        return fail(probe, strerror(errno));
    }
    const struct sockaddr *where =
        is_six ? (const struct sockaddr *)&six : (const struct sockaddr *)&four;
    int failed = connect(probe->fd, where, is_six ? sizeof six : sizeof four);
    if (failed != 0 && errno != EINPROGRESS) {
        return fail(probe, strerror(errno));
    }
    SCR_TRY(wait_for(probe, POLLOUT));
    int reason = 0;
    socklen_t reason_bytes = sizeof reason;
    if (getsockopt(probe->fd, SOL_SOCKET, SO_ERROR, &reason, &reason_bytes) != 0 || reason != 0) {
        return fail(probe, strerror(reason != 0 ? reason : errno));
    }
    return SCR_OK;
}

static enum scr_err send_request(const struct probe *probe, const char *path)
{
    char chars[512];
    struct scr_text text;
    scr_text_init(&text, chars, sizeof chars);
    scr_text_put(&text, "GET ");
    scr_text_put(&text, path);
    scr_text_put(&text,
                 " HTTP/1.1\r\nHost: localhost\r\nUser-Agent: scream-healthcheck\r\n"
                 "Connection: close\r\n\r\n");
    SCR_ASSERT(!text.overflow);
    /* So little fits in the buffer of a fresh connection at once. */
    ssize_t sent = send(probe->fd, chars, text.used, MSG_NOSIGNAL);
    if (sent != (ssize_t)text.used) {
        return fail(probe, sent < 0 ? strerror(errno) : "the request could not be sent");
    }
    return SCR_OK;
}

static enum scr_err read_status(const struct probe *probe, unsigned *status)
{
    char line[STATUS_BYTES];
    size_t used = 0;
    while (used < sizeof line) {
        SCR_TRY(wait_for(probe, POLLIN));
        ssize_t got = recv(probe->fd, line + used, sizeof line - used, 0);
        if (got == 0) {
            return fail(probe, "the connection was closed without an answer");
        }
        if (got < 0 && errno != EAGAIN && errno != EINTR) {
            return fail(probe, strerror(errno));
        }
        used += got > 0 ? (size_t)got : 0;
    }
    unsigned code = 0;
    for (size_t i = 9; i < sizeof line; i += 1) {
        if (line[i] < '0' || line[i] > '9') {
            return fail(probe, "the answer is not HTTP");
        }
        code = code * 10 + (unsigned)(line[i] - '0');
    }
    if (memcmp(line, "HTTP/1.", 7) != 0 || line[8] != ' ' || code < 100 || code > 599) {
        return fail(probe, "the answer is not HTTP");
    }
    *status = code;
    return SCR_OK;
}

enum scr_err scr_probe(const char *address,
                       uint16_t port,
                       const char *path,
                       int64_t timeout_ns,
                       unsigned *status,
                       const char **reason)
{
    struct probe probe = {.fd = -1,
                          .deadline_ns = scr_clock_now_ns(scr_clock_monotonic()) + timeout_ns,
                          .reason = reason};
    enum scr_err err = connect_to(&probe, address, port);
    if (err == SCR_OK) {
        err = send_request(&probe, path);
    }
    if (err == SCR_OK) {
        err = read_status(&probe, status);
    }
    if (probe.fd >= 0) {
        (void)close(probe.fd);
    }
    return err;
}
