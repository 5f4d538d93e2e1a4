/*
 * bench/load/listen.c - people who hear a sound while it comes, and ask for another when it ends.
 * Why:    "as fast as it plays" is what a service of sounds is used for; whether anybody starves is
 *         the question, not how many bytes a second there are.
 * Method: a listener asks; SLACK later the sound begins to play, and from then on it needs so many
 *         bytes a second. It looks every LOOK, takes what it needs until the next look, and no
 *         more. What has not come when it is due is a look in vain. It asks again
 *         after exactly the length of the sound, or once it has it, if that is later.
 * Limits: a look comes late when the client gets no core; then bytes have had longer to come. With
 *         --real-time it is late only when the machine is.
 */
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "bench/load/client.h"
#include "bench/load/load.h"
#include "core/dsp/mix64.h"

#define EVENTS_MAX 256
#define SLACK_NS (NS_PER_S / 10)
#define LOOK_NS (NS_PER_S / 10)
/* Listeners look in turn, so that the client works evenly. */
#define TURNS 20

static int64_t play_ns(const struct load *load)
{
    return (int64_t)(load->options->play_s * (double)NS_PER_S);
}

/* Bytes that have been heard so long after the sound began to play. */
static uint64_t needed_bytes(const struct load *load, int64_t played_ns)
{
    double share = (double)played_ns / (double)play_ns(load);
    double bytes = (double)load->options->play_bytes;
    return share <= 0 ? 1 : (share >= 1 ? (uint64_t)bytes : (uint64_t)(share * bytes));
}

/* The body when it last fell behind was worth `bytes`: how late is that. */
static int64_t lag_ns(const struct load *load, uint64_t bytes, int64_t played_ns)
{
    double heard = (double)bytes / (double)load->options->play_bytes;
    return played_ns - (int64_t)(heard * (double)play_ns(load));
}

/* Takes what is there, up to what is heard until the next look. */
static void listen_on(struct load *load, struct client *client, int64_t now_ns)
{
    int64_t played_ns = now_ns - client->due_ns - SLACK_NS;
    uint64_t wanted = needed_bytes(load, played_ns + SLACK_NS + LOOK_NS);
    bool is_hungry = true;
    while (is_hungry && client->state == CLIENT_WAITING) {
        uint64_t got = client->answer.body_bytes;
        is_hungry = got < wanted && client_read(load, client, (size_t)(wanted - got)) > 0;
    }
    /* The end of the framing comes with the last bytes or behind them. */
    while (client->state == CLIENT_WAITING && client->answer.body_bytes >= wanted &&
           wanted >= load->options->play_bytes) {
        if (client_read(load, client, 64) == 0) {
            break;
        }
    }
    if (client->state != CLIENT_WAITING || played_ns < 0) {
        return;
    }
    load->books.looks += 1;
    uint64_t needed = needed_bytes(load, played_ns);
    if (client->answer.body_bytes < needed) {
        load->books.late_looks += 1;
        int64_t lag = lag_ns(load, client->answer.body_bytes, played_ns);
        client->lag_ns = lag > client->lag_ns ? lag : client->lag_ns;
    }
}

/* The sound is over, or was never begun. */
static void close_book(struct load *load, struct client *client)
{
    if (client->lag_ns > 0) {
        load->books.starved += 1;
        samples_add(&load->books.lag, client->lag_ns);
    }
    client->lag_ns = 0;
}

static void look(struct load *load, struct client *client, int64_t now_ns)
{
    if (client->state == CLIENT_WAITING) {
        listen_on(load, client, now_ns);
    }
    if (client->state != CLIENT_IDLE || now_ns < client->next_ns) {
        return;
    }
    close_book(load, client);
    if (client->next_ns < load->stop_ns) {
        client->next_ns += play_ns(load);
        client_ask(load, client, load_now_ns());
    }
}

/* Everybody begins at a time of their own within the first sound. */
static void spread(struct load *load)
{
    for (uint32_t i = 0; i < load->options->connections; i += 1) {
        double u = scr_u01(load->options->seed * SCR_GOLDEN_64 + i);
        load->clients[i].next_ns = load->began_ns + (int64_t)(u * (double)play_ns(load));
    }
}

static void take_events(struct load *load, int timer)
{
    struct epoll_event events[EVENTS_MAX];
    int ready = epoll_wait(load->epoll, events, EVENTS_MAX, 1000);
    for (int i = 0; i < ready; i += 1) {
        if (events[i].data.ptr != NULL) {
            client_ready(load, events[i].data.ptr);
        } else {
            uint64_t times = 0;
            ssize_t got = read(timer, &times, sizeof times);
            (void)got;
        }
    }
}

/* A whole number of looks: each listener is looked at every LOOK_NS, in its turn. */
static void run_turns(struct load *load, int timer)
{
    uint64_t done = 0;
    bool measures = false;
    int64_t end_ns = load->stop_ns + play_ns(load) + NS_PER_S;
    for (int64_t now_ns = load_now_ns(); now_ns < end_ns; now_ns = load_now_ns()) {
        bool is_full = now_ns >= load->began_ns + play_ns(load) && now_ns < load->stop_ns;
        if (is_full != measures) {
            measures = is_full;
            (is_full ? load_measure : load_measured)(load);
        }
        uint64_t turn = (uint64_t)(now_ns - load->began_ns) / (LOOK_NS / TURNS);
        /* After a pause nobody is looked at twice. */
        done = turn > done + TURNS ? turn - TURNS : done;
        for (; done < turn; done += 1) {
            for (uint64_t i = done % TURNS; i < load->options->connections; i += TURNS) {
                look(load, &load->clients[i], now_ns);
            }
        }
        take_events(load, timer);
    }
}

void load_listen(struct load *load)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    const struct itimerspec every = {.it_interval = {.tv_nsec = LOOK_NS / TURNS},
                                     .it_value = {.tv_nsec = LOOK_NS / TURNS}};
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (timer < 0 || timerfd_settime(timer, 0, &every, NULL) != 0 ||
        epoll_ctl(load->epoll, EPOLL_CTL_ADD, timer, &event) != 0) {
        (void)fprintf(stderr, "load: no timer\n");
    } else {
        spread(load);
        run_turns(load, timer);
    }
    for (uint32_t i = 0; i < load->options->connections; i += 1) {
        close_book(load, &load->clients[i]);
        if (load->clients[i].state != CLIENT_IDLE) {
            client_give_up(load, &load->clients[i]);
        }
    }
    if (timer >= 0) {
        (void)close(timer);
    }
}
