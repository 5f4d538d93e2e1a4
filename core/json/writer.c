/*
 * core/json/writer.c - commas and escapes.
 * Why:    see writer.h. Nothing is remembered but one bit per depth, so a writer is a few words on
 *         the caller's stack.
 */
#include "core/json/writer.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/base/utf8.h"

static uint32_t bit(uint32_t depth)
{
    SCR_ASSERT(depth <= SCR_JSON_DEPTH_MAX);
    return UINT32_C(1) << depth;
}

void scr_json_writer_init(struct scr_json_writer *json, struct scr_text *text)
{
    SCR_ASSERT(text != NULL);
    *json = (struct scr_json_writer){.text = text};
}

static bool in_array(const struct scr_json_writer *json)
{
    return (json->arrays & bit(json->depth)) != 0;
}

static void separate(struct scr_json_writer *json)
{
    if ((json->filled & bit(json->depth)) != 0) {
        scr_text_put_char(json->text, ',');
    }
    json->filled |= bit(json->depth);
}

/* Before every value: a member's name stands already, an element brings its comma. */
static void begin_value(struct scr_json_writer *json)
{
    if (json->named) {
        json->named = false;
        return;
    }
    SCR_ASSERT(json->depth > 0 ? in_array(json) : json->filled == 0);
    separate(json);
}

static void open_level(struct scr_json_writer *json, char bracket, bool is_array)
{
    begin_value(json);
    SCR_ASSERT(json->depth < SCR_JSON_DEPTH_MAX);
    json->depth += 1;
    json->filled &= ~bit(json->depth);
    json->arrays &= ~bit(json->depth);
    if (is_array) {
        json->arrays |= bit(json->depth);
    }
    scr_text_put_char(json->text, bracket);
}

static void close_level(struct scr_json_writer *json, char bracket, bool is_array)
{
    SCR_ASSERT(json->depth > 0 && !json->named);
    SCR_ASSERT(in_array(json) == is_array);
    json->depth -= 1;
    scr_text_put_char(json->text, bracket);
}

void scr_json_open_object(struct scr_json_writer *json)
{
    open_level(json, '{', false);
}

void scr_json_close_object(struct scr_json_writer *json)
{
    close_level(json, '}', false);
}

void scr_json_open_array(struct scr_json_writer *json)
{
    open_level(json, '[', true);
}

void scr_json_close_array(struct scr_json_writer *json)
{
    close_level(json, ']', true);
}

/* The escape of one ASCII character, or NULL when it stands for itself. */
static const char *escape_of(char character, char scratch[7])
{
    static const char digits[] = "0123456789abcdef";
    switch (character) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    default:
        break;
    }
    if ((unsigned char)character >= 0x20 && character != 0x7f) {
        return NULL;
    }
    memcpy(scratch, "\\u0000", 7);
    scratch[4] = digits[(unsigned char)character >> 4];
    scratch[5] = digits[(unsigned char)character & 15];
    return scratch;
}

/* How many bytes at the start stand for themselves, one by one. */
static size_t measure_plain(const char *bytes, size_t count)
{
    size_t at = 0;
    while (at < count && bytes[at] >= 0x20 && bytes[at] < 0x7f && bytes[at] != '"' &&
           bytes[at] != '\\') {
        at += 1;
    }
    return at;
}

static void put_quoted(struct scr_text *text, const char *bytes, size_t count, size_t count_max)
{
    size_t at = 0;
    scr_text_put_char(text, '"');
    while (at < count) {
        char scratch[7];
        size_t plain = measure_plain(bytes + at, (count < count_max ? count : count_max) - at);
        scr_text_put_bytes(text, bytes + at, plain);
        at += plain;
        if (at == count) {
            break;
        }
        size_t step = scr_utf8_character_bytes(bytes + at, count - at);
        if (at + (step > 0 ? step : 1) > count_max) {
            break;
        }
        if (step == 0) {
            scr_text_put(text, "\\ufffd");
            at += 1;
            continue;
        }
        const char *escape = step == 1 ? escape_of(bytes[at], scratch) : NULL;
        if (escape != NULL) {
            scr_text_put(text, escape);
        } else {
            scr_text_put_bytes(text, bytes + at, step);
        }
        at += step;
    }
    scr_text_put_char(text, '"');
}

void scr_json_name(struct scr_json_writer *json, const char *name)
{
    SCR_ASSERT(json->depth > 0 && !in_array(json) && !json->named);
    separate(json);
    put_quoted(json->text, name, strlen(name), SIZE_MAX);
    scr_text_put_char(json->text, ':');
    json->named = true;
}

void scr_json_string(struct scr_json_writer *json, const char *string)
{
    if (string == NULL) {
        scr_json_null(json);
        return;
    }
    scr_json_string_cut(json, string, strlen(string), SIZE_MAX);
}

void scr_json_string_cut(struct scr_json_writer *json,
                         const char *bytes,
                         size_t count,
                         size_t count_max)
{
    begin_value(json);
    put_quoted(json->text, bytes, count, count_max);
}

void scr_json_u64(struct scr_json_writer *json, uint64_t value)
{
    begin_value(json);
    scr_text_put_u64(json->text, value);
}

void scr_json_i64(struct scr_json_writer *json, int64_t value)
{
    begin_value(json);
    scr_text_put_i64(json->text, value);
}

void scr_json_real(struct scr_json_writer *json, double value)
{
    /* The difference of an infinity or a NaN with itself is NaN, which equals nothing. */
    if (value - value != 0.0) {
        scr_json_null(json);
        return;
    }
    begin_value(json);
    scr_text_put_real(json->text, value);
}

void scr_json_bool(struct scr_json_writer *json, bool value)
{
    begin_value(json);
    scr_text_put(json->text, value ? "true" : "false");
}

void scr_json_null(struct scr_json_writer *json)
{
    begin_value(json);
    scr_text_put(json->text, "null");
}

void scr_json_number_text(struct scr_json_writer *json, const char *number)
{
    SCR_ASSERT(number[0] == '-' || (number[0] >= '0' && number[0] <= '9'));
    begin_value(json);
    scr_text_put(json->text, number);
}

void scr_json_member_string(struct scr_json_writer *json, const char *name, const char *string)
{
    scr_json_name(json, name);
    scr_json_string(json, string);
}

void scr_json_member_u64(struct scr_json_writer *json, const char *name, uint64_t value)
{
    scr_json_name(json, name);
    scr_json_u64(json, value);
}

void scr_json_member_real(struct scr_json_writer *json, const char *name, double value)
{
    scr_json_name(json, name);
    scr_json_real(json, value);
}

bool scr_json_is_complete(const struct scr_json_writer *json)
{
    return json->depth == 0 && !json->named && json->filled != 0;
}
