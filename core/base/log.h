/*
 * core/base/log.h - structured events with named fields, handed to one sink.
 * Why:    core says what happened; the server decides where it is written and in which form.
 * Flow:   scr_log(level, event, fields) -> sink (a bounded ring; never blocks the caller).
 * Limits: SCR_LOG_FIELDS_MAX fields; values are cut at SCR_LOG_VALUE_BYTES_MAX bytes.
 */
#ifndef SCR_BASE_LOG_H
#define SCR_BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum scr_log_level {
    SCR_LOG_DEBUG,
    SCR_LOG_INFO,
    SCR_LOG_WARN,
    SCR_LOG_ERROR
};

enum scr_log_kind {
    SCR_LOG_TEXT,
    SCR_LOG_SIGNED,
    SCR_LOG_UNSIGNED,
    SCR_LOG_REAL,
    SCR_LOG_BOOL
};

struct scr_log_field {
    const char *name; /* a literal */
    enum scr_log_kind kind;
    union {
        const char *text; /* NULL is left out */
        int64_t signed_value;
        uint64_t unsigned_value;
        double real_value;
        bool bool_value;
    } value;
};

typedef void scr_log_sink_fn(void *context,
                             enum scr_log_level level,
                             const char *message,
                             const struct scr_log_field *fields,
                             size_t field_count);

/** Installs the sink; NULL drops everything (the start value). Boot and teardown only. */
void scr_log_set_sink(scr_log_sink_fn *sink, void *context, enum scr_log_level level_min);

/** Whether events of this level reach the sink: to skip work. Any thread. */
bool scr_log_wants(enum scr_log_level level);

/** Reports one event. Copies nothing itself; the sink must before it returns. Any thread. */
void scr_log(enum scr_log_level level,
             const char *message,
             const struct scr_log_field *fields,
             size_t field_count);

/** "debug", "info", "warn", "error". */
const char *scr_log_level_name(enum scr_log_level level);

/* Fields in one line each: SCR_LOG_EVENT(INFO, "listening", scr_log_u64("port", port)). */
static inline struct scr_log_field scr_log_text(const char *name, const char *value)
{
    return (struct scr_log_field){.name = name, .kind = SCR_LOG_TEXT, .value.text = value};
}

static inline struct scr_log_field scr_log_i64(const char *name, int64_t value)
{
    return (struct scr_log_field){
        .name = name, .kind = SCR_LOG_SIGNED, .value.signed_value = value};
}

static inline struct scr_log_field scr_log_u64(const char *name, uint64_t value)
{
    return (struct scr_log_field){
        .name = name, .kind = SCR_LOG_UNSIGNED, .value.unsigned_value = value};
}

static inline struct scr_log_field scr_log_real(const char *name, double value)
{
    return (struct scr_log_field){.name = name, .kind = SCR_LOG_REAL, .value.real_value = value};
}

static inline struct scr_log_field scr_log_bool(const char *name, bool value)
{
    return (struct scr_log_field){.name = name, .kind = SCR_LOG_BOOL, .value.bool_value = value};
}

#define SCR_LOG_EVENT(level, message, ...)                                                         \
    do {                                                                                           \
        if (scr_log_wants(SCR_LOG_##level)) {                                                      \
            const struct scr_log_field scr_log_fields[] = {__VA_ARGS__};                           \
            scr_log(SCR_LOG_##level,                                                               \
                    message,                                                                       \
                    scr_log_fields,                                                                \
                    sizeof scr_log_fields / sizeof scr_log_fields[0]);                             \
        }                                                                                          \
    } while (0)

#endif
