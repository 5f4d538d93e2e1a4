/*
 * core/job/job.c - what must hold for every job.
 * Why:    see job.h.
 */
#include "core/job/job.h"

#include "core/base/assert.h"

bool scr_job_is_finished(const struct scr_job *job)
{
    return atomic_load_explicit(&job->published, memory_order_acquire) == job->layout.file_bytes;
}

void scr_job_check(const struct scr_job *job)
{
    SCR_ASSERT((unsigned)job->place < SCR_JOB_PLACES);
    if (job->place == SCR_JOB_FREE) {
        SCR_ASSERT(job->readers == 0 && job->extent_count == 0);
        return;
    }
    SCR_ASSERT((job->readers > 0) == (job->place == SCR_JOB_WANTED));
    SCR_ASSERT(job->extent_count >= 1 && job->extent_count <= SCR_JOB_EXTENTS_MAX);
    SCR_ASSERT(atomic_load_explicit(&job->published, memory_order_relaxed) <=
               job->layout.file_bytes);
    if (job->place == SCR_JOB_IDLE) {
        SCR_ASSERT(scr_job_is_finished(job));
    }
}
