/*
 * core/job/render.h - one pull at the frontier: blocks -> packets -> one page, published.
 * Why:    the only place where an unfinished job grows.
 * Flow:   scream block (960 samples) -> Opus packet, straight into its page -> page in its extent
 *         -> `published` moves (release), so that readers see whole pages only.
 * Thread: whoever holds the job's lock.
 */
#ifndef SCR_JOB_RENDER_H
#define SCR_JOB_RENDER_H

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/job/extent_pool.h"
#include "core/job/job.h"
#include "core/job/render_pool.h"

/* What rendering needs beside the job. */
struct scr_render_room {
    struct scr_extent_pool extents;
    struct scr_render_pool states;
    const struct scr_clock *clock;
};

/** Sets layout and extent count from the job's params and key. Renders nothing. */
void scr_render_plan(struct scr_job *job);

/**
 * Renders and publishes one more page (with the first: the header pages too). After the last the
 * render state is given back and the job is finished. On error the job is marked failed and its
 * state is given back.
 * pre     the job's lock is held, the job is neither finished nor failed
 * errors  SCR_ERR_CODEC
 */
SCR_MUST_USE enum scr_err scr_render_page(struct scr_render_room *room, struct scr_job *job);

#endif
