/*
 * server/http/daemons.c - one single-threaded libmicrohttpd daemon per core.
 * Why:    every option here closes a measured hole of 0.9.75 or bounds a memory of it; the reasons
 *         stand beside them.
 */
#include "server/http/daemons.h"

#include <sched.h>

#include "core/base/assert.h"

uint32_t scr_daemons_count(uint32_t configured)
{
    uint32_t count = configured;
    if (count == 0) {
        cpu_set_t cores;
        /* Fails with more than 1,024 cores: then there are enough for as many as we may. */
        count = sched_getaffinity(0, sizeof cores, &cores) == 0 ? (uint32_t)CPU_COUNT(&cores)
                                                                : SCR_HTTP_DAEMONS_MAX;
    }
    count = count < 1 ? 1 : count;
    return count > SCR_HTTP_DAEMONS_MAX ? SCR_HTTP_DAEMONS_MAX : count;
}

static struct MHD_Daemon *
start_one(uint32_t connections_max, struct scr_adapter *adapter, struct scr_library_log *log)
{
    unsigned flags =
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ITC | MHD_USE_ERROR_LOG;
    return MHD_start_daemon(flags,
                            0,
                            NULL,
                            NULL,
                            scr_adapter_handle,
                            adapter,
                            /* First, so that it hears of everything. */
                            MHD_OPTION_EXTERNAL_LOGGER,
                            scr_library_log_write,
                            log,
                            /* Never reached: our table is the limit. All may be in one daemon,
                             * and as many on their way out. */
                            MHD_OPTION_CONNECTION_LIMIT,
                            (unsigned)(2 * connections_max + 16),
                            /* The watchdog alone owns time. */
                            MHD_OPTION_CONNECTION_TIMEOUT,
                            0U,
                            /* A larger pool makes keep-alive slower (measured). */
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                            (size_t)SCR_HTTP_POOL_BYTES,
                            MHD_OPTION_THREAD_STACK_SIZE,
                            (size_t)SCR_HTTP_STACK_BYTES,
                            /* Host required, no spaces in the target. */
                            MHD_OPTION_STRICT_FOR_CLIENT,
                            1,
                            MHD_OPTION_UNESCAPE_CALLBACK,
                            scr_adapter_unescape,
                            NULL,
                            MHD_OPTION_URI_LOG_CALLBACK,
                            scr_adapter_request_line,
                            adapter,
                            MHD_OPTION_NOTIFY_COMPLETED,
                            scr_adapter_completed,
                            adapter,
                            MHD_OPTION_NOTIFY_CONNECTION,
                            scr_adapter_connection,
                            adapter,
                            MHD_OPTION_END);
}

enum scr_err scr_daemons_start(struct scr_daemons *daemons,
                               uint32_t count,
                               uint32_t connections_max,
                               struct scr_adapter *adapter,
                               struct scr_library_log *log)
{
    SCR_ASSERT(count >= 1 && count <= SCR_HTTP_DAEMONS_MAX);
    MHD_set_panic_func(scr_library_log_panic, NULL);
    daemons->count = 0;
    while (daemons->count < count) {
        struct MHD_Daemon *daemon = start_one(connections_max, adapter, log);
        if (daemon == NULL) {
            scr_daemons_stop(daemons);
            return SCR_ERR_IO;
        }
        daemons->daemons[daemons->count++] = daemon;
    }
    return SCR_OK;
}

bool scr_daemons_give(struct scr_daemons *daemons,
                      uint32_t index,
                      int fd,
                      const struct sockaddr_storage *address)
{
    SCR_ASSERT(index < daemons->count);
    return MHD_add_connection(
               daemons->daemons[index], fd, (const struct sockaddr *)address, sizeof *address) ==
           MHD_YES;
}

void scr_daemons_stop(struct scr_daemons *daemons)
{
    while (daemons->count > 0) {
        daemons->count--;
        MHD_stop_daemon(daemons->daemons[daemons->count]);
        daemons->daemons[daemons->count] = NULL;
    }
}
