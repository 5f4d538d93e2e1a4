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

/*
 * Renders until `offset` is readable or a slice has passed; nothing when someone else is at it.
 * False when the job has failed.
 */
static bool advance(struct scr_arena *arena, struct scr_job *job, uint64_t offset)
{
    int64_t until_ns = scr_clock_now_ns(arena->room.clock) + SCR_SLICE_NS;
    bool alive = true;
    atomic_store_explicit(&job->pulled_ns, until_ns - SCR_SLICE_NS, memory_order_relaxed);
    if (!scr_lock_try_acquire(&job->lock)) {
        (void)sched_yield(); /* in case the renderer wants this very core */
        return true;
    }
    while (published(job) <= offset) {
        if (job->render == NULL || scr_render_page(&arena->room, job) != SCR_OK) {
            alive = false;
            break;
        }
        if (scr_clock_now_ns(arena->room.clock) >= until_ns) {
            break;
        }
    }
    scr_lock_release(&job->lock);
    return alive;
}

enum scr_pull scr_job_cursor_pull(struct scr_job_cursor *cursor,
                                  uint64_t offset,
                                  const uint8_t **bytes,
                                  size_t *count)
{
    struct scr_job *job = cursor->job;
    SCR_ASSERT(job != NULL && offset <= job->layout.file_bytes);
    if (offset == job->layout.file_bytes) {
        return SCR_PULL_END;
    }
    if (published(job) <= offset && !advance(cursor->arena, job, offset)) {
        return SCR_PULL_ERROR;
    }
    uint64_t readable = published(job);
    if (readable <= offset) {
        return SCR_PULL_AGAIN;
    }
    size_t within = (size_t)(offset % SCR_EXTENT_BYTES);
    uint64_t here = SCR_EXTENT_BYTES - within;
    uint64_t left = readable - offset;
    uint16_t extent = job->extents[offset / SCR_EXTENT_BYTES];
    *bytes = scr_extent_pool_bytes(&cursor->arena->room.extents, extent) + within;
    *count = (size_t)(left < here ? left : here);
    return SCR_PULL_DATA;
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
