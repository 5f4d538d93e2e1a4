/*
 * server/log_line.c - the two forms of a log line.
 * Why:    see log_line.h. Fields are written one by one and taken back when they do not fit, so a
 *         line is always whole.
 * Source: RFC 3339; RFC 8259; the days-to-date rule of the Gregorian calendar in 400-year cycles.
 */
#include "server/log_line.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/base/utf8.h"
#include "core/json/writer.h"

/* Kept free for `,"cut":true}` and the line end, or ` cut=true`. */
#define TAIL_BYTES 16
#define US_PER_DAY INT64_C(86400000000)

/* As much of a request's id as a terminal shows: enough to tell neighbours apart. */
#define SHORT_ID_BYTES 8

/* A value made harmless: cut, no C1 control characters (some terminals obey them). */
struct safe_value {
    char chars[SCR_LOG_VALUE_BYTES_MAX + 1];
    size_t bytes;
};

static void make_safe(struct safe_value *safe, const char *value, size_t bytes_max)
{
    size_t count = strnlen(value, bytes_max + 4);
    size_t at = 0;
    SCR_ASSERT(bytes_max <= SCR_LOG_VALUE_BYTES_MAX);
    safe->bytes = 0;
    while (at < count) {
        if ((unsigned char)value[at] < 0x80 && safe->bytes < bytes_max) {
            safe->chars[safe->bytes] = value[at];
            safe->bytes += 1;
            at += 1;
            continue;
        }
        size_t step = scr_utf8_character_bytes(value + at, count - at);
        size_t bytes = step > 0 ? step : 1;
        if (safe->bytes + bytes > bytes_max) {
            break;
        }
        bool is_c1 =
            step == 2 && (unsigned char)value[at] == 0xc2 && (unsigned char)value[at + 1] < 0xa0;
        if (is_c1) {
            safe->chars[safe->bytes] = '?';
            safe->bytes += 1;
        } else {
            memcpy(safe->chars + safe->bytes, value + at, bytes);
            safe->bytes += bytes;
        }
        at += bytes;
    }
    safe->chars[safe->bytes] = '\0';
}

/* "12:00:00." */
static void put_time_of_day(struct scr_text *text, int64_t us)
{
    SCR_ASSERT(us >= 0 && us < US_PER_DAY);
    scr_text_put_u64_padded(text, (uint64_t)(us / INT64_C(3600000000)), 2);
    scr_text_put_char(text, ':');
    scr_text_put_u64_padded(text, (uint64_t)(us / 60000000 % 60), 2);
    scr_text_put_char(text, ':');
    scr_text_put_u64_padded(text, (uint64_t)(us / 1000000 % 60), 2);
    scr_text_put_char(text, '.');
}

/* 12:00:00.000: who sits in front of it knows the day. */
static void put_short_time(struct scr_text *text, int64_t wall_us)
{
    SCR_ASSERT(wall_us >= 0);
    put_time_of_day(text, wall_us % US_PER_DAY);
    scr_text_put_u64_padded(text, (uint64_t)(wall_us / 1000 % 1000), 3);
}

void scr_put_time(struct scr_text *text, int64_t wall_us)
{
    SCR_ASSERT(wall_us >= 0);
    int64_t us = wall_us % US_PER_DAY;
    /* Days since 0000-03-01: a year then ends with its leap day. */
    int64_t days = wall_us / US_PER_DAY + 719468;
    int64_t cycle = days / 146097;
    int64_t day = days % 146097;
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    int64_t day_of_year = day - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    int64_t day_of_month = day_of_year - (153 * month + 2) / 5 + 1;
    int64_t calendar_month = month < 10 ? month + 3 : month - 9;
    int64_t calendar_year = cycle * 400 + year + (calendar_month <= 2 ? 1 : 0);
    scr_text_put_u64_padded(text, (uint64_t)calendar_year, 4);
    scr_text_put_char(text, '-');
    scr_text_put_u64_padded(text, (uint64_t)calendar_month, 2);
    scr_text_put_char(text, '-');
    scr_text_put_u64_padded(text, (uint64_t)day_of_month, 2);
    scr_text_put_char(text, 'T');
    put_time_of_day(text, us);
    scr_text_put_u64_padded(text, (uint64_t)(us % 1000000), 6);
    scr_text_put_char(text, 'Z');
}

static void json_value(struct scr_json_writer *json, const struct scr_log_field *field)
{
    struct safe_value safe;
    scr_json_name(json, field->name);
    switch (field->kind) {
    case SCR_LOG_TEXT:
        make_safe(&safe, field->value.text, SCR_LOG_VALUE_BYTES_MAX);
        scr_json_string_cut(json, safe.chars, safe.bytes, safe.bytes);
        return;
    case SCR_LOG_SIGNED:
        scr_json_i64(json, field->value.signed_value);
        return;
    case SCR_LOG_UNSIGNED:
        scr_json_u64(json, field->value.unsigned_value);
        return;
    case SCR_LOG_REAL:
        scr_json_real(json, field->value.real_value);
        return;
    case SCR_LOG_BOOL:
        scr_json_bool(json, field->value.bool_value);
        return;
    }
    SCR_UNREACHABLE();
}

static bool is_left_out(const struct scr_log_field *field)
{
    return field->kind == SCR_LOG_TEXT && field->value.text == NULL;
}

/* Takes back what was written since *before. */
static void take_back(struct scr_text *text, const struct scr_text *before)
{
    *text = *before;
    text->chars[text->used] = '\0';
}

static bool json_field(struct scr_json_writer *json, const struct scr_log_field *field)
{
    struct scr_json_writer json_before = *json;
    struct scr_text text_before = *json->text;
    json_value(json, field);
    if (json->text->overflow) {
        take_back(json->text, &text_before);
        *json = json_before;
        return false;
    }
    return true;
}

size_t scr_log_line_json(const struct scr_log_event *event, char line[SCR_LOG_LINE_BYTES_MAX])
{
    char time_chars[40];
    struct scr_text time;
    struct scr_text text;
    struct scr_json_writer json;
    scr_text_init(&time, time_chars, sizeof time_chars);
    scr_put_time(&time, event->wall_us);
    scr_text_init(&text, line, SCR_LOG_LINE_BYTES_MAX - TAIL_BYTES);
    scr_json_writer_init(&json, &text);
    scr_json_open_object(&json);
    scr_json_member_string(&json, "ts", scr_text_view(&time));
    scr_json_member_string(&json, "level", scr_log_level_name(event->level));
    struct scr_log_field message = scr_log_text("msg", event->message);
    bool whole = json_field(&json, &message);
    for (size_t i = 0; i < event->field_count; i += 1) {
        if (!is_left_out(&event->fields[i])) {
            whole = json_field(&json, &event->fields[i]) && whole;
        }
    }
    text.capacity = SCR_LOG_LINE_BYTES_MAX;
    if (!whole) {
        scr_json_name(&json, "cut");
        scr_json_bool(&json, true);
    }
    scr_json_close_object(&json);
    SCR_ASSERT(!text.overflow && scr_json_is_complete(&json));
    line[text.used] = '\n';
    return text.used + 1;
}

/* Whether a value can stand without quotes: printable, no blank, quote, equals or backslash. */
static bool is_plain(const struct safe_value *safe)
{
    if (!scr_utf8_valid(safe->chars, safe->bytes)) {
        return false;
    }
    for (size_t i = 0; i < safe->bytes; i += 1) {
        unsigned char character = (unsigned char)safe->chars[i];
        if (character <= ' ' || character == 127 || character == '"' || character == '=' ||
            character == '\\') {
            return false;
        }
    }
    return safe->bytes > 0;
}

static void
text_value(struct scr_text *text, const struct scr_log_field *field, size_t value_bytes_max)
{
    struct safe_value safe;
    struct scr_json_writer json;
    switch (field->kind) {
    case SCR_LOG_TEXT:
        make_safe(&safe, field->value.text, value_bytes_max);
        if (is_plain(&safe)) {
            scr_text_put_bytes(text, safe.chars, safe.bytes);
            return;
        }
        scr_json_writer_init(&json, text);
        scr_json_string_cut(&json, safe.chars, safe.bytes, safe.bytes);
        return;
    case SCR_LOG_SIGNED:
        scr_text_put_i64(text, field->value.signed_value);
        return;
    case SCR_LOG_UNSIGNED:
        scr_text_put_u64(text, field->value.unsigned_value);
        return;
    case SCR_LOG_REAL:
        scr_json_writer_init(&json, text);
        scr_json_real(&json, field->value.real_value);
        return;
    case SCR_LOG_BOOL:
        scr_text_put(text, field->value.bool_value ? "true" : "false");
        return;
    }
    SCR_UNREACHABLE();
}

static bool
text_field(struct scr_text *text, const struct scr_log_field *field, enum scr_log_look look)
{
    struct scr_text before = *text;
    bool is_id = look != SCR_LOG_LOOK_PLAIN && strcmp(field->name, "request_id") == 0;
    scr_text_put_char(text, ' ');
    scr_text_put(text, field->name);
    scr_text_put_char(text, '=');
    text_value(text, field, is_id ? SHORT_ID_BYTES : SCR_LOG_VALUE_BYTES_MAX);
    if (text->overflow) {
        take_back(text, &before);
        return false;
    }
    return true;
}

/* The logger tells programs which lines are theirs; a reader sees it by the message. */
static bool is_shown(const struct scr_log_field *field, enum scr_log_look look)
{
    bool is_for_programs = look != SCR_LOG_LOOK_PLAIN && strcmp(field->name, "logger") == 0;
    return !is_left_out(field) && !is_for_programs;
}

size_t scr_log_line_text(const struct scr_log_event *event,
                         enum scr_log_look look,
                         char line[SCR_LOG_LINE_BYTES_MAX])
{
    static const char *const colours[] = {"\033[2m", "\033[36m", "\033[33m", "\033[31m"};
    struct scr_text text;
    bool colour = look == SCR_LOG_LOOK_COLOUR;
    SCR_ASSERT((unsigned)event->level < sizeof colours / sizeof colours[0]);
    scr_text_init(&text, line, SCR_LOG_LINE_BYTES_MAX - TAIL_BYTES);
    scr_text_put(&text, "time=");
    if (look == SCR_LOG_LOOK_PLAIN) {
        scr_put_time(&text, event->wall_us);
    } else {
        put_short_time(&text, event->wall_us);
    }
    scr_text_put(&text, " level=");
    scr_text_put(&text, colour ? colours[event->level] : "");
    scr_text_put(&text, scr_log_level_name(event->level));
    scr_text_put(&text, colour ? "\033[0m" : "");
    struct scr_log_field message = scr_log_text("msg", event->message);
    bool whole = text_field(&text, &message, look);
    for (size_t i = 0; i < event->field_count; i += 1) {
        if (is_shown(&event->fields[i], look)) {
            whole = text_field(&text, &event->fields[i], look) && whole;
        }
    }
    text.capacity = SCR_LOG_LINE_BYTES_MAX;
    scr_text_put(&text, whole ? "" : " cut=true");
    SCR_ASSERT(!text.overflow);
    line[text.used] = '\n';
    return text.used + 1;
}
