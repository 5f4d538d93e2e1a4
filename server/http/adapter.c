/*
 * server/http/adapter.c - libmicrohttpd's callbacks, turned into plain requests and responses.
 * Why:    four habits of the library shape this file. A response queued in the first call of the
 *         handler closes the connection, so an ordinary request is answered in the second call.
 *         "Completed" also comes for requests the handler never saw, and in one case never comes,
 *         so the end of the connection looks once more. And the response is freed only after
 *         "completed", which is why exchange.h counts two parties.
 * Flow:   a connection's phases (connections.h) are told from here: the line, the whole head, the
 *         answer, the end. Whether it stays is decided when the answer is made (keep_alive.h).
 * Limits: a request with a body, or a defect in its head, is answered at once, unread, and its
 *         connection closes. So is one with Expect: behind its own 100 the library takes whatever
 *         follows for a body, and no answer would be possible any more.
 */
#include "server/http/adapter.h"

#include <pthread.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>

#include "core/base/assert.h"
#include "core/base/limits.h"
#include "core/base/log.h"
#include "server/http/head.h"
#include "server/http/keep_alive.h"
#include "server/http/raw_head.h"
#include "server/http/tcp_state.h"
#include "server/http/watchdog.h"

/* The daemon thread's own; NULL until its first connection. */
static _Thread_local struct scr_turn *own_turn;

static struct scr_turn *take_turn(struct scr_adapter *adapter, struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_DAEMON);
    SCR_ASSERT(info != NULL);
    const union MHD_DaemonInfo *daemon =
        MHD_get_daemon_info(info->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    unsigned index = atomic_fetch_add(&adapter->turns_used, 1);
    SCR_ASSERT(daemon != NULL && index < SCR_HTTP_DAEMONS_MAX);
    scr_turn_init(&adapter->turns[index], daemon->epoll_fd, adapter->clock);
    return &adapter->turns[index];
}

/* Once in each daemon's thread, at its first connection: the library starts the thread itself. */
static void settle_thread(struct scr_adapter *adapter, struct MHD_Connection *connection)
{
    if (own_turn != NULL) {
        return;
    }
    bool is_admin = adapter->exchanges->is_admin;
    own_turn = take_turn(adapter, connection);
    (void)pthread_setname_np(pthread_self(), is_admin ? "scream-admin" : "scream-http");
    if (!is_admin) {
        /* Linux: 0 is the calling thread alone. Refused where we are nicer already: as well. */
        (void)setpriority(PRIO_PROCESS, 0, SCR_HTTP_NICE);
    }
}

static int descriptor_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    SCR_ASSERT(info != NULL);
    return info->connect_fd;
}

static void end_request(struct scr_adapter *adapter, struct scr_exchange *exchange, bool whole)
{
    struct scr_connection *entry = exchange->connection;
    SCR_ASSERT(entry->exchange == exchange);
    entry->exchange = NULL;
    scr_connections_end_request(adapter->connections, entry);
    scr_exchange_complete(exchange, whole);
}

static void end_connection(struct scr_adapter *adapter, struct scr_connection *entry)
{
    SCR_ASSERT(entry != NULL);
    if (entry->exchange != NULL) {
        /* The library gave up without "completed": its answer to a query with more parameters
         * than its pool holds ends so. */
        end_request(adapter, entry->exchange, false);
    }
    scr_turn_quit(&entry->member);
    /* The descriptor is still open: nobody else can have its number before we let it go. */
    scr_connections_leave(adapter->connections, entry->fd);
}

void scr_adapter_connection(void *context,
                            struct MHD_Connection *connection,
                            void **socket_context,
                            enum MHD_ConnectionNotificationCode code)
{
    struct scr_adapter *adapter = context;
    struct scr_connection *entry = NULL;
    switch (code) {
    case MHD_CONNECTION_NOTIFY_STARTED:
        settle_thread(adapter, connection);
        entry = scr_connections_start(adapter->connections, descriptor_of(connection));
        scr_turn_join(own_turn, &entry->member);
        *socket_context = entry;
        return;
    case MHD_CONNECTION_NOTIFY_CLOSED:
        end_connection(adapter, *socket_context);
        *socket_context = NULL;
        return;
    }
    SCR_UNREACHABLE();
}

/* The count first: what comes behind it is unread. Nobody else reads, so what is read by then is
 * what was counted. */
static uint64_t measure_counted_head(const struct scr_connection *entry, const char *target)
{
    struct scr_tcp_state tcp = scr_tcp_state_read(entry->fd);
    uint64_t before = atomic_load_explicit(&entry->head_bytes, memory_order_relaxed);
    if (!tcp.is_known || tcp.received_bytes <= before || scr_tcp_state_has_unread(entry->fd)) {
        return 0;
    }
    uint64_t arrived = tcp.received_bytes - before;
    return scr_raw_head_is_plain(target, arrived) ? arrived : 0;
}

/* Nobody need be asked about a later head: see "Arrived" in raw_head.h. It must begin where the
 * first one did, for then half a pool lies before us. */
static uint64_t
measure_head(const struct scr_adapter *adapter, struct scr_connection *entry, const char *target)
{
    const char *begin = target == NULL ? NULL : scr_raw_head_begin(target);
    if (begin == NULL) {
        return 0;
    }
    bool is_first = atomic_load_explicit(&entry->head_bytes, memory_order_relaxed) == 0;
    if (is_first || !adapter->pools_are_zeroed) {
        entry->buffer = begin;
        return measure_counted_head(entry, target);
    }
    return begin == entry->buffer ? scr_raw_head_measure(target, (size_t)SCR_HTTP_POOL_BYTES / 2)
                                  : 0;
}

void *scr_adapter_request_line(void *context, const char *target, struct MHD_Connection *connection)
{
    struct scr_adapter *adapter = context;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    SCR_ASSERT(info != NULL && info->socket_context != NULL);
    struct scr_connection *entry = info->socket_context;
    struct scr_exchange *exchange = scr_exchange_acquire(adapter->exchanges, entry, target);
    if (exchange != NULL) {
        SCR_ASSERT(entry->exchange == NULL);
        entry->exchange = exchange;
        scr_turn_heard(&entry->member);
        exchange->raw_bytes = measure_head(adapter, entry, target);
        scr_connections_begin_request(entry);
    }
    return exchange;
}

/* ---- Headers ---- */

struct header_search {
    const char *name;
    size_t name_bytes;
    scr_header_visit_fn *visit;
    void *visitor;
};

/* NOLINTNEXTLINE(readability-function-size): the library prescribes six parameters. */
static enum MHD_Result look_at_header(void *context,
                                      enum MHD_ValueKind kind,
                                      const char *name,
                                      size_t name_bytes,
                                      const char *value,
                                      size_t value_bytes)
{
    (void)kind;
    (void)value_bytes;
    const struct header_search *search = context;
    if (name_bytes == search->name_bytes && strcasecmp(name, search->name) == 0) {
        search->visit(search->visitor, value == NULL ? "" : value);
    }
    return MHD_YES;
}

static void find_headers(void *source, const char *name, scr_header_visit_fn *visit, void *visitor)
{
    struct header_search search = {
        .name = name, .name_bytes = strlen(name), .visit = visit, .visitor = visitor};
    (void)MHD_get_connection_values_n(source, MHD_HEADER_KIND, look_at_header, &search);
}

/* ---- Answering ---- */

/* Asked last, for the kernel is asked: what came while the answer was made counts too. */
static bool may_stay(const struct scr_adapter *adapter, const struct scr_exchange *exchange)
{
    const struct scr_connection *entry = exchange->connection;
    if (!exchange->may_stay || exchange->response.close_connection ||
        atomic_load_explicit(&adapter->draining, memory_order_relaxed)) {
        return false;
    }
    struct scr_tcp_state tcp = scr_tcp_state_read(entry->fd);
    return scr_keep_alive_by_bytes(atomic_load_explicit(&entry->head_bytes, memory_order_relaxed),
                                   &tcp);
}

/* Watchdog and kernel learn how long this reader may take nothing. */
static void begin_response(const struct scr_adapter *adapter,
                           struct scr_connection *entry,
                           const struct scr_response *response)
{
    uint32_t before = atomic_load_explicit(&entry->slow_s, memory_order_relaxed);
    uint32_t slow_s = scr_watchdog_slow_s(response->bytes_per_s);
    if (slow_s > before) {
        scr_tcp_state_set_patience(entry->fd, slow_s + SCR_HTTP_USER_TIMEOUT_EXTRA_S);
    }
    scr_connections_begin_response(adapter->connections, entry, slow_s > before ? slow_s : before);
}

static struct scr_kept_answers *kept_of(struct scr_adapter *adapter,
                                        const struct scr_connection *entry)
{
    return &adapter->kept[entry->member.turn - adapter->turns];
}

static enum MHD_Result answer(struct scr_adapter *adapter,
                              struct scr_exchange *exchange,
                              struct MHD_Connection *connection)
{
    scr_exchange_answer(exchange);
    const struct scr_response *response = &exchange->response;
    begin_response(adapter, exchange->connection, response);
    bool close = !may_stay(adapter, exchange);
    struct MHD_Response *made = NULL;
    struct scr_kept_answers *kept = kept_of(adapter, exchange->connection);
    enum scr_err err = scr_body_make(adapter->metrics, kept, exchange, close, &made);
    if (err != SCR_OK) {
        SCR_LOG_EVENT(ERROR,
                      "response not made",
                      scr_log_text("request_id", exchange->request.request_id),
                      scr_log_text("error", scr_err_name(err)));
        return MHD_NO;
    }
    enum MHD_Result queued = MHD_queue_response(connection, response->status, made);
    if (exchange->kept == NULL) {
        MHD_destroy_response(made);
    }
    return queued;
}

/* NOLINTNEXTLINE(readability-function-size): the library prescribes eight parameters. */
enum MHD_Result scr_adapter_handle(void *context,
                                   struct MHD_Connection *connection,
                                   const char *url,
                                   const char *method,
                                   const char *version,
                                   const char *upload,
                                   size_t *upload_bytes,
                                   void **exchange)
{
    (void)upload;
    (void)upload_bytes;
    struct scr_adapter *adapter = context;
    struct scr_exchange *slot = *exchange;
    if (slot == NULL) {
        /* No slot was free at the request line: the connection closes. */
        return MHD_NO;
    }
    if (slot->answered) {
        return MHD_NO;
    }
    if (!slot->asked) {
        slot->asked = true;
        scr_exchange_set_method(slot, method);
        slot->request.headers = find_headers;
        slot->request.headers_source = connection;
        const struct scr_request_line line = {method, url, version};
        uint64_t head_bytes = scr_head_examine(connection, &line, slot);
        scr_connections_begin_body(adapter->connections, slot->connection, head_bytes);
        if (slot->request.defect == SCR_OK && !slot->request.has_body && !slot->expects) {
            return MHD_YES;
        }
    }
    return answer(adapter, slot, connection);
}

void scr_adapter_completed(void *context,
                           struct MHD_Connection *connection,
                           void **exchange,
                           enum MHD_RequestTerminationCode code)
{
    (void)connection;
    struct scr_adapter *adapter = context;
    struct scr_exchange *slot = *exchange;
    if (slot == NULL) {
        return;
    }
    *exchange = NULL;
    end_request(adapter, slot, code == MHD_REQUEST_TERMINATED_COMPLETED_OK);
}

size_t scr_adapter_unescape(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    return strlen(text);
}
