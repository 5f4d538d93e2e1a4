/*
 * core/job/arena_internal.h - the arena's struct, for cursor, finisher and arena alone.
 * Why:    cursors render and close, the finisher completes; both need what the arena holds.
 */
#ifndef SCR_JOB_ARENA_INTERNAL_H
#define SCR_JOB_ARENA_INTERNAL_H

#include "core/base/lock.h"
#include "core/job/arena.h"
#include "core/job/codec_class.h"
#include "core/job/job_table.h"
#include "core/job/render.h"

typedef void scr_arena_wake_fn(void *context);

struct scr_arena {
    struct scr_lock lock; /* guards table, extents, the sums, wake */
    struct scr_job_table table;
    struct scr_render_room room;
    uint64_t file_bytes; /* of all jobs in the table */
    uint32_t readers;
    scr_arena_wake_fn *wake; /* the finisher's bell; NULL while none runs */
    void *wake_context;
    struct scr_codec_class codec_class;
};

/** One reader fewer; the job becomes idle, abandoned, or (failed) free. Takes the arena's lock. */
void scr_arena_leave(struct scr_arena *arena, struct scr_job *job);

/** Frees jobs abandoned for longer than SCR_JOB_LINGER_NS. Takes the arena's lock. */
void scr_arena_drop_abandoned(struct scr_arena *arena);

/**
 * A job the finisher should complete: unfinished, with readers, and hastened or not pulled for
 * SCR_JOB_STALL_NS. Takes a reference for the finisher (scr_arena_leave ends it) without counting
 * as a pull; NULL when there is none. Takes the arena's lock.
 */
struct scr_job *scr_arena_take_stalled(struct scr_arena *arena);

/**
 * For the finisher between two pages: frees what was abandoned long enough, and tells whether
 * anyone beside the finisher still wants this job. Takes the arena's lock.
 */
bool scr_arena_tend(struct scr_arena *arena, const struct scr_job *job);

/** Installs or (NULL) removes the finisher's bell. Takes the arena's lock. */
void scr_arena_set_wake(struct scr_arena *arena, scr_arena_wake_fn *wake, void *context);

/** Rings the bell if there is one. Takes the arena's lock. */
void scr_arena_ring(struct scr_arena *arena);

#endif
