/*
 * core/job/job_table.h - finds a job by key, and keeps jobs in order of their leaving.
 * Why:    lookup, eviction order and "how much could be evicted" must all be O(1).
 *
 *   buckets[hash of key] -> job -> job ...        lists[place]: oldest <-> ... <-> newest
 *
 * Memory: jobs and buckets are made at boot; one job for so many bytes of the arena.
 * Thread: whoever holds the arena's lock.
 */
#ifndef SCR_JOB_JOB_TABLE_H
#define SCR_JOB_JOB_TABLE_H

#include <stdint.h>

#include "core/base/error.h"
#include "core/job/job.h"

struct scr_job_list {
    struct scr_job *oldest;
    struct scr_job *newest;
    uint32_t jobs;
    uint32_t extents; /* held by those jobs */
};

struct scr_job_table {
    struct scr_job *jobs; /* [count] */
    struct scr_job **buckets;
    uint32_t count;
    uint32_t bucket_mask; /* buckets - 1, a power of two minus one */
    struct scr_job_list lists[SCR_JOB_PLACES];
};

/** Bytes that init allocates. */
uint64_t scr_job_table_memory_bytes(uint32_t count);

/** Makes `count` free jobs. errors SCR_ERR_MEMORY. Boot. */
SCR_MUST_USE enum scr_err scr_job_table_init(struct scr_job_table *table, uint32_t count);

/** Frees the memory; every job must be FREE. */
void scr_job_table_deinit(struct scr_job_table *table);

/** The job of this key, or NULL. */
struct scr_job *scr_job_table_find(const struct scr_job_table *table, const struct scr_key *key);

/** Moves a job to the newest end of another list; `extents` sums follow job->extent_count. */
void scr_job_table_move(struct scr_job_table *table, struct scr_job *job, enum scr_job_place place);

/** Enters a job in the buckets under job->key, or takes it out. */
void scr_job_table_insert(struct scr_job_table *table, struct scr_job *job);
void scr_job_table_remove(struct scr_job_table *table, struct scr_job *job);

#endif
