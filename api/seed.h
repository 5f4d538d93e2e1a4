/*
 * api/seed.h - a seed as people write it.
 * Why:    a seed is 64 bits, but "42", "-7", "Anna" and "random" are what people type.
 *
 *   0 or digits without leading zero, up to 2^64-1   the number
 *   a minus and such digits, down to -2^63           the number's two's complement; -0 is 0
 *   random                                           a fresh one, drawn by the caller
 *   any other text of 1..64 bytes                    8 bytes, little endian, of its BLAKE2b-256
 *
 * Source: RFC 7693 for BLAKE2b (unkeyed).
 */
#ifndef SCR_API_SEED_H
#define SCR_API_SEED_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"

/**
 * Reads a seed.
 * in      text    terminated
 * out     seed    untouched when *fresh
 * out     fresh   the word "random" was given
 * errors  SCR_ERR_PARAM_SYNTAX  empty
 *         SCR_ERR_PARAM_RANGE   a number that 64 bits cannot hold, or a text above 64 bytes
 * thread  any; alloc none
 */
SCR_MUST_USE enum scr_err scr_seed_read(const char *text, uint64_t *seed, bool *fresh);

#endif
