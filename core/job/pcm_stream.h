/*
 * core/job/pcm_stream.h - a WAV file, synthesised while it is read and never stored.
 * Why:    192 kB/s would drown the arena, and re-synthesis costs a thousandth of real time.
 * Flow:   offset -> (render and drop up to there, in slices) -> block -> s16 -> bytes.
 * Memory: one state per stream (at most 8 KiB) from a pool made at boot.
 * Thread: a stream belongs to one thread at a time; acquire and release from any.
 */
#ifndef SCR_JOB_PCM_STREAM_H
#define SCR_JOB_PCM_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/job/pull.h"
#include "core/synth/params.h"

struct scr_pcm_pool;
struct scr_pcm_stream;

/** Bytes that scr_pcm_pool_create will take. */
uint64_t scr_pcm_pool_memory_bytes(uint32_t count);

/** Allocates `count` streams (boot only). errors SCR_ERR_MEMORY */
SCR_MUST_USE enum scr_err
scr_pcm_pool_create(uint32_t count, const struct scr_clock *clock, struct scr_pcm_pool **pool);

/** Frees them; all must be released. Nulls *pool. */
void scr_pcm_pool_destroy(struct scr_pcm_pool **pool);

/** Streams in use now. Any thread. */
uint32_t scr_pcm_pool_used(struct scr_pcm_pool *pool);

/**
 * Takes a stream for these parameters, standing before its first byte.
 * errors  SCR_ERR_POOL_FULL
 * thread  any; alloc none
 */
SCR_MUST_USE enum scr_err scr_pcm_stream_acquire(struct scr_pcm_pool *pool,
                                                 const struct scr_params *params,
                                                 struct scr_pcm_stream **stream);

/** Size of the WAV file, header included. */
uint64_t scr_pcm_stream_file_bytes(const struct scr_pcm_stream *stream);

/**
 * Says where the reader will stop (0..file_bytes; the end of the file unless said): a stream that
 * was read so far counts as rendered, another as dropped. The stream's thread.
 */
void scr_pcm_stream_end_at(struct scr_pcm_stream *stream, uint64_t end);

/**
 * Writes bytes of the file from an offset on; at most one slice of work.
 * in      offset    0..file_bytes; fastest when it continues the last pull, any is right
 * in      slice     how long, and who may end it before
 * out     bytes[capacity], count   DATA: 1..capacity bytes
 * returns DATA, END (offset == file_bytes) or AGAIN
 * thread  the stream's; alloc none
 */
enum scr_pull scr_pcm_stream_pull(struct scr_pcm_stream *stream,
                                  uint64_t offset,
                                  const struct scr_slice *slice,
                                  uint8_t *bytes,
                                  size_t capacity,
                                  size_t *count);

/** Gives the stream back. */
void scr_pcm_stream_release(struct scr_pcm_stream *stream);

#endif
