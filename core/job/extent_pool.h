/*
 * core/job/extent_pool.h - the bytes of all jobs, in extents of 1 KiB.
 * Why:    files have any size from 1 KB to 10 MB. Small extents waste half of one per file; a file
 *         stands in one run of neighbours whenever there is such a run, so that it is one piece
 *         of memory, leaves in one system call and is found by an addition.
 *
 *   | taken by A          | free       | B | taken by A, its second run | free         |
 *   |<- first run of A  ->|<- a run  ->|   |<--------------------------->|<- a run    ->|
 *
 *   tag of the first extent: count, next run (of the file, or of the free ones of its size class)
 *   tag of the last extent:  count; those between say nothing
 *
 * Memory: made at boot; a free extent is a closed cell, which nobody may touch.
 * Limits: any free extents make up a file, in as many runs as it takes: what is free can be had.
 * Thread: whoever holds the arena's lock; the bytes and runs of a file, its readers too.
 */
#ifndef SCR_JOB_EXTENT_POOL_H
#define SCR_JOB_EXTENT_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/limits.h"
#include "core/memory/cells.h"

/* Free runs of 1, 2-3, 4-7 ... extents. */
#define SCR_EXTENT_CLASSES 23
static_assert(SCR_ARENA_BYTES_MAX / SCR_EXTENT_BYTES < 1 << SCR_EXTENT_CLASSES,
              "every run has a class");

struct scr_extent_tag {
    uint32_t count;    /* of the run */
    uint32_t next;     /* the run behind it in its list, or none */
    uint32_t previous; /* free: the run before it in its list, or none; else: it is taken */
};

struct scr_extent_pool {
    struct scr_cells cells;
    struct scr_extent_tag *tags;       /* [count] */
    uint32_t free[SCR_EXTENT_CLASSES]; /* the first run of each class, or none */
    uint32_t count;
    uint32_t free_count;
};

/** Bytes that init allocates. */
uint64_t scr_extent_pool_memory_bytes(uint32_t count);

/** Allocates `count` extents. errors SCR_ERR_MEMORY. Boot. */
SCR_MUST_USE enum scr_err scr_extent_pool_init(struct scr_extent_pool *pool, uint32_t count);

/** Frees them; all must be released. */
void scr_extent_pool_deinit(struct scr_extent_pool *pool);

/** Whether so many free extents stand side by side. */
bool scr_extent_pool_has_run(const struct scr_extent_pool *pool, uint32_t count);

/**
 * Takes `count` extents, in one run when there is one; the caller has made sure that many are
 * free. Returns the first, by which the file is known.
 */
uint32_t scr_extent_pool_acquire(struct scr_extent_pool *pool, uint32_t count);

/** Gives a file's extents back. */
void scr_extent_pool_release(struct scr_extent_pool *pool, uint32_t first);

/**
 * The byte at `offset` of a file.
 * out     left   bytes from there to the end of the run, at least 1
 */
uint8_t *scr_extent_pool_at(const struct scr_extent_pool *pool,
                            uint32_t first,
                            uint64_t offset,
                            size_t *left);

#endif
