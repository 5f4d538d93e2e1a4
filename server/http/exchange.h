/*
 * server/http/exchange.h - one request and its response, in a slot made at boot.
 * Why:    two parties let go of a response independently: the connection ("request completed") and
 *         the library's body object ("free callback"); the slot returns when both have.
 * States: acquired at the request line -> answered by the handler -> completed and body let go, in
 *         either order -> response closed, slot free. A request that never becomes whole is
 *         completed without an answer.
 * Memory: connections_max slots plus a few; a connection has at most one request at a time, so an
 *         empty pool cannot be met in ordinary life, and is refused if it is.
 * Thread: a slot belongs to the daemon thread of its connection; the pool's lock guards the list.
 */
#ifndef SCR_SERVER_HTTP_EXCHANGE_H
#define SCR_SERVER_HTTP_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "api/request.h"
#include "api/response.h"
#include "api/service.h"
#include "core/base/error.h"
#include "core/base/limits.h"
#include "core/base/lock.h"
#include "server/http/connections.h"
#include "server/http/turn.h"

struct scr_exchange_pool;
struct scr_kept_answer;

struct scr_exchange {
    struct scr_exchange *next_free;
    struct scr_exchange_pool *pool;
    struct scr_connection *connection;
    struct scr_turn_place place;  /* among the streams of its daemon */
    struct scr_kept_answer *kept; /* what the library sends, until it is completed; or NULL */
    bool acquired;
    bool asked;     /* the handler was called for the head; the next call may be answered */
    bool answered;  /* the response is filled and must be closed */
    bool body_held; /* the library may still ask the response for bytes */
    bool streams;   /* and those are pulled: it takes its turns */
    bool completed; /* the library has finished with the request */
    bool first_byte_noted;
    bool corked;           /* the socket, while the body is far ahead of its listener */
    bool expects;          /* the client waits for a 100, which the library would send */
    bool may_stay;         /* its head allows the connection to be kept */
    uint64_t raw_bytes;    /* of its head as it came, plain and whole (raw_head.h); 0: it was not */
    uint64_t pulled_bytes; /* given to the library by the reader */
    uint64_t granted_bytes; /* given as views: sent only if the response ends whole */
    char method[SCR_METHOD_BYTES_MAX + 1];
    char target[SCR_URI_BYTES_MAX + 1];
    struct scr_request request;
    struct scr_response response;
};

struct scr_exchange_pool {
    struct scr_lock lock;
    struct scr_service *service;
    struct scr_exchange *slots;
    struct scr_exchange *free;
    uint32_t count;
    uint32_t used;
    bool is_admin; /* of all its requests */
};

/** Bytes that scr_exchange_pool_init takes at boot. */
uint64_t scr_exchange_pool_memory_bytes(uint32_t count);

/** Makes `count` free slots. Boot only. errors SCR_ERR_MEMORY */
SCR_MUST_USE enum scr_err scr_exchange_pool_init(struct scr_exchange_pool *pool,
                                                 uint32_t count,
                                                 struct scr_service *service,
                                                 bool is_admin);

/** Frees the slots; all must be released. */
void scr_exchange_pool_deinit(struct scr_exchange_pool *pool);

/** Slots in use. Any thread. */
uint32_t scr_exchange_pool_used(struct scr_exchange_pool *pool);

/**
 * Takes a slot and starts its request: time, address, target.
 * in      target      raw, or NULL when the request line had none; cut when too long (and marked)
 * returns NULL when no slot is free
 * thread  the connection's daemon; alloc none
 */
struct scr_exchange *scr_exchange_acquire(struct scr_exchange_pool *pool,
                                          struct scr_connection *connection,
                                          const char *target);

/** Sets the method; what is longer than any we know is cut. */
void scr_exchange_set_method(struct scr_exchange *exchange, const char *method);

/** Sets the request id: the client's when it is well formed and stands once, else a new one. */
void scr_exchange_set_request_id(struct scr_exchange *exchange);

/** Lets the service answer; the request is complete. */
void scr_exchange_answer(struct scr_exchange *exchange);

/** The first byte of the body leaves: noted once, for audio. */
void scr_exchange_note_first_byte(struct scr_exchange *exchange);

/**
 * The library has finished with the request; reports it. The slot may be free afterwards.
 * in      whole  everything was sent
 */
void scr_exchange_complete(struct scr_exchange *exchange, bool whole);

/** The library has let go of the body. The slot may be free afterwards. */
void scr_exchange_let_go(struct scr_exchange *exchange);

#endif
