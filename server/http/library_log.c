/*
 * server/http/library_log.c - escapes and thins out libmicrohttpd's messages.
 * Why:    a raw URL in a message could forge log lines; a flood of them would hide the others.
 */
#include "server/http/library_log.h"

#include <stdio.h>
#include <string.h>

#include "core/base/assert.h"
#include "core/base/limits.h"
#include "core/base/log.h"
#include "core/base/text.h"

/* An escaped byte takes four characters. */
#define RAW_BYTES_MAX (SCR_LOG_VALUE_BYTES_MAX / 2)

void scr_library_log_init(struct scr_library_log *log, const struct scr_clock *clock)
{
    log->clock = clock;
    scr_log_quota_init(&log->quota, SCR_HTTP_LIBRARY_LOG_PER_S);
}

static void put_escaped(struct scr_text *text, const char *raw)
{
    for (const char *at = raw; *at != '\0'; at++) {
        uint8_t byte = (uint8_t)*at;
        if (byte < 0x20 || byte >= 0x7f || byte == '\\') {
            scr_text_put(text, "\\x");
            scr_text_put_hex(text, &byte, 1);
        } else {
            scr_text_put_char(text, *at);
        }
    }
}

void scr_library_log_write(void *context, const char *format, va_list arguments)
{
    struct scr_library_log *log = context;
    uint64_t suppressed = 0;
    if (!scr_log_wants(SCR_LOG_INFO) ||
        !scr_log_quota_take(&log->quota, scr_clock_now_ns(log->clock), &suppressed)) {
        return;
    }
    char raw[RAW_BYTES_MAX];
    if (vsnprintf(raw, sizeof raw, format, arguments) < 0) {
        return;
    }
    size_t bytes = strlen(raw);
    if (bytes > 0 && raw[bytes - 1] == '\n') {
        raw[bytes - 1] = '\0';
    }
    char chars[4 * RAW_BYTES_MAX + 1];
    struct scr_text text;
    scr_text_init(&text, chars, sizeof chars);
    put_escaped(&text, raw);
    SCR_LOG_EVENT(INFO,
                  "http library",
                  scr_log_text("detail", scr_text_view(&text)),
                  scr_log_u64("suppressed", suppressed));
}

void scr_library_log_panic(void *context, const char *file, unsigned line, const char *reason)
{
    (void)context;
    scr_assert_failed(reason == NULL ? "libmicrohttpd" : reason, file, (int)line);
}
