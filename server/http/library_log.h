/*
 * server/http/library_log.h - what libmicrohttpd has to say, made safe for our log.
 * Why:    its messages quote what clients sent and can be provoked without end.
 * Limits: control bytes are escaped; SCR_HTTP_LIBRARY_LOG_PER_S lines a second, the rest counted.
 */
#ifndef SCR_SERVER_HTTP_LIBRARY_LOG_H
#define SCR_SERVER_HTTP_LIBRARY_LOG_H

#include <stdarg.h>

#include "core/base/clock.h"
#include "core/base/log_quota.h"

struct scr_library_log {
    const struct scr_clock *clock;
    struct scr_log_quota quota;
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
