/*
 * tests/support/load.h - many clients of many kinds at one server at once.
 * Why:    races show when streams, hang-ups, ranges, slow readers and kept connections meet; this
 *         is the crowd, the tests say what must hold while and after it is there.
 * Flow:   each client is a thread with its own part of the seed; it does `acts` things, one drawn
 *         after the other.
 * Limits: a whole answer that is wrong fails the test at once; no answer is counted.
 */
#ifndef SCR_TESTS_SUPPORT_LOAD_H
#define SCR_TESTS_SUPPORT_LOAD_H

#include <stdint.h>

#define LOAD_CLIENTS_MAX 64

struct load {
    uint16_t port;
    unsigned clients; /* 1..LOAD_CLIENTS_MAX */
    unsigned acts;    /* of each client */
    uint64_t seed;
};

struct load_result {
    unsigned answered; /* as they should be */
    unsigned busy;     /* 429 or 503 */
    unsigned unheard;  /* connection refused, or closed without an answer */
    unsigned left;     /* the client went away in the middle */
    uint64_t body_bytes;
};

/** Lets the crowd in and waits until it has gone. */
void load_run(const struct load *load, struct load_result *result);

#endif
