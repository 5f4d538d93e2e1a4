/*
 * core/job/extent_pool.c - a stack of free extent numbers.
 * Why:    see extent_pool.h.
 */
#include "core/job/extent_pool.h"

#include "core/base/assert.h"
#include "core/memory/boot.h"

uint64_t scr_extent_pool_memory_bytes(uint32_t count)
{
    return scr_cells_memory_bytes(count, SCR_EXTENT_BYTES) + count * (uint64_t)sizeof(uint16_t);
}

enum scr_err scr_extent_pool_init(struct scr_extent_pool *pool, uint32_t count)
{
    SCR_ASSERT(count > 0 && count <= SCR_ARENA_BYTES_MAX / SCR_EXTENT_BYTES);
    struct scr_cells cells = {0};
    void *stack = NULL;
    SCR_TRY(scr_cells_init(&cells, count, SCR_EXTENT_BYTES));
    enum scr_err err = scr_boot_allocate(count * sizeof pool->free_stack[0], &stack);
    if (err != SCR_OK) {
        scr_cells_deinit(&cells);
        return err;
    }
    *pool = (struct scr_extent_pool){
        .cells = cells, .free_stack = stack, .count = count, .free_count = count};
    for (uint32_t i = 0; i < count; i += 1) {
        pool->free_stack[i] = (uint16_t)(count - 1 - i);
    }
    return SCR_OK;
}

void scr_extent_pool_deinit(struct scr_extent_pool *pool)
{
    SCR_ASSERT(pool->free_count == pool->count);
    scr_cells_deinit(&pool->cells);
    scr_boot_free(pool->free_stack);
}

void scr_extent_pool_acquire(struct scr_extent_pool *pool, uint16_t *extents, uint32_t count)
{
    SCR_ASSERT(count <= pool->free_count);
    for (uint32_t i = 0; i < count; i += 1) {
        pool->free_count -= 1;
        extents[i] = pool->free_stack[pool->free_count];
        (void)scr_cells_open(&pool->cells, extents[i]);
    }
}

void scr_extent_pool_release(struct scr_extent_pool *pool, const uint16_t *extents, uint32_t count)
{
    SCR_ASSERT(count <= pool->count - pool->free_count);
    for (uint32_t i = count; i > 0; i -= 1) {
        scr_cells_close(&pool->cells, extents[i - 1]);
        pool->free_stack[pool->free_count] = extents[i - 1];
        pool->free_count += 1;
    }
}

uint8_t *scr_extent_pool_bytes(const struct scr_extent_pool *pool, uint16_t extent)
{
    return scr_cells_at(&pool->cells, extent);
}
