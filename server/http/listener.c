/*
 * server/http/listener.c - the listening socket.
 * Why:    SO_SNDBUF and SO_RCVBUF bound what a client that stalls, or sends what nobody reads,
 *         pins in the kernel (measured: 3.9 MiB and 1.6 MiB without, together at most 200 KiB
 *         with); TCP_USER_TIMEOUT notices a client that vanished; TCP_NODELAY lets the first page
 *         leave at once.
 */
#include "server/http/listener.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/assert.h"
#include "core/base/limits.h"
#include "core/base/log.h"
#include "core/base/text.h"

struct socket_option {
    int level;
    int name;
    int value;
};

/* Before bind; inherited by accepted connections where it concerns them. */
static const struct socket_option options[] = {
    {SOL_SOCKET, SO_REUSEADDR, 1},
    {SOL_SOCKET, SO_KEEPALIVE, 1},
    {SOL_SOCKET, SO_SNDBUF, SCR_HTTP_SNDBUF_BYTES},
    {SOL_SOCKET, SO_RCVBUF, SCR_HTTP_RCVBUF_BYTES},
    {IPPROTO_TCP, TCP_NODELAY, 1},
    {IPPROTO_TCP, TCP_USER_TIMEOUT, SCR_HTTP_USER_TIMEOUT_S * 1000},
};

static bool set_options(int fd, int family)
{
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        const struct socket_option *o = &options[i];
        if (setsockopt(fd, o->level, o->name, &o->value, sizeof o->value) != 0) {
            return false;
        }
    }
    const int both = 0;
    return family != AF_INET6 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &both, sizeof both) == 0;
}

/* Answers the descriptor, or -1 with errno. */
static int listen_on(const struct sockaddr *address, socklen_t address_bytes)
{
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return -1;
    }
    if (!set_options(fd, address->sa_family) || bind(fd, address, address_bytes) != 0 ||
        listen(fd, SCR_HTTP_BACKLOG) != 0) {
        int reason = errno;
        (void)close(fd);
        errno = reason;
        return -1;
    }
    return fd;
}

static int listen_everywhere(uint16_t port)
{
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    int fd = listen_on((const struct sockaddr *)&six, sizeof six);
    if (fd >= 0 || (errno != EAFNOSUPPORT && errno != EADDRNOTAVAIL)) {
        return fd;
    }
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(port)};
    return listen_on((const struct sockaddr *)&four, sizeof four);
}

/* Numeric only: a name would be looked up, wait, and change under us. */
static int listen_numeric(const char *address, uint16_t port)
{
    char service[8];
    struct scr_text text;
    scr_text_init(&text, service, sizeof service);
    scr_text_put_u64(&text, port);
    const struct addrinfo hints = {
        .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
        .ai_socktype = SOCK_STREAM,
    };
    struct addrinfo *found = NULL;
    if (getaddrinfo(address, service, &hints, &found) != 0) {
        errno = EINVAL;
        return -1;
    }
    int fd = listen_on(found->ai_addr, found->ai_addrlen);
    int reason = errno;
    freeaddrinfo(found);
    errno = reason;
    return fd;
}

static uint16_t port_of(int fd)
{
    struct sockaddr_storage bound;
    socklen_t bytes = sizeof bound;
    memset(&bound, 0, sizeof bound);
    if (getsockname(fd, (struct sockaddr *)&bound, &bytes) != 0) {
        return 0;
    }
    /* IPv4 and IPv6 addresses have their port in the same place. */
    struct sockaddr_in four;
    memcpy(&four, &bound, sizeof four);
    return ntohs(four.sin_port);
}

enum scr_err scr_listener_open(struct scr_listener *listener,
                               const char *address,
                               uint16_t port,
                               const char **reason)
{
    SCR_ASSERT(address != NULL);
    int fd = strcmp(address, "*") == 0 ? listen_everywhere(port) : listen_numeric(address, port);
    if (fd < 0) {
        const char *said = strerror(errno);
        if (reason != NULL) {
            *reason = said;
        }
        SCR_LOG_EVENT(ERROR,
                      "cannot listen",
                      scr_log_text("address", address),
                      scr_log_u64("port", port),
                      scr_log_text("reason", said));
        return SCR_ERR_IO;
    }
    *listener = (struct scr_listener){.fd = fd, .port = port_of(fd)};
    return SCR_OK;
}

void scr_listener_close(struct scr_listener *listener)
{
    if (listener->fd >= 0) {
        (void)close(listener->fd);
        listener->fd = -1;
    }
}
