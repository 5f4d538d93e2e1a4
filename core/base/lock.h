/*
 * core/base/lock.h - a mutex that knows its holder.
 * Why:    "the caller holds the lock" is a sentence in a comment until it is an assertion.
 * Order:  arena before job; never two jobs; pools and bells are leaves (ARCHITECTURE.md, threads).
 */
#ifndef SCR_BASE_LOCK_H
#define SCR_BASE_LOCK_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct scr_lock {
    pthread_mutex_t mutex;
    /* A number that differs per thread, 0 when free; written by the holder only. */
    atomic_uintptr_t holder;
};

/** Prepares a lock in the caller's memory. Aborts only when the system refuses a mutex. */
void scr_lock_init(struct scr_lock *lock);

/** Undoes init; the lock must be free. */
void scr_lock_deinit(struct scr_lock *lock);

/** Waits for the lock and takes it. The caller must not hold it already. */
void scr_lock_acquire(struct scr_lock *lock);

/** Takes the lock if it is free: true when taken. Never waits. */
bool scr_lock_try_acquire(struct scr_lock *lock);

/** Gives the lock back. The caller must hold it. */
void scr_lock_release(struct scr_lock *lock);

/** Whether the calling thread holds the lock: for assertions. */
bool scr_lock_held(const struct scr_lock *lock);

#endif
