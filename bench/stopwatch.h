/*
 * bench/stopwatch.h - runs what a stage program measures, and prints what it took.
 * Why:    machines differ and are noisy, so nothing is measured alone: the subjects of a program
 *         take turns, round by round, and stand beside the reference that is one of them. Who
 *         reads the lines may compare round with round.
 * Method: CPU time of the thread, so that waiting does not count; a warm-up; short subjects are
 *         repeated within a round until they last MEASURED_NS_MIN.
 * Prints: one line of JSON for each subject, its rounds in the order they were run:
 *         {"subject":"definition","blocks":150,"rounds":[58211.4,58190.0]}  (ns per block)
 */
#ifndef BENCH_STOPWATCH_H
#define BENCH_STOPWATCH_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

/* What is measured: one run is worth `blocks` blocks of 20 ms. */
struct scr_subject {
    const char *name;
    void (*run)(const void *what);
    const void *what;
    uint32_t blocks;
};

/**
 * The main function of a stage program.
 *   PROGRAM                 measures all subjects
 *   PROGRAM --rounds N      so many rounds (default 21, at most SCR_STOPWATCH_ROUNDS_MAX)
 *   PROGRAM --only PREFIX   only subjects whose names begin so
 *   PROGRAM --list          prints {"subject":NAME,"blocks":N} of each
 *   PROGRAM --once NAME     runs one subject twice, the second time in scr_stopwatch_counted: for
 *                           valgrind, which counts the instructions of that function
 *   PROGRAM --isas          prints {"isa":NAME,"runs":BOOL,"used":BOOL} of each
 * SCREAM_ISA names the instruction set of the kernels.
 * returns the exit code: 64 when the arguments are none of these
 */
int scr_stopwatch_main(int argc, char **argv, const struct scr_subject *subjects, size_t count);

#define SCR_STOPWATCH_ROUNDS_MAX 1001

/** Runs a subject once. A function of its own so that a profiler finds it by name. */
void scr_stopwatch_counted(const struct scr_subject *subject);

/** Ends the program with a sentence unless err is SCR_OK. */
void scr_stopwatch_must(enum scr_err err);

/** Memory until the program ends; ends it when there is none. Aligned for anything. */
void *scr_stopwatch_memory(size_t bytes);

#endif
