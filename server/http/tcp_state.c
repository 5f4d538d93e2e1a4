/*
 * server/http/tcp_state.c - TCP_INFO and FIONREAD, turned into a plain struct.
 * Why:    see tcp_state.h. The struct of the C library ends before the counters of bytes, so the
 *         kernel's own header is used here, and here alone: the two cannot be included together.
 * Source: include/uapi/linux/tcp.h; the counters exist since Linux 4.6.
 */
#include "server/http/tcp_state.h"

#include <limits.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* As in the kernel's include/net/tcp_states.h, which is not for programs. */
#define STATE_CLOSE_WAIT 8

/* The last field we need; an older kernel fills less. */
#define BYTES_NEEDED                                                                               \
    (offsetof(struct tcp_info, tcpi_notsent_bytes) +                                               \
     sizeof(((struct tcp_info *)NULL)->tcpi_notsent_bytes))

struct scr_tcp_state scr_tcp_state_read(int fd)
{
    struct tcp_info info;
    socklen_t bytes = sizeof info;
    memset(&info, 0, sizeof info);
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &bytes) != 0 || bytes < BYTES_NEEDED) {
        return (struct scr_tcp_state){.is_known = false};
    }
    return (struct scr_tcp_state){
        .is_known = true,
        .peer_has_ended = info.tcpi_state == STATE_CLOSE_WAIT,
        .has_unacked = info.tcpi_notsent_bytes > 0 || info.tcpi_unacked > 0,
        .received_bytes = info.tcpi_bytes_received,
        .acked_bytes = info.tcpi_bytes_acked,
    };
}

void scr_tcp_state_set_patience(int fd, uint64_t seconds)
{
    const int milliseconds = seconds > INT_MAX / 1000 ? INT_MAX : (int)seconds * 1000;
    /* A failure means that the client has gone, or that this is no TCP. */
    (void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds);
}

void scr_tcp_state_cork(int fd, bool corked)
{
    const int value = corked ? 1 : 0;
    /* A failure means that the client has gone, or that this is no TCP. */
    (void)setsockopt(fd, IPPROTO_TCP, TCP_CORK, &value, sizeof value);
}

bool scr_tcp_state_reset(int fd)
{
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    /* connect(2): this dissolves the association. */
    const struct sockaddr nobody = {.sa_family = AF_UNSPEC};
    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    /* By its number, for ThreadSanitizer takes connect() to make the descriptor anew. */
    return syscall(SYS_connect, fd, &nobody, sizeof nobody) == 0;
}

bool scr_tcp_state_has_unread(int fd)
{
    int bytes = 0;
    return ioctl(fd, FIONREAD, &bytes) != 0 || bytes > 0;
}
