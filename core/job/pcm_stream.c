/*
 * core/job/pcm_stream.c - header, then blocks, wherever the reader stands.
 * Why:    see pcm_stream.h. The last block made is kept as bytes, so that a reader with a small
 *         buffer takes it in pieces; going back means starting again from the first block.
 *
 *   file:  | header 44 | block 0 | block 1 | ... | last block, cut to the exact length |
 */
#include "core/job/pcm_stream.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/base/compiler.h"
#include "core/base/series.h"
#include "core/container/wav_header.h"
#include "core/dsp/pcm16.h"
#include "core/job/key.h"
#include "core/memory/boot.h"
#include "core/memory/slot_pool.h"
#include "core/synth/scream.h"

#define NO_BLOCK UINT32_MAX
/* Looking at the clock costs a fiftieth of a block. */
#define BLOCKS_PER_LOOK 4

struct scr_pcm_pool {
    struct scr_slot_pool *slots;
    const struct scr_clock *clock;
};

struct scr_pcm_stream {
    struct scr_pcm_pool *pool;
    struct scr_params params;
    const struct scr_kernels *kernels;
    uint32_t samples;
    uint32_t blocks_made;
    uint32_t block_held; /* whose bytes stand in `bytes`; NO_BLOCK at first */
    uint64_t file_bytes;
    uint64_t end; /* where the reader will stop */
    int64_t worked_ns;
    bool reached_end;
    struct scr_scream scream;
    uint8_t bytes[(size_t)2 * SCR_BLOCK_SAMPLES * SCR_CHANNELS_MAX];
};
static_assert(sizeof(struct scr_pcm_stream) <= 8192, "a WAV response owns at most 8 KiB");

uint64_t scr_pcm_pool_memory_bytes(uint32_t count)
{
    return sizeof(struct scr_pcm_pool) +
           scr_slot_pool_memory_bytes(count, sizeof(struct scr_pcm_stream));
}

enum scr_err
scr_pcm_pool_create(uint32_t count, const struct scr_clock *clock, struct scr_pcm_pool **pool)
{
    SCR_ASSERT(clock != NULL);
    void *memory = NULL;
    SCR_TRY(scr_boot_allocate(sizeof(struct scr_pcm_pool), &memory));
    struct scr_pcm_pool *made = memory;
    made->clock = clock;
    enum scr_err err = scr_slot_pool_create(count, sizeof(struct scr_pcm_stream), &made->slots);
    if (err != SCR_OK) {
        scr_boot_free(made);
        return err;
    }
    *pool = made;
    return SCR_OK;
}

void scr_pcm_pool_destroy(struct scr_pcm_pool **pool)
{
    struct scr_pcm_pool *dead = *pool;
    scr_slot_pool_destroy(&dead->slots);
    scr_boot_free(dead);
    *pool = NULL;
}

uint32_t scr_pcm_pool_used(struct scr_pcm_pool *pool)
{
    return scr_slot_pool_used(pool->slots);
}

enum scr_err scr_pcm_stream_acquire(struct scr_pcm_pool *pool,
                                    const struct scr_params *params,
                                    struct scr_pcm_stream **stream)
{
    void *slot = NULL;
    SCR_TRY(scr_slot_pool_acquire(pool->slots, &slot));
    struct scr_pcm_stream *made = slot;
    made->pool = pool;
    made->params = *params;
    made->kernels = scr_kernels_of(scr_isa_current());
    made->samples = scr_params_samples(params);
    made->blocks_made = 0;
    made->block_held = NO_BLOCK;
    made->file_bytes = scr_wav_file_bytes(made->samples, params->channels);
    made->end = made->file_bytes;
    made->worked_ns = 0;
    made->reached_end = false;
    *stream = made;
    return SCR_OK;
}

uint64_t scr_pcm_stream_file_bytes(const struct scr_pcm_stream *stream)
{
    return stream->file_bytes;
}

void scr_pcm_stream_end_at(struct scr_pcm_stream *stream, uint64_t end)
{
    SCR_ASSERT(end <= stream->file_bytes);
    stream->end = end;
}

static size_t block_bytes(const struct scr_pcm_stream *stream)
{
    return (size_t)SCR_BLOCK_SAMPLES * stream->params.channels * 2;
}

/* Makes the next block; `bytes` (NULL when nobody wants them) gets its samples. */
static void make_block(struct scr_pcm_stream *stream, uint8_t *bytes)
{
    if (stream->blocks_made == 0) {
        scr_scream_init(&stream->scream, &stream->params);
    }
    SCR_UNINITIALISED float block[SCR_BLOCK_SAMPLES * SCR_CHANNELS_MAX];
    uint32_t rendered = scr_scream_pull(&stream->scream, block);
    SCR_ASSERT(rendered > 0);
    if (bytes != NULL) {
        scr_pcm16_write(stream->kernels,
                        block,
                        SCR_BLOCK_SAMPLES,
                        scr_scream_tracks(&stream->params),
                        stream->params.channels,
                        bytes);
    }
    stream->blocks_made += 1;
    scr_stats_add(SCR_STAT_RENDERED_SAMPLES, SCR_FORMAT_WAV, rendered);
}

/* How long this pull may go on. */
struct deadline {
    const struct scr_slice *slice;
    const struct scr_clock *clock;
    int64_t until_ns;
};

static bool is_over(const struct deadline *deadline)
{
    const struct scr_slice *slice = deadline->slice;
    return scr_clock_now_ns(deadline->clock) >= deadline->until_ns ||
           (slice->is_over != NULL && slice->is_over(slice->context));
}

/* Makes blocks until number `wanted` is in hand. False when the slice ended before. */
static bool
reach_block(struct scr_pcm_stream *stream, uint32_t wanted, const struct deadline *deadline)
{
    if (stream->block_held == wanted) {
        return true;
    }
    if (wanted < stream->blocks_made) {
        stream->blocks_made = 0;
    }
    stream->block_held = NO_BLOCK;
    for (;;) {
        bool is_wanted = stream->blocks_made == wanted;
        make_block(stream, is_wanted ? stream->bytes : NULL);
        if (is_wanted) {
            stream->block_held = wanted;
            return true;
        }
        if (is_over(deadline)) {
            return false;
        }
    }
}

static size_t
copy_header(const struct scr_pcm_stream *stream, uint64_t offset, uint8_t *bytes, size_t capacity)
{
    uint8_t header[SCR_WAV_HEADER_BYTES];
    scr_wav_header_write(stream->samples, stream->params.channels, header);
    size_t left = SCR_WAV_HEADER_BYTES - (size_t)offset;
    size_t part = left < capacity ? left : capacity;
    memcpy(bytes, header + offset, part);
    return part;
}

/* Copies from the block that holds `offset`, up to its end or the file's. */
static size_t
copy_block(const struct scr_pcm_stream *stream, uint64_t offset, uint8_t *bytes, size_t capacity)
{
    size_t within = (size_t)((offset - SCR_WAV_HEADER_BYTES) % block_bytes(stream));
    uint64_t file_left = stream->file_bytes - offset;
    size_t part = block_bytes(stream) - within;
    part = part < capacity ? part : capacity;
    part = part < file_left ? part : (size_t)file_left;
    memcpy(bytes, stream->bytes + within, part);
    return part;
}

/*
 * What one block gives from `offset` on: straight to the reader when it takes the whole block and
 * that is the next one. 0 when the slice ended before the block was reached.
 */
static size_t take_block(struct scr_pcm_stream *stream,
                         uint64_t offset,
                         const struct deadline *deadline,
                         uint8_t *bytes,
                         size_t capacity)
{
    uint64_t sound_at = offset - SCR_WAV_HEADER_BYTES;
    uint32_t wanted = (uint32_t)(sound_at / block_bytes(stream));
    if (wanted == stream->blocks_made && sound_at % block_bytes(stream) == 0 &&
        capacity >= block_bytes(stream) && stream->file_bytes - offset >= block_bytes(stream)) {
        make_block(stream, bytes);
        return block_bytes(stream);
    }
    if (!reach_block(stream, wanted, deadline)) {
        return 0;
    }
    return copy_block(stream, offset, bytes, capacity);
}

enum scr_pull scr_pcm_stream_pull(struct scr_pcm_stream *stream,
                                  uint64_t offset,
                                  const struct scr_slice *slice,
                                  uint8_t *bytes,
                                  size_t capacity,
                                  size_t *count)
{
    SCR_ASSERT(offset <= stream->file_bytes && capacity > 0);
    if (offset == stream->file_bytes) {
        return SCR_PULL_END;
    }
    const struct scr_clock *clock = stream->pool->clock;
    int64_t began_ns = scr_clock_now_ns(clock);
    const struct deadline deadline = {slice, clock, began_ns + slice->ns};
    bool is_start = offset < SCR_WAV_HEADER_BYTES;
    size_t done = is_start ? copy_header(stream, offset, bytes, capacity) : 0;
    /* The first pull ends with the first block, so that its sound leaves at once. */
    bool more = true;
    for (uint32_t taken = 1; more && done < capacity && offset + done < stream->file_bytes;
         taken += 1) {
        size_t part = take_block(stream, offset + done, &deadline, bytes + done, capacity - done);
        done += part;
        more = part > 0 && !is_start && (taken % BLOCKS_PER_LOOK != 0 || !is_over(&deadline));
    }
    stream->worked_ns += scr_clock_now_ns(clock) - began_ns;
    stream->reached_end = stream->reached_end || offset + done >= stream->end;
    *count = done;
    return done > 0 ? SCR_PULL_DATA : SCR_PULL_AGAIN;
}

void scr_pcm_stream_release(struct scr_pcm_stream *stream)
{
    if (stream->blocks_made > 0) {
        uint32_t result = stream->reached_end ? SCR_RENDER_OK : SCR_RENDER_DROPPED;
        scr_stats_add(
            SCR_STAT_RENDERS, scr_series_render(stream->params.preset, SCR_FORMAT_WAV, result), 1);
        scr_stats_observe_ns(SCR_STAT_RENDER_DURATION, SCR_FORMAT_WAV, stream->worked_ns);
    }
    scr_slot_pool_release(stream->pool->slots, stream);
}
