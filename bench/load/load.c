/*
 * bench/load/load.c - what a run needs: memory, clocks, a priority.
 * Why:    see load.h.
 */
#include "bench/load/load.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bench/load/client.h"

/* So many requests a second are kept, should no number be given; more than loopback carries. */
#define SAMPLES_PER_S 200000
#define SAMPLES_MIN 65536

int64_t load_now_ns(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

static int64_t clock_ns(clockid_t clock)
{
    struct timespec now = {0};
    (void)clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* Above the server and everybody else, so that what is measured is never our own waiting. */
static const char *raise_priority(void)
{
    const struct sched_param lowest = {.sched_priority = sched_get_priority_min(SCHED_FIFO)};
    if (sched_setscheduler(0, SCHED_FIFO, &lowest) == 0) {
        return "real time";
    }
    return setpriority(PRIO_PROCESS, 0, -10) == 0 ? "nice -10" : "nice 0";
}

static bool make_samples(struct books *books, const struct options *options)
{
    double most = options->seconds * SAMPLES_PER_S + SAMPLES_MIN;
    if (options->requests > 0 && (double)options->requests < most) {
        most = (double)options->requests;
    }
    size_t capacity = (size_t)most;
    return samples_init(&books->first, capacity) && samples_init(&books->audio, capacity) &&
           samples_init(&books->known_first, capacity) && samples_init(&books->total, capacity) &&
           samples_init(&books->lag, capacity);
}

/* The ideal cache has seen what the server has seen. */
static bool make_trace(struct load *load)
{
    const struct options *options = load->options;
    if (options->zipf_urls == 0) {
        return true;
    }
    if (!zipf_init(&load->zipf, options->zipf_urls, options->zipf_exponent, options->seed)) {
        return false;
    }
    if (options->lru_bytes == 0) {
        return true;
    }
    if (!lru_init(&load->lru, options->zipf_urls, options->lru_bytes)) {
        return false;
    }
    for (uint64_t i = 0; i < options->trace_from; i += 1) {
        (void)lru_touch(&load->lru, zipf_draw(&load->zipf, i), options->lru_item_bytes);
    }
    return true;
}

static bool find_clocks(struct load *load)
{
    for (uint32_t i = 0; i < load->options->pid_count; i += 1) {
        if (clock_getcpuclockid(load->options->pids[i], &load->cpu_clocks[i]) != 0) {
            return false;
        }
    }
    return true;
}

bool load_init(struct load *load, const struct options *options)
{
    *load = (struct load){.options = options, .epoll = epoll_create1(EPOLL_CLOEXEC)};
    load->clients = calloc(options->connections, sizeof load->clients[0]);
    if (load->epoll < 0 || load->clients == NULL || !make_samples(&load->books, options) ||
        !make_trace(load)) {
        (void)fprintf(stderr, "load: no memory\n");
        return false;
    }
    if (!find_clocks(load)) {
        (void)fprintf(stderr, "load: one of the processes does not exist\n");
        return false;
    }
    for (uint32_t i = 0; i < options->connections; i += 1) {
        load->clients[i].fd = -1;
    }
    load->priority = options->real_time ? raise_priority() : "as started";
    load->began_ns = load_now_ns();
    load->stop_ns = load->began_ns + (int64_t)(options->seconds * (double)NS_PER_S);
    return true;
}

void load_deinit(struct load *load)
{
    struct books *books = &load->books;
    for (uint32_t i = 0; load->clients != NULL && i < load->options->connections; i += 1) {
        client_close(&load->clients[i]);
    }
    samples_deinit(&books->first);
    samples_deinit(&books->audio);
    samples_deinit(&books->known_first);
    samples_deinit(&books->total);
    samples_deinit(&books->lag);
    zipf_deinit(&load->zipf);
    lru_deinit(&load->lru);
    free(load->clients);
    if (load->epoll >= 0) {
        (void)close(load->epoll);
    }
}

void load_measure(struct load *load)
{
    load->measured_ns = -load_now_ns();
    load->measured_answers = -(int64_t)load->books.answered;
    load->own_cpu_ns = -clock_ns(CLOCK_PROCESS_CPUTIME_ID);
    for (uint32_t i = 0; i < load->options->pid_count; i += 1) {
        load->cpu_ns[i] = -clock_ns(load->cpu_clocks[i]);
    }
}

void load_measured(struct load *load)
{
    for (uint32_t i = 0; i < load->options->pid_count; i += 1) {
        load->cpu_ns[i] += clock_ns(load->cpu_clocks[i]);
    }
    load->own_cpu_ns += clock_ns(CLOCK_PROCESS_CPUTIME_ID);
    load->measured_ns += load_now_ns();
    load->measured_answers += (int64_t)load->books.answered;
}
