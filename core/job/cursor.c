/*
 * core/job/cursor.c - reads what is published; renders when it stands at the frontier.
 * Why:    see cursor.h. Two readers at one frontier: one renders, the other is told to ask again
 *         and serves its other connections meanwhile. It never waits for the job's lock: mutexes
 *         are not fair, and a finisher that takes it again and again was measured to keep a
 *         waiting thread, and all its connections, for hundreds of milliseconds.
 */
#include "core/job/cursor.h"

#include <sched.h>

#include "core/base/assert.h"
#include "core/job/arena_internal.h"

static uint64_t published(const struct scr_job *job)
{
    return atomic_load_explicit(&job->published, memory_order_acquire);
}

uint64_t scr_job_cursor_file_bytes(const struct scr_job_cursor *cursor)
{
    return cursor->job->layout.file_bytes;
}

uint64_t scr_job_cursor_published(const struct scr_job_cursor *cursor)
{
    return published(cursor->job);
}

bool scr_job_cursor_is_finished(const struct scr_job_cursor *cursor)
{
    return scr_job_is_finished(cursor->job);
}

static bool is_over(const struct scr_arena *arena, int64_t began_ns, const struct scr_slice *slice)
{
    return scr_clock_now_ns(arena->room.clock) - began_ns >= slice->ns ||
           (slice->is_over != NULL && slice->is_over(slice->context));
}

/*
 * Renders until the file is readable up to `end`, or the slice is over; nothing when someone else
 * is at it. False when the job has failed.
 */
static bool
advance(struct scr_arena *arena, struct scr_job *job, uint64_t end, const struct scr_slice *slice)
{
    int64_t began_ns = scr_clock_now_ns(arena->room.clock);
    bool alive = true;
    atomic_store_explicit(&job->pulled_ns, began_ns, memory_order_relaxed);
    if (!scr_lock_try_acquire(&job->lock)) {
        (void)sched_yield(); /* in case the renderer wants this very core */
        return true;
    }
    while (published(job) < end) {
        if (job->render == NULL || scr_render_page(&arena->room, job) != SCR_OK) {
            alive = false;
            break;
        }
        if (published(job) < end && is_over(arena, began_ns, slice)) {
            break;
        }
    }
    scr_lock_release(&job->lock);
    return alive;
}

enum scr_pull scr_job_cursor_pull_ahead(struct scr_job_cursor *cursor,
                                        uint64_t offset,
                                        size_t wanted,
                                        const struct scr_slice *slice,
                                        const uint8_t **bytes,
                                        size_t *count)
{
    struct scr_job *job = cursor->job;
    SCR_ASSERT(job != NULL && offset <= job->layout.file_bytes);
    SCR_ASSERT(wanted >= 1);
    if (offset == job->layout.file_bytes) {
        return SCR_PULL_END;
    }
    uint64_t left = job->layout.file_bytes - offset;
    uint64_t end = offset + (wanted < left ? wanted : left);
    bool alive = published(job) >= end || advance(cursor->arena, job, end, slice);
    uint64_t readable = published(job);
    if (readable <= offset) {
        return alive ? SCR_PULL_AGAIN : SCR_PULL_ERROR;
    }
    size_t here = 0;
    uint64_t ready = readable - offset;
    *bytes = scr_extent_pool_at(&cursor->arena->room.extents, job->extent_first, offset, &here);
    *count = ready < here ? (size_t)ready : here;
    return SCR_PULL_DATA;
}

enum scr_pull scr_job_cursor_pull(struct scr_job_cursor *cursor,
                                  uint64_t offset,
                                  const uint8_t **bytes,
                                  size_t *count)
{
    struct scr_slice slice = scr_slice_whole();
    return scr_job_cursor_pull_ahead(cursor, offset, 1, &slice, bytes, count);
}

void scr_job_cursor_want(struct scr_job_cursor *cursor)
{
    SCR_ASSERT(cursor->job != NULL);
    atomic_store_explicit(&cursor->job->hastened, true, memory_order_relaxed);
    scr_arena_ring(cursor->arena);
}

void scr_job_cursor_close(struct scr_job_cursor *cursor)
{
    if (cursor->job != NULL) {
        scr_arena_leave(cursor->arena, cursor->job);
        cursor->job = NULL;
    }
}
