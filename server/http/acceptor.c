/*
 * server/http/acceptor.c - the thread that takes connections and hands them to daemons.
 * Why:    see acceptor.h. The only waiting is in poll(), for the listening socket, the wake-up of
 *         main, and refused clients that still have to read their answer.
 */
#include "server/http/acceptor.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/base/assert.h"
#include "core/base/clock.h"
#include "core/base/limits.h"
#include "core/base/log.h"
#include "core/base/stats.h"

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

static void complain(struct scr_acceptor *acceptor, const char *message, int reason)
{
    int64_t now = now_ns();
    if (acceptor->complained_ns != 0 && now - acceptor->complained_ns < COMPLAINT_PERIOD_NS) {
        return;
    }
    acceptor->complained_ns = now;
    char text[128];
    SCR_LOG_EVENT(WARN, message, scr_log_text("reason", strerror_r(reason, text, sizeof text)));
}

static void admit(struct scr_acceptor *acceptor, int fd, const struct sockaddr_storage *address)
{
    char remote[SCR_REMOTE_CHARS];
    scr_listener_remote(address, remote);
    uint32_t daemon = 0;
    if (scr_connections_enter(acceptor->connections, fd, remote, &daemon) != SCR_OK) {
        scr_refusals_add(&acceptor->refusals, fd, now_ns());
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
    ACCEPT_EXHAUSTED
};

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
    switch (errno) {
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
    default:
        /* EMFILE, ENFILE, ENOBUFS, ENOMEM. The socket stays readable: polling it would spin. */
        complain(acceptor, "cannot accept", errno);
        return ACCEPT_EXHAUSTED;
    }
}

static void accept_burst(struct scr_acceptor *acceptor, int most)
{
    for (int i = 0; i < most; i++) {
        enum accept_outcome outcome = accept_one(acceptor);
        if (outcome == ACCEPT_TAKEN) {
            continue;
        }
        if (outcome == ACCEPT_EXHAUSTED) {
            acceptor->paused_until_ns = now_ns() + SCR_HTTP_BACKOFF_NS;
        }
        return;
    }
}

/* Milliseconds until something is due by time alone; -1 = nothing is. */
static int wait_ms(const struct scr_acceptor *acceptor, int64_t now)
{
    int64_t due_ns = scr_refusals_next_ns(&acceptor->refusals);
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
    bool paused = acceptor->paused_until_ns != 0;
    struct pollfd polls[POLL_REFUSALS + SCR_HTTP_LINGER_MAX];
    polls[POLL_WAKE] = (struct pollfd){.fd = acceptor->wake_fd, .events = POLLIN};
    /* poll() leaves negative descriptors out. */
    polls[POLL_LISTENER] =
        (struct pollfd){.fd = paused ? -1 : acceptor->listener->fd, .events = POLLIN};
    size_t refused = scr_refusals_poll(&acceptor->refusals, &polls[POLL_REFUSALS]);
    int ready = poll(polls, (nfds_t)(POLL_REFUSALS + refused), wait_ms(acceptor, now));
    if (ready < 0) {
        /* EINTR, or no kernel memory: look again. */
        return;
    }
    /* First, for accepting adds to the refusals and would make them differ from polls. */
    scr_refusals_serve(&acceptor->refusals, &polls[POLL_REFUSALS], now_ns());
    if (polls[POLL_LISTENER].revents != 0) {
        accept_burst(acceptor, SCR_HTTP_ACCEPT_BURST);
    }
}

static void *run(void *context)
{
    struct scr_acceptor *acceptor = context;
    (void)pthread_setname_np(pthread_self(), "scream-accept");
    while (!atomic_load(&acceptor->stopping)) {
        run_once(acceptor);
    }
    /* Who has connected before the stop is still served: the kernel said yes to them. It keeps
     * one more than it was asked to. */
    accept_burst(acceptor, SCR_HTTP_BACKLOG + 1);
    scr_refusals_close(&acceptor->refusals);
    return NULL;
}

static bool start_thread(struct scr_acceptor *acceptor)
{
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) {
        return false;
    }
    bool started = pthread_attr_setstacksize(&attributes, (size_t)SCR_HTTP_STACK_BYTES) == 0 &&
                   pthread_create(&acceptor->thread, &attributes, run, acceptor) == 0;
    (void)pthread_attr_destroy(&attributes);
    return started;
}

enum scr_err scr_acceptor_start(struct scr_acceptor *acceptor)
{
    SCR_ASSERT(!acceptor->running);
    acceptor->refusals.count = 0;
    acceptor->paused_until_ns = 0;
    acceptor->complained_ns = 0;
    atomic_store(&acceptor->stopping, false);
    acceptor->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (acceptor->wake_fd < 0) {
        return SCR_ERR_IO;
    }
    if (!start_thread(acceptor)) {
        (void)close(acceptor->wake_fd);
        return SCR_ERR_IO;
    }
    acceptor->running = true;
    return SCR_OK;
}

void scr_acceptor_stop(struct scr_acceptor *acceptor)
{
    if (!acceptor->running) {
        return;
    }
    atomic_store(&acceptor->stopping, true);
    const uint64_t one = 1;
    ssize_t written = write(acceptor->wake_fd, &one, sizeof one);
    SCR_ASSERT(written == (ssize_t)sizeof one);
    int failed = pthread_join(acceptor->thread, NULL);
    SCR_ASSERT(failed == 0);
    (void)close(acceptor->wake_fd);
    acceptor->running = false;
}
