/*
 * core/job/arena.h - all screams in memory: the only door to them.
 * Why:    one mechanism gives streaming, ranges, cache and de-duplication: a job is one scream in
 *         one preallocated place, shared by all who ask for the same key (single flight), kept
 *         when finished until its memory is needed (least recently used goes first).
 * Flow:   params -> key -> find, or evict and admit -> cursor; readers pull; last close releases.
 * Memory: extents of 1 KiB and render states, all allocated at boot; admission reserves all a
 *         job needs, so nothing fails half way. It evicts a little more than it must when that
 *         gives the job one piece of memory; and takes several when it does not.
 * Locks:  the arena's lock guards table, lists, references; a job's lock guards its rendering.
 *         Order: arena before job, never two jobs, never render under the arena lock.
 */
#ifndef SCR_JOB_ARENA_H
#define SCR_JOB_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/job/cursor.h"
#include "core/job/key.h"
#include "core/synth/params.h"

struct scr_arena;

struct scr_arena_config {
    uint64_t arena_bytes; /* of extents; rounded down to whole ones, at least one */
    uint32_t readers_max; /* cursors open at once: connections (and plays) */
    const struct scr_clock *clock;
};

/* A snapshot for gauges and tests. */
struct scr_arena_usage {
    uint32_t extents_total;
    uint32_t extents_used;   /* by jobs of any state */
    uint64_t file_bytes;     /* of all jobs when finished: the rest of those extents is lost */
    uint32_t extents_wanted; /* by jobs with a reader, and unfinished ones not yet given up */
    uint32_t jobs;           /* in the table */
    uint32_t jobs_unfinished;
    uint32_t readers; /* cursors open */
    uint32_t render_states_total;
    uint32_t render_states_used;
};

/** Bytes that scr_arena_create will take, everything included. */
uint64_t scr_arena_memory_bytes(const struct scr_arena_config *config);

/**
 * Allocates the arena (boot only).
 * errors  SCR_ERR_MEMORY, SCR_ERR_CODEC (an encoder refuses to start)
 */
SCR_MUST_USE enum scr_err scr_arena_create(const struct scr_arena_config *config,
                                           struct scr_arena **arena);

/** Frees it; no cursor may be open and the finisher must be stopped. Nulls *arena. */
void scr_arena_destroy(struct scr_arena **arena);

/**
 * Finds the job of these parameters, or admits it: extents and a render state are reserved now.
 * in      params   resolved and valid
 * out     cursor   a reader; close it. Untouched on error
 * errors  SCR_ERR_ARENA_FULL  nothing more can be evicted; try again in about a second
 *         SCR_ERR_SCREAM_TOO_LARGE  scr_arena_could_hold says no: this will never work
 * thread  any; alloc none; renders nothing
 */
SCR_MUST_USE enum scr_err scr_arena_open(struct scr_arena *arena,
                                         const struct scr_params *params,
                                         struct scr_job_cursor *cursor);

/** scr_arena_open for who has the key of these parameters already. */
SCR_MUST_USE enum scr_err scr_arena_open_key(struct scr_arena *arena,
                                             const struct scr_params *params,
                                             const struct scr_key *key,
                                             struct scr_job_cursor *cursor);

/** Whether an Ogg file of this size has room when nothing else has. Any thread; takes no lock. */
bool scr_arena_could_hold(const struct scr_arena *arena, uint64_t file_bytes);

/** The bytes of all extents. Any thread; takes no lock. */
uint64_t scr_arena_extent_bytes(const struct scr_arena *arena);

/** Numbers for gauges. Any thread. */
struct scr_arena_usage scr_arena_usage(struct scr_arena *arena);

/** What makes this machine's Opus bytes equal to another's; probed at creation. Valid for ever. */
const struct scr_codec_class *scr_arena_codec_class(const struct scr_arena *arena);

/** Size of the Ogg file these parameters make, by arithmetic. Any thread; renders nothing. */
uint64_t scr_job_file_bytes(const struct scr_params *params);

#endif
