/*
 * server/http/body.c - which of the library's response kinds carries which body.
 * Why:    measured CPU per cached request: one buffer 9 us, several views 14 us, reader of known
 *         length 14 us, chunked 34 us; so the first that is possible is taken.
 * Flow:   HEAD and 304: the length is promised and nothing follows. NONE: empty. METRICS: copied.
 *         All of it in memory: views. Else a reader, which renders when it is its turn (turn.h); an
 *         answer of 0 makes the library look at its other connections and then call again.
 *         Promises and sounds in one view are answered by objects that have answered before, where
 *         the connection stays (kept.h).
 */
#include "server/http/body.h"

#include <string.h>
#include <sys/types.h>

#include "core/base/assert.h"
#include "core/base/log.h"
#include "core/base/text.h"
#include "core/memory/boot.h"
#include "server/http/tcp_state.h"

#define VIEWS_MAX SCR_HTTP_VIEWS_MAX

#define STATUS_NOT_MODIFIED 304

uint64_t scr_metrics_page_memory_bytes(void)
{
    return (uint64_t)SCR_METRICS_BYTES_MAX;
}

enum scr_err scr_metrics_page_init(struct scr_metrics_page *page)
{
    void *memory = NULL;
    SCR_TRY(scr_boot_allocate(scr_metrics_page_memory_bytes(), &memory));
    page->chars = memory;
    scr_lock_init(&page->lock);
    return SCR_OK;
}

void scr_metrics_page_deinit(struct scr_metrics_page *page)
{
    scr_boot_free(page->chars);
    page->chars = NULL;
    scr_lock_deinit(&page->lock);
}

/* The library sends piece by piece; a reader that need not have each at once gets fewer, larger
 * segments (measured: a third less CPU of server and client for a WAV over loopback). */
static void cork(struct scr_exchange *exchange, uint64_t at)
{
    if (!exchange->corked && at >= SCR_HTTP_CORK_BYTES) {
        exchange->corked = true;
        scr_tcp_state_cork(exchange->connection->fd, true);
    }
}

static ssize_t read_body(void *context, uint64_t at, char *chars, size_t capacity)
{
    struct scr_exchange *exchange = context;
    struct scr_response *response = &exchange->response;
    SCR_ASSERT(exchange->body_held && exchange->answered);
    SCR_ASSERT(capacity > 0);
    if (!scr_turn_begin(&exchange->place, at == 0, &response->slice)) {
        return 0;
    }
    size_t count = 0;
    enum scr_pull pull = scr_response_pull(response, at, (uint8_t *)chars, capacity, &count);
    scr_turn_end(&exchange->place, pull == SCR_PULL_DATA);
    switch (pull) {
    case SCR_PULL_DATA:
        SCR_ASSERT(count > 0 && count <= capacity);
        scr_exchange_note_first_byte(exchange);
        exchange->pulled_bytes = at + count;
        cork(exchange, at);
        return (ssize_t)count;
    case SCR_PULL_END:
        SCR_ASSERT(!response->length_known || at == response->length);
        return MHD_CONTENT_READER_END_OF_STREAM;
    case SCR_PULL_AGAIN:
        return 0;
    case SCR_PULL_ERROR:
        SCR_LOG_EVENT(ERROR,
                      "body broken off",
                      scr_log_text("request_id", exchange->request.request_id),
                      scr_log_u64("at", at));
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    SCR_UNREACHABLE();
}

static ssize_t read_nothing(void *context, uint64_t at, char *chars, size_t capacity)
{
    (void)context;
    (void)at;
    (void)chars;
    (void)capacity;
    /* The library compares methods by length, we as strings: "HEAD" with a NUL and more behind it
     * is HEAD to us and wants a body from it. Such a client gets a broken-off one, and the object
     * is not kept: from now on its length is wrong. */
    return MHD_CONTENT_READER_END_WITH_ERROR;
}

static void let_go(void *context)
{
    scr_exchange_let_go(context);
}

/* A response that says how long the body would be and has none. */
static struct MHD_Response *promise(uint64_t length)
{
    return MHD_create_response_from_callback(length, 1, read_nothing, NULL, NULL);
}

static struct MHD_Response *not_modified(void)
{
    /* The length of what was not sent is unknown, and "Content-Length: 0" would be wrong (RFC 9110
     * section 8.6). The library leaves the field out only when it also closes the connection. */
    struct MHD_Response *made = promise(MHD_SIZE_UNKNOWN);
    if (made != NULL &&
        MHD_set_response_options(made, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END) != MHD_YES) {
        MHD_destroy_response(made);
        return NULL;
    }
    return made;
}

static bool is_head(const struct scr_exchange *exchange)
{
    return strcmp(exchange->method, "HEAD") == 0;
}

static enum scr_err make_metrics(struct scr_metrics_page *page,
                                 struct scr_exchange *exchange,
                                 struct MHD_Response **made)
{
    struct scr_text text;
    scr_lock_acquire(&page->lock);
    scr_text_init(&text, page->chars, (size_t)SCR_METRICS_BYTES_MAX);
    enum scr_err err = scr_metrics_write(exchange->pool->service, &text);
    if (err == SCR_OK) {
        *made = MHD_create_response_from_buffer(text.used, page->chars, MHD_RESPMEM_MUST_COPY);
        exchange->granted_bytes = is_head(exchange) ? 0 : text.used;
        err = *made == NULL ? SCR_ERR_MEMORY : SCR_OK;
    }
    scr_lock_release(&page->lock);
    return err;
}

static struct MHD_Response *make_kept(const uint8_t *bytes, uint64_t length)
{
    if (bytes == NULL) {
        return promise(length);
    }
    const struct MHD_IoVec vector = {.iov_base = bytes, .iov_len = (size_t)length};
    return MHD_create_response_from_iovec(&vector, 1, NULL, NULL);
}

/* An object that has answered before, headers included.
 * in      kept  NULL: none may be used
 * returns NULL when there is none */
static struct MHD_Response *
find_kept(struct scr_kept_answers *kept, struct scr_exchange *exchange, const uint8_t *bytes)
{
    if (kept == NULL) {
        return NULL;
    }
    exchange->kept = scr_kept_take(kept, &exchange->response, bytes, make_kept);
    return exchange->kept == NULL ? NULL : exchange->kept->made;
}

/* A sound that lies ready in one piece is often asked for again; then its object is at hand. */
static struct MHD_Response *make_vectors(struct scr_kept_answers *kept,
                                         struct scr_exchange *exchange,
                                         const struct MHD_IoVec *vectors,
                                         size_t count)
{
    struct MHD_Response *made = NULL;
    if (count == 1 && exchange->response.body == SCR_BODY_JOB) {
        made = find_kept(kept, exchange, vectors[0].iov_base);
    }
    if (made == NULL) {
        /* One element takes the library's fastest path: head and body leave in one system call. */
        made = MHD_create_response_from_iovec(vectors, (unsigned)count, let_go, exchange);
    }
    return made;
}

/* NULL when not all of the body stands in memory, or the library has none. */
static struct MHD_Response *make_views(struct scr_kept_answers *kept, struct scr_exchange *exchange)
{
    struct scr_view views[VIEWS_MAX];
    struct MHD_IoVec vectors[VIEWS_MAX];
    size_t count = scr_response_views(&exchange->response, views, VIEWS_MAX);
    if (count == 0) {
        return NULL;
    }
    SCR_ASSERT(count <= VIEWS_MAX);
    uint64_t total = 0;
    for (size_t i = 0; i < count; i++) {
        SCR_ASSERT(views[i].count > 0);
        vectors[i] = (struct MHD_IoVec){.iov_base = views[i].bytes, .iov_len = views[i].count};
        total += views[i].count;
    }
    SCR_ASSERT(total == exchange->response.length);
    struct MHD_Response *made = make_vectors(kept, exchange, vectors, count);
    if (made != NULL) {
        exchange->granted_bytes = total;
        scr_exchange_note_first_byte(exchange);
    }
    return made;
}

static struct MHD_Response *make_pulled(struct scr_exchange *exchange)
{
    const struct scr_response *response = &exchange->response;
    uint64_t length = response->length_known ? response->length : MHD_SIZE_UNKNOWN;
    size_t block = response->length_known ? SCR_HTTP_BLOCK_BYTES : SCR_HTTP_UNCHUNKED_BYTES;
    struct MHD_Response *made =
        MHD_create_response_from_callback(length, block, read_body, exchange, let_go);
    if (made != NULL) {
        exchange->streams = true;
        scr_turn_enter(&exchange->connection->member, &exchange->place);
    }
    return made;
}

/* A promise of the length; the headers are all of it. */
static struct MHD_Response *make_promise(struct scr_kept_answers *kept,
                                         struct scr_exchange *exchange)
{
    struct MHD_Response *made = find_kept(kept, exchange, NULL);
    return made == NULL ? promise(exchange->response.length) : made;
}

static enum scr_err make_kind(struct scr_metrics_page *page,
                              struct scr_kept_answers *kept,
                              struct scr_exchange *exchange,
                              struct MHD_Response **made)
{
    const struct scr_response *response = &exchange->response;
    bool knows_length = response->length_known && response->length > 0;
    if (response->body == SCR_BODY_METRICS) {
        return make_metrics(page, exchange, made);
    }
    if (response->status == STATUS_NOT_MODIFIED) {
        *made = knows_length ? make_promise(kept, exchange) : not_modified();
    } else if (is_head(exchange)) {
        *made = make_promise(kept, exchange);
    } else if (response->body == SCR_BODY_NONE) {
        *made = MHD_create_response_from_buffer(0, page->chars, MHD_RESPMEM_PERSISTENT);
    } else {
        *made = make_views(kept, exchange);
        if (*made == NULL) {
            *made = make_pulled(exchange);
        }
        /* Of an object that is kept nobody is told; its body ends with the request. */
        exchange->body_held = *made != NULL && exchange->kept == NULL;
    }
    return *made == NULL ? SCR_ERR_MEMORY : SCR_OK;
}

static bool add_header(struct MHD_Response *made, const char *name, const char *value)
{
    if (MHD_add_response_header(made, name, value) == MHD_YES) {
        return true;
    }
    SCR_LOG_EVENT(ERROR, "response header refused", scr_log_text("name", name));
    return false;
}

static bool add_headers(struct MHD_Response *made, const struct scr_response *response, bool close)
{
    for (uint16_t i = 0; i < response->header_count; i++) {
        if (!add_header(made, response->headers[i].name, response->headers[i].value)) {
            return false;
        }
    }
    return !close || add_header(made, "Connection", "close");
}

enum scr_err scr_body_make(struct scr_metrics_page *page,
                           struct scr_kept_answers *kept,
                           struct scr_exchange *exchange,
                           bool close,
                           struct MHD_Response **made)
{
    SCR_ASSERT(exchange->answered && !exchange->body_held);
    SCR_ASSERT(exchange->kept == NULL);
    struct MHD_Response *response = NULL;
    SCR_TRY(make_kind(page, close ? NULL : kept, exchange, &response));
    /* One that is kept has them. */
    if (exchange->kept == NULL && !add_headers(response, &exchange->response, close)) {
        /* Lets go of the body too. */
        MHD_destroy_response(response);
        return SCR_ERR_INTERNAL;
    }
    *made = response;
    return SCR_OK;
}
