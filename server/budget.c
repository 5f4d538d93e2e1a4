/*
 * server/budget.c - the sum of everything that is allocated, and the checks.
 * Why:    see budget.h. Rooms name their own sizes; what libmicrohttpd and the kernel take for us
 *         is bounded by what we configure them to.
 */
#include "server/budget.h"

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
    return (struct scr_http_config){
        .service = service,
        .address = scr_config_text(config, SCR_SETTING_HTTP_ADDR),
        .port = (uint16_t)scr_config_integer(config, SCR_SETTING_HTTP_PORT),
        .connections_max = (uint32_t)scr_config_integer(config, SCR_SETTING_MAX_CONNECTIONS)};
}

static void add(struct scr_budget *budget, const char *name, uint64_t bytes)
{
    SCR_ASSERT(budget->count < SCR_BUDGET_TERMS_MAX);
    budget->terms[budget->count] = (struct scr_budget_term){name, bytes};
    budget->count += 1;
    budget->total += bytes;
}

void scr_budget_of(const struct scr_config *config, struct scr_budget *budget)
{
    struct scr_arena_config arena = scr_arena_settings(config);
    struct scr_http_config http = scr_http_settings(config, NULL);
    struct scr_process_usage usage = {0};
    uint64_t extents = arena.arena_bytes / SCR_EXTENT_BYTES * SCR_EXTENT_BYTES;
    uint64_t arena_total = scr_arena_memory_bytes(&arena);
    SCR_ASSERT(arena_total > extents);
    *budget = (struct scr_budget){0};
    add(budget, "extents", extents);
    add(budget, "render_states", arena_total - extents);
    add(budget, "pcm_states", scr_pcm_pool_memory_bytes(scr_http_responses_max(&http)));
    add(budget, "exchanges", scr_http_memory_bytes(&http));
    add(budget, "library_pools", scr_http_library_memory_bytes(&http));
    add(budget,
        "stacks",
        scr_http_stack_bytes(&http) + OWN_THREADS * (uint64_t)SCR_HTTP_STACK_BYTES);
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

static void log_brief(uint64_t total)
{
    char chars[32];
    struct scr_text text;
    scr_text_init(&text, chars, sizeof chars);
    put_mib(&text, total);
    SCR_LOG_EVENT(INFO, "memory", scr_log_text("total", scr_text_view(&text)));
}

void scr_budget_log(const struct scr_budget *budget, bool brief)
{
    struct scr_log_field fields[SCR_BUDGET_TERMS_MAX + 1];
    fields[0] = scr_log_u64("total_bytes", budget->total);
    for (size_t i = 0; i < budget->count; i += 1) {
        fields[i + 1] = scr_log_u64(budget->terms[i].name, budget->terms[i].bytes);
    }
    if (brief) {
        log_brief(budget->total);
    }
    scr_log(brief ? SCR_LOG_DEBUG : SCR_LOG_INFO, "memory", fields, budget->count + 1);
}

enum scr_err scr_budget_check_memory(const struct scr_budget *budget,
                                     const struct scr_memory_room *room,
                                     struct scr_text *sentence)
{
    if (budget->total <= room->bytes) {
        return SCR_OK;
    }
    scr_text_put(sentence, "this configuration needs ");
    put_mib(sentence, budget->total);
    scr_text_put(sentence, " of memory (");
    for (size_t i = 0; i < budget->count; i += 1) {
        scr_text_put(sentence, i > 0 ? ", " : "");
        scr_text_put(sentence, budget->terms[i].name);
        scr_text_put(sentence, " ");
        put_mib(sentence, budget->terms[i].bytes);
    }
    scr_text_put(sentence, "), but ");
    scr_text_put(sentence, room->who);
    scr_text_put(sentence, " has only ");
    put_mib(sentence, room->bytes);
    scr_text_put(sentence, "; lower SCREAM_ARENA_BYTES or SCREAM_MAX_CONNECTIONS");
    return SCR_ERR_MEMORY;
}

enum scr_err
scr_budget_check_files(const struct scr_config *config, uint64_t allowed, struct scr_text *sentence)
{
    uint64_t connections = (uint64_t)scr_config_integer(config, SCR_SETTING_MAX_CONNECTIONS);
    if (allowed >= connections + SCR_SPARE_FILES) {
        return SCR_OK;
    }
    scr_text_put_u64(sentence, connections);
    scr_text_put(sentence, " connections need ");
    scr_text_put_u64(sentence, connections + SCR_SPARE_FILES);
    scr_text_put(sentence, " open files, but the limit is ");
    scr_text_put_u64(sentence, allowed);
    scr_text_put(sentence, "; raise it (ulimit -n, LimitNOFILE=) or lower SCREAM_MAX_CONNECTIONS");
    return SCR_ERR_POOL_FULL;
}
