/*
 * tests/support/tcp_pair.h - both ends of a real TCP connection over loopback, in one hand.
 * Why:    what the kernel tells of a connection cannot be pretended by a socket pair.
 * Limits: whatever is waited for is waited for by asking the kernel again; after TCP_PAIR_WAIT_MS
 *         the test fails: a deadline for hanging, never a measure of speed.
 */
#ifndef SCR_TESTS_SUPPORT_TCP_PAIR_H
#define SCR_TESTS_SUPPORT_TCP_PAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TCP_PAIR_WAIT_MS 60000

struct tcp_pair {
    int ours;   /* as the server has it; does not block */
    int theirs; /* as the client has it; does not block */
};

enum tcp_end {
    TCP_END_NONE, /* open, nothing to read */
    TCP_END_DATA, /* something was there; it was taken */
    TCP_END_CLEAN,
    TCP_END_RESET
};

/** A new connection; our end has the server's small send buffer. */
struct tcp_pair tcp_pair_open(void);

/** Closes what is open still. */
void tcp_pair_close(struct tcp_pair *pair);

/** The client sends so many bytes; returns when the kernel has them at our end. */
void tcp_pair_send(const struct tcp_pair *pair, size_t bytes);

/** Reads all that is there at our end; returns how much. */
size_t tcp_pair_drain(int fd);

/** The client closes its end for writing; returns when our end knows. */
void tcp_pair_say_end(const struct tcp_pair *pair);

/** Our end sends until nothing more goes in; returns how much went in. */
size_t tcp_pair_fill(const struct tcp_pair *pair);

/** The client reads until our end has so many bytes more acknowledged; we send on meanwhile. */
void tcp_pair_take(const struct tcp_pair *pair, uint64_t bytes);

/** Kernel memory that a socket holds. */
uint32_t tcp_pair_kernel_bytes(int fd);

/** What one look at an end finds. */
enum tcp_end tcp_pair_look(int fd);

/** Takes what comes until the connection ends, and expects that end. */
void tcp_pair_expect_end(int fd, enum tcp_end end);

#endif
