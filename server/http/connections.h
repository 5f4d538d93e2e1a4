/*
 * server/http/connections.h - the table of open client connections.
 * Why:    libmicrohttpd closes a descriptor when it likes; whoever wants to shut one down from
 *         another thread must know, under a lock, that the number still means that connection.
 * Flow:   acceptor enters -> daemon starts -> phases of requests -> daemon leaves, then closes.
 *         Meanwhile the watchdog (watchdog.h) reads the phases and cuts who takes too long.
 * Phases: HEAD ---> BODY ---> RESPONSE ---> IDLE (kept) ---> BODY ...   The line of the next
 *         request does not end IDLE, its whole head does: when it began is the watchdog's to see.
 * Memory: one entry per possible descriptor, made at boot. The index is the descriptor: the system
 *         hands out the lowest free number, so as many as may be open in the process are enough.
 * Limits: connections_max entries at once; the one beyond is refused by the acceptor. So is who has
 *         as many open as one client may (api/clients.h); an entry holds its client's place.
 * Thread: any; the table's lock guards everything but what a request changes: its phase is one
 *         atomic word, written by the daemon's thread alone, so that a request takes no lock.
 *         Descriptors here are never closed by us, only shut down; an entry leaves before its
 *         descriptor is closed.
 */
#ifndef SCR_SERVER_HTTP_CONNECTIONS_H
#define SCR_SERVER_HTTP_CONNECTIONS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "api/clients.h"
#include "core/base/address.h"
#include "core/base/error.h"
#include "core/base/limits.h"
#include "core/base/lock.h"
#include "server/http/turn.h"

/* Longest text of an address; equals struct scr_request's field. */
#define SCR_REMOTE_CHARS 64

enum scr_connection_state {
    SCR_CONNECTION_ABSENT,
    SCR_CONNECTION_HANDED, /* given to a daemon that has not looked at it yet: not to be touched */
    SCR_CONNECTION_OPEN
};

enum scr_phase {
    SCR_PHASE_HEAD,    /* fresh: its first head is not whole yet */
    SCR_PHASE_IDLE,    /* kept after a response; perhaps the next head has begun */
    SCR_PHASE_BODY,    /* the head is whole, the answer is not made yet */
    SCR_PHASE_RESPONSE /* until the library has handed the last byte to the kernel */
};

/* One word of a connection, taken apart. */
struct scr_phase_view {
    enum scr_phase phase;
    bool in_request;     /* from the request line to the last byte of the response */
    uint32_t since_tick; /* the watchdog's round in which the phase began */
    uint64_t id;         /* differs from that of every other phase of the connection */
};

/* What the watchdog has noted about a connection; its own, under the table's lock. */
struct scr_watch {
    uint64_t phase_id;    /* of which the notes are; another one makes them void */
    uint32_t mark_tick;   /* IDLE: the first byte was seen; RESPONSE: mark_acked was true */
    uint64_t mark_acked;  /* bytes the client had acknowledged then */
    bool is_marked;       /* the two above are set */
    bool looks_half_dead; /* in the round before */
    bool is_cut;          /* nothing more to do until it leaves */
};

struct scr_exchange;

struct scr_connection {
    int fd;
    uint32_t daemon;
    uint32_t accepted_tick; /* the watchdog's round */
    enum scr_connection_state state;
    struct scr_turn_member member; /* the daemon thread's */
    struct scr_exchange *exchange; /* the request's; read and set by the daemon's thread alone */
    const char *buffer;            /* where its heads begin, once one was; likewise */
    _Atomic uint64_t word;         /* phase, request, round: see scr_connections_view */
    _Atomic uint64_t head_bytes;   /* of all whole heads so far; written by the daemon's thread */
    _Atomic uint32_t slow_s;    /* how long the reader of its response may take next to nothing */
    const char *_Atomic cut_by; /* why we cut it off, a literal; NULL: we did not */
    struct scr_watch watch;
    struct scr_address peer;
    char remote[SCR_REMOTE_CHARS]; /* the same as text, for every log line of it */
};

struct scr_connection_table {
    struct scr_lock lock;
    struct scr_connection *entries;
    struct scr_clients *clients; /* NULL: no limits per client */
    uint32_t capacity;
    uint32_t count_max;
    uint32_t daemons;
    _Atomic uint32_t count;              /* changed under the lock, read by anyone */
    _Atomic uint32_t tick;               /* the watchdog's round; only it counts on */
    uint32_t load[SCR_HTTP_DAEMONS_MAX]; /* open connections per daemon */
};

/** Bytes that scr_connections_init takes at boot. */
uint64_t scr_connections_memory_bytes(uint32_t files_max);

/**
 * An empty table without limits per client; who wants them sets `clients`. Boot only.
 * in      files_max  one more than the highest descriptor there can be in the process
 * errors  SCR_ERR_MEMORY
 */
SCR_MUST_USE enum scr_err scr_connections_init(struct scr_connection_table *table,
                                               uint32_t connections_max,
                                               uint32_t files_max,
                                               uint32_t daemons);

/** Frees the entries; nobody may use the table any more. */
void scr_connections_deinit(struct scr_connection_table *table);

/**
 * Enters a descriptor and picks the daemon with the fewest connections for it.
 * out     daemon   index; untouched on error
 * errors  SCR_ERR_CLIENT_PLACES (this client has enough), SCR_ERR_TOO_MANY_CONNECTIONS
 * thread  acceptor
 */
SCR_MUST_USE enum scr_err scr_connections_enter(struct scr_connection_table *table,
                                                int fd,
                                                const struct scr_address *peer,
                                                uint32_t *daemon);

/** The daemon looks after it now: from here it may be shut down. Daemon's thread. */
struct scr_connection *scr_connections_start(struct scr_connection_table *table, int fd);

/** The entry goes; its descriptor is not ours any more. Daemon's thread, or who entered it. */
void scr_connections_leave(struct scr_connection_table *table, int fd);

/** The line of a request was read; the phase stays. Daemon's thread; takes no lock. */
void scr_connections_begin_request(struct scr_connection *connection);

/** The head of its request is whole and had this many bytes. Daemon's thread; takes no lock. */
void scr_connections_begin_body(const struct scr_connection_table *table,
                                struct scr_connection *connection,
                                uint64_t head_bytes);

/**
 * The answer is made.
 * in      slow_s  seconds in which its reader may take next to nothing (watchdog.h)
 * thread  daemon's; takes no lock
 */
void scr_connections_begin_response(const struct scr_connection_table *table,
                                    struct scr_connection *connection,
                                    uint32_t slow_s);

/** The library has finished with the request. Daemon's thread; takes no lock. */
void scr_connections_end_request(const struct scr_connection_table *table,
                                 struct scr_connection *connection);

/** Takes a connection's word apart. Any thread that may look at the entry. */
struct scr_phase_view scr_connections_view(uint64_t word);

/** How many are open. Any thread. */
uint32_t scr_connections_count(const struct scr_connection_table *table);

/**
 * Asks every connection without a request to end: what was received already is still answered,
 * then the daemon sees the end of the input and closes. Harmless when repeated. Any thread.
 */
void scr_connections_end_idle(struct scr_connection_table *table);

/**
 * Ends an open connection in both directions: its daemon sees the end at once, and closes. An
 * answer that is on its way is broken off by a reset, which drops what the kernel still has of it:
 * a clean end would pass for a whole answer where no length was promised. Under the table's lock.
 */
void scr_connections_break(const struct scr_connection *connection, enum scr_phase phase);

/** Breaks every connection; returns how many were in a request. */
uint32_t scr_connections_cut(struct scr_connection_table *table);

#endif
