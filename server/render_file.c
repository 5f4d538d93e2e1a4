/*
 * server/render_file.c - pulls a job or a PCM stream dry.
 * Why:    see render_file.h.
 */
#include "server/render_file.h"

#include "core/base/assert.h"
#include "core/base/clock.h"
#include "core/base/limits.h"
#include "core/job/arena.h"
#include "core/job/cursor.h"
#include "core/job/pcm_stream.h"

#define PIECE_BYTES 65536

static enum scr_err pull_job(struct scr_job_cursor *cursor,
                             struct scr_output *output,
                             struct scr_progress *progress,
                             uint64_t *bytes)
{
    uint64_t total = scr_job_cursor_file_bytes(cursor);
    uint64_t at = 0;
    for (;;) {
        const uint8_t *piece = NULL;
        size_t count = 0;
        switch (scr_job_cursor_pull(cursor, at, &piece, &count)) {
        case SCR_PULL_DATA:
            SCR_TRY(scr_output_write(output, piece, count));
            at += count;
            break;
        case SCR_PULL_END:
            *bytes = at;
            return SCR_OK;
        case SCR_PULL_AGAIN:
            break;
        case SCR_PULL_ERROR:
            return SCR_ERR_CODEC;
        }
        scr_progress_update(progress, at, total);
    }
}

static enum scr_err render_ogg(const struct scr_params *params,
                               struct scr_output *output,
                               struct scr_progress *progress,
                               uint64_t *bytes)
{
    uint64_t extents = scr_job_file_bytes(params) / SCR_EXTENT_BYTES + 1;
    struct scr_arena_config config = {.arena_bytes = extents * SCR_EXTENT_BYTES,
                                      .readers_max = 1,
                                      .clock = scr_clock_monotonic()};
    struct scr_arena *arena = NULL;
    struct scr_job_cursor cursor = {0};
    SCR_TRY(scr_arena_create(&config, &arena));
    enum scr_err err = scr_arena_open(arena, params, &cursor);
    if (err == SCR_OK) {
        err = pull_job(&cursor, output, progress, bytes);
        scr_job_cursor_close(&cursor);
    }
    scr_arena_destroy(&arena);
    return err;
}

static enum scr_err pull_stream(struct scr_pcm_stream *stream,
                                struct scr_output *output,
                                struct scr_progress *progress,
                                uint64_t *bytes)
{
    static uint8_t piece[PIECE_BYTES];
    const struct scr_slice slice = scr_slice_whole();
    uint64_t total = scr_pcm_stream_file_bytes(stream);
    uint64_t at = 0;
    for (;;) {
        size_t count = 0;
        switch (scr_pcm_stream_pull(stream, at, &slice, piece, sizeof piece, &count)) {
        case SCR_PULL_DATA:
            SCR_TRY(scr_output_write(output, piece, count));
            at += count;
            break;
        case SCR_PULL_END:
            *bytes = at;
            return SCR_OK;
        case SCR_PULL_AGAIN:
            break;
        case SCR_PULL_ERROR:
            return SCR_ERR_INTERNAL;
        }
        scr_progress_update(progress, at, total);
    }
}

static enum scr_err render_wav(const struct scr_params *params,
                               struct scr_output *output,
                               struct scr_progress *progress,
                               uint64_t *bytes)
{
    struct scr_pcm_pool *pool = NULL;
    struct scr_pcm_stream *stream = NULL;
    SCR_TRY(scr_pcm_pool_create(1, scr_clock_monotonic(), &pool));
    enum scr_err err = scr_pcm_stream_acquire(pool, params, &stream);
    if (err == SCR_OK) {
        err = pull_stream(stream, output, progress, bytes);
        scr_pcm_stream_release(stream);
    }
    scr_pcm_pool_destroy(&pool);
    return err;
}

enum scr_err scr_render_file(const struct scr_params *params,
                             enum scr_format format,
                             struct scr_output *output,
                             struct scr_progress *progress,
                             uint64_t *bytes)
{
    switch (format) {
    case SCR_FORMAT_OGG:
        return render_ogg(params, output, progress, bytes);
    case SCR_FORMAT_WAV:
        return render_wav(params, output, progress, bytes);
    case SCR_FORMAT_COUNT:
        break;
    }
    SCR_UNREACHABLE();
}
