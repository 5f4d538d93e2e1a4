/*
 * server/http/library.h - which libmicrohttpd this program runs with, and what it takes.
 * Why:    its header may be included in this folder only, yet versions and the memory budget must
 *         tell of it.
 */
#ifndef SCR_SERVER_HTTP_LIBRARY_H
#define SCR_SERVER_HTTP_LIBRARY_H

#include <stdbool.h>
#include <stdint.h>

#include "server/http/http.h"

/** The version of the library that is loaded, such as "0.9.75". Valid for ever. Any thread. */
const char *scr_http_library_version(void);

/**
 * Whether the library fills a kept connection's pool with zero bytes before it reads on. True for
 * the version whose source we have read and tests hold to it; another may do so, but who knows.
 */
bool scr_http_library_zeroes_pools(void);

/** Bytes the library allocates for connections at the most. */
uint64_t scr_http_library_memory_bytes(const struct scr_http_config *config);

/** Files open at once at the most: connections, and what listener, threads and library need. */
uint64_t scr_http_open_files(const struct scr_http_config *config);

/** Bytes the kernel takes for the sockets of all connections at the most; not in the process. */
uint64_t scr_http_kernel_bytes(const struct scr_http_config *config);

/** Bytes of the stacks of the daemons, the acceptor and the watchdog. */
uint64_t scr_http_stack_bytes(const struct scr_http_config *config);

#endif
