/*
 * core/job/finisher.h - the background thread that completes jobs.
 * Why:    a slow or stalled client must not hold a render state, and a range far ahead should not
 *         wait for its reader's slices alone.
 * Flow:   every 100 ms, or when rung: drop what was abandoned, complete what is stalled or wanted.
 * Thread: its own, at nice +5; holds a job's lock for one page at a time.
 */
#ifndef SCR_JOB_FINISHER_H
#define SCR_JOB_FINISHER_H

#include <stdint.h>

#include "core/base/error.h"
#include "core/job/arena.h"

struct scr_finisher;

/** Allocates (boot phase) and starts the thread. errors SCR_ERR_MEMORY, SCR_ERR_INTERNAL */
SCR_MUST_USE enum scr_err scr_finisher_start(struct scr_arena *arena,
                                             struct scr_finisher **finisher);

/** Stops after the page in hand, joins, frees (not while sealed). Nulls; NULL is allowed. */
void scr_finisher_stop(struct scr_finisher **finisher);

/** One round, as the thread does it; returns how many jobs were completed. Tests. */
uint32_t scr_finisher_round(struct scr_arena *arena);

#endif
