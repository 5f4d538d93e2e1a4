/*
 * server/http/listener.h - the listening socket.
 * Why:    libmicrohttpd never accepts for us, so binding and socket options are ours.
 * Limits: one socket; "*" is IPv6 with IPv4 mapped into it, or IPv4 alone where IPv6 is absent.
 *         What is set here every accepted connection inherits (Linux), four system calls saved.
 */
#ifndef SCR_SERVER_HTTP_LISTENER_H
#define SCR_SERVER_HTTP_LISTENER_H

#include <stdint.h>

#include "core/base/error.h"

struct scr_listener {
    int fd; /* -1 when closed */
    uint16_t port;
};

/**
 * Binds and listens; connections wait in the kernel until someone accepts.
 * in      address  numeric IPv4 or IPv6, or "*"
 * in      port     0 = any free one
 * out     reason   in the system's words, valid until the next such error; NULL: not wanted;
 *                  written on error only
 * errors  SCR_ERR_IO (logged with the reason)
 * thread  boot
 */
SCR_MUST_USE enum scr_err scr_listener_open(struct scr_listener *listener,
                                            const char *address,
                                            uint16_t port,
                                            const char **reason);

/** Closes it; closing twice is allowed. */
void scr_listener_close(struct scr_listener *listener);

#endif
