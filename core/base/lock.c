/*
 * core/base/lock.c - pthread mutex plus the identity of its holder.
 * Why:    the address of a thread-local byte names a thread without a system call.
 */
#include "core/base/lock.h"

#include "core/base/assert.h"

static _Thread_local char thread_mark;

static uintptr_t self(void)
{
    return (uintptr_t)&thread_mark;
}

void scr_lock_init(struct scr_lock *lock)
{
    int failed = pthread_mutex_init(&lock->mutex, NULL);
    SCR_ASSERT(failed == 0);
    atomic_init(&lock->holder, 0);
}

void scr_lock_deinit(struct scr_lock *lock)
{
    SCR_ASSERT(atomic_load_explicit(&lock->holder, memory_order_relaxed) == 0);
    int failed = pthread_mutex_destroy(&lock->mutex);
    SCR_ASSERT(failed == 0);
}

void scr_lock_acquire(struct scr_lock *lock)
{
    SCR_ASSERT(!scr_lock_held(lock));
    int failed = pthread_mutex_lock(&lock->mutex);
    SCR_ASSERT(failed == 0);
    atomic_store_explicit(&lock->holder, self(), memory_order_relaxed);
}

bool scr_lock_try_acquire(struct scr_lock *lock)
{
    SCR_ASSERT(!scr_lock_held(lock));
    if (pthread_mutex_trylock(&lock->mutex) != 0) {
        return false;
    }
    atomic_store_explicit(&lock->holder, self(), memory_order_relaxed);
    return true;
}

void scr_lock_release(struct scr_lock *lock)
{
    SCR_ASSERT(scr_lock_held(lock));
    atomic_store_explicit(&lock->holder, 0, memory_order_relaxed);
    int failed = pthread_mutex_unlock(&lock->mutex);
    SCR_ASSERT(failed == 0);
}

bool scr_lock_held(const struct scr_lock *lock)
{
    return atomic_load_explicit(&lock->holder, memory_order_relaxed) == self();
}
