/*
 * server/progress.h - a bar on a terminal for what takes longer than half a second.
 * Why:    a quick scream needs no bar, a slow one should not look dead.
 * Thread: main.
 */
#ifndef SCR_SERVER_PROGRESS_H
#define SCR_SERVER_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/clock.h"
#include "server/console.h"

struct scr_progress {
    struct scr_console *console;
    const struct scr_clock *clock;
    bool wanted;
    bool shown;
    int64_t started_ns;
    int64_t drawn_ns;
};

/** Starts the clock; nothing is ever drawn when it is not wanted or the console no terminal. */
void scr_progress_start(struct scr_progress *progress,
                        struct scr_console *console,
                        const struct scr_clock *clock,
                        bool wanted);

/** Draws, at most ten times a second. done 0..total, total at least 1 */
void scr_progress_update(struct scr_progress *progress, uint64_t done, uint64_t total);

/** Wipes the bar. */
void scr_progress_end(struct scr_progress *progress);

#endif
