/*
 * core/job/job.h - what a job is: one scream in the arena.
 * Why:    read this first; everything else in the room moves jobs between these states.
 *
 *   FREE --admit--> WANTED --last reader leaves--> ABANDONED --2 s, or memory needed--> FREE
 *                    |  ^ \__________________________/ a reader comes back
 *        all rendered|  |
 *                    v  |a reader comes
 *                   (finished, still WANTED) --last reader leaves--> IDLE --memory needed--> FREE
 *
 *   A failed job is WANTED until its last reader leaves, then FREE; its key finds it no more.
 *
 * Locks:  see each group of fields. Bytes below `published` never change again.
 */
#ifndef SCR_JOB_JOB_H
#define SCR_JOB_JOB_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/base/limits.h"
#include "core/base/lock.h"
#include "core/container/ogg_layout.h"
#include "core/job/extent_pool.h"
#include "core/job/key.h"
#include "core/job/render_pool.h"
#include "core/synth/params.h"

/* Which list of the arena a job stands in; decides what may happen to it. */
enum scr_job_place {
    SCR_JOB_FREE,      /* no key, no memory */
    SCR_JOB_WANTED,    /* has readers */
    SCR_JOB_ABANDONED, /* unfinished, no reader: kept for SCR_JOB_LINGER_NS */
    SCR_JOB_IDLE,      /* finished, no reader: the cache, least recently used goes first */
    SCR_JOB_PLACES
};

struct scr_job {
    /* The arena's lock. */
    enum scr_job_place place;
    struct scr_job *older; /* neighbours in the list of that place */
    struct scr_job *newer;
    struct scr_job *chained; /* next with the same table bucket */
    bool listed;             /* found by its key; a failed job is not, though still read */
    uint32_t readers;
    int64_t left_ns; /* when the last reader left */

    /* Written at admission, constant until freed. */
    struct scr_key key;
    struct scr_params params;
    struct scr_ogg_layout layout;
    uint32_t extent_count;
    uint32_t extent_first; /* by which the pool knows the file */

    /* The job's own lock. */
    struct scr_lock lock;
    struct scr_render_state *render; /* NULL once finished */
    uint32_t pages_done;

    /* Any thread. */
    atomic_uint_least64_t published; /* bytes of the file that are readable */
    atomic_bool failed;              /* the encoder failed: readers give up */
    atomic_bool hastened;            /* the finisher is asked to complete it */
    atomic_int_least64_t pulled_ns;  /* when a reader last asked */
};

/** Whether every byte is rendered. Any thread. */
bool scr_job_is_finished(const struct scr_job *job);

/** Aborts when the job's fields contradict each other. The arena's lock is held. */
void scr_job_check(const struct scr_job *job);

#endif
