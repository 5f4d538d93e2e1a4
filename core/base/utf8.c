/*
 * core/base/utf8.c - UTF-8, character by character.
 * Why:    see utf8.h. Only the second byte of a character has a range that depends on the first;
 *         that range is what keeps overlong forms and surrogates out.
 */
#include "core/base/utf8.h"

#include <stdint.h>

#include "core/base/assert.h"

/* What may follow a first byte: how long the character is, and the range of its second byte. */
struct lead {
    uint8_t first;
    uint8_t last;
    uint8_t bytes;
    uint8_t second_min;
    uint8_t second_max;
};

static const struct lead leads[] = {
    {0xc2, 0xdf, 2, 0x80, 0xbf}, /* c0 and c1 would be overlong */
    {0xe0, 0xe0, 3, 0xa0, 0xbf}, /* below a0: overlong */
    {0xe1, 0xec, 3, 0x80, 0xbf},
    {0xed, 0xed, 3, 0x80, 0x9f}, /* from a0 on: surrogates */
    {0xee, 0xef, 3, 0x80, 0xbf},
    {0xf0, 0xf0, 4, 0x90, 0xbf}, /* below 90: overlong */
    {0xf1, 0xf3, 4, 0x80, 0xbf},
    {0xf4, 0xf4, 4, 0x80, 0x8f}, /* from 90 on: beyond U+10FFFF */
};

static size_t character_bytes(const struct lead *lead, const char *bytes, size_t count)
{
    if (count < lead->bytes) {
        return 0;
    }
    uint8_t second = (uint8_t)bytes[1];
    if (second < lead->second_min || second > lead->second_max) {
        return 0;
    }
    for (size_t i = 2; i < lead->bytes; i += 1) {
        if (((uint8_t)bytes[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    return lead->bytes;
}

size_t scr_utf8_character_bytes(const char *bytes, size_t count)
{
    SCR_ASSERT(count >= 1);
    uint8_t first = (uint8_t)bytes[0];
    if (first < 0x80) {
        return 1;
    }
    for (size_t i = 0; i < sizeof leads / sizeof leads[0]; i += 1) {
        if (first >= leads[i].first && first <= leads[i].last) {
            return character_bytes(&leads[i], bytes, count);
        }
    }
    return 0;
}

bool scr_utf8_valid(const char *bytes, size_t count)
{
    size_t at = 0;
    while (at < count) {
        size_t step = scr_utf8_character_bytes(bytes + at, count - at);
        if (step == 0) {
            return false;
        }
        at += step;
    }
    return true;
}
