/*
 * server/http/library.c - libmicrohttpd's own word for its version, and its share of the memory.
 * Why:    see library.h.
 */
#include "server/http/library.h"

#include <microhttpd.h>

#include "core/base/limits.h"
#include "server/http/daemons.h"

/* Measured: what the library keeps for a connection beside its pool. */
#define CONNECTION_BYTES 1536

const char *scr_http_library_version(void)
{
    return MHD_get_version();
}

uint64_t scr_http_library_memory_bytes(const struct scr_http_config *config)
{
    return config->connections_max * (uint64_t)(SCR_HTTP_POOL_BYTES + CONNECTION_BYTES);
}

uint64_t scr_http_stack_bytes(const struct scr_http_config *config)
{
    return (scr_daemons_count(config->daemons) + UINT64_C(1)) * (uint64_t)SCR_HTTP_STACK_BYTES;
}
