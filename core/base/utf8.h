/*
 * core/base/utf8.h - whether bytes are well-formed UTF-8.
 * Why:    text from outside is echoed in JSON and logs; malformed bytes must never pass through.
 * Source: RFC 3629 section 4; the Unicode standard, table 3-7.
 */
#ifndef SCR_BASE_UTF8_H
#define SCR_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/**
 * Length of the character that begins at bytes[0].
 * in      bytes[count]   count at least 1
 * returns 1..4, or 0 when it is malformed: stray continuation, overlong form, surrogate, beyond
 *         U+10FFFF, or cut off by the end
 * thread  any
 */
size_t scr_utf8_character_bytes(const char *bytes, size_t count);

/** Whether all of bytes[count] is well-formed; no bytes are. Any thread. */
bool scr_utf8_valid(const char *bytes, size_t count);

#endif
