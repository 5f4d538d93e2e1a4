/*
 * core/job/render_pool.c - slots for scream and scratch, and one lasting encoder for each.
 * Why:    a slot's content is undefined after release, an encoder must stay initialised; so the
 *         encoders stand in memory of their own.
 */
#include "core/job/render_pool.h"

#include "core/base/assert.h"
#include "core/memory/boot.h"

/* The classic engine's channels are equal, so every encoder has one channel. */
#define ENCODER_LANES 1

static size_t encoder_bytes(void)
{
    size_t bytes = scr_opus_encoder_size(ENCODER_LANES);
    SCR_ASSERT(bytes <= SCR_OPUS_STATE_BYTES_MAX);
    return bytes;
}

uint64_t scr_render_pool_memory_bytes(uint32_t count)
{
    return scr_slot_pool_memory_bytes(count, sizeof(struct scr_render_state)) +
           scr_cells_memory_bytes(count, encoder_bytes()) +
           count * (uint64_t)sizeof(struct scr_opus_encoder *);
}

static enum scr_err make_encoders(struct scr_render_pool *pool, uint32_t count)
{
    void *memory = NULL;
    SCR_TRY(scr_cells_init(&pool->encoder_cells, count, encoder_bytes()));
    SCR_TRY(scr_boot_allocate(count * sizeof pool->encoders[0], &memory));
    pool->encoders = memory;
    for (uint32_t i = 0; i < count; i += 1) {
        void *storage = scr_cells_open(&pool->encoder_cells, i);
        pool->encoders_open = i + 1;
        SCR_TRY(scr_opus_encoder_init(
            storage, pool->encoder_cells.cell_bytes, ENCODER_LANES, &pool->encoders[i]));
    }
    return SCR_OK;
}

enum scr_err scr_render_pool_init(struct scr_render_pool *pool, uint32_t count)
{
    struct scr_render_pool made = {0};
    SCR_TRY(scr_slot_pool_create(count, sizeof(struct scr_render_state), &made.states));
    enum scr_err err = make_encoders(&made, count);
    if (err != SCR_OK) {
        scr_render_pool_deinit(&made);
        return err;
    }
    *pool = made;
    return SCR_OK;
}

void scr_render_pool_deinit(struct scr_render_pool *pool)
{
    scr_slot_pool_destroy(&pool->states);
    while (pool->encoders_open > 0) {
        pool->encoders_open -= 1;
        scr_cells_close(&pool->encoder_cells, pool->encoders_open);
    }
    scr_cells_deinit(&pool->encoder_cells);
    scr_boot_free(pool->encoders);
}

enum scr_err scr_render_pool_acquire(struct scr_render_pool *pool, struct scr_render_state **state)
{
    void *slot = NULL;
    SCR_TRY(scr_slot_pool_acquire(pool->states, &slot));
    struct scr_render_state *taken = slot;
    taken->primed = false;
    taken->worked_ns = 0;
    taken->encoder = pool->encoders[scr_slot_pool_index(pool->states, slot)];
    *state = taken;
    return SCR_OK;
}

void scr_render_pool_release(struct scr_render_pool *pool, struct scr_render_state *state)
{
    scr_slot_pool_release(pool->states, state);
}
