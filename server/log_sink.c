/*
 * server/log_sink.c - the ring between the threads that log and the one that writes.
 * Why:    see log_sink.h. A slot carries a sequence number: equal to the ticket it is free, one
 *         more and it is filled. Who wins a ticket fills the slot alone, so neither side holds a
 *         lock, and a full ring is seen at once.
 *
 * Waking: a line that comes after a pause wakes the writer at once; then it lets lines gather for
 *         GATHER_NS, or until a quarter of the ring is full, and goes to sleep when none came. So
 *         a thousand requests cost one wake-up, not one each (measured: 8 us of the 10 us that a
 *         line cost under load). Nobody is woken twice: who sees `asleep` and clears it, wakes.
 *
 *   tickets:   ... tail (writer) [filled][filled][being filled][free] head (workers) ...
 *
 * Source: the bounded queue with per-slot sequence numbers by Dmitry Vyukov (the idea, not code).
 */
#include "server/log_sink.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/assert.h"
#include "core/base/clock.h"
#include "core/base/limits.h"
#include "core/base/stats.h"
#include "core/memory/boot.h"
#include "server/console.h"

/* A pipe that is writable takes this much without blocking (PIPE_BUF). */
#define BATCH_BYTES_MAX 4096
#define POLL_MS 100
/* How late a line may be while lines come all the time. */
#define GATHER_NS INT64_C(10000000)
#define GATHER_LINES (SCR_LOG_RING_LINES / 4)
#define NS_PER_S INT64_C(1000000000)
#define STOP_NS NS_PER_S
/* What the writer has beyond STOP_NS to notice it, before it is taken for stuck in a write. */
#define JOIN_NS (STOP_NS + STOP_NS / 2)
static_assert((SCR_LOG_RING_LINES & (SCR_LOG_RING_LINES - 1)) == 0, "tickets wrap evenly");
static_assert(SCR_LOG_LINE_BYTES_MAX <= BATCH_BYTES_MAX, "a line fits in a batch");

struct log_slot {
    _Atomic uint32_t sequence;
    uint32_t bytes;
    char line[SCR_LOG_LINE_BYTES_MAX];
};

struct scr_log_sink {
    struct scr_log_sink_config config;
    bool is_socket;
    _Atomic uint32_t head; /* next ticket of the workers */
    uint32_t tail;         /* the writer's own */
    uint32_t batch_lines;
    size_t batch_bytes;
    int64_t dropped_told; /* of SCR_STAT_LOG_DROPPED, what a line has reported */
    atomic_bool asleep;   /* the writer, until a line comes */
    sem_t wake;           /* look at the ring */
    sem_t ended;          /* the writer's last act */
    atomic_bool stopping;
    _Atomic int64_t give_up_ns; /* once stopping */
    pthread_t thread;
    char batch[BATCH_BYTES_MAX];
    struct log_slot slots[]; /* SCR_LOG_RING_LINES when threaded, else none */
};

static size_t format(const struct scr_log_sink *sink,
                     const struct scr_log_event *event,
                     char line[SCR_LOG_LINE_BYTES_MAX])
{
    if (sink->config.json) {
        return scr_log_line_json(event, line);
    }
    return scr_log_line_text(event, sink->config.look, line);
}

/* Takes a free slot, or NULL when the ring is full. */
static struct log_slot *take_slot(struct scr_log_sink *sink, uint32_t *ticket)
{
    uint32_t mine = atomic_load_explicit(&sink->head, memory_order_relaxed);
    for (;;) {
        struct log_slot *slot = &sink->slots[mine % SCR_LOG_RING_LINES];
        uint32_t sequence = atomic_load_explicit(&slot->sequence, memory_order_acquire);
        int32_t ahead = (int32_t)(sequence - mine);
        if (ahead < 0) {
            return NULL;
        }
        if (ahead > 0) {
            mine = atomic_load_explicit(&sink->head, memory_order_relaxed);
        } else if (atomic_compare_exchange_weak_explicit(
                       &sink->head, &mine, mine + 1, memory_order_relaxed, memory_order_relaxed)) {
            *ticket = mine;
            return slot;
        }
    }
}

static void on_event_threaded(void *context,
                              enum scr_log_level level,
                              const char *message,
                              const struct scr_log_field *fields,
                              size_t field_count)
{
    struct scr_log_sink *sink = context;
    struct scr_log_event event = {scr_clock_wall_us(), level, message, fields, field_count};
    uint32_t ticket = 0;
    struct log_slot *slot = take_slot(sink, &ticket);
    if (slot == NULL) {
        scr_stats_add(SCR_STAT_LOG_DROPPED, 0, 1);
        return;
    }
    slot->bytes = (uint32_t)format(sink, &event, slot->line);
    atomic_store_explicit(&slot->sequence, ticket + 1, memory_order_release);
    /* Exchanged here and there: whichever is second sees what the first had done before. */
    bool was_asleep = atomic_exchange_explicit(&sink->asleep, false, memory_order_acq_rel);
    if (was_asleep || ticket % GATHER_LINES == 0) {
        (void)sem_post(&sink->wake);
    }
}

static void on_event_direct(void *context,
                            enum scr_log_level level,
                            const char *message,
                            const struct scr_log_field *fields,
                            size_t field_count)
{
    const struct scr_log_sink *sink = context;
    struct scr_log_event event = {scr_clock_wall_us(), level, message, fields, field_count};
    char line[SCR_LOG_LINE_BYTES_MAX];
    size_t bytes = format(sink, &event, line);
    if (scr_write_all(sink->config.fd, line, bytes) != 0) {
        scr_stats_add(SCR_STAT_LOG_DROPPED, 0, 1);
    }
}

/* Moves filled slots to the batch while they fit; frees the slots. */
static void fill_batch(struct scr_log_sink *sink)
{
    for (;;) {
        struct log_slot *slot = &sink->slots[sink->tail % SCR_LOG_RING_LINES];
        uint32_t sequence = atomic_load_explicit(&slot->sequence, memory_order_acquire);
        if (sequence != sink->tail + 1 || sink->batch_bytes + slot->bytes > sizeof sink->batch) {
            return;
        }
        memcpy(sink->batch + sink->batch_bytes, slot->line, slot->bytes);
        sink->batch_bytes += slot->bytes;
        sink->batch_lines += 1;
        atomic_store_explicit(
            &slot->sequence, sink->tail + SCR_LOG_RING_LINES, memory_order_release);
        sink->tail += 1;
    }
}

/* Lines that were lost are told of in the first line that gets through again. */
static void tell_dropped(struct scr_log_sink *sink)
{
    int64_t dropped = scr_stats_read(SCR_STAT_LOG_DROPPED, 0);
    if (dropped == sink->dropped_told ||
        sink->batch_bytes + SCR_LOG_LINE_BYTES_MAX > sizeof sink->batch) {
        return;
    }
    struct scr_log_field field = scr_log_i64("lines", dropped - sink->dropped_told);
    struct scr_log_event event = {
        scr_clock_wall_us(), SCR_LOG_WARN, "log lines dropped", &field, 1};
    sink->batch_bytes += format(sink, &event, sink->batch + sink->batch_bytes);
    sink->dropped_told = dropped;
}

static bool has_to_give_up(struct scr_log_sink *sink)
{
    return atomic_load_explicit(&sink->stopping, memory_order_acquire) &&
           scr_clock_now_ns(scr_clock_monotonic()) >=
               atomic_load_explicit(&sink->give_up_ns, memory_order_relaxed);
}

/* Waits until the descriptor takes bytes; false when it never will again. */
static bool wait_writable(struct scr_log_sink *sink)
{
    for (;;) {
        struct pollfd descriptor = {.fd = sink->config.fd, .events = POLLOUT};
        bool last_try = has_to_give_up(sink);
        int ready = poll(&descriptor, 1, last_try ? 0 : POLL_MS);
        if (ready > 0) {
            return (descriptor.revents & POLLOUT) != 0 && (descriptor.revents & POLLERR) == 0;
        }
        if ((ready < 0 && errno != EINTR) || last_try) {
            return false;
        }
    }
}

static bool write_batch(struct scr_log_sink *sink)
{
    size_t at = 0;
    while (at < sink->batch_bytes) {
        if (!wait_writable(sink)) {
            return false;
        }
        const char *rest = sink->batch + at;
        size_t count = sink->batch_bytes - at;
        ssize_t written = sink->is_socket
                              ? send(sink->config.fd, rest, count, MSG_DONTWAIT | MSG_NOSIGNAL)
                              : write(sink->config.fd, rest, count);
        if (written >= 0) {
            at += (size_t)written;
        } else if (errno != EINTR && errno != EAGAIN) {
            return false;
        }
    }
    return true;
}

/* Writes all that is there; false when that was nothing. */
static bool drain(struct scr_log_sink *sink)
{
    bool any = false;
    for (;;) {
        sink->batch_bytes = 0;
        sink->batch_lines = 0;
        fill_batch(sink);
        tell_dropped(sink);
        if (sink->batch_bytes == 0) {
            return any;
        }
        any = true;
        if (!write_batch(sink)) {
            scr_stats_add(SCR_STAT_LOG_DROPPED, 0, sink->batch_lines);
            /* Nobody reads any more: to tell of it would be told to nobody. */
            sink->dropped_told = scr_stats_read(SCR_STAT_LOG_DROPPED, 0);
        }
    }
}

/* Until someone wakes us, but no longer than lines may gather. */
static void gather(struct scr_log_sink *sink)
{
    int64_t until_ns = scr_clock_now_ns(scr_clock_monotonic()) + GATHER_NS;
    struct timespec until = {.tv_sec = (time_t)(until_ns / NS_PER_S),
                             .tv_nsec = (long)(until_ns % NS_PER_S)};
    /* A signal, like a wake-up, means no more than an early look. */
    (void)sem_clockwait(&sink->wake, CLOCK_MONOTONIC, &until);
}

static void *run(void *context)
{
    struct scr_log_sink *sink = context;
    for (;;) {
        bool stopping = atomic_load_explicit(&sink->stopping, memory_order_acquire);
        if (drain(sink)) {
            if (!stopping) {
                gather(sink);
            }
        } else if (stopping) {
            (void)sem_post(&sink->ended);
            return NULL;
        } else if (atomic_exchange_explicit(&sink->asleep, true, memory_order_acq_rel)) {
            /* Nothing had come since the last look, which was behind the exchange. */
            (void)sem_wait(&sink->wake);
        }
    }
}

static uint64_t bytes_of(bool threaded)
{
    return sizeof(struct scr_log_sink) +
           (threaded ? SCR_LOG_RING_LINES * sizeof(struct log_slot) : 0);
}

uint64_t scr_log_sink_memory_bytes(void)
{
    return bytes_of(true);
}

static enum scr_err start_thread(struct scr_log_sink *sink)
{
    for (uint32_t i = 0; i < SCR_LOG_RING_LINES; i += 1) {
        atomic_init(&sink->slots[i].sequence, i);
    }
    int failed = sem_init(&sink->wake, 0, 0);
    failed |= sem_init(&sink->ended, 0, 0);
    SCR_ASSERT(failed == 0);
    if (pthread_create(&sink->thread, NULL, run, sink) != 0) {
        (void)sem_destroy(&sink->ended);
        (void)sem_destroy(&sink->wake);
        return SCR_ERR_INTERNAL;
    }
    return SCR_OK;
}

enum scr_err scr_log_sink_start(const struct scr_log_sink_config *config,
                                struct scr_log_sink **sink)
{
    void *memory = NULL;
    struct stat status;
    SCR_TRY(scr_boot_allocate(bytes_of(config->threaded), &memory));
    struct scr_log_sink *made = memory;
    made->config = *config;
    made->is_socket = fstat(config->fd, &status) == 0 && S_ISSOCK(status.st_mode);
    made->dropped_told = scr_stats_read(SCR_STAT_LOG_DROPPED, 0);
    atomic_init(&made->head, 0);
    atomic_init(&made->asleep, false);
    atomic_init(&made->stopping, false);
    atomic_init(&made->give_up_ns, 0);
    if (config->threaded) {
        enum scr_err err = start_thread(made);
        if (err != SCR_OK) {
            scr_boot_free(made);
            return err;
        }
    }
    scr_log_set_sink(
        config->threaded ? on_event_threaded : on_event_direct, made, config->level_min);
    *sink = made;
    return SCR_OK;
}

/*
 * Waits for the writer; false when a write holds it: somebody else filled the pipe after we had
 * looked, or the terminal was stopped.
 */
static bool join_thread(struct scr_log_sink *sink)
{
    int64_t until_ns = scr_clock_now_ns(scr_clock_monotonic()) + JOIN_NS;
    struct timespec until = {.tv_sec = (time_t)(until_ns / NS_PER_S),
                             .tv_nsec = (long)(until_ns % NS_PER_S)};
    int failed = 0;
    do {
        failed = sem_clockwait(&sink->ended, CLOCK_MONOTONIC, &until);
    } while (failed != 0 && errno == EINTR);
    if (failed != 0) {
        (void)pthread_detach(sink->thread);
        return false;
    }
    (void)pthread_join(sink->thread, NULL);
    return true;
}

void scr_log_sink_stop(struct scr_log_sink **sink)
{
    struct scr_log_sink *dead = *sink;
    if (dead == NULL) {
        return;
    }
    scr_log_set_sink(NULL, NULL, SCR_LOG_ERROR);
    if (dead->config.threaded) {
        atomic_store_explicit(&dead->give_up_ns,
                              scr_clock_now_ns(scr_clock_monotonic()) + STOP_NS,
                              memory_order_relaxed);
        atomic_store_explicit(&dead->stopping, true, memory_order_release);
        (void)sem_post(&dead->wake);
        if (!join_thread(dead)) {
            /* The process ends, and takes both with it. */
            *sink = NULL;
            return;
        }
        (void)sem_destroy(&dead->ended);
        (void)sem_destroy(&dead->wake);
    }
    scr_boot_free(dead);
    *sink = NULL;
}
