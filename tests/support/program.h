/*
 * tests/support/program.h - runs the real program of this build, and watches how it ends.
 * Why:    torture and load are done to the program as users start it, not to its rooms.
 * Limits: every wait ends after PROGRAM_WAIT_MS; then the program hangs, is killed, and the test
 *         fails: a deadline for hanging, never a measure of speed. It dies with the test.
 */
#ifndef SCR_TESTS_SUPPORT_PROGRAM_H
#define SCR_TESTS_SUPPORT_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define PROGRAM_WAIT_MS 20000
#define PROGRAM_SAID_BYTES 1024

struct program {
    pid_t pid;
    uint16_t port; /* of `serve`, once it listens */
    int out_fd;    /* its standard output */
    char error_path[64];
};

struct program_end {
    bool hung;
    int signal; /* 0: it exited by itself */
    int code;
    char said[PROGRAM_SAID_BYTES]; /* the last line of its standard error that is no JSON */
};

/**
 * Starts it with these words (NULL ends them; the first is its name) and these rows of environment
 * (NULL ends them; nothing is inherited).
 */
void program_start(struct program *program,
                   const char *const words[],
                   const char *const environment[]);

/** Waits until `serve` listens, and keeps its port; false when it ended instead, or hangs. */
bool program_listens(struct program *program);

/** Open descriptors it has now. */
unsigned program_descriptors(const struct program *program);

/** Waits for its end (it must have been asked to end). */
void program_wait(struct program *program, struct program_end *end);

#endif
