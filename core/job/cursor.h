/*
 * core/job/cursor.h - a reader of one job: bytes at an offset.
 * Why:    who asks renders: a pull at the frontier makes the next page, everyone shares it.
 * Thread: a cursor belongs to one thread at a time; many cursors may read one job.
 */
#ifndef SCR_JOB_CURSOR_H
#define SCR_JOB_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/job/pull.h"

struct scr_arena;
struct scr_job;

struct scr_job_cursor {
    struct scr_arena *arena;
    struct scr_job *job; /* NULL when closed */
};

/** Size of the finished file. */
uint64_t scr_job_cursor_file_bytes(const struct scr_job_cursor *cursor);

/** Bytes from the start that are rendered and readable now; only grows. */
uint64_t scr_job_cursor_published(const struct scr_job_cursor *cursor);

/** Whether everything is rendered. */
bool scr_job_cursor_is_finished(const struct scr_job_cursor *cursor);

/**
 * Gives the bytes at an offset, rendering what is missing for one slice (2 ms, and the page that
 * is then in hand), unless another reader or the finisher is rendering just now.
 * in      offset  0..file_bytes
 * out     bytes   DATA: a view of *count contiguous bytes, valid until the cursor is closed
 * returns DATA, END (offset == file_bytes), AGAIN, or ERROR (the encoder failed)
 * thread  the cursor's; alloc none
 */
enum scr_pull scr_job_cursor_pull(struct scr_job_cursor *cursor,
                                  uint64_t offset,
                                  const uint8_t **bytes,
                                  size_t *count);

/**
 * The same for a reader that takes many bytes at once: renders ahead of the offset until `wanted`
 * bytes of it are readable, or the slice is over. What is readable is given in any case.
 * in      wanted   at least 1; with 1 this is scr_job_cursor_pull
 * in      slice    how long, and who may end it before
 * out     bytes    DATA: a view of *count contiguous bytes (maybe more than wanted)
 * thread  the cursor's; alloc none
 */
enum scr_pull scr_job_cursor_pull_ahead(struct scr_job_cursor *cursor,
                                        uint64_t offset,
                                        size_t wanted,
                                        const struct scr_slice *slice,
                                        const uint8_t **bytes,
                                        size_t *count);

/** Asks the finisher to render the job to its end soon. Never waits. */
void scr_job_cursor_want(struct scr_job_cursor *cursor);

/** Ends the reading; views become invalid. Closing twice is allowed. */
void scr_job_cursor_close(struct scr_job_cursor *cursor);

#endif
