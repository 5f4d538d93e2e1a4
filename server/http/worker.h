/*
 * server/http/worker.h - a thread that waits in poll(), and can be asked to end.
 * Why:    acceptor and watchdog begin and end alike.
 * Thread: start and stop on main; is_stopping and wake_fd on the worker's own.
 */
#ifndef SCR_SERVER_HTTP_WORKER_H
#define SCR_SERVER_HTTP_WORKER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "core/base/error.h"

struct scr_worker {
    pthread_t thread;
    bool running;
    int wake_fd; /* becomes readable when the worker is to end; valid while it runs */
    atomic_bool stopping;
};

/**
 * Starts the thread.
 * in      run, context  what it does; a struct of zeros as worker
 * errors  SCR_ERR_IO (no thread, or no descriptor, to be had)
 */
SCR_MUST_USE enum scr_err
scr_worker_start(struct scr_worker *worker, void *(*run)(void *), void *context);

/** Whether it is to end. */
bool scr_worker_is_stopping(struct scr_worker *worker);

/** Wakes it, and joins. Stopping twice, or what never ran, is allowed. */
void scr_worker_stop(struct scr_worker *worker);

#endif
