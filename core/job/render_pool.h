/*
 * core/job/render_pool.h - render states: what an unfinished job needs beside its bytes.
 * Why:    an encoder is 43 KB and costs 30 us to make; they are made at boot and only reset.
 * Memory: one state per reader, about 46 KiB; taken at admission, held until finished or dropped.
 * Thread: acquire and release from any; a state belongs to whoever holds its job's lock.
 */
#ifndef SCR_JOB_RENDER_POOL_H
#define SCR_JOB_RENDER_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/limits.h"
#include "core/codec/opus_encoder.h"
#include "core/memory/cells.h"
#include "core/memory/slot_pool.h"
#include "core/synth/scream.h"

struct scr_render_state {
    bool primed; /* scream and encoder are set up, the header pages are written */
    int64_t worked_ns;
    struct scr_scream scream;
    struct scr_opus_encoder *encoder;
};

struct scr_render_pool {
    struct scr_slot_pool *states;
    struct scr_cells encoder_cells;
    uint32_t encoders_open;
    struct scr_opus_encoder **encoders; /* [count], beside their state's slot number */
};

/** Bytes that init allocates. */
uint64_t scr_render_pool_memory_bytes(uint32_t count);

/** Makes `count` states, encoders initialised. errors SCR_ERR_MEMORY, SCR_ERR_CODEC. Boot. */
SCR_MUST_USE enum scr_err scr_render_pool_init(struct scr_render_pool *pool, uint32_t count);

/** Frees them; all must be released. */
void scr_render_pool_deinit(struct scr_render_pool *pool);

/** Takes a state, not primed. errors SCR_ERR_POOL_FULL. Any thread; alloc none. */
SCR_MUST_USE enum scr_err scr_render_pool_acquire(struct scr_render_pool *pool,
                                                  struct scr_render_state **state);

/** Gives it back. Any thread. */
void scr_render_pool_release(struct scr_render_pool *pool, struct scr_render_state *state);

#endif
