/*
 * core/job/extent_pool.c - a stack of free extent numbers.
 * Why:    see extent_pool.h.
 */
#include "core/job/extent_pool.h"

#include "core/base/assert.h"
#include "core/memory/boot.h"
#include "core/memory/poison.h"

uint64_t scr_extent_pool_memory_bytes(uint32_t count)
{
    return count * (uint64_t)(SCR_EXTENT_BYTES + sizeof(uint16_t));
}

enum scr_err scr_extent_pool_init(struct scr_extent_pool *pool, uint32_t count)
{
    SCR_ASSERT(count > 0 && count <= SCR_ARENA_BYTES_MAX / SCR_EXTENT_BYTES);
    void *bytes = NULL;
    void *stack = NULL;
    SCR_TRY(scr_boot_allocate((size_t)count * SCR_EXTENT_BYTES, &bytes));
    enum scr_err err = scr_boot_allocate(count * sizeof pool->free_stack[0], &stack);
    if (err != SCR_OK) {
        scr_boot_free(bytes);
        return err;
    }
    *pool = (struct scr_extent_pool){
        .bytes = bytes, .free_stack = stack, .count = count, .free_count = count};
    for (uint32_t i = 0; i < count; i += 1) {
        pool->free_stack[i] = (uint16_t)(count - 1 - i);
    }
    SCR_POISON(pool->bytes, (size_t)count * SCR_EXTENT_BYTES);
    return SCR_OK;
}

void scr_extent_pool_deinit(struct scr_extent_pool *pool)
{
    SCR_ASSERT(pool->free_count == pool->count);
    SCR_UNPOISON(pool->bytes, (size_t)pool->count * SCR_EXTENT_BYTES);
    scr_boot_free(pool->bytes);
    scr_boot_free(pool->free_stack);
}

void scr_extent_pool_acquire(struct scr_extent_pool *pool, uint16_t *extents, uint32_t count)
{
    SCR_ASSERT(count <= pool->free_count);
    for (uint32_t i = 0; i < count; i += 1) {
        pool->free_count -= 1;
        extents[i] = pool->free_stack[pool->free_count];
        SCR_UNPOISON(scr_extent_pool_bytes(pool, extents[i]), SCR_EXTENT_BYTES);
    }
}

void scr_extent_pool_release(struct scr_extent_pool *pool, const uint16_t *extents, uint32_t count)
{
    SCR_ASSERT(count <= pool->count - pool->free_count);
    for (uint32_t i = count; i > 0; i -= 1) {
        SCR_POISON(scr_extent_pool_bytes(pool, extents[i - 1]), SCR_EXTENT_BYTES);
        pool->free_stack[pool->free_count] = extents[i - 1];
        pool->free_count += 1;
    }
}

uint8_t *scr_extent_pool_bytes(const struct scr_extent_pool *pool, uint16_t extent)
{
    SCR_ASSERT(extent < pool->count);
    return pool->bytes + (size_t)extent * SCR_EXTENT_BYTES;
}
