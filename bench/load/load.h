/*
 * bench/load/load.h - one run of the client: its connections, its clock, its books.
 * Why:    closed loops, open loops and listeners differ in when they ask; asking, reading and
 *         counting are the same.
 * Flow:   load_init -> load_closed | load_open | load_listen -> load_report -> load_deinit.
 * Cost:   one thread, epoll, one send and mostly one receive per answer: it shares the cores with
 *         the server that it measures.
 * Limits: a run that hangs is given up LOAD_PATIENCE_S after the last request may begin.
 */
#ifndef SCR_BENCH_LOAD_LOAD_H
#define SCR_BENCH_LOAD_LOAD_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "bench/load/answer.h"
#include "bench/load/lru.h"
#include "bench/load/options.h"
#include "bench/load/samples.h"
#include "bench/load/zipf.h"

#define LOAD_PATIENCE_S 20
#define LOAD_REQUEST_BYTES 512
#define LOAD_STATUS_MAX 600

#define NS_PER_S INT64_C(1000000000)

enum client_state {
    CLIENT_IDLE,
    CLIENT_CONNECTING,
    CLIENT_WAITING
};

struct client {
    int fd; /* -1: none */
    enum client_state state;
    bool was_used;    /* the connection has carried an answer before */
    bool asked_twice; /* it had been closed under our request, which went out again */
    bool saw_first;
    bool saw_audio;
    int64_t due_ns; /* when it should have been asked: waiting for a free client counts */
    uint32_t request_bytes;
    char request[LOAD_REQUEST_BYTES];
    int64_t next_ns; /* listeners: when the next sound is due */
    int64_t lag_ns;  /* and how late this one was at worst */
    struct answer answer;
};

struct books {
    uint64_t asked;
    uint64_t answered;
    uint64_t failed; /* broken off, refused, or a status of 400 and above */
    uint64_t known;  /* answered with a length: whole before it was asked for */
    uint64_t reopened;
    uint64_t body_bytes;
    uint64_t statuses[LOAD_STATUS_MAX];
    uint64_t ideal_hits; /* of the ideal cache on the same trace */
    uint64_t starved;    /* sounds that were too slow for their listener at least once */
    uint64_t looks;      /* times that a listener needed more, and of these those in vain: */
    uint64_t late_looks;
    struct samples first; /* first byte of the body */
    struct samples audio; /* first byte of sound */
    struct samples known_first;
    struct samples total;
    struct samples lag; /* how late a listener's sound was at worst, of each that was late */
};

struct load {
    const struct options *options;
    struct client *clients;
    struct zipf zipf;
    struct lru lru;
    struct books books;
    uint64_t issued;
    int epoll;
    int64_t began_ns;
    int64_t stop_ns;          /* nothing begins later */
    int64_t measured_ns;      /* how long time and CPU were measured */
    int64_t measured_answers; /* that became whole meanwhile */
    clockid_t cpu_clocks[OPTIONS_PIDS_MAX];
    int64_t cpu_ns[OPTIONS_PIDS_MAX]; /* spent while it was measured */
    int64_t own_cpu_ns;
    const char *priority;
};

/** Monotonic time. */
int64_t load_now_ns(void);

/** Memory, clocks, priority; false, with a sentence on stderr, when something is not there. */
bool load_init(struct load *load, const struct options *options);

/** Gives everything back. */
void load_deinit(struct load *load);

/** Everybody asks again as soon as it has its answer. */
void load_closed(struct load *load);

/** Requests begin when they like, whether or not those before have been answered. */
void load_open(struct load *load);

/** Everybody listens as fast as the sound plays, and asks for the next when it is over. */
void load_listen(struct load *load);

/** Stays connected and silent. */
void load_hold(const struct load *load);

/** Begins and ends the measuring of time and CPU. Once each; listeners leave out their first sound,
 *  while they come, and their last, while they go. */
void load_measure(struct load *load);
void load_measured(struct load *load);

/** Prints one line of JSON. */
void load_report(struct load *load);

#endif
