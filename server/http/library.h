/*
 * server/http/library.h - which libmicrohttpd this program runs with, and what it takes.
 * Why:    its header may be included in this folder only, yet versions and the memory budget must
 *         tell of it.
 */
#ifndef SCR_SERVER_HTTP_LIBRARY_H
#define SCR_SERVER_HTTP_LIBRARY_H

#include <stdint.h>

#include "server/http/http.h"

/** The version of the library that is loaded, such as "0.9.75". Valid for ever. Any thread. */
const char *scr_http_library_version(void);

/** Bytes the library allocates for connections at the most. */
uint64_t scr_http_library_memory_bytes(const struct scr_http_config *config);

/** Bytes of the stacks of the daemons and the acceptor. */
uint64_t scr_http_stack_bytes(const struct scr_http_config *config);

#endif
