/*
 * server/probe.h - a smallest HTTP client: one GET, one status code.
 * Why:    containers without a shell or curl ask themselves whether they are well.
 * Limits: one deadline for everything; reads no more than the status line.
 */
#ifndef SCR_SERVER_PROBE_H
#define SCR_SERVER_PROBE_H

#include <stdint.h>

#include "core/base/error.h"

/**
 * Asks for a path.
 * in      address   numeric IPv4 or IPv6
 * out     status    100..599
 * out     reason    what went wrong, a literal or strerror's; written on error only
 * errors  SCR_ERR_IO
 * thread  any; alloc none
 */
SCR_MUST_USE enum scr_err scr_probe(const char *address,
                                    uint16_t port,
                                    const char *path,
                                    int64_t timeout_ns,
                                    unsigned *status,
                                    const char **reason);

#endif
