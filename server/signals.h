/*
 * server/signals.h - the signals of a server: a first one asks it to stop, a second one hurries it.
 * Why:    all threads mask them, so no library call is interrupted; main alone waits for them.
 * Flow:   block (before any thread) -> end at once (while memory is taken) -> block (before the
 *         threads that serve) -> wait -> pause (the drain delay) -> hurry flag (the drain).
 * Thread: main; the mask is inherited by every thread made later.
 */
#ifndef SCR_SERVER_SIGNALS_H
#define SCR_SERVER_SIGNALS_H

#include <stdbool.h>
#include <stdint.h>

/** Blocks SIGTERM, SIGINT and SIGHUP, ignores SIGPIPE. */
void scr_signals_block(void);

/**
 * From now until scr_signals_block, SIGTERM or SIGINT ends the program at once with SCR_EXIT_OK,
 * also one that came before: for work that takes long and leaves nothing behind.
 */
void scr_signals_end_at_once(void);

/** Waits for SIGTERM or SIGINT; takes SIGHUP without consequence. returns its number */
int scr_signals_wait(void);

/** Waits for a time, or until SIGTERM or SIGINT arrives: true then. */
bool scr_signals_pause(int64_t duration_ns);

/** From now on SIGTERM or SIGINT sets this flag, on the main thread. */
const volatile bool *scr_signals_hurry(void);

/** "SIGTERM", "SIGINT". */
const char *scr_signal_name(int number);

#endif
