/*
 * core/memory/boot.h - the one allocator: everything is allocated at boot, then sealed.
 * Why:    memory is arithmetic; what was had at start cannot run out later.
 * States: boot (may allocate) -> sealed (allocating aborts) -> teardown (only freeing).
 * Thread: boot and teardown run on the main thread alone.
 */
#ifndef SCR_MEMORY_BOOT_H
#define SCR_MEMORY_BOOT_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

enum scr_boot_phase {
    SCR_BOOT_OPEN,
    SCR_BOOT_SEALED,
    SCR_BOOT_TEARDOWN
};

/**
 * Allocates zeroed, touched memory aligned to 64 bytes: the pages are really there afterwards.
 * out     memory   untouched on error
 * errors  SCR_ERR_MEMORY  the system has not that much
 * thread  main, in phase OPEN (else an assertion fails)
 */
SCR_MUST_USE enum scr_err scr_boot_allocate(size_t bytes, void **memory);

/** Frees what scr_boot_allocate gave; NULL is allowed. Not while sealed. */
void scr_boot_free(void *memory);

#ifdef SCR_EMULATOR
/**
 * A heap block for one cell (core/memory/cells.h), exactly `bytes` long, filled with 0xee. Only in
 * builds that look for overflows; aborts when there is none. Any phase, any thread.
 */
void *scr_boot_emulate(size_t align, size_t bytes);

/** Frees it. */
void scr_boot_emulate_end(void *block);
#endif

/** Bytes allocated and not freed. */
uint64_t scr_boot_bytes(void);

/** Moves to a later phase, or back to OPEN (tests, and commands that boot twice). */
void scr_boot_enter(enum scr_boot_phase phase);

#endif
