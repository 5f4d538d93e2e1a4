/*
 * core/base/assert.h - assertions: for our own mistakes, never for what comes from outside.
 * Why:    a server that checks itself stops at the first wrong state instead of the last.
 * Kinds:  SCR_ASSERT ships in every build and must be cheap; SCR_ASSERT_SLOW exists only with
 *         SCR_SLOW_ASSERTS (dev, tsan, fuzz presets); SCR_UNREACHABLE marks dead branches.
 */
#ifndef SCR_BASE_ASSERT_H
#define SCR_BASE_ASSERT_H

/** Writes the last words to standard error and aborts. Async-signal-safe. */
_Noreturn void scr_assert_failed(const char *condition, const char *file, int line);

#define SCR_ASSERT(condition)                                                                      \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            scr_assert_failed(#condition, __FILE__, __LINE__);                                     \
        }                                                                                          \
    } while (0)

#ifdef SCR_SLOW_ASSERTS
#define SCR_ASSERT_SLOW(condition) SCR_ASSERT(condition)
#else
#define SCR_ASSERT_SLOW(condition) ((void)0)
#endif

#define SCR_UNREACHABLE() scr_assert_failed("unreachable", __FILE__, __LINE__)

#endif
