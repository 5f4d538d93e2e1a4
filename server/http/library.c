/*
 * server/http/library.c - libmicrohttpd's own word for its version, and what a listener takes.
 * Why:    see library.h.
 */
#include "server/http/library.h"

#include <string.h>

#include <microhttpd.h>

#include "core/base/limits.h"
#include "server/http/daemons.h"

/* Measured: what the library keeps for a connection beside its pool, and for its response beside
 * the block that a reader fills. */
#define CONNECTION_BYTES 1536
#define RESPONSE_BYTES 2048

/* Likewise of an object that is kept, and of each of its headers (three blocks). */
#define KEPT_BYTES 512
#define KEPT_HEADER_BYTES 160
/* Of all lines of a head: names, and values that stand in our source. */
#define KEPT_CONSTANT_BYTES 2048

/* The acceptor and the watchdog. */
#define OTHER_THREADS UINT64_C(2)

const char *scr_http_library_version(void)
{
    return MHD_get_version();
}

bool scr_http_library_zeroes_pools(void)
{
    return strcmp(MHD_get_version(), "0.9.75") == 0;
}

uint64_t scr_http_library_memory_bytes(const struct scr_http_config *config)
{
    uint64_t kept = KEPT_BYTES + SCR_RESPONSE_HEADERS_MAX * KEPT_HEADER_BYTES +
                    KEPT_CONSTANT_BYTES + SCR_REQUEST_ID_BYTES_MAX + SCR_KEPT_TEXT_BYTES_MAX;
    return config->connections_max * (uint64_t)(SCR_HTTP_POOL_BYTES + CONNECTION_BYTES +
                                                SCR_HTTP_BLOCK_BYTES + RESPONSE_BYTES) +
           kept * SCR_KEPT_ANSWERS * scr_daemons_count(config->daemons);
}

uint64_t scr_http_open_files(const struct scr_http_config *config)
{
    return (uint64_t)config->connections_max + SCR_FILES_PER_LISTENER +
           scr_daemons_count(config->daemons) * (uint64_t)SCR_FILES_PER_DAEMON;
}

uint64_t scr_http_kernel_bytes(const struct scr_http_config *config)
{
    return config->connections_max * (uint64_t)SCR_HTTP_KERNEL_BYTES +
           SCR_HTTP_LINGER_MAX * (uint64_t)SCR_HTTP_KERNEL_REFUSED_BYTES;
}

uint64_t scr_http_stack_bytes(const struct scr_http_config *config)
{
    return (scr_daemons_count(config->daemons) + OTHER_THREADS) * (uint64_t)SCR_HTTP_STACK_BYTES;
}
