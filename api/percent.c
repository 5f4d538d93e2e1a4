/*
 * api/percent.c - one pass over the raw bytes, one over the decoded ones.
 * Why:    see percent.h. UTF-8 is judged after decoding, so a character may be written half as
 *         escapes; an overlong NUL (%C0%80) fails there.
 */
#include "api/percent.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "core/base/assert.h"
#include "core/base/utf8.h"

static int digit_of(char character)
{
    if (character >= '0' && character <= '9') {
        return character - '0';
    }
    if (character >= 'a' && character <= 'f') {
        return character - 'a' + 10;
    }
    if (character >= 'A' && character <= 'F') {
        return character - 'A' + 10;
    }
    return -1;
}

/* Decodes the byte at *at and steps over it. */
static bool next_byte(const char *raw, size_t raw_bytes, size_t *at, uint8_t *byte)
{
    uint8_t first = (uint8_t)raw[*at];
    if (first == '%') {
        if (raw_bytes - *at < 3) {
            return false;
        }
        int high = digit_of(raw[*at + 1]);
        int low = digit_of(raw[*at + 2]);
        if (high < 0 || low < 0) {
            return false;
        }
        *byte = (uint8_t)(high * 16 + low);
        *at += 3;
        return *byte >= 0x20 && *byte != 0x7f;
    }
    /* RFC 3986 lets only these stand for themselves; blanks and raw UTF-8 must be encoded. */
    if (first < 0x21 || first > 0x7e) {
        return false;
    }
    *byte = first == '+' ? ' ' : first;
    *at += 1;
    return true;
}

static enum scr_err decode(const char *raw, size_t raw_bytes, struct scr_text *text)
{
    size_t at = 0;
    while (at < raw_bytes) {
        uint8_t byte = 0;
        if (!next_byte(raw, raw_bytes, &at, &byte)) {
            return SCR_ERR_QUERY_SYNTAX;
        }
        scr_text_put_char(text, (char)byte);
    }
    if (text->overflow) {
        return SCR_ERR_NO_SPACE;
    }
    return scr_utf8_valid(text->chars, text->used) ? SCR_OK : SCR_ERR_QUERY_SYNTAX;
}

enum scr_err scr_percent_decode(const char *raw, size_t raw_bytes, char *chars, size_t capacity)
{
    SCR_ASSERT(raw != NULL || raw_bytes == 0);
    struct scr_text text;
    scr_text_init(&text, chars, capacity);
    enum scr_err err = decode(raw, raw_bytes, &text);
    if (err != SCR_OK) {
        chars[0] = '\0';
    }
    return err;
}

static bool is_unreserved(char character)
{
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9') || character == '-' || character == '.' ||
           character == '_' || character == '~';
}

void scr_percent_encode(struct scr_text *text, const char *string)
{
    static const char digits[] = "0123456789ABCDEF";
    for (const char *at = string; *at != '\0'; at += 1) {
        if (is_unreserved(*at)) {
            scr_text_put_char(text, *at);
            continue;
        }
        scr_text_put_char(text, '%');
        scr_text_put_char(text, digits[(uint8_t)*at >> 4]);
        scr_text_put_char(text, digits[(uint8_t)*at & 15]);
    }
}
