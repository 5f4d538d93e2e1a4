/*
 * core/base/text.h - bounded building of text: the only way the program writes strings.
 * Why:    headers, logs, problems and metrics are made without heap, locale or format strings.
 * Errors: what does not fit sets `overflow` and is dropped whole; the text stays terminated.
 */
#ifndef SCR_BASE_TEXT_H
#define SCR_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scr_text {
    char *chars;
    size_t capacity; /* one more than the longest text: the terminator is always there */
    size_t used;
    bool overflow;
    bool parted; /* scr_text_next was called: a string begins here, even an empty one */
};

/** Longest output of scr_text_real. */
#define SCR_REAL_CHARS_MAX 32

/** An empty text in chars[capacity], capacity at least 1. */
void scr_text_init(struct scr_text *text, char *chars, size_t capacity);

/** Appends characters; scr_text_put stops at the terminator. */
void scr_text_put(struct scr_text *text, const char *string);
void scr_text_put_bytes(struct scr_text *text, const char *bytes, size_t count);
void scr_text_put_char(struct scr_text *text, char character);

/** Append an integer in decimal. */
void scr_text_put_u64(struct scr_text *text, uint64_t value);
void scr_text_put_i64(struct scr_text *text, int64_t value);

/** Appends an integer in decimal with leading zeros, at least `digits` long. */
void scr_text_put_u64_padded(struct scr_text *text, uint64_t value, unsigned digits);

/** Appends a finite double in the shortest form that reads back equal: 0.5, 1200, 1e-05. */
void scr_text_put_real(struct scr_text *text, double value);

/** Appends bytes as lower-case hexadecimal. */
void scr_text_put_hex(struct scr_text *text, const uint8_t *bytes, size_t count);

/** The text so far, terminated. Valid until the next append. */
const char *scr_text_view(const struct scr_text *text);

/**
 * Starts a new terminated string behind the present one in the same storage and returns where
 * it begins: several small strings share one buffer.
 */
const char *scr_text_next(struct scr_text *text);

/** Whether two strings are equal, the first by length. */
bool scr_text_equal(const char *bytes, size_t count, const char *string);

/** Edit distance (insert, delete, replace, swap of neighbours count 1) of at most 63 bytes each. */
unsigned scr_text_distance(const char *a, size_t a_bytes, const char *b, size_t b_bytes);

#endif
