/*
 * core/memory/boot.c - allocation at boot with a running total.
 * Why:    memory that is promised but not there would fail a listener half way; so each block is
 *         written once, while a start can still be refused.
 * Memory: a 64-byte head before each block holds its size.
 */
#include "core/memory/boot.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/assert.h"

#define HEAD_BYTES ((size_t)64)

static enum scr_boot_phase phase_now = SCR_BOOT_OPEN;
static uint64_t bytes_now;

enum scr_err scr_boot_allocate(size_t bytes, void **memory)
{
    SCR_ASSERT(phase_now == SCR_BOOT_OPEN);
    SCR_ASSERT(bytes > 0);
    if (bytes > SIZE_MAX - 2 * HEAD_BYTES) {
        return SCR_ERR_MEMORY;
    }
    size_t rounded = (bytes + HEAD_BYTES - 1) / HEAD_BYTES * HEAD_BYTES + HEAD_BYTES;
    uint8_t *block = aligned_alloc(HEAD_BYTES, rounded);
    if (block == NULL) {
        return SCR_ERR_MEMORY;
    }
    memset(block, 0, rounded);
    memcpy(block, &bytes, sizeof bytes);
    bytes_now += bytes;
    *memory = block + HEAD_BYTES;
    return SCR_OK;
}

void scr_boot_free(void *memory)
{
    SCR_ASSERT(phase_now != SCR_BOOT_SEALED);
    if (memory == NULL) {
        return;
    }
    uint8_t *block = (uint8_t *)memory - HEAD_BYTES;
    size_t bytes;
    memcpy(&bytes, block, sizeof bytes);
    SCR_ASSERT(bytes <= bytes_now);
    bytes_now -= bytes;
    free(block);
}

#ifdef SCR_EMULATOR
void *scr_boot_emulate(size_t align, size_t bytes)
{
    void *block = NULL;
    int failed = posix_memalign(&block, align, bytes);
    SCR_ASSERT(failed == 0);
    /* What is undefined after opening shall look it. */
    memset(block, 0xee, bytes);
    return block;
}

void scr_boot_emulate_end(void *block)
{
    free(block);
}
#endif

uint64_t scr_boot_bytes(void)
{
    return bytes_now;
}

void scr_boot_enter(enum scr_boot_phase phase)
{
    phase_now = phase;
}
