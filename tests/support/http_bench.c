/*
 * tests/support/http_bench.c - the whole server side of HTTP on a free port of loopback.
 * Why:    see http_bench.h.
 */
#include "tests/support/http_bench.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/limits.h"
#include "core/base/stats.h"
#include "core/crypto/blake2b.h"
#include "core/memory/boot.h"

/* A test that hangs fails by this; none is expected to come near it. */
#define SETTLE_STEPS 6000
#define SETTLE_STEP_MS 10

void http_bench_init(struct http_bench *bench, uint32_t connections_max, uint64_t arena_bytes)
{
    http_bench_init_with(bench, connections_max, arena_bytes, 2);
}

void http_bench_init_with(struct http_bench *bench,
                          uint32_t connections_max,
                          uint64_t arena_bytes,
                          uint32_t daemons)
{
    const struct http_bench_config config = {
        .connections_max = connections_max, .arena_bytes = arena_bytes, .daemons = daemons};
    http_bench_init_as(bench, &config);
}

static void make_service(struct http_bench *bench, const struct http_bench_config *config)
{
    struct scr_service *service = calloc(1, sizeof *service);
    assert_non_null(service);
    bench->service = service;
    service->arena = bench->arena;
    service->pcm = bench->pcm;
    service->clock = scr_clock_monotonic();
    service->bounds.duration_ns_max = SCR_DURATION_MAX_NS;
    service->bounds.volume_max = 1.0;
    service->build = (struct scr_build){.version = "0.0.0",
                                        .commit = "test",
                                        .built = "2000-01-01",
                                        .compiler = "test",
                                        .isa = "scalar",
                                        .opus = "test",
                                        .ogg = "test",
                                        .sodium = "test",
                                        .microhttpd = "test"};
    atomic_init(&service->ready, true);
    atomic_init(&service->draining, false);
    if (config->clients != NULL) {
        assert_int_equal(scr_clients_create(config->clients, &service->clients), SCR_OK);
    }
    assert_int_equal(scr_service_init(service), SCR_OK);
}

void http_bench_init_as(struct http_bench *bench, const struct http_bench_config *config)
{
    scr_boot_enter(SCR_BOOT_OPEN);
    scr_stats_reset();
    assert_int_equal(scr_crypto_init(), SCR_OK);
    const struct scr_clock *clock = scr_clock_monotonic();
    const struct scr_arena_config arena_config = {
        .arena_bytes = config->arena_bytes, .readers_max = config->connections_max, .clock = clock};
    assert_int_equal(scr_arena_create(&arena_config, &bench->arena), SCR_OK);
    assert_int_equal(scr_pcm_pool_create(config->connections_max, clock, &bench->pcm), SCR_OK);
    assert_int_equal(scr_finisher_start(bench->arena, &bench->finisher), SCR_OK);
    make_service(bench, config);

    const struct scr_http_config http_config = {.service = bench->service,
                                                .address = "127.0.0.1",
                                                .connections_max = config->connections_max,
                                                .daemons = config->daemons,
                                                .stream_ns_max = config->stream_ns_max};
    assert_int_equal(scr_http_create(&http_config, &bench->http), SCR_OK);
    scr_boot_enter(SCR_BOOT_SEALED);
    assert_int_equal(scr_http_start(bench->http), SCR_OK);
    bench->port = scr_http_port(bench->http);
}

static bool is_settled(struct http_bench *bench)
{
    return scr_http_connections(bench->http) == 0 && scr_arena_usage(bench->arena).readers == 0 &&
           scr_pcm_pool_used(bench->pcm) == 0;
}

void http_bench_settle(struct http_bench *bench)
{
    for (int i = 0; i < SETTLE_STEPS && !is_settled(bench); i++) {
        (void)poll(NULL, 0, SETTLE_STEP_MS);
    }
    assert_int_equal(scr_http_connections(bench->http), 0);
    assert_int_equal(scr_arena_usage(bench->arena).readers, 0);
    assert_int_equal(scr_pcm_pool_used(bench->pcm), 0);
    assert_int_equal(scr_stats_read(SCR_STAT_HTTP_IN_FLIGHT, 0), 0);
    assert_int_equal(scr_stats_read(SCR_STAT_HTTP_CONNECTIONS, 0), 0);
}

uint32_t http_bench_drain(struct http_bench *bench, int64_t time_ns, const volatile bool *hurry)
{
    static const volatile bool no_hurry = false;
    int64_t deadline_ns = scr_clock_now_ns(bench->service->clock) + time_ns;
    return scr_http_drain(bench->http, deadline_ns, hurry == NULL ? &no_hurry : hurry);
}

void http_bench_deinit(struct http_bench *bench)
{
    assert_int_equal(http_bench_drain(bench, INT64_C(60000000000), NULL), 0);
    http_bench_settle(bench);
    scr_boot_enter(SCR_BOOT_TEARDOWN);
    scr_http_destroy(&bench->http);
    scr_finisher_stop(&bench->finisher);
    scr_pcm_pool_destroy(&bench->pcm);
    scr_arena_destroy(&bench->arena);
    if (bench->service->clients != NULL) {
        scr_clients_destroy(&bench->service->clients);
    }
    free(bench->service);
    assert_int_equal(scr_boot_bytes(), 0);
}
