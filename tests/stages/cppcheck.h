/*
 * tests/stages/cppcheck.h - assertions as cppcheck understands them.
 * Why:    it knows assert(), but does not see that scr_assert_failed() ends the program inside a
 *         do-while; so it reads this file before each source, instead of core/base/assert.h.
 */
#ifndef SCR_BASE_ASSERT_H
#define SCR_BASE_ASSERT_H

_Noreturn void abort(void);

#define SCR_ASSERT(condition) assert(condition)
#define SCR_ASSERT_SLOW(condition) ((void)0)
#define SCR_UNREACHABLE() abort()

#endif
