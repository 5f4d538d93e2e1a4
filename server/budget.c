/*
 * server/budget.c - the sum of everything that is allocated, and the checks.
 * Why:    see budget.h. Rooms name their own sizes; what libmicrohttpd and the kernel take for us
 *         is bounded by what we configure them to.
 * Sockets: their buffers are the kernel's and come and go with clients that stall, so they are a
 *         sum of their own, told beside the total. A container (cgroup version 2) is charged for
 *         both and kills what exceeds it: there both must fit.
 */
#include "server/budget.h"

#include "api/plan_table.h"
#include "core/base/assert.h"
#include "core/base/clock.h"
#include "core/base/limits.h"
#include "core/base/log.h"
#include "core/job/pcm_stream.h"
#include "server/config_value.h"
#include "server/http/library.h"
#include "server/log_sink.h"

/* The finisher and the log writer; the HTTP side counts its own. */
#define OWN_THREADS UINT64_C(2)

#define STREAM_EXTRA_NS (SCR_HTTP_STREAM_EXTRA_S * INT64_C(1000000000))

struct scr_arena_config scr_arena_settings(const struct scr_config *config)
{
    struct scr_http_config http = scr_http_settings(config, NULL);
    return (struct scr_arena_config){
        .arena_bytes = (uint64_t)scr_config_integer(config, SCR_SETTING_ARENA_BYTES),
        .readers_max = scr_http_responses_max(&http),
        .clock = scr_clock_monotonic()};
}

struct scr_http_config scr_http_settings(const struct scr_config *config,
                                         struct scr_service *service)
{
    int64_t duration_ns = scr_config_integer(config, SCR_SETTING_MAX_DURATION);
    return (struct scr_http_config){
        .service = service,
        .address = scr_config_text(config, SCR_SETTING_HTTP_ADDR),
        .port = (uint16_t)scr_config_integer(config, SCR_SETTING_HTTP_PORT),
        .connections_max = (uint32_t)scr_config_integer(config, SCR_SETTING_MAX_CONNECTIONS),
        .files_beside = scr_has_admin(config) ? SCR_ADMIN_CONNECTIONS : 0,
        .stream_ns_max = duration_ns + duration_ns / 2 + STREAM_EXTRA_NS};
}

bool scr_has_admin(const struct scr_config *config)
{
    return scr_config_value(config, SCR_SETTING_ADMIN_PORT)->is_set;
}

struct scr_http_config scr_admin_settings(const struct scr_config *config,
                                          struct scr_service *service)
{
    SCR_ASSERT(scr_has_admin(config));
    return (struct scr_http_config){
        .service = service,
        .address = scr_config_text(config, SCR_SETTING_HTTP_ADDR),
        .port = (uint16_t)scr_config_integer(config, SCR_SETTING_ADMIN_PORT),
        .connections_max = SCR_ADMIN_CONNECTIONS,
        .daemons = 1,
        .is_admin = true,
        .files_beside = (uint32_t)scr_config_integer(config, SCR_SETTING_MAX_CONNECTIONS),
        .stream_ns_max = STREAM_EXTRA_NS};
}

bool scr_has_client_limits(const struct scr_config *config)
{
    return scr_config_real(config, SCR_SETTING_RATE) > 0.0 ||
           scr_config_integer(config, SCR_SETTING_MAX_PER_ADDRESS) > 0;
}

struct scr_clients_config scr_clients_settings(const struct scr_config *config)
{
    struct scr_clients_config clients = {
        .rate_per_s = scr_config_real(config, SCR_SETTING_RATE),
        .burst = (uint32_t)scr_config_integer(config, SCR_SETTING_RATE_BURST),
        .open_max = (uint32_t)scr_config_integer(config, SCR_SETTING_MAX_PER_ADDRESS)};
    /* The configuration has judged the list, and left room for these two. */
    enum scr_err err = scr_network_list_parse("127.0.0.0/8, ::1", &clients.exempt);
    SCR_ASSERT(err == SCR_OK && clients.exempt.count == SCR_NETWORKS_MAX - SCR_TRUSTED_PROXIES_MAX);
    err = scr_network_list_parse(scr_config_text(config, SCR_SETTING_TRUSTED_PROXIES),
                                 &clients.exempt);
    SCR_ASSERT(err == SCR_OK);
    return clients;
}

static void add(struct scr_budget *budget, const char *name, uint64_t bytes)
{
    SCR_ASSERT(budget->count < SCR_BUDGET_TERMS_MAX);
    budget->terms[budget->count] = (struct scr_budget_term){name, bytes};
    budget->count += 1;
    budget->total += bytes;
}

/* What both sides take; the admin one renders nothing, so it has no part in arena and streams. */
static void add_sides(const struct scr_config *config, struct scr_budget *budget)
{
    struct scr_http_config sides[2] = {scr_http_settings(config, NULL)};
    size_t count = 1;
    uint64_t exchanges = 0;
    uint64_t pools = 0;
    uint64_t stacks = OWN_THREADS * (uint64_t)SCR_HTTP_STACK_BYTES;
    if (scr_has_admin(config)) {
        sides[count++] = scr_admin_settings(config, NULL);
    }
    for (size_t i = 0; i < count; i += 1) {
        exchanges += scr_http_memory_bytes(&sides[i]);
        pools += scr_http_library_memory_bytes(&sides[i]);
        stacks += scr_http_stack_bytes(&sides[i]);
        budget->socket_buffers += scr_http_kernel_bytes(&sides[i]);
    }
    add(budget, "exchanges", exchanges);
    add(budget, "library_pools", pools);
    add(budget, "stacks", stacks);
}

void scr_budget_of(const struct scr_config *config, struct scr_budget *budget)
{
    struct scr_arena_config arena = scr_arena_settings(config);
    struct scr_process_usage usage = {0};
    uint64_t extents = arena.arena_bytes / SCR_EXTENT_BYTES * SCR_EXTENT_BYTES;
    uint64_t arena_total = scr_arena_memory_bytes(&arena);
    SCR_ASSERT(arena_total > extents);
    *budget = (struct scr_budget){0};
    add(budget, "extents", extents);
    add(budget, "render_states", arena_total - extents);
    add(budget, "pcm_states", scr_pcm_pool_memory_bytes(arena.readers_max));
    add_sides(config, budget);
    if (scr_has_client_limits(config)) {
        add(budget, "clients", scr_clients_memory_bytes());
    }
    add(budget, "plans", scr_plan_table_memory_bytes());
    add(budget, "documents", sizeof(struct scr_service));
    add(budget, "log_ring", scr_log_sink_memory_bytes());
    scr_process_usage(&usage);
    add(budget, "program", usage.resident_bytes);
}

/* "64.5MiB": for people, not for arithmetic. */
static void put_mib(struct scr_text *text, uint64_t bytes)
{
    uint64_t tenths = (bytes * 10 + (1 << 20) - 1) >> 20;
    scr_text_put_u64(text, tenths / 10);
    scr_text_put_char(text, '.');
    scr_text_put_u64(text, tenths % 10);
    scr_text_put(text, "MiB");
}

static void log_brief(const struct scr_budget *budget)
{
    char total_chars[32];
    char buffer_chars[32];
    struct scr_text total;
    struct scr_text buffers;
    scr_text_init(&total, total_chars, sizeof total_chars);
    put_mib(&total, budget->total);
    scr_text_init(&buffers, buffer_chars, sizeof buffer_chars);
    put_mib(&buffers, budget->socket_buffers);
    SCR_LOG_EVENT(INFO,
                  "memory",
                  scr_log_text("total", scr_text_view(&total)),
                  scr_log_text("socket_buffers", scr_text_view(&buffers)));
}

void scr_budget_log(const struct scr_budget *budget, bool brief)
{
    struct scr_log_field fields[SCR_BUDGET_TERMS_MAX + 2];
    static_assert(SCR_BUDGET_TERMS_MAX + 2 <= SCR_LOG_FIELDS_MAX, "one event holds all");
    fields[0] = scr_log_u64("total_bytes", budget->total);
    for (size_t i = 0; i < budget->count; i += 1) {
        fields[i + 1] = scr_log_u64(budget->terms[i].name, budget->terms[i].bytes);
    }
    fields[budget->count + 1] = scr_log_u64("socket_buffers", budget->socket_buffers);
    if (brief) {
        log_brief(budget);
    }
    scr_log(brief ? SCR_LOG_DEBUG : SCR_LOG_INFO, "memory", fields, budget->count + 2);
}

/* "this configuration needs 69.0MiB of memory (extents 32.0MiB, ...)" */
static void put_needs(struct scr_text *sentence, const struct scr_budget *budget)
{
    scr_text_put(sentence, "this configuration needs ");
    put_mib(sentence, budget->total);
    scr_text_put(sentence, " of memory (");
    for (size_t i = 0; i < budget->count; i += 1) {
        scr_text_put(sentence, i > 0 ? ", " : "");
        scr_text_put(sentence, budget->terms[i].name);
        scr_text_put(sentence, " ");
        put_mib(sentence, budget->terms[i].bytes);
    }
    scr_text_put(sentence, ")");
}

enum scr_err scr_budget_check_memory(const struct scr_budget *budget,
                                     const struct scr_memory_room *room,
                                     struct scr_text *sentence)
{
    bool fits = budget->total <= room->bytes;
    if (fits && budget->total + budget->socket_buffers <= room->group_bytes) {
        return SCR_OK;
    }
    put_needs(sentence, budget);
    if (fits) {
        scr_text_put(sentence, ", and stalled clients up to ");
        put_mib(sentence, budget->socket_buffers);
        scr_text_put(sentence, " more in buffers of the kernel that count too");
    }
    scr_text_put(sentence, ", but ");
    scr_text_put(sentence, fits ? "this container (cgroup)" : room->who);
    scr_text_put(sentence, " has only ");
    put_mib(sentence, fits ? room->group_bytes : room->bytes);
    scr_text_put(sentence, "; lower SCREAM_ARENA_BYTES or SCREAM_MAX_CONNECTIONS");
    return SCR_ERR_MEMORY;
}

static uint64_t files_for(const struct scr_config *config, int64_t connections)
{
    struct scr_http_config public_side = scr_http_settings(config, NULL);
    public_side.connections_max = (uint32_t)connections;
    uint64_t files = SCR_FILES_OTHER + scr_http_open_files(&public_side);
    if (scr_has_admin(config)) {
        struct scr_http_config admin_side = scr_admin_settings(config, NULL);
        admin_side.files_beside = (uint32_t)connections;
        files += scr_http_open_files(&admin_side);
    }
    return files;
}

uint64_t scr_budget_files(const struct scr_config *config)
{
    return files_for(config, scr_config_integer(config, SCR_SETTING_MAX_CONNECTIONS));
}

/* The most connections for which the files are enough; 0 when they are for none. */
static int64_t connections_for(const struct scr_config *config, uint64_t allowed)
{
    int64_t connections = scr_config_integer(config, SCR_SETTING_MAX_CONNECTIONS);
    while (connections >= SCR_CONNECTIONS_MIN && files_for(config, connections) > allowed) {
        connections -= 1;
    }
    return connections >= SCR_CONNECTIONS_MIN ? connections : 0;
}

enum scr_err
scr_budget_check_files(const struct scr_config *config, uint64_t allowed, struct scr_text *sentence)
{
    uint64_t files = scr_budget_files(config);
    if (allowed >= files) {
        return SCR_OK;
    }
    int64_t fitting = connections_for(config, allowed);
    scr_text_put_i64(sentence, scr_config_integer(config, SCR_SETTING_MAX_CONNECTIONS));
    scr_text_put(sentence, " connections need ");
    scr_text_put_u64(sentence, files);
    scr_text_put(sentence, " open files, but the hard limit is ");
    scr_text_put_u64(sentence, allowed);
    scr_text_put(sentence, "; raise it (ulimit -n, LimitNOFILE=)");
    if (fitting > 0) {
        scr_text_put(sentence, " or lower SCREAM_MAX_CONNECTIONS to ");
        scr_text_put_i64(sentence, fitting);
    }
    return SCR_ERR_POOL_FULL;
}
