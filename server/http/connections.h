/*
 * server/http/connections.h - the table of open client connections.
 * Why:    libmicrohttpd closes a descriptor when it likes; whoever wants to shut one down from
 *         another thread must know, under a lock, that the number still means that connection.
 * Flow:   acceptor enters -> daemon starts -> requests begin and end -> daemon leaves, then closes.
 * Memory: one entry per possible descriptor, made at boot. The index is the descriptor: the system
 *         hands out the lowest free number, so connections_max + SCR_HTTP_FDS_OTHER are enough.
 * Limits: connections_max entries at once; the one beyond is refused by the acceptor.
 * Thread: any; the table's lock guards everything. Descriptors here are never closed by us, only
 *         shut down; an entry leaves before its descriptor is closed.
 */
#ifndef SCR_SERVER_HTTP_CONNECTIONS_H
#define SCR_SERVER_HTTP_CONNECTIONS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/limits.h"
#include "core/base/lock.h"

/* Longest text of an address: IPv6 with zone; equals struct scr_request's field. */
#define SCR_REMOTE_CHARS 64

enum scr_connection_state {
    SCR_CONNECTION_ABSENT,
    SCR_CONNECTION_HANDED, /* given to a daemon that has not looked at it yet: not to be touched */
    SCR_CONNECTION_OPEN
};

struct scr_exchange;

struct scr_connection {
    int fd;
    uint32_t daemon;
    enum scr_connection_state state;
    bool in_request;               /* from the request line to the last byte of the response */
    struct scr_exchange *exchange; /* the request's; read and set by the daemon's thread alone */
    char remote[SCR_REMOTE_CHARS];
};

struct scr_connection_table {
    struct scr_lock lock;
    struct scr_connection *entries;
    uint32_t capacity;
    uint32_t count_max;
    uint32_t daemons;
    _Atomic uint32_t count;              /* changed under the lock, read by anyone */
    uint32_t load[SCR_HTTP_DAEMONS_MAX]; /* open connections per daemon */
};

/** Bytes that scr_connections_init takes at boot. */
uint64_t scr_connections_memory_bytes(uint32_t connections_max);

/** An empty table. Boot only. errors SCR_ERR_MEMORY */
SCR_MUST_USE enum scr_err scr_connections_init(struct scr_connection_table *table,
                                               uint32_t connections_max,
                                               uint32_t daemons);

/** Frees the entries; nobody may use the table any more. */
void scr_connections_deinit(struct scr_connection_table *table);

/**
 * Enters a descriptor and picks the daemon with the fewest connections for it.
 * in      remote   address as text
 * out     daemon   index; untouched on error
 * errors  SCR_ERR_TOO_MANY_CONNECTIONS
 * thread  acceptor
 */
SCR_MUST_USE enum scr_err scr_connections_enter(struct scr_connection_table *table,
                                                int fd,
                                                const char *remote,
                                                uint32_t *daemon);

/** The daemon looks after it now: from here it may be shut down. Daemon's thread. */
struct scr_connection *scr_connections_start(struct scr_connection_table *table, int fd);

/** The entry goes; its descriptor is not ours any more. Daemon's thread, or who entered it. */
void scr_connections_leave(struct scr_connection_table *table, int fd);

/** A request begins or ends on it. Daemon's thread. */
void scr_connections_set_in_request(struct scr_connection_table *table,
                                    struct scr_connection *connection,
                                    bool in_request);

/** How many are open. Any thread. */
uint32_t scr_connections_count(const struct scr_connection_table *table);

/**
 * Asks every connection without a request to end: what was received already is still answered,
 * then the daemon sees the end of the input and closes. Harmless when repeated. Any thread.
 */
void scr_connections_end_idle(struct scr_connection_table *table);

/** Shuts every connection down in both directions; returns how many were in a request. */
uint32_t scr_connections_cut(struct scr_connection_table *table);

#endif
