/*
 * api/clients.h - who takes how much: a token bucket and open places for each client address.
 * Why:    one greedy client must not use up what all share; off unless configured.
 * Flow:   acceptor: connect / disconnect. Service: ask at the start of a request, done at its end.
 * Memory: SCR_CLIENTS_MAX entries in a hash table made at boot, keyed with a random SipHash key so
 *         that nobody can choose colliding addresses. A full table forgets who has been idle the
 *         longest; entries with something open stay; if all have, a new client is not counted.
 * Limits: addresses are counted as scr_address_client sees them (IPv6 by /64). Addresses in
 *         `exempt` (loopback and trusted proxies) have no limits.
 * Thread: any; one lock, held for some hundred nanoseconds.
 */
#ifndef SCR_API_CLIENTS_H
#define SCR_API_CLIENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/address.h"
#include "core/base/error.h"

struct scr_clients;

struct scr_clients_config {
    double rate_per_s; /* tokens that come back per second; 0 = no rate limit */
    uint32_t burst;    /* tokens of a full bucket, at least 1 */
    uint32_t open_max; /* connections, and likewise responses, open at once; 0 = no limit */
    struct scr_network_list exempt;
};

/* What RateLimit fields say after a request. */
struct scr_rate_state {
    bool limited;         /* the client has a rate limit at all */
    uint32_t remaining;   /* requests that would pass now */
    uint32_t reset_s;     /* seconds until the bucket is full, rounded up */
    uint32_t retry_after; /* seconds until the next request can pass, at least 1; when refused */
};

/** Bytes that scr_clients_create takes at boot. */
uint64_t scr_clients_memory_bytes(void);

/** Makes the table. Boot only; needs scr_crypto_init. errors SCR_ERR_MEMORY */
SCR_MUST_USE enum scr_err scr_clients_create(const struct scr_clients_config *config,
                                             struct scr_clients **clients);

/** Frees it and nulls *clients. */
void scr_clients_destroy(struct scr_clients **clients);

/**
 * Counts one more connection of a client; disconnect must follow an SCR_OK.
 * in      clients  NULL: always SCR_OK
 * errors  SCR_ERR_CLIENT_PLACES
 */
SCR_MUST_USE enum scr_err scr_clients_connect(struct scr_clients *clients,
                                              const struct scr_address *address);
void scr_clients_disconnect(struct scr_clients *clients, const struct scr_address *address);

/**
 * Takes a token and a place for one request; done must follow an SCR_OK.
 * out     state   always written
 * errors  SCR_ERR_CLIENT_RATE (no token), SCR_ERR_CLIENT_PLACES (too many responses open; the
 *         token is kept)
 */
SCR_MUST_USE enum scr_err scr_clients_ask(struct scr_clients *clients,
                                          const struct scr_address *address,
                                          int64_t now_ns,
                                          struct scr_rate_state *state);
void scr_clients_done(struct scr_clients *clients, const struct scr_address *address);

/** The configuration, for RateLimit-Policy. Any thread. */
const struct scr_clients_config *scr_clients_config(const struct scr_clients *clients);

/** Seconds in which an empty bucket is full again, rounded up; 0 without a rate. Any thread. */
uint32_t scr_clients_refill_s(const struct scr_clients *clients);

#endif
