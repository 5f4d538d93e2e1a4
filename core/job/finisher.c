/*
 * core/job/finisher.c - waits for the bell or the period, then does a round.
 * Why:    see finisher.h. The bell is a condition variable of its own, so that ringing it under
 *         the arena's lock never waits for a round.
 */
#include "core/job/finisher.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <time.h>

#include "core/base/assert.h"
#include "core/job/arena_internal.h"
#include "core/memory/boot.h"

#define FINISHER_NICE 5
#define NS_PER_S INT64_C(1000000000)

struct scr_finisher {
    struct scr_arena *arena;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t bell;
    bool rung;
    atomic_bool stopping;
};

static void ring(void *context)
{
    struct scr_finisher *finisher = context;
    (void)pthread_mutex_lock(&finisher->mutex);
    finisher->rung = true;
    (void)pthread_cond_signal(&finisher->bell);
    (void)pthread_mutex_unlock(&finisher->mutex);
}

/* One page under the lock; between pages readers get their turn. False when there is no more. */
static bool complete_page(struct scr_arena *arena, struct scr_job *job)
{
    bool more = false;
    scr_lock_acquire(&job->lock);
    if (job->render != NULL && scr_render_page(&arena->room, job) == SCR_OK) {
        more = job->render != NULL;
    }
    scr_lock_release(&job->lock);
    (void)sched_yield();
    return more;
}

/* To the end, or until its last reader leaves. True when it was completed. */
static bool complete(struct scr_arena *arena, struct scr_job *job, const atomic_bool *stopping)
{
    bool more = true;
    while (more && scr_arena_tend(arena, job) &&
           !atomic_load_explicit(stopping, memory_order_relaxed)) {
        more = complete_page(arena, job);
    }
    return !more;
}

static uint32_t do_round(struct scr_arena *arena, const atomic_bool *stopping)
{
    uint32_t completed = 0;
    scr_arena_drop_abandoned(arena);
    while (!atomic_load_explicit(stopping, memory_order_relaxed)) {
        struct scr_job *job = scr_arena_take_stalled(arena);
        if (job == NULL) {
            break;
        }
        completed += complete(arena, job, stopping) ? 1 : 0;
        scr_arena_leave(arena, job);
    }
    return completed;
}

uint32_t scr_finisher_round(struct scr_arena *arena)
{
    static const atomic_bool never = false;
    return do_round(arena, &never);
}

static void wait_for_bell(struct scr_finisher *finisher)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ns = until.tv_nsec + SCR_FINISHER_PERIOD_NS;
    until.tv_sec += (time_t)(ns / NS_PER_S);
    until.tv_nsec = (long)(ns % NS_PER_S);
    (void)pthread_mutex_lock(&finisher->mutex);
    int timed_out = 0;
    while (!finisher->rung && timed_out == 0) {
        timed_out = pthread_cond_timedwait(&finisher->bell, &finisher->mutex, &until);
    }
    finisher->rung = false;
    (void)pthread_mutex_unlock(&finisher->mutex);
}

static void *run(void *context)
{
    struct scr_finisher *finisher = context;
    /* On Linux this is the thread's own priority: live requests go first. Refusal is harmless. */
    (void)setpriority(PRIO_PROCESS, 0, FINISHER_NICE);
    while (!atomic_load_explicit(&finisher->stopping, memory_order_relaxed)) {
        (void)do_round(finisher->arena, &finisher->stopping);
        wait_for_bell(finisher);
    }
    return NULL;
}

enum scr_err scr_finisher_start(struct scr_arena *arena, struct scr_finisher **finisher)
{
    void *memory = NULL;
    SCR_TRY(scr_boot_allocate(sizeof(struct scr_finisher), &memory));
    struct scr_finisher *made = memory;
    pthread_condattr_t monotonic;
    made->arena = arena;
    atomic_init(&made->stopping, false);
    int failed = pthread_mutex_init(&made->mutex, NULL);
    failed |= pthread_condattr_init(&monotonic);
    failed |= pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    failed |= pthread_cond_init(&made->bell, &monotonic);
    SCR_ASSERT(failed == 0);
    (void)pthread_condattr_destroy(&monotonic);
    if (pthread_create(&made->thread, NULL, run, made) != 0) {
        (void)pthread_cond_destroy(&made->bell);
        (void)pthread_mutex_destroy(&made->mutex);
        scr_boot_free(made);
        return SCR_ERR_INTERNAL;
    }
    scr_arena_set_wake(arena, ring, made);
    *finisher = made;
    return SCR_OK;
}

void scr_finisher_stop(struct scr_finisher **finisher)
{
    struct scr_finisher *dead = *finisher;
    if (dead == NULL) {
        return;
    }
    scr_arena_set_wake(dead->arena, NULL, NULL);
    atomic_store_explicit(&dead->stopping, true, memory_order_relaxed);
    ring(dead);
    (void)pthread_join(dead->thread, NULL);
    (void)pthread_cond_destroy(&dead->bell);
    (void)pthread_mutex_destroy(&dead->mutex);
    scr_boot_free(dead);
    *finisher = NULL;
}
