/*
 * tests/torture/victim.h - the real program, started with the saboteur inside.
 * Why:    startup, requests and shutdown are tortured alike: start, arm, look how it ends.
 * Memory: the control file is mapped by both; it is removed when the victim has ended.
 */
#ifndef SCR_TESTS_TORTURE_VICTIM_H
#define SCR_TESTS_TORTURE_VICTIM_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/support/program.h"
#include "tests/torture/saboteur.h"

struct victim {
    struct program program;
    char control_path[64];
    struct saboteur_control *control;
};

struct victim_end {
    struct program_end program;
    uint64_t failed; /* calls that failed since the last arming */
    char where[SABOTEUR_WHERE_BYTES];
};

/**
 * Starts the program with these words (NULL ends them; the first is its name).
 * in      first, count   the calls that fail, counted from the first; count 0: none
 */
void victim_start(struct victim *victim, const char *const words[], uint64_t first, uint64_t count);

/** Lets `count` calls fail, the first of them being the number `nth` from now. */
void victim_arm(struct victim *victim, uint64_t nth, uint64_t count);

/** No call fails any more; returns how many have since the last arming. */
uint64_t victim_disarm(struct victim *victim);

/** Waits for its end (it must have been asked to end), and forgets it. */
void victim_wait(struct victim *victim, struct victim_end *end);

/** Long form of the test asked for: more failures in a row. */
bool torture_is_long(void);

#endif
