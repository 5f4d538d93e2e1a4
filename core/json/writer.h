/*
 * core/json/writer.h - JSON, written forward into bounded text.
 * Why:    problems, documents and log lines are JSON whatever bytes a stranger sends; one writer
 *         does the commas and the escapes.
 * Flow:   open -> name, value, name, value -> close; the text then holds one JSON value.
 * Errors: what does not fit sets the text's overflow; ask it once, at the end. Opening deeper than
 *         SCR_JSON_DEPTH_MAX or closing what is not open is our own mistake: an assertion.
 * Source: RFC 8259.
 */
#ifndef SCR_JSON_WRITER_H
#define SCR_JSON_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/text.h"

/* Deeper than any document of ours by far; each level takes one bit. */
#define SCR_JSON_DEPTH_MAX 16

struct scr_json_writer {
    struct scr_text *text;
    uint32_t depth;
    uint32_t filled; /* bit (1 << depth): something stands at this depth, a comma comes next */
    uint32_t arrays; /* bit (1 << depth): this depth is an array */
    bool named;      /* a name stands, its value comes next */
};

/** Writes one JSON value behind what the text holds already. */
void scr_json_writer_init(struct scr_json_writer *json, struct scr_text *text);

/** Open and close an object or an array. */
void scr_json_open_object(struct scr_json_writer *json);
void scr_json_close_object(struct scr_json_writer *json);
void scr_json_open_array(struct scr_json_writer *json);
void scr_json_close_array(struct scr_json_writer *json);

/** The name of the next member; only inside an object. */
void scr_json_name(struct scr_json_writer *json, const char *name);

/**
 * A string. Quote, backslash, control characters and DEL are escaped; each malformed UTF-8 byte
 * becomes U+FFFD. NULL is written as null.
 */
void scr_json_string(struct scr_json_writer *json, const char *string);

/** The same for bytes[count], cut behind at most count_max bytes, never inside a character. */
void scr_json_string_cut(struct scr_json_writer *json,
                         const char *bytes,
                         size_t count,
                         size_t count_max);

/** Numbers and words. A real that is not finite is written as null. */
void scr_json_u64(struct scr_json_writer *json, uint64_t value);
void scr_json_i64(struct scr_json_writer *json, int64_t value);
void scr_json_real(struct scr_json_writer *json, double value);
void scr_json_bool(struct scr_json_writer *json, bool value);
void scr_json_null(struct scr_json_writer *json);

/** A number that is written in JSON's form already. */
void scr_json_number_text(struct scr_json_writer *json, const char *number);

/** Two lines in one: a member of the present object. */
void scr_json_member_string(struct scr_json_writer *json, const char *name, const char *string);
void scr_json_member_u64(struct scr_json_writer *json, const char *name, uint64_t value);
void scr_json_member_real(struct scr_json_writer *json, const char *name, double value);

/** Whether the value is complete: everything opened is closed. */
bool scr_json_is_complete(const struct scr_json_writer *json);

#endif
