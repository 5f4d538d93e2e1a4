/*
 * core/job/extent_pool.h - the bytes of all jobs, in extents of 64 KiB.
 * Why:    a scream needs from one to SCR_JOB_EXTENTS_MAX of them; any free ones will do.
 *
 *   | extent 0 | extent 1 | ... |      a job's file: extents[0] | extents[1] | ...
 *
 * Memory: made at boot; a free extent is a closed cell, which nobody may touch.
 * Thread: whoever holds the arena's lock.
 */
#ifndef SCR_JOB_EXTENT_POOL_H
#define SCR_JOB_EXTENT_POOL_H

#include <stdint.h>

#include "core/base/error.h"
#include "core/base/limits.h"
#include "core/memory/cells.h"

/* An extent's number fits in 16 bits. */
static_assert(SCR_ARENA_BYTES_MAX / SCR_EXTENT_BYTES <= 65536, "extents are numbered by u16");

struct scr_extent_pool {
    struct scr_cells cells;
    uint16_t *free_stack; /* [count], the first free_count are free */
    uint32_t count;
    uint32_t free_count;
};

/** Bytes that init allocates. */
uint64_t scr_extent_pool_memory_bytes(uint32_t count);

/** Allocates `count` extents. errors SCR_ERR_MEMORY. Boot. */
SCR_MUST_USE enum scr_err scr_extent_pool_init(struct scr_extent_pool *pool, uint32_t count);

/** Frees them; all must be released. */
void scr_extent_pool_deinit(struct scr_extent_pool *pool);

/** Takes `count` extents; the caller has made sure that many are free. */
void scr_extent_pool_acquire(struct scr_extent_pool *pool, uint16_t *extents, uint32_t count);

/** Gives them back. */
void scr_extent_pool_release(struct scr_extent_pool *pool, const uint16_t *extents, uint32_t count);

/** The bytes of one extent, SCR_EXTENT_BYTES long. */
uint8_t *scr_extent_pool_bytes(const struct scr_extent_pool *pool, uint16_t extent);

#endif
