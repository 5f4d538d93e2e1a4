/*
 * core/base/text.c - bounded text.
 * Why:    see text.h. Doubles go through snprintf in the C locale (the program never sets one),
 *         with the fewest digits that read back equal.
 */
#include "core/base/text.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/assert.h"

void scr_text_init(struct scr_text *text, char *chars, size_t capacity)
{
    SCR_ASSERT(chars != NULL && capacity >= 1);
    *text = (struct scr_text){.chars = chars, .capacity = capacity};
    chars[0] = '\0';
}

void scr_text_put_bytes(struct scr_text *text, const char *bytes, size_t count)
{
    SCR_ASSERT(text->used < text->capacity);
    if (text->overflow || count >= text->capacity - text->used) {
        text->overflow = true;
        return;
    }
    if (count > 0) {
        memcpy(text->chars + text->used, bytes, count);
        text->used += count;
        text->chars[text->used] = '\0';
    }
}

void scr_text_put(struct scr_text *text, const char *string)
{
    scr_text_put_bytes(text, string, strlen(string));
}

void scr_text_put_char(struct scr_text *text, char character)
{
    scr_text_put_bytes(text, &character, 1);
}

/* What is written in pieces is dropped whole as well. */
static void drop_if_cut(struct scr_text *text, size_t used_before)
{
    if (text->overflow) {
        text->used = used_before;
        text->chars[used_before] = '\0';
    }
}

void scr_text_put_u64_padded(struct scr_text *text, uint64_t value, unsigned digits)
{
    char chars[20];
    size_t first = sizeof chars;
    SCR_ASSERT(digits <= sizeof chars);
    do {
        first -= 1;
        chars[first] = (char)('0' + (char)(value % 10));
        value /= 10;
    } while (value > 0 || sizeof chars - first < digits);
    scr_text_put_bytes(text, chars + first, sizeof chars - first);
}

void scr_text_put_u64(struct scr_text *text, uint64_t value)
{
    scr_text_put_u64_padded(text, value, 1);
}

void scr_text_put_i64(struct scr_text *text, int64_t value)
{
    if (value < 0) {
        size_t used_before = text->used;
        scr_text_put_char(text, '-');
        scr_text_put_u64(text, (uint64_t)0 - (uint64_t)value);
        drop_if_cut(text, used_before);
        return;
    }
    scr_text_put_u64(text, (uint64_t)value);
}

/*
 * Thousandths, which most of our numbers are, without a search: up to here their decimals have at
 * most 15 digits, so that the number read back from them is the nearest one, and no shorter text
 * is read back as the same.
 */
static bool put_thousandths(struct scr_text *text, double value)
{
    if (!(value > 0 && value < 1e9)) {
        return false;
    }
    uint64_t thousandths = (uint64_t)(value * 1000.0 + 0.5);
    if ((double)thousandths / 1000.0 != value) {
        return false;
    }
    char fraction[3] = {(char)('0' + thousandths / 100 % 10),
                        (char)('0' + thousandths / 10 % 10),
                        (char)('0' + thousandths % 10)};
    size_t digits = 3;
    while (digits > 0 && fraction[digits - 1] == '0') {
        digits -= 1;
    }
    size_t used_before = text->used;
    scr_text_put_u64(text, thousandths / 1000);
    if (digits > 0) {
        scr_text_put_char(text, '.');
        scr_text_put_bytes(text, fraction, digits);
    }
    drop_if_cut(text, used_before);
    return true;
}

void scr_text_put_real(struct scr_text *text, double value)
{
    if (put_thousandths(text, value)) {
        return;
    }
    char digits[SCR_REAL_CHARS_MAX];
    for (int precision = 1; precision <= 17; precision += 1) {
        int count = snprintf(digits, sizeof digits, "%.*g", precision, value);
        SCR_ASSERT(count > 0 && (size_t)count < sizeof digits);
        if (strtod(digits, NULL) == value) {
            break;
        }
    }
    /* %g leaves the plain form too early: 1200 has two digits and would be 1.2e+03. */
    if (strstr(digits, "e+") != NULL && value < 1e15 && value > -1e15) {
        int count = snprintf(digits, sizeof digits, "%.15g", value);
        SCR_ASSERT(count > 0 && (size_t)count < sizeof digits);
    }
    scr_text_put(text, digits);
}

void scr_text_put_hex(struct scr_text *text, const uint8_t *bytes, size_t count)
{
    static const char digits[] = "0123456789abcdef";
    if (text->overflow || count >= (text->capacity - text->used + 1) / 2) {
        text->overflow = true;
        return;
    }
    char *at = text->chars + text->used;
    for (size_t i = 0; i < count; i += 1) {
        at[2 * i] = digits[bytes[i] >> 4];
        at[2 * i + 1] = digits[bytes[i] & 15];
    }
    text->used += 2 * count;
    text->chars[text->used] = '\0';
}

const char *scr_text_view(const struct scr_text *text)
{
    return text->chars;
}

const char *scr_text_next(struct scr_text *text)
{
    bool step = text->used > 0 || text->parted; /* over the terminator of the string before */
    if (step && text->used + 1 >= text->capacity) {
        text->overflow = true;
        return text->chars + text->used;
    }
    text->used += step ? 1 : 0;
    text->parted = true;
    text->chars[text->used] = '\0';
    return text->chars + text->used;
}

bool scr_text_equal(const char *bytes, size_t count, const char *string)
{
    return strlen(string) == count && memcmp(bytes, string, count) == 0;
}

static unsigned smaller(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

enum {
    DISTANCE_BYTES_MAX = 63
};

unsigned scr_text_distance(const char *a, size_t a_bytes, const char *b, size_t b_bytes)
{
    unsigned rows[3][DISTANCE_BYTES_MAX + 1];
    if (a_bytes > DISTANCE_BYTES_MAX || b_bytes > DISTANCE_BYTES_MAX) {
        return DISTANCE_BYTES_MAX + 1;
    }
    unsigned *before = rows[0];
    unsigned *above = rows[1];
    unsigned *row = rows[2];
    for (unsigned j = 0; j <= b_bytes; j += 1) {
        above[j] = j;
        before[j] = j;
    }
    for (unsigned i = 1; i <= a_bytes; i += 1) {
        row[0] = i;
        for (unsigned j = 1; j <= b_bytes; j += 1) {
            unsigned cost = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = smaller(smaller(above[j], row[j - 1]) + 1, above[j - 1] + cost);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = smaller(row[j], before[j - 2] + 1);
            }
        }
        unsigned *spare = before;
        before = above;
        above = row;
        row = spare;
    }
    return above[b_bytes];
}
