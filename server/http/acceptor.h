/*
 * server/http/acceptor.h - the thread that takes connections and hands them to daemons.
 * Why:    libmicrohttpd would spin without descriptors and hang clients at its limit; here the
 *         limits answer 503 and 429, and so does a shortage.
 * Flow:   accept -> table entry (picks the daemon) -> MHD_add_connection; no place -> refusal.
 *         No descriptor -> the spare one is closed, the client taken on its number, refused and
 *         closed, and the spare opened again. When even that fails, or the kernel has no memory:
 *         a pause.
 * Limits: SCR_HTTP_ACCEPT_BURST connections between two looks at anything else; one client at a
 *         time on the spare descriptor.
 * Thread: one of its own; start and stop on main.
 */
#ifndef SCR_SERVER_HTTP_ACCEPTOR_H
#define SCR_SERVER_HTTP_ACCEPTOR_H

#include <stdint.h>

#include "core/base/error.h"
#include "server/http/connections.h"
#include "server/http/daemons.h"
#include "server/http/listener.h"
#include "server/http/refusal.h"
#include "server/http/refusal_log.h"
#include "server/http/worker.h"

struct scr_acceptor {
    struct scr_listener *listener;
    struct scr_connection_table *connections;
    struct scr_daemons *daemons;
    struct scr_refusals refusals;
    struct scr_worker worker;
    int spare_fd;            /* kept for the day there is none; -1 = could not be had back yet */
    int64_t paused_until_ns; /* nothing is accepted before; 0 = not paused */
    int64_t complained_ns;   /* last log line about a failing accept */
    struct scr_refusal_log refused;
};

/** Starts the thread. The fields above `refusals` are set. errors SCR_ERR_IO */
SCR_MUST_USE enum scr_err scr_acceptor_start(struct scr_acceptor *acceptor);

/** Takes what waits already, then stops and joins. Stopping twice is allowed. */
void scr_acceptor_stop(struct scr_acceptor *acceptor);

#endif
