/*
 * server/http/watchdog.h - absolute deadlines for every connection, and who is cut off.
 * Why:    the HTTP library knows one time-out, counted from the last byte: one byte every few
 *         seconds holds a connection for ever, and a client that sent half a head and went is not
 *         noticed at all.
 * Flow:   every SCR_WATCH_PERIOD_MS one round over the table -> the kernel is asked where it must
 *         be -> who is too late is shut down in both directions; its daemon notices and closes.
 * Rules:  who may take n ticks is cut when at least n whole periods are over, and at most n + 1:
 *           head       SCR_HTTP_HEAD_S from acceptance, or from the first byte of the next request
 *           half_dead  a head that cannot become whole: the client's end has come, all is read
 *           idle       SCR_HTTP_IDLE_S kept without a byte
 *           body       SCR_HTTP_BODY_S from the head to the answer
 *           stream     the longest time for one response
 *           slow       something waits to be taken at every look, and less than
 *                      SCR_HTTP_SLOW_BYTES were acknowledged in scr_watchdog_slow_s
 * Time:   a round is the unit and no clock is read: a process that was stopped, or had no core,
 *         counts few rounds, and none of its clients is late for it.
 * Limits: SCR_WATCH_SLICE entries per hold of the table's lock.
 * Thread: one of its own; start and stop on main. A tick may be called by whoever has no thread
 *         running: tests do.
 */
#ifndef SCR_SERVER_HTTP_WATCHDOG_H
#define SCR_SERVER_HTTP_WATCHDOG_H

#include <stdint.h>

#include "core/base/error.h"
#include "server/http/connections.h"
#include "server/http/worker.h"

struct scr_watchdog {
    struct scr_connection_table *connections;
    uint32_t stream_ticks_max; /* for one response; 0 = no limit */
    struct scr_worker worker;
};

/** Sets it up for a table; nothing runs yet. in stream_ns_max rounded up to ticks; 0 = no limit */
void scr_watchdog_init(struct scr_watchdog *watchdog,
                       struct scr_connection_table *connections,
                       int64_t stream_ns_max);

/**
 * How long the reader of a response may take next to nothing.
 * in      bytes_per_s  of someone who listens while it comes; 0 = nothing to listen to
 * returns seconds, SCR_HTTP_SLOW_S..SCR_HTTP_SLOW_MAX_S, a multiple of the time between two looks
 * thread  any; alloc none
 */
uint32_t scr_watchdog_slow_s(uint64_t bytes_per_s);

/** One round over all connections. alloc none */
void scr_watchdog_tick(struct scr_watchdog *watchdog);

/** Starts the thread. errors SCR_ERR_IO */
SCR_MUST_USE enum scr_err scr_watchdog_start(struct scr_watchdog *watchdog);

/** Stops and joins. Stopping twice, or what never ran, is allowed. */
void scr_watchdog_stop(struct scr_watchdog *watchdog);

#endif
