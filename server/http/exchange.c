/*
 * server/http/exchange.c - acquiring, answering, completing and releasing request slots.
 * Why:    see exchange.h: the slot must outlive both the request and the body that is being sent,
 *         whichever ends later.
 */
#include "server/http/exchange.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/base/clock.h"
#include "core/base/stats.h"
#include "core/base/text.h"
#include "core/crypto/random.h"
#include "core/memory/boot.h"
#include "server/http/kept.h"
#include "server/http/tcp_state.h"

/* Half of the random bits of a UUID would do; 16 bytes keep ids of a whole fleet apart. */
#define MADE_ID_BYTES 16
/* Drawn at once: the kernel takes as long for one as for several. */
#define MADE_IDS 32
static_assert(2 * MADE_ID_BYTES <= SCR_REQUEST_ID_BYTES_MAX, "a made id fits");
static_assert(sizeof(((struct scr_request *)0)->remote) == SCR_REMOTE_CHARS, "addresses fit");

uint64_t scr_exchange_pool_memory_bytes(uint32_t count)
{
    return (uint64_t)count * sizeof(struct scr_exchange);
}

enum scr_err scr_exchange_pool_init(struct scr_exchange_pool *pool,
                                    uint32_t count,
                                    struct scr_service *service,
                                    bool is_admin)
{
    SCR_ASSERT(count >= 1);
    SCR_ASSERT(service != NULL);
    void *memory = NULL;
    SCR_TRY(scr_boot_allocate(scr_exchange_pool_memory_bytes(count), &memory));
    pool->service = service;
    pool->slots = memory;
    pool->free = NULL;
    pool->count = count;
    pool->used = 0;
    pool->is_admin = is_admin;
    scr_lock_init(&pool->lock);
    for (uint32_t i = count; i > 0; i--) {
        struct scr_exchange *slot = &pool->slots[i - 1];
        slot->pool = pool;
        slot->next_free = pool->free;
        pool->free = slot;
    }
    return SCR_OK;
}

void scr_exchange_pool_deinit(struct scr_exchange_pool *pool)
{
    SCR_ASSERT(pool->used == 0);
    scr_boot_free(pool->slots);
    pool->slots = NULL;
    pool->free = NULL;
    scr_lock_deinit(&pool->lock);
}

uint32_t scr_exchange_pool_used(struct scr_exchange_pool *pool)
{
    scr_lock_acquire(&pool->lock);
    uint32_t used = pool->used;
    scr_lock_release(&pool->lock);
    return used;
}

static struct scr_exchange *take_slot(struct scr_exchange_pool *pool)
{
    scr_lock_acquire(&pool->lock);
    struct scr_exchange *slot = pool->free;
    if (slot != NULL) {
        SCR_ASSERT(!slot->acquired);
        pool->free = slot->next_free;
        pool->used++;
        slot->next_free = NULL;
        slot->acquired = true;
    }
    SCR_ASSERT(pool->used <= pool->count);
    scr_lock_release(&pool->lock);
    return slot;
}

static void release(struct scr_exchange *exchange)
{
    struct scr_exchange_pool *pool = exchange->pool;
    SCR_ASSERT(exchange->acquired);
    SCR_ASSERT(exchange->completed && !exchange->body_held);
    if (exchange->answered) {
        scr_response_close(&exchange->response);
        exchange->answered = false;
    }
#ifdef SCR_SLOW_ASSERTS
    /* Whoever reads a response after its release shall notice. */
    memset(&exchange->request, 0xA5, sizeof exchange->request);
    memset(&exchange->response, 0xA5, sizeof exchange->response);
#endif
    exchange->connection = NULL;
    scr_lock_acquire(&pool->lock);
    exchange->acquired = false;
    exchange->next_free = pool->free;
    pool->free = exchange;
    SCR_ASSERT(pool->used > 0);
    pool->used--;
    scr_lock_release(&pool->lock);
}

struct scr_exchange *scr_exchange_acquire(struct scr_exchange_pool *pool,
                                          struct scr_connection *connection,
                                          const char *target)
{
    SCR_ASSERT(connection != NULL);
    struct scr_exchange *exchange = take_slot(pool);
    if (exchange == NULL) {
        return NULL;
    }
    exchange->connection = connection;
    exchange->kept = NULL;
    exchange->asked = false;
    exchange->answered = false;
    exchange->body_held = false;
    exchange->streams = false;
    exchange->completed = false;
    exchange->first_byte_noted = false;
    exchange->corked = false;
    exchange->may_stay = false;
    exchange->pulled_bytes = 0;
    exchange->granted_bytes = 0;
    exchange->method[0] = '\0';

    const char *text = target == NULL ? "" : target;
    size_t bytes = strnlen(text, SCR_URI_BYTES_MAX + 1);
    bool too_long = bytes > SCR_URI_BYTES_MAX;
    bytes = too_long ? SCR_URI_BYTES_MAX : bytes;
    memcpy(exchange->target, text, bytes);
    exchange->target[bytes] = '\0';

    struct scr_request *request = &exchange->request;
    request->method = exchange->method;
    request->target = exchange->target;
    request->target_too_long = too_long;
    request->defect = SCR_OK;
    request->has_body = false;
    request->is_admin = pool->is_admin;
    request->headers = NULL;
    request->headers_source = NULL;
    request->request_id[0] = '\0';
    request->peer = connection->peer;
    request->client = connection->peer;
    memcpy(request->remote, connection->remote, sizeof request->remote);
    request->started_ns = scr_clock_now_ns(pool->service->clock);
    return exchange;
}

void scr_exchange_set_method(struct scr_exchange *exchange, const char *method)
{
    size_t bytes = strnlen(method, SCR_METHOD_BYTES_MAX);
    memcpy(exchange->method, method, bytes);
    exchange->method[bytes] = '\0';
}

static bool is_id_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

static bool is_well_formed_id(const char *id)
{
    size_t bytes = strnlen(id, SCR_REQUEST_ID_BYTES_MAX + 1);
    if (bytes == 0 || bytes > SCR_REQUEST_ID_BYTES_MAX) {
        return false;
    }
    for (size_t i = 0; i < bytes; i++) {
        if (!is_id_character(id[i])) {
            return false;
        }
    }
    return true;
}

/* The next of the thread's own. */
static const uint8_t *make_id(void)
{
    static _Thread_local uint8_t ids[MADE_IDS * MADE_ID_BYTES];
    static _Thread_local size_t left;
    if (left == 0) {
        scr_random_bytes(ids, sizeof ids);
        left = MADE_IDS;
    }
    left -= 1;
    return ids + left * MADE_ID_BYTES;
}

void scr_exchange_set_request_id(struct scr_exchange *exchange)
{
    struct scr_request *request = &exchange->request;
    struct scr_text text;
    scr_text_init(&text, request->request_id, sizeof request->request_id);
    bool repeated = false;
    const char *given = scr_request_header(request, "X-Request-Id", &repeated);
    if (given != NULL && !repeated && is_well_formed_id(given)) {
        scr_text_put(&text, given);
    } else {
        scr_text_put_hex(&text, make_id(), MADE_ID_BYTES);
    }
    SCR_ASSERT(!text.overflow);
}

void scr_exchange_answer(struct scr_exchange *exchange)
{
    SCR_ASSERT(exchange->acquired && !exchange->completed);
    SCR_ASSERT(!exchange->answered);
    scr_exchange_set_request_id(exchange);
    scr_stats_add(SCR_STAT_HTTP_IN_FLIGHT, 0, 1);
    exchange->answered = true;
    scr_response_init(&exchange->response);
    scr_service_handle(exchange->pool->service, &exchange->request, &exchange->response);
}

void scr_exchange_note_first_byte(struct scr_exchange *exchange)
{
    const struct scr_response *response = &exchange->response;
    if (exchange->first_byte_noted || !response->is_audio) {
        return;
    }
    exchange->first_byte_noted = true;
    int64_t now_ns = scr_clock_now_ns(exchange->pool->service->clock);
    scr_stats_observe_ns(
        SCR_STAT_FIRST_BYTE, (uint32_t)response->format, now_ns - exchange->request.started_ns);
}

void scr_exchange_complete(struct scr_exchange *exchange, bool whole)
{
    SCR_ASSERT(exchange->acquired);
    SCR_ASSERT(!exchange->completed);
    exchange->completed = true;
    if (exchange->corked) {
        scr_tcp_state_cork(exchange->connection->fd, false);
    }
    if (exchange->answered) {
        int64_t now_ns = scr_clock_now_ns(exchange->pool->service->clock);
        struct scr_completion completion = {
            /* Of a broken-off view the library does not say how much has left. */
            .body_bytes = exchange->pulled_bytes + (whole ? exchange->granted_bytes : 0),
            .duration_ns = now_ns - exchange->request.started_ns,
            .whole = whole,
            .cut = whole ? NULL : atomic_load(&exchange->connection->cut_by),
        };
        scr_stats_add(SCR_STAT_HTTP_IN_FLIGHT, 0, -1);
        scr_service_completed(
            exchange->pool->service, &exchange->request, &exchange->response, &completion);
    }
    if (exchange->kept != NULL) {
        scr_kept_release(exchange->kept, whole);
        exchange->kept = NULL;
    }
    if (!exchange->body_held) {
        release(exchange);
    }
}

void scr_exchange_let_go(struct scr_exchange *exchange)
{
    SCR_ASSERT(exchange->acquired);
    SCR_ASSERT(exchange->body_held);
    exchange->body_held = false;
    if (exchange->streams) {
        exchange->streams = false;
        scr_turn_leave(&exchange->place);
    }
    if (exchange->completed) {
        release(exchange);
    }
}
