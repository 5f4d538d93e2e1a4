/*
 * server/http/adapter.h - libmicrohttpd's callbacks, turned into plain requests and responses.
 * Why:    nobody but this folder knows the library; handlers see struct scr_request.
 * Flow:   connection starts -> request line -> head -> (whole request) -> response -> completed ->
 *         connection ends. Each arrow is one callback here.
 * Thread: the daemon thread of the connection.
 */
#ifndef SCR_SERVER_HTTP_ADAPTER_H
#define SCR_SERVER_HTTP_ADAPTER_H

#include <microhttpd.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "server/http/body.h"
#include "server/http/connections.h"
#include "server/http/exchange.h"
#include "server/http/kept.h"
#include "server/http/turn.h"

/* What the callbacks need; the `context` of each. */
struct scr_adapter {
    struct scr_connection_table *connections;
    struct scr_exchange_pool *exchanges;
    struct scr_metrics_page *metrics;
    atomic_bool draining;  /* every response closes its connection */
    bool pools_are_zeroed; /* scr_http_library_zeroes_pools */
    const struct scr_clock *clock;
    struct scr_turn turns[SCR_HTTP_DAEMONS_MAX];        /* each daemon's own */
    struct scr_kept_answers kept[SCR_HTTP_DAEMONS_MAX]; /* likewise */
    atomic_uint turns_used;
};

/* MHD_OPTION_NOTIFY_CONNECTION: enters and leaves the table; niceness of the thread. */
void scr_adapter_connection(void *context,
                            struct MHD_Connection *connection,
                            void **socket_context,
                            enum MHD_ConnectionNotificationCode code);

/* MHD_OPTION_URI_LOG_CALLBACK: takes the slot; what it returns is *exchange below. */
void *
scr_adapter_request_line(void *context, const char *target, struct MHD_Connection *connection);

/* MHD_AccessHandlerCallback: answers. */
enum MHD_Result scr_adapter_handle(void *context,
                                   struct MHD_Connection *connection,
                                   const char *url,
                                   const char *method,
                                   const char *version,
                                   const char *upload,
                                   size_t *upload_bytes,
                                   void **exchange);

/* MHD_OPTION_NOTIFY_COMPLETED: gives the slot back; *exchange may be NULL. */
void scr_adapter_completed(void *context,
                           struct MHD_Connection *connection,
                           void **exchange,
                           enum MHD_RequestTerminationCode code);

/* MHD_OPTION_UNESCAPE_CALLBACK: leaves everything as it came; we decode ourselves, strictly. */
size_t scr_adapter_unescape(void *context, struct MHD_Connection *connection, char *text);

#endif
