/*
 * tests/torture/saboteur.h - what the saboteur inside a program and the test outside share.
 * Why:    the test arms, counts and reads at any moment, without a word to the program.
 * Flow:   the test makes a file of this struct, names it in the environment beside LD_PRELOAD, and
 *         both map it.
 * Memory: one page, all fields atomic but the text, which is written before `failed` grows.
 */
#ifndef SCR_TESTS_TORTURE_SABOTEUR_H
#define SCR_TESTS_TORTURE_SABOTEUR_H

#include <stdatomic.h>
#include <stdint.h>

/* Environment: the file. */
#define SABOTEUR_CONTROL "SCR_SABOTEUR_CONTROL"

#define SABOTEUR_WHERE_BYTES 2048

struct saboteur_control {
    /* Calls that may fail so far: malloc, calloc, realloc, aligned_alloc, memalign,
     * posix_memalign, anonymous mmap, pthread_create. */
    _Atomic uint64_t calls;
    /* Calls with these numbers fail: first, and count - 1 after it; count 0: none. */
    _Atomic uint64_t fail_first;
    _Atomic uint64_t fail_count;
    _Atomic uint64_t failed; /* how many have failed */
    _Atomic int64_t live;    /* heap blocks taken and not freed; only differences mean something */
    char where[SABOTEUR_WHERE_BYTES]; /* the call that failed last, and its callers */
};

#endif
