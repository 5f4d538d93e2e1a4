/*
 * core/memory/slot_pool.c - a stack of free slot numbers and a flag per slot.
 * Why:    see slot_pool.h. The most recently used slot is taken first: its cache lines are warm.
 */
#include "core/memory/slot_pool.h"

#include <stdbool.h>
#include <string.h>

#include "core/base/assert.h"
#include "core/base/lock.h"
#include "core/memory/boot.h"
#include "core/memory/cells.h"

struct scr_slot_pool {
    struct scr_lock lock;
    struct scr_cells slots;
    uint32_t count;
    uint32_t free_count;
    uint32_t *free_stack; /* [count], the first free_count hold free slot numbers */
    bool *taken;          /* [count] */
};

uint64_t scr_slot_pool_memory_bytes(uint32_t count, size_t slot_bytes)
{
    uint64_t per_slot = sizeof(uint32_t) + sizeof(bool);
    return sizeof(struct scr_slot_pool) + scr_cells_memory_bytes(count, slot_bytes) +
           count * per_slot;
}

enum scr_err scr_slot_pool_create(uint32_t count, size_t slot_bytes, struct scr_slot_pool **pool)
{
    SCR_ASSERT(count > 0 && slot_bytes > 0);
    struct scr_slot_pool *made = NULL;
    void *memory = NULL;
    SCR_TRY(scr_boot_allocate(sizeof *made, &memory));
    made = memory;
    made->count = count;
    scr_lock_init(&made->lock);

    enum scr_err err = scr_cells_init(&made->slots, count, slot_bytes);
    if (err == SCR_OK) {
        err = scr_boot_allocate(count * sizeof made->free_stack[0], &memory);
    }
    if (err == SCR_OK) {
        made->free_stack = memory;
        err = scr_boot_allocate(count * sizeof made->taken[0], &memory);
    }
    if (err != SCR_OK) {
        scr_slot_pool_destroy(&made);
        return err;
    }
    made->taken = memory;
    for (uint32_t i = 0; i < count; i += 1) {
        made->free_stack[i] = count - 1 - i;
    }
    made->free_count = count;
    *pool = made;
    return SCR_OK;
}

void scr_slot_pool_destroy(struct scr_slot_pool **pool)
{
    struct scr_slot_pool *dead = *pool;
    if (dead == NULL) {
        return;
    }
    if (dead->taken != NULL) {
        SCR_ASSERT(dead->free_count == dead->count);
    }
    scr_cells_deinit(&dead->slots);
    scr_boot_free(dead->free_stack);
    scr_boot_free(dead->taken);
    scr_lock_deinit(&dead->lock);
    scr_boot_free(dead);
    *pool = NULL;
}

enum scr_err scr_slot_pool_acquire(struct scr_slot_pool *pool, void **slot)
{
    enum scr_err err = SCR_ERR_POOL_FULL;
    scr_lock_acquire(&pool->lock);
    if (pool->free_count > 0) {
        pool->free_count -= 1;
        uint32_t index = pool->free_stack[pool->free_count];
        SCR_ASSERT(!pool->taken[index]);
        pool->taken[index] = true;
        *slot = scr_cells_open(&pool->slots, index);
        err = SCR_OK;
    }
    scr_lock_release(&pool->lock);
    return err;
}

void scr_slot_pool_release(struct scr_slot_pool *pool, void *slot)
{
    uint32_t index = scr_slot_pool_index(pool, slot);
    scr_lock_acquire(&pool->lock);
    SCR_ASSERT(pool->taken[index]);
#ifdef SCR_SLOW_ASSERTS
    memset(slot, 0xdd, pool->slots.cell_bytes);
#endif
    scr_cells_close(&pool->slots, index);
    pool->taken[index] = false;
    pool->free_stack[pool->free_count] = index;
    pool->free_count += 1;
    SCR_ASSERT(pool->free_count <= pool->count);
    scr_lock_release(&pool->lock);
}

uint32_t scr_slot_pool_index(const struct scr_slot_pool *pool, const void *slot)
{
    return scr_cells_index(&pool->slots, slot);
}

uint32_t scr_slot_pool_count(const struct scr_slot_pool *pool)
{
    return pool->count;
}

uint32_t scr_slot_pool_used(struct scr_slot_pool *pool)
{
    scr_lock_acquire(&pool->lock);
    uint32_t used = pool->count - pool->free_count;
    scr_lock_release(&pool->lock);
    return used;
}
