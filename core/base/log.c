/*
 * core/base/log.c - one sink, set at boot.
 * Why:    see log.h.
 */
#include "core/base/log.h"

#include "core/base/assert.h"
#include "core/base/limits.h"

static scr_log_sink_fn *log_sink;
static void *log_context;
static enum scr_log_level log_level_min;

void scr_log_set_sink(scr_log_sink_fn *sink, void *context, enum scr_log_level level_min)
{
    log_sink = sink;
    log_context = context;
    log_level_min = level_min;
}

bool scr_log_wants(enum scr_log_level level)
{
    return log_sink != NULL && level >= log_level_min;
}

void scr_log(enum scr_log_level level,
             const char *message,
             const struct scr_log_field *fields,
             size_t field_count)
{
    SCR_ASSERT(field_count <= SCR_LOG_FIELDS_MAX);
    if (scr_log_wants(level)) {
        log_sink(log_context, level, message, fields, field_count);
    }
}

const char *scr_log_level_name(enum scr_log_level level)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    SCR_ASSERT((unsigned)level < sizeof names / sizeof names[0]);
    return names[level];
}
