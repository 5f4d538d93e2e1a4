/*
 * bench/load/loops.c - when requests begin: after the answer, or at random times of their own.
 * Why:    a closed loop saturates and tells throughput; an open loop tells what somebody waits who
 *         does not know of the others. There a request's time begins when it was due, also if all
 *         clients were busy then: otherwise a slow server would slow down its own judge.
 */
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "bench/load/client.h"
#include "bench/load/load.h"
#include "core/dsp/mix64.h"

#define EVENTS_MAX 256

static bool may_ask(const struct load *load)
{
    const struct options *options = load->options;
    return (options->requests == 0 || load->books.asked < options->requests) &&
           load_now_ns() < load->stop_ns;
}

static uint64_t finished(const struct load *load)
{
    return load->books.answered + load->books.failed;
}

static bool is_out_of_patience(const struct load *load)
{
    return load_now_ns() > load->stop_ns + LOAD_PATIENCE_S * NS_PER_S;
}

/* What has not been answered by now never will be. */
static void give_up_rest(struct load *load)
{
    for (uint32_t i = 0; i < load->options->connections; i += 1) {
        if (load->clients[i].state != CLIENT_IDLE) {
            client_give_up(load, &load->clients[i]);
        }
    }
}

static void pause_for(double seconds)
{
    if (seconds > 0) {
        (void)poll(NULL, 0, (int)(seconds * 1000));
    }
}

/* ---- Closed ---- */

void load_closed(struct load *load)
{
    struct epoll_event events[EVENTS_MAX];
    uint32_t count = load->options->connections;
    for (uint32_t i = 0; i < count && may_ask(load); i += 1) {
        client_ask(load, &load->clients[i], load_now_ns());
    }
    while (finished(load) < load->books.asked && !is_out_of_patience(load)) {
        int ready = epoll_wait(load->epoll, events, EVENTS_MAX, 1000);
        for (int i = 0; i < ready; i += 1) {
            struct client *client = events[i].data.ptr;
            client_ready(load, client);
            if (client->state == CLIENT_IDLE && may_ask(load)) {
                pause_for(load->options->rest_s);
                client_ask(load, client, load_now_ns());
            }
        }
    }
    give_up_rest(load);
}

/* ---- Open ---- */

/* Requests that were due when no client was free, oldest first. */
struct queue {
    int64_t *due_ns;
    uint64_t first;
    uint64_t end;
    uint64_t capacity;
};

struct arrivals {
    int timer;
    uint64_t count;
    int64_t next_ns;
};

/* Gaps of a Poisson process: exponential, from a seed. */
static int64_t gap_ns(const struct load *load, uint64_t index)
{
    double u = scr_u01(load->options->seed * SCR_GOLDEN_64 + index);
    return (int64_t)(-log(1 - u) / load->options->rate * (double)NS_PER_S);
}

static void arm(const struct arrivals *arrivals)
{
    const struct itimerspec at = {.it_value = {.tv_sec = (time_t)(arrivals->next_ns / NS_PER_S),
                                               .tv_nsec = arrivals->next_ns % NS_PER_S}};
    (void)timerfd_settime(arrivals->timer, TFD_TIMER_ABSTIME, &at, NULL);
}

static bool has_more(const struct load *load, const struct arrivals *arrivals)
{
    const struct options *options = load->options;
    return arrivals->next_ns < load->stop_ns &&
           (options->requests == 0 || arrivals->count < options->requests);
}

static void let_arrive(struct load *load, struct arrivals *arrivals, struct queue *queue)
{
    int64_t now_ns = load_now_ns();
    while (has_more(load, arrivals) && arrivals->next_ns <= now_ns &&
           queue->end < queue->capacity) {
        queue->due_ns[queue->end] = arrivals->next_ns;
        queue->end += 1;
        arrivals->count += 1;
        arrivals->next_ns += gap_ns(load, arrivals->count);
    }
    if (has_more(load, arrivals)) {
        arm(arrivals);
    }
}

/* Gives waiting requests to free clients: a stack of them, the one used last on top. */
static uint32_t
hand_out(struct load *load, struct queue *queue, struct client **idle, uint32_t idle_count)
{
    while (queue->first < queue->end && idle_count > 0) {
        struct client *client = idle[idle_count - 1];
        client_ask(load, client, queue->due_ns[queue->first]);
        queue->first += 1;
        idle_count -= client->state == CLIENT_IDLE ? 0 : 1;
    }
    return idle_count;
}

static void run_open(struct load *load, struct queue *queue, struct client **idle, int timer)
{
    struct epoll_event events[EVENTS_MAX];
    struct arrivals arrivals = {.timer = timer, .next_ns = load->began_ns + gap_ns(load, 0)};
    uint32_t idle_count = 0;
    for (uint32_t i = load->options->connections; i > 0; i -= 1) {
        idle[idle_count] = &load->clients[i - 1];
        idle_count += 1;
    }
    arm(&arrivals);
    while ((has_more(load, &arrivals) || finished(load) < queue->end) &&
           !is_out_of_patience(load)) {
        int ready = epoll_wait(load->epoll, events, EVENTS_MAX, 1000);
        for (int i = 0; i < ready; i += 1) {
            struct client *client = events[i].data.ptr;
            if (client == NULL) {
                uint64_t times = 0;
                ssize_t got = read(timer, &times, sizeof times);
                (void)got;
                continue;
            }
            bool was_idle = client->state == CLIENT_IDLE;
            client_ready(load, client);
            if (!was_idle && client->state == CLIENT_IDLE) {
                idle[idle_count] = client;
                idle_count += 1;
            }
        }
        let_arrive(load, &arrivals, queue);
        idle_count = hand_out(load, queue, idle, idle_count);
    }
    give_up_rest(load);
}

void load_open(struct load *load)
{
    const struct options *options = load->options;
    double most = options->rate * options->seconds;
    struct queue queue = {.capacity = (uint64_t)(most + 10 * sqrt(most) + 16)};
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    struct client **idle = calloc(options->connections, sizeof idle[0]);
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    queue.due_ns = calloc(queue.capacity, sizeof queue.due_ns[0]);
    if (idle == NULL || queue.due_ns == NULL || timer < 0 ||
        epoll_ctl(load->epoll, EPOLL_CTL_ADD, timer, &event) != 0) {
        (void)fprintf(stderr, "load: no memory or no timer\n");
    } else {
        run_open(load, &queue, idle, timer);
    }
    if (timer >= 0) {
        (void)close(timer);
    }
    free(queue.due_ns);
    free(idle);
}

/* ---- Silent ---- */

void load_hold(const struct load *load)
{
    pause_for(load->options->hold_s);
}
