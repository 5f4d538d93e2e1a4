/*
 * server/http/raw_head.h - looks at the bytes of a head before the library has cut them up.
 * Why:    afterwards some heads cannot be told from clean ones: a line of ':' and a line feed ends
 *         a head for the library, is as long as an empty line, and leaves the same two zero bytes.
 *         So a connection is kept only if its head was seen as it came, whole and alone.
 * Layout: at the request line, the only call the library makes so early, its buffer holds
 *
 *           G E T 0 / x 0 H T T P / 1 . 1 0 0 H o s t : _ a CR LF CR LF
 *           ^       ^                         ^                         ^
 *           buffer  target                    still as it came          end of what was read
 *
 *         The buffer begins its pool, which malloc aligns to 16 bytes: how far the target is behind
 *         such an address tells the method, and that these bytes are the buffer's.
 * Arrived: how much of what stands there was read must be known, for behind it lies what malloc
 *         gave: perhaps another connection's bytes, made to look like the rest of a head. The
 *         kernel says it of the first request (adapter.c). Behind a kept one the library fills its
 *         whole pool with zero bytes, which no plain head has: what looks whole has been read.
 * Limits: a head that came in two parts is not seen whole, and one of more than half the library's
 *         pool is not looked at; their connections end, which is harmless.
 * Thread: the connection's daemon; alloc none; a pure function of the buffer.
 */
#ifndef SCR_SERVER_HTTP_RAW_HEAD_H
#define SCR_SERVER_HTTP_RAW_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * Where the buffer begins, if a plain head of a method we keep for begins it; else NULL.
 * in      target  in the library's buffer, as its request line callback is given it
 */
const char *scr_raw_head_begin(const char *target);

/**
 * The bytes of the plain head that begins the buffer; 0 when none does.
 * in      target     for which scr_raw_head_begin is not NULL
 *         bytes_max  of the buffer, from its beginning, may be looked at
 */
size_t scr_raw_head_measure(const char *target, size_t bytes_max);

/**
 * Whether the head stands there whole, in the plainest way, and nothing behind it.
 * in      target         in the library's buffer, as its request line callback is given it
 *         arrived_bytes  since the request before: exactly as many stand in the buffer, or stood
 *                        there and were empty lines
 */
bool scr_raw_head_is_plain(const char *target, uint64_t arrived_bytes);

#endif
