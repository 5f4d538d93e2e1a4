/*
 * server/http/acceptor.c - the thread that takes connections and hands them to daemons.
 * Why:    see acceptor.h. The only waiting is in poll(), for the listening socket, the wake-up of
 *         main, refused clients that still have to read their answer, and a log line that is due;
 *         and, without descriptors, for at most SCR_HTTP_STARVED_MS per client, in refusal.c.
 */
#include "server/http/acceptor.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/base/assert.h"
#include "core/base/clock.h"
#include "core/base/limits.h"
#include "core/base/log.h"
#include "core/base/stats.h"
#include "server/http/peer.h"

#define NS_PER_MS INT64_C(1000000)
#define COMPLAINT_PERIOD_NS INT64_C(1000000000)

#define POLL_WAKE 0
#define POLL_LISTENER 1
#define POLL_REFUSALS 2

/* Real time, whatever clock tests give to the service: the kernel's waits are real too. */
static int64_t now_ns(void)
{
    return scr_clock_now_ns(scr_clock_monotonic());
}

/* What comes of it, and what helps; NULL: nothing to say. */
static const char *detail_of(const struct scr_acceptor *acceptor, int reason)
{
    if (reason != EMFILE && reason != ENFILE) {
        return NULL;
    }
    if (acceptor->spare_fd < 0) {
        return "clients wait; raise the limit of open files (ulimit -n)";
    }
    return reason == EMFILE
               ? "clients are answered 503; raise the limit of open files (ulimit -n)"
               : "clients are answered 503; the whole machine has too many open (fs.file-max)";
}

static void complain(struct scr_acceptor *acceptor, const char *message, int reason)
{
    int64_t now = now_ns();
    if (acceptor->complained_ns != 0 && now - acceptor->complained_ns < COMPLAINT_PERIOD_NS) {
        return;
    }
    acceptor->complained_ns = now;
    char text[128];
    SCR_LOG_EVENT(WARN,
                  message,
                  scr_log_text("reason", strerror_r(reason, text, sizeof text)),
                  scr_log_text("detail", detail_of(acceptor, reason)));
}

static void admit(struct scr_acceptor *acceptor, int fd, const struct sockaddr_storage *address)
{
    struct scr_address peer = scr_peer_address(address);
    uint32_t daemon = 0;
    enum scr_err err = scr_connections_enter(acceptor->connections, fd, &peer, &daemon);
    if (err != SCR_OK) {
        int64_t now = now_ns();
        bool is_full = err == SCR_ERR_TOO_MANY_CONNECTIONS;
        scr_refusals_add(&acceptor->refusals, fd, err, now);
        scr_refusal_log_add(
            &acceptor->refused, is_full ? SCR_REFUSED_PLACES : SCR_REFUSED_OPEN, now);
        return;
    }
    if (!scr_daemons_give(acceptor->daemons, daemon, fd, address)) {
        /* The library has closed it already. */
        scr_connections_leave(acceptor->connections, fd);
        complain(acceptor, "connection lost", ENOMEM);
        return;
    }
    scr_stats_add(SCR_STAT_HTTP_CONNECTIONS_TOTAL, 0, 1);
}

enum accept_outcome {
    ACCEPT_TAKEN,
    ACCEPT_NOTHING,
    ACCEPT_NO_DESCRIPTOR,
    ACCEPT_EXHAUSTED
};

static enum accept_outcome outcome_of(int reason)
{
    switch (reason) {
    case EAGAIN:
        return ACCEPT_NOTHING;
    case EINTR:
    case ECONNABORTED:
    case EPROTO:
    case EPERM: /* a firewall rule */
    case ENETDOWN:
    case ENETUNREACH:
    case EHOSTDOWN:
    case EHOSTUNREACH:
    case ENOPROTOOPT:
    case ENONET:
        /* This client's trouble; accept(2) says to go on as if it had not called. */
        return ACCEPT_TAKEN;
    case EMFILE:
    case ENFILE:
        return ACCEPT_NO_DESCRIPTOR;
    default:
        /* ENOBUFS, ENOMEM. The socket stays readable: polling it would spin. */
        return ACCEPT_EXHAUSTED;
    }
}

/* A descriptor of no use, and of no file that could be missing. */
static void open_spare(struct scr_acceptor *acceptor)
{
    if (acceptor->spare_fd < 0) {
        acceptor->spare_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    }
}

/* The client takes the spare's number, reads why it cannot stay, and gives the number back. */
static enum accept_outcome refuse_on_spare(struct scr_acceptor *acceptor, int wait_ms)
{
    if (acceptor->spare_fd < 0) {
        return ACCEPT_EXHAUSTED;
    }
    (void)close(acceptor->spare_fd);
    acceptor->spare_fd = -1;
    int fd = accept4(acceptor->listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    enum accept_outcome outcome = fd >= 0 ? ACCEPT_TAKEN : outcome_of(errno);
    if (fd >= 0) {
        scr_refuse_at_once(fd, wait_ms);
        scr_refusal_log_add(&acceptor->refused, SCR_REFUSED_DESCRIPTORS, now_ns());
    }
    open_spare(acceptor);
    /* Another thread was faster, either time. */
    bool is_lost = acceptor->spare_fd < 0 || outcome == ACCEPT_NO_DESCRIPTOR;
    return is_lost ? ACCEPT_EXHAUSTED : outcome;
}

static enum accept_outcome accept_one(struct scr_acceptor *acceptor)
{
    struct sockaddr_storage address;
    socklen_t bytes = sizeof address;
    memset(&address, 0, sizeof address);
    int fd = accept4(
        acceptor->listener->fd, (struct sockaddr *)&address, &bytes, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
        admit(acceptor, fd, &address);
        return ACCEPT_TAKEN;
    }
    int reason = errno;
    enum accept_outcome outcome = outcome_of(reason);
    if (outcome == ACCEPT_NO_DESCRIPTOR || outcome == ACCEPT_EXHAUSTED) {
        complain(acceptor, "cannot accept", reason);
    }
    return outcome;
}

/* How accepting goes on: `hurried` when nobody can be waited for any more. */
static void accept_burst(struct scr_acceptor *acceptor, int most, bool hurried)
{
    for (int i = 0; i < most; i++) {
        enum accept_outcome outcome = accept_one(acceptor);
        if (outcome == ACCEPT_NO_DESCRIPTOR) {
            outcome = refuse_on_spare(acceptor, hurried ? 0 : SCR_HTTP_STARVED_MS);
            if (outcome == ACCEPT_TAKEN && !hurried) {
                /* Time has passed: look at everything else first. */
                return;
            }
        }
        if (outcome == ACCEPT_EXHAUSTED) {
            acceptor->paused_until_ns = now_ns() + SCR_HTTP_BACKOFF_NS;
        }
        if (outcome != ACCEPT_TAKEN) {
            return;
        }
    }
}

/* Milliseconds until something is due by time alone; -1 = nothing is. */
static int wait_ms(const struct scr_acceptor *acceptor, int64_t now)
{
    int64_t due_ns = scr_refusals_next_ns(&acceptor->refusals);
    int64_t line_ns = scr_refusal_log_next_ns(&acceptor->refused);
    due_ns = line_ns < due_ns ? line_ns : due_ns;
    if (acceptor->paused_until_ns != 0 && acceptor->paused_until_ns < due_ns) {
        due_ns = acceptor->paused_until_ns;
    }
    if (due_ns == INT64_MAX) {
        return -1;
    }
    return due_ns <= now ? 0 : (int)((due_ns - now) / NS_PER_MS + 1);
}

static void run_once(struct scr_acceptor *acceptor)
{
    int64_t now = now_ns();
    if (acceptor->paused_until_ns != 0 && now >= acceptor->paused_until_ns) {
        acceptor->paused_until_ns = 0;
    }
    scr_refusal_log_tell(&acceptor->refused, now);
    open_spare(acceptor);
    bool paused = acceptor->paused_until_ns != 0;
    struct pollfd polls[POLL_REFUSALS + SCR_HTTP_LINGER_MAX];
    polls[POLL_WAKE] = (struct pollfd){.fd = acceptor->worker.wake_fd, .events = POLLIN};
    /* poll() leaves negative descriptors out. */
    polls[POLL_LISTENER] =
        (struct pollfd){.fd = paused ? -1 : acceptor->listener->fd, .events = POLLIN};
    size_t refused = scr_refusals_poll(&acceptor->refusals, &polls[POLL_REFUSALS]);
    int ready = poll(polls, (nfds_t)(POLL_REFUSALS + refused), wait_ms(acceptor, now));
    if (ready < 0 && errno != EINTR) {
        /* No kernel memory, or fewer files allowed than are looked at here: never spin. */
        complain(acceptor, "cannot wait", errno);
        (void)poll(NULL, 0, (int)(SCR_HTTP_BACKOFF_NS / NS_PER_MS));
    }
    /* First, for accepting adds to the refusals and would make them differ from polls. After a
     * failure too, when nothing is marked ready: those whose time is over must go, or they would
     * be too many to be looked at for ever. */
    scr_refusals_serve(&acceptor->refusals, &polls[POLL_REFUSALS], now_ns());
    if (polls[POLL_LISTENER].revents != 0) {
        accept_burst(acceptor, SCR_HTTP_ACCEPT_BURST, false);
    }
}

static void *run(void *context)
{
    struct scr_acceptor *acceptor = context;
    (void)pthread_setname_np(pthread_self(), "scream-accept");
    while (!scr_worker_is_stopping(&acceptor->worker)) {
        run_once(acceptor);
    }
    /* Who has connected before the stop is still served: the kernel said yes to them. It keeps
     * one more than it was asked to. */
    accept_burst(acceptor, SCR_HTTP_BACKLOG + 1, true);
    scr_refusals_close(&acceptor->refusals);
    scr_refusal_log_close(&acceptor->refused);
    return NULL;
}

static void close_spare(struct scr_acceptor *acceptor)
{
    if (acceptor->spare_fd >= 0) {
        (void)close(acceptor->spare_fd);
        acceptor->spare_fd = -1;
    }
}

enum scr_err scr_acceptor_start(struct scr_acceptor *acceptor)
{
    acceptor->refusals.count = 0;
    acceptor->paused_until_ns = 0;
    acceptor->complained_ns = 0;
    scr_refusal_log_init(&acceptor->refused, acceptor->listener->port);
    acceptor->spare_fd = -1;
    open_spare(acceptor);
    enum scr_err err = scr_worker_start(&acceptor->worker, run, acceptor);
    if (err != SCR_OK) {
        close_spare(acceptor);
    }
    return err;
}

void scr_acceptor_stop(struct scr_acceptor *acceptor)
{
    if (acceptor->worker.running) {
        scr_worker_stop(&acceptor->worker);
        close_spare(acceptor);
    }
}
