/*
 * core/base/compiler.h - what we tell compilers beyond the language.
 * Why:    release builds begin every local variable with zeros, so that a mistake meets no
 *         leftovers. Where a large one is written whole before it is read, that costs time and
 *         protects nothing.
 */
#ifndef SCR_BASE_COMPILER_H
#define SCR_BASE_COMPILER_H

/* Before a local variable that is written before it is read, every byte of it. */
#if defined(__has_attribute)
#if __has_attribute(uninitialized)
#define SCR_UNINITIALISED __attribute__((uninitialized))
#endif
#endif
#ifndef SCR_UNINITIALISED
#define SCR_UNINITIALISED
#endif

#endif
