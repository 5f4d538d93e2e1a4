/*
 * server/http/library_log.h - what libmicrohttpd has to say, made safe for our log.
 * Why:    its messages quote what clients sent and can be provoked without end.
 * Limits: control bytes are escaped; SCR_HTTP_LIBRARY_LOG_PER_S lines a second, the rest counted.
 */
#ifndef SCR_SERVER_HTTP_LIBRARY_LOG_H
#define SCR_SERVER_HTTP_LIBRARY_LOG_H

#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/clock.h"

struct scr_library_log {
    const struct scr_clock *clock;
    _Atomic int64_t window; /* the second being counted */
    atomic_uint_fast32_t lines;
    atomic_uint_fast64_t suppressed;
};

/** Prepares an empty log. */
void scr_library_log_init(struct scr_library_log *log, const struct scr_clock *clock);

/** MHD_OPTION_EXTERNAL_LOGGER; context is a struct scr_library_log. Any thread; alloc none. */
__attribute__((format(printf, 2, 0))) void
scr_library_log_write(void *context, const char *format, va_list arguments);

/** MHD_set_panic_func: last words, then abort. */
_Noreturn void
scr_library_log_panic(void *context, const char *file, unsigned line, const char *reason);

#endif
