/*
 * server/progress.c - [##########..........]  50 %
 * Why:    see progress.h.
 */
#include "server/progress.h"

#include "core/base/assert.h"

#define PATIENCE_NS INT64_C(500000000)
#define PERIOD_NS INT64_C(100000000)
#define BAR_WIDTH 30

void scr_progress_start(struct scr_progress *progress,
                        struct scr_console *console,
                        const struct scr_clock *clock,
                        bool wanted)
{
    *progress = (struct scr_progress){.console = console,
                                      .clock = clock,
                                      .wanted = wanted && console->is_terminal,
                                      .started_ns = scr_clock_now_ns(clock)};
}

void scr_progress_update(struct scr_progress *progress, uint64_t done, uint64_t total)
{
    SCR_ASSERT(total > 0 && done <= total);
    if (!progress->wanted) {
        return;
    }
    int64_t now_ns = scr_clock_now_ns(progress->clock);
    bool early = now_ns - progress->started_ns < PATIENCE_NS;
    if (early || (progress->shown && now_ns - progress->drawn_ns < PERIOD_NS)) {
        return;
    }
    progress->shown = true;
    progress->drawn_ns = now_ns;
    uint64_t percent = done * 100 / total;
    scr_console_put(progress->console, "\r[");
    for (uint64_t i = 0; i < BAR_WIDTH; i += 1) {
        scr_console_put(progress->console, i * 100 < percent * BAR_WIDTH ? "#" : ".");
    }
    scr_console_put(progress->console, percent < 10 ? "]   " : percent < 100 ? "]  " : "] ");
    scr_console_put_u64(progress->console, percent);
    scr_console_put(progress->console, " %");
    (void)scr_console_flush(progress->console);
}

void scr_progress_end(struct scr_progress *progress)
{
    if (progress->shown) {
        scr_console_put(progress->console, "\r");
        scr_console_put_column(progress->console, "", BAR_WIDTH + 8);
        scr_console_put(progress->console, "\r");
        (void)scr_console_flush(progress->console);
        progress->shown = false;
    }
}
