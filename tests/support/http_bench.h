/*
 * tests/support/http_bench.h - the whole server side of HTTP on a free port of loopback.
 * Why:    tests of streams, limits and the stop want the real service behind real sockets.
 * Flow:   init boots, seals and starts; deinit drains what is idle, takes all apart, and fails the
 *         test when a slot, a reader or a byte is left.
 */
#ifndef SCR_TESTS_SUPPORT_HTTP_BENCH_H
#define SCR_TESTS_SUPPORT_HTTP_BENCH_H

#include <stdbool.h>
#include <stdint.h>

#include "api/clients.h"
#include "api/service.h"
#include "core/job/arena.h"
#include "core/job/finisher.h"
#include "core/job/pcm_stream.h"
#include "server/http/http.h"

struct http_bench {
    struct scr_service *service;
    struct scr_arena *arena;
    struct scr_pcm_pool *pcm;
    struct scr_finisher *finisher;
    struct scr_http *http;
    uint16_t port;
};

struct http_bench_config {
    uint32_t connections_max;
    uint64_t arena_bytes;
    uint32_t daemons;
    const struct scr_clients_config *clients; /* NULL: no limits per client */
    int64_t stream_ns_max;                    /* 0: no limit */
};

/** Starts it with two daemons. */
void http_bench_init(struct http_bench *bench, uint32_t connections_max, uint64_t arena_bytes);

/** Starts it with as many daemons as said. */
void http_bench_init_with(struct http_bench *bench,
                          uint32_t connections_max,
                          uint64_t arena_bytes,
                          uint32_t daemons);

/** Starts it with all there is to say. */
void http_bench_init_as(struct http_bench *bench, const struct http_bench_config *config);

/** Takes it apart; everything must have ended or be idle. */
void http_bench_deinit(struct http_bench *bench);

/** Waits until no connection, no reader and no stream is open. */
void http_bench_settle(struct http_bench *bench);

/** Drains with this much time; returns how many responses were cut off. */
uint32_t http_bench_drain(struct http_bench *bench, int64_t time_ns, const volatile bool *hurry);

#endif
