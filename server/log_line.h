/*
 * server/log_line.h - one event to one line, as JSON or as text.
 * Why:    whatever bytes a stranger sends, a line stays one line: valid JSON, or words that no
 *         terminal takes for a command.
 *
 *   {"ts":"2026-01-31T12:00:00.000001Z","level":"info","msg":"listening","port":8080}
 *   time=2026-01-31T12:00:00.000001Z level=info msg=listening port=8080
 *   time=12:00:00.000 level=info msg=listening port=8080        on a terminal, UTC as well
 *
 * Limits: SCR_LOG_LINE_BYTES_MAX a line; a value is cut at SCR_LOG_VALUE_BYTES_MAX; a field that
 *         does not fit is left out and the line says cut.
 * Thread: any; alloc none.
 */
#ifndef SCR_SERVER_LOG_LINE_H
#define SCR_SERVER_LOG_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/limits.h"
#include "core/base/log.h"
#include "core/base/text.h"

struct scr_log_event {
    int64_t wall_us; /* since 1970, UTC */
    enum scr_log_level level;
    const char *message;
    const struct scr_log_field *fields;
    size_t field_count;
};

/**
 * Writes an event as JSON.
 * out     line   the line with its line end, not terminated
 * returns the bytes written, at least 1
 */
size_t scr_log_line_json(const struct scr_log_event *event, char line[SCR_LOG_LINE_BYTES_MAX]);

/* Who reads text: a program or a file, or somebody at a terminal. */
enum scr_log_look {
    SCR_LOG_LOOK_PLAIN,
    SCR_LOG_LOOK_TERMINAL, /* short: no date, no logger, the start of request_id */
    SCR_LOG_LOOK_COLOUR    /* a terminal, and colour brings the level out */
};

/** The same as text. */
size_t scr_log_line_text(const struct scr_log_event *event,
                         enum scr_log_look look,
                         char line[SCR_LOG_LINE_BYTES_MAX]);

/** Appends a time as RFC 3339 with microseconds: 2026-01-31T12:00:00.000001Z. */
void scr_put_time(struct scr_text *text, int64_t wall_us);

#endif
