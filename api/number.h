/*
 * api/number.h - numbers and durations as people write them, read strictly.
 * Why:    one grammar for URLs, flags, environment and files; the C library would also take
 *         blanks, a plus sign, hexadecimal, nan, inf and the decimal comma of a locale.
 * Limits: at most SCR_NUMBER_BYTES_MAX characters, so a digit flood costs nothing.
 * Errors: SCR_ERR_PARAM_SYNTAX for anything outside the grammar, SCR_ERR_PARAM_RANGE for what the
 *         type cannot hold. Outputs are untouched on error. Any thread; alloc none.
 */
#ifndef SCR_API_NUMBER_H
#define SCR_API_NUMBER_H

#include <stdint.h>

#include "core/base/error.h"

/* The longest shortest double has 24 characters; people pad with zeros. */
#define SCR_NUMBER_BYTES_MAX 64

/** [-]digits[.digits][e[+-]digits], correctly rounded; -0 and what underflows to it are 0. */
SCR_MUST_USE enum scr_err scr_number_real(const char *text, double *value);

/** Digits only. */
SCR_MUST_USE enum scr_err scr_number_unsigned(const char *text, uint64_t *value);

/** [-]digits; -0 is 0. */
SCR_MUST_USE enum scr_err scr_number_signed(const char *text, int64_t *value);

/**
 * A duration in nanoseconds: a plain number of seconds (as scr_number_real), or one or more of
 * digits[.digits]unit with unit h, m, s, ms, us or ns, as in 1m30s; a minus may stand in front.
 * What is finer than a nanosecond is cut off.
 */
SCR_MUST_USE enum scr_err scr_number_duration(const char *text, int64_t *duration_ns);

#endif
