/*
 * server/http/refusal.c - the 503 or 429 for connections that have no place.
 * Why:    see refusal.h. The answer fits in a fresh socket's buffer, so writing it never waits.
 */
#include "server/http/refusal.h"

#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include "api/service.h"
#include "core/base/assert.h"
#include "core/base/clock.h"
#include "core/base/series.h"
#include "core/base/stats.h"

/* Dropped per connection and round: a flood cannot hold the acceptor. */
#define DROP_BYTES 8192
#define NS_PER_MS INT64_C(1000000)

static void remove_at(struct scr_refusals *refusals, size_t index)
{
    SCR_ASSERT(index < refusals->count);
    (void)close(refusals->waiting[index].fd);
    refusals->count--;
    for (size_t i = index; i < refusals->count; i++) {
        refusals->waiting[i] = refusals->waiting[i + 1];
    }
}

static void answer(int fd, enum scr_err err)
{
    char bytes[SCR_HTTP_REFUSAL_BYTES_MAX];
    size_t count = scr_service_refusal(err, bytes, sizeof bytes);
    SCR_ASSERT(count > 0 && count <= sizeof bytes);
    if (err == SCR_ERR_CLIENT_PLACES) {
        scr_stats_add(SCR_STAT_HTTP_LIMITED, SCR_LIMIT_OPEN, 1);
    } else {
        scr_stats_add(SCR_STAT_HTTP_REFUSED, 0, 1);
    }
    /* A failure means that the client has gone: closed like the others. */
    (void)send(fd, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)shutdown(fd, SHUT_WR);
}

void scr_refusals_add(struct scr_refusals *refusals, int fd, enum scr_err err, int64_t now_ns)
{
    answer(fd, err);
    if (refusals->count == SCR_HTTP_LINGER_MAX) {
        remove_at(refusals, 0);
    }
    refusals->waiting[refusals->count++] =
        (struct scr_refused){.fd = fd, .until_ns = now_ns + SCR_HTTP_LINGER_NS};
}

size_t scr_refusals_poll(const struct scr_refusals *refusals, struct pollfd *polls)
{
    for (size_t i = 0; i < refusals->count; i++) {
        polls[i] = (struct pollfd){.fd = refusals->waiting[i].fd, .events = POLLIN};
    }
    return refusals->count;
}

int64_t scr_refusals_next_ns(const struct scr_refusals *refusals)
{
    return refusals->count == 0 ? INT64_MAX : refusals->waiting[0].until_ns;
}

/* True when the client has closed its side, or is gone. */
static bool drop_input(int fd)
{
    char bytes[DROP_BYTES];
    ssize_t count = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
    return count <= 0;
}

static int64_t now_ms(void)
{
    return scr_clock_now_ns(scr_clock_monotonic()) / NS_PER_MS;
}

void scr_refuse_at_once(int fd, int wait_ms)
{
    answer(fd, SCR_ERR_TOO_MANY_CONNECTIONS);
    struct pollfd client = {.fd = fd, .events = POLLIN};
    int64_t left_ms = wait_ms;
    int64_t until_ms = now_ms() + wait_ms;
    while (left_ms >= 0 && poll(&client, 1, (int)left_ms) > 0 && !drop_input(fd)) {
        left_ms = until_ms - now_ms() - 1;
    }
    (void)close(fd);
}

void scr_refusals_serve(struct scr_refusals *refusals, const struct pollfd *polls, int64_t now_ns)
{
    /* From the end, so that indices stay those of polls. */
    for (size_t i = refusals->count; i > 0; i--) {
        const struct scr_refused *refused = &refusals->waiting[i - 1];
        SCR_ASSERT(refused->fd == polls[i - 1].fd);
        bool done = now_ns >= refused->until_ns;
        if (!done && polls[i - 1].revents != 0) {
            done = drop_input(refused->fd);
        }
        if (done) {
            remove_at(refusals, i - 1);
        }
    }
}

void scr_refusals_close(struct scr_refusals *refusals)
{
    while (refusals->count > 0) {
        remove_at(refusals, refusals->count - 1);
    }
}
