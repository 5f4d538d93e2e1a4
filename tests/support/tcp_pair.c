/*
 * tests/support/tcp_pair.c - both ends of a real TCP connection over loopback, in one hand.
 * Why:    see tcp_pair.h. The C library's own TCP_INFO has too few fields; the kernel's is used.
 */
#define _GNU_SOURCE
#include "tests/support/tcp_pair.h"

#include <errno.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define CLOSE_WAIT 8
#define SEND_BUFFER_BYTES 65536
/* As on Ethernet. With loopback's own 64 KiB a last piece would trickle in by probes, later. */
#define SEGMENT_BYTES 1460
/* Ample for the window it announces: a receiver that must drop makes the sender wait. */
#define RECEIVE_BUFFER_BYTES (1 << 17)

static const char junk[65536];

static struct tcp_info info_of(int fd)
{
    struct tcp_info info;
    socklen_t bytes = sizeof info;
    memset(&info, 0, sizeof info);
    assert_int_equal(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &bytes), 0);
    return info;
}

static void wait_ms(int *left)
{
    assert_true(*left > 0);
    (void)poll(NULL, 0, 1);
    *left -= 1;
}

struct tcp_pair tcp_pair_open(void)
{
    struct tcp_pair pair;
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t bytes = sizeof at;
    const int buffer = SEND_BUFFER_BYTES;
    const int segment = SEGMENT_BYTES;
    const int ample = RECEIVE_BUFFER_BYTES;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(listener >= 0);
    assert_int_equal(setsockopt(listener, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer), 0);
    assert_int_equal(setsockopt(listener, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof segment), 0);
    assert_int_equal(bind(listener, (const struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&at, &bytes), 0);
    pair.theirs = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(pair.theirs >= 0);
    assert_int_equal(setsockopt(pair.theirs, SOL_SOCKET, SO_RCVBUF, &ample, sizeof ample), 0);
    assert_int_equal(connect(pair.theirs, (const struct sockaddr *)&at, sizeof at), 0);
    pair.ours = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
    assert_true(pair.ours >= 0);
    close(listener);
    return pair;
}

void tcp_pair_close(struct tcp_pair *pair)
{
    if (pair->ours >= 0) {
        close(pair->ours);
    }
    if (pair->theirs >= 0) {
        close(pair->theirs);
    }
    *pair = (struct tcp_pair){.ours = -1, .theirs = -1};
}

void tcp_pair_send(const struct tcp_pair *pair, size_t bytes)
{
    int left = TCP_PAIR_WAIT_MS;
    uint64_t before = info_of(pair->ours).tcpi_bytes_received;
    assert_true(bytes <= sizeof junk);
    assert_int_equal(send(pair->theirs, junk, bytes, MSG_NOSIGNAL), bytes);
    while (info_of(pair->ours).tcpi_bytes_received != before + bytes) {
        wait_ms(&left);
    }
}

size_t tcp_pair_drain(int fd)
{
    char bytes[65536];
    size_t all = 0;
    ssize_t count = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
    while (count > 0) {
        all += (size_t)count;
        count = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
    }
    return all;
}

void tcp_pair_say_end(const struct tcp_pair *pair)
{
    int left = TCP_PAIR_WAIT_MS;
    assert_int_equal(shutdown(pair->theirs, SHUT_WR), 0);
    while (info_of(pair->ours).tcpi_state != CLOSE_WAIT) {
        wait_ms(&left);
    }
}

static size_t fill_once(int fd)
{
    size_t all = 0;
    ssize_t count = send(fd, junk, sizeof junk, MSG_NOSIGNAL | MSG_DONTWAIT);
    while (count > 0) {
        all += (size_t)count;
        count = send(fd, junk, sizeof junk, MSG_NOSIGNAL | MSG_DONTWAIT);
    }
    assert_int_equal(errno, EAGAIN);
    return all;
}

/* Full: something waits, and nothing is under way that could make room. */
size_t tcp_pair_fill(const struct tcp_pair *pair)
{
    int left = TCP_PAIR_WAIT_MS;
    size_t all = 0;
    bool is_full = false;
    while (!is_full) {
        size_t more = fill_once(pair->ours);
        struct tcp_info info = info_of(pair->ours);
        all += more;
        is_full = more == 0 && info.tcpi_unacked == 0 && info.tcpi_notsent_bytes > 0;
        wait_ms(&left);
    }
    return all;
}

uint32_t tcp_pair_kernel_bytes(int fd)
{
    uint32_t numbers[SK_MEMINFO_VARS];
    socklen_t bytes = sizeof numbers;
    memset(numbers, 0, sizeof numbers);
    assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_MEMINFO, numbers, &bytes), 0);
    return numbers[SK_MEMINFO_RMEM_ALLOC] + numbers[SK_MEMINFO_WMEM_QUEUED] +
           numbers[SK_MEMINFO_FWD_ALLOC] + numbers[SK_MEMINFO_BACKLOG];
}

void tcp_pair_take(const struct tcp_pair *pair, uint64_t bytes)
{
    int left = TCP_PAIR_WAIT_MS;
    uint64_t before = info_of(pair->ours).tcpi_bytes_acked;
    while (info_of(pair->ours).tcpi_bytes_acked < before + bytes) {
        (void)tcp_pair_drain(pair->theirs);
        (void)fill_once(pair->ours);
        wait_ms(&left);
    }
}

enum tcp_end tcp_pair_look(int fd)
{
    char bytes[65536];
    ssize_t count = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
    if (count > 0) {
        return TCP_END_DATA;
    }
    if (count == 0) {
        return TCP_END_CLEAN;
    }
    return errno == EAGAIN ? TCP_END_NONE : TCP_END_RESET;
}

void tcp_pair_expect_end(int fd, enum tcp_end end)
{
    int left = TCP_PAIR_WAIT_MS;
    enum tcp_end seen = tcp_pair_look(fd);
    while (seen == TCP_END_NONE || seen == TCP_END_DATA) {
        if (seen == TCP_END_NONE) {
            wait_ms(&left);
        }
        /* A reset is told once only: nothing else may read here. */
        seen = tcp_pair_look(fd);
    }
    assert_int_equal(seen, end);
}
