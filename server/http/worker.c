/*
 * server/http/worker.c - starting, waking and joining a thread.
 * Why:    see worker.h.
 */
#include "server/http/worker.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/types.h>
#include <unistd.h>

#include "core/base/assert.h"
#include "core/base/limits.h"

static bool start_thread(struct scr_worker *worker, void *(*run)(void *), void *context)
{
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) {
        return false;
    }
    bool started = pthread_attr_setstacksize(&attributes, (size_t)SCR_HTTP_STACK_BYTES) == 0 &&
                   pthread_create(&worker->thread, &attributes, run, context) == 0;
    (void)pthread_attr_destroy(&attributes);
    return started;
}

enum scr_err scr_worker_start(struct scr_worker *worker, void *(*run)(void *), void *context)
{
    SCR_ASSERT(!worker->running);
    atomic_store(&worker->stopping, false);
    worker->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (worker->wake_fd < 0) {
        return SCR_ERR_IO;
    }
    if (!start_thread(worker, run, context)) {
        (void)close(worker->wake_fd);
        return SCR_ERR_IO;
    }
    worker->running = true;
    return SCR_OK;
}

bool scr_worker_is_stopping(struct scr_worker *worker)
{
    return atomic_load(&worker->stopping);
}

void scr_worker_stop(struct scr_worker *worker)
{
    if (!worker->running) {
        return;
    }
    atomic_store(&worker->stopping, true);
    const uint64_t one = 1;
    ssize_t written = write(worker->wake_fd, &one, sizeof one);
    SCR_ASSERT(written == (ssize_t)sizeof one);
    int failed = pthread_join(worker->thread, NULL);
    SCR_ASSERT(failed == 0);
    (void)close(worker->wake_fd);
    worker->running = false;
}
