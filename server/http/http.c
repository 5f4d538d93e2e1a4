/*
 * server/http/http.c - the public HTTP side as a whole: made, wired, drained, taken apart.
 * Why:    see http.h; here stands only the order of life.
 * Memory: all parts in one block, and the three tables they allocate at boot.
 */
#include "server/http/http.h"

#include <poll.h>
#include <signal.h>

#include "core/base/assert.h"
#include "core/base/clock.h"
#include "core/base/limits.h"
#include "core/base/log.h"
#include "core/memory/boot.h"
#include "server/http/acceptor.h"
#include "server/http/adapter.h"
#include "server/http/body.h"
#include "server/http/connections.h"
#include "server/http/daemons.h"
#include "server/http/exchange.h"
#include "server/http/library.h"
#include "server/http/library_log.h"
#include "server/http/listener.h"
#include "server/http/watchdog.h"

#define DRAIN_STEP_MS 10
/* After the cut the daemons only have to notice: this is ample even for 16,384 connections. */
#define CUT_STEPS_MAX 200

struct scr_http {
    struct scr_service *service;
    struct scr_listener listener;
    struct scr_connection_table connections;
    struct scr_exchange_pool exchanges;
    struct scr_metrics_page metrics;
    struct scr_adapter adapter;
    struct scr_library_log library_log;
    struct scr_daemons daemons;
    struct scr_acceptor acceptor;
    struct scr_watchdog watchdog;
};

/* A connection has one request at a time; two per daemon bridge the moment of handing back. */
uint32_t scr_http_responses_max(const struct scr_http_config *config)
{
    return config->connections_max + 2 * scr_daemons_count(config->daemons);
}

/* Descriptors are the lowest free numbers, so one more than the highest there can be. */
static uint32_t files_max(const struct scr_http_config *config)
{
    return config->connections_max + config->files_beside + SCR_HTTP_FDS_OTHER;
}

uint64_t scr_http_memory_bytes(const struct scr_http_config *config)
{
    return sizeof(struct scr_http) + scr_connections_memory_bytes(files_max(config)) +
           scr_exchange_pool_memory_bytes(scr_http_responses_max(config)) +
           scr_metrics_page_memory_bytes();
}

static void wire(struct scr_http *http, const struct scr_http_config *config)
{
    /* Probes are never told that they come too often. */
    http->connections.clients = config->is_admin ? NULL : config->service->clients;
    scr_watchdog_init(&http->watchdog, &http->connections, config->stream_ns_max);
    http->adapter.connections = &http->connections;
    http->adapter.exchanges = &http->exchanges;
    http->adapter.metrics = &http->metrics;
    atomic_init(&http->adapter.draining, false);
    http->adapter.pools_are_zeroed = scr_http_library_zeroes_pools();
    atomic_init(&http->adapter.turns_used, 0);
    for (size_t i = 0; i < SCR_HTTP_DAEMONS_MAX; i++) {
        scr_kept_init(&http->adapter.kept[i]);
    }
    http->adapter.clock = http->service->clock;
    http->acceptor.listener = &http->listener;
    http->acceptor.connections = &http->connections;
    http->acceptor.daemons = &http->daemons;
    scr_library_log_init(&http->library_log, http->service->clock);
}

/* The steps of making, in order; unmake() undoes those that succeeded, the last one first. */
enum made {
    MADE_NOTHING,
    MADE_LISTENER,
    MADE_CONNECTIONS,
    MADE_EXCHANGES,
    MADE_METRICS
};

static void unmake(struct scr_http *http, enum made made)
{
    if (made >= MADE_METRICS) {
        scr_metrics_page_deinit(&http->metrics);
    }
    if (made >= MADE_EXCHANGES) {
        scr_exchange_pool_deinit(&http->exchanges);
    }
    if (made >= MADE_CONNECTIONS) {
        scr_connections_deinit(&http->connections);
    }
    if (made >= MADE_LISTENER) {
        scr_listener_close(&http->listener);
    }
    scr_boot_free(http);
}

static enum scr_err
make(struct scr_http *http, const struct scr_http_config *config, enum made *made)
{
    uint32_t daemons = scr_daemons_count(config->daemons);
    SCR_TRY(scr_listener_open(&http->listener, config->address, config->port, config->refused));
    *made = MADE_LISTENER;
    SCR_TRY(scr_connections_init(
        &http->connections, config->connections_max, files_max(config), daemons));
    *made = MADE_CONNECTIONS;
    SCR_TRY(scr_exchange_pool_init(
        &http->exchanges, scr_http_responses_max(config), config->service, config->is_admin));
    *made = MADE_EXCHANGES;
    SCR_TRY(scr_metrics_page_init(&http->metrics));
    *made = MADE_METRICS;
    wire(http, config);
    return scr_daemons_start(
        &http->daemons, daemons, config->connections_max, &http->adapter, &http->library_log);
}

enum scr_err scr_http_create(const struct scr_http_config *config, struct scr_http **http)
{
    SCR_ASSERT(config->service != NULL && config->service->clock != NULL);
    SCR_ASSERT(config->connections_max >= 1 && config->connections_max <= SCR_CONNECTIONS_MAX);
    /* A client that hangs up is an error of one write, not the end of the program. */
    (void)signal(SIGPIPE, SIG_IGN);
    void *memory = NULL;
    SCR_TRY(scr_boot_allocate(sizeof(struct scr_http), &memory));
    struct scr_http *new_http = memory;
    new_http->service = config->service;
    enum made made = MADE_NOTHING;
    enum scr_err err = make(new_http, config, &made);
    if (err != SCR_OK) {
        unmake(new_http, made);
        return err;
    }
    *http = new_http;
    return SCR_OK;
}

enum scr_err scr_http_start(struct scr_http *http)
{
    SCR_TRY(scr_watchdog_start(&http->watchdog));
    /* A failure here leaves the watchdog running; destroy stops it. */
    return scr_acceptor_start(&http->acceptor);
}

uint16_t scr_http_port(const struct scr_http *http)
{
    return http->listener.port;
}

uint32_t scr_http_connections(const struct scr_http *http)
{
    return scr_connections_count(&http->connections);
}

static void wait_step(void)
{
    (void)poll(NULL, 0, DRAIN_STEP_MS);
}

uint32_t scr_http_drain(struct scr_http *http, int64_t deadline_ns, const volatile bool *hurry)
{
    atomic_store(&http->adapter.draining, true);
    scr_acceptor_stop(&http->acceptor);
    scr_listener_close(&http->listener);
    for (;;) {
        if (scr_connections_count(&http->connections) == 0) {
            return 0;
        }
        if (scr_clock_now_ns(http->service->clock) >= deadline_ns || *hurry) {
            break;
        }
        scr_connections_end_idle(&http->connections);
        wait_step();
    }
    uint32_t cut_off = scr_connections_cut(&http->connections);
    for (int i = 0; i < CUT_STEPS_MAX && scr_connections_count(&http->connections) > 0; i++) {
        wait_step();
    }
    return cut_off;
}

void scr_http_destroy(struct scr_http **http)
{
    if (*http == NULL) {
        return;
    }
    scr_acceptor_stop(&(*http)->acceptor);
    scr_watchdog_stop(&(*http)->watchdog);
    scr_daemons_stop(&(*http)->daemons);
    for (size_t i = 0; i < SCR_HTTP_DAEMONS_MAX; i++) {
        scr_kept_deinit(&(*http)->adapter.kept[i]);
    }
    unmake(*http, MADE_METRICS);
    *http = NULL;
}
