/*
 * server/http/daemons.h - one single-threaded libmicrohttpd daemon per core.
 * Why:    the library's own thread pool spreads by descriptor number, so one core can idle; with
 *         daemons of our own the least loaded gets the connection.
 * Memory: the library allocates: SCR_HTTP_POOL_BYTES per connection and small change per response.
 * Thread: make and stop on main; give on the acceptor.
 */
#ifndef SCR_SERVER_HTTP_DAEMONS_H
#define SCR_SERVER_HTTP_DAEMONS_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "core/base/error.h"
#include "core/base/limits.h"
#include "server/http/adapter.h"
#include "server/http/library_log.h"

struct scr_daemons {
    struct MHD_Daemon *daemons[SCR_HTTP_DAEMONS_MAX];
    uint32_t count;
};

/** How many daemons a configuration means: 0 = one per core this process may use. */
uint32_t scr_daemons_count(uint32_t configured);

/**
 * Starts `count` daemons; their threads wait for connections.
 * errors  SCR_ERR_IO (logged by the library); then none is left running
 */
SCR_MUST_USE enum scr_err scr_daemons_start(struct scr_daemons *daemons,
                                            uint32_t count,
                                            uint32_t connections_max,
                                            struct scr_adapter *adapter,
                                            struct scr_library_log *log);

/** Hands a descriptor over; false = it could not be taken and is closed already. */
bool scr_daemons_give(struct scr_daemons *daemons,
                      uint32_t index,
                      int fd,
                      const struct sockaddr_storage *address);

/** Ends every connection and joins the threads. */
void scr_daemons_stop(struct scr_daemons *daemons);

#endif
