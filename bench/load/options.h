/*
 * bench/load/options.h - what one run of the load client does, from its command line.
 * Why:    the parts of the bench are scripts; everything they vary is a word here.
 * Targets: [METHOD ]PATH[|HEADER LINE]; '#' in the path becomes a number: one after the other from
 *         `first` on, or, with --zipf, first + the rank drawn. Several targets are asked in turn.
 */
#ifndef SCR_BENCH_LOAD_OPTIONS_H
#define SCR_BENCH_LOAD_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#define OPTIONS_TARGETS_MAX 16
#define OPTIONS_PIDS_MAX 8
#define OPTIONS_CONNECTIONS_MAX 16384

struct options {
    uint16_t port;
    uint32_t connections;
    bool keep;         /* connections are kept for many requests */
    bool real_time;    /* a priority above everybody else's, if the system allows it */
    double seconds;    /* no request begins later */
    uint64_t requests; /* no more than these; 0: no such limit */
    double rate;       /* open loop: requests a second (Poisson); 0: closed loop */
    double rest_s;     /* closed loop, one connection: silence between answer and request */
    double hold_s;     /* stay connected and silent for so long afterwards */
    double play_s;     /* listeners: length of the sound; 0: read as fast as it comes */
    uint64_t play_bytes;
    uint64_t seed;
    uint64_t first;
    uint32_t zipf_urls; /* 0: numbers count up */
    double zipf_exponent;
    uint64_t trace_from; /* draws that were made before this run */
    uint64_t lru_bytes;  /* of the ideal cache that walks the same trace; 0: none */
    uint64_t lru_item_bytes;
    const char *targets[OPTIONS_TARGETS_MAX];
    uint32_t target_count;
    pid_t pids[OPTIONS_PIDS_MAX]; /* processes whose CPU time is measured */
    uint32_t pid_count;
};

/** Reads the command line; false, with a sentence on stderr, when it makes no sense. */
bool options_read(struct options *options, int count, char *const words[]);

/** Prints what can be said. */
void options_help(FILE *to);

#endif
