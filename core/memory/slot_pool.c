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
#include "core/memory/poison.h"

#define SLOT_ALIGN 64

struct scr_slot_pool {
    struct scr_lock lock;
    uint8_t *slots;
    size_t stride;
    uint32_t count;
    uint32_t free_count;
    uint32_t *free_stack; /* [count], the first free_count hold free slot numbers */
    bool *taken;          /* [count] */
};

static size_t stride_of(size_t slot_bytes)
{
    return (slot_bytes + SLOT_ALIGN - 1) / SLOT_ALIGN * SLOT_ALIGN;
}

uint64_t scr_slot_pool_memory_bytes(uint32_t count, size_t slot_bytes)
{
    uint64_t per_slot = stride_of(slot_bytes) + sizeof(uint32_t) + sizeof(bool);
    return sizeof(struct scr_slot_pool) + count * per_slot;
}

enum scr_err scr_slot_pool_create(uint32_t count, size_t slot_bytes, struct scr_slot_pool **pool)
{
    SCR_ASSERT(count > 0 && slot_bytes > 0);
    struct scr_slot_pool *made = NULL;
    void *memory = NULL;
    SCR_TRY(scr_boot_allocate(sizeof *made, &memory));
    made = memory;
    made->count = count;
    made->stride = stride_of(slot_bytes);
    scr_lock_init(&made->lock);

    enum scr_err err = scr_boot_allocate(count * made->stride, &memory);
    if (err == SCR_OK) {
        made->slots = memory;
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
    SCR_POISON(made->slots, count * made->stride);
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
        SCR_UNPOISON(dead->slots, dead->count * dead->stride);
    }
    scr_boot_free(dead->slots);
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
        uint8_t *memory = pool->slots + index * pool->stride;
        SCR_UNPOISON(memory, pool->stride);
        *slot = memory;
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
    memset(slot, 0xdd, pool->stride);
#endif
    SCR_POISON(slot, pool->stride);
    pool->taken[index] = false;
    pool->free_stack[pool->free_count] = index;
    pool->free_count += 1;
    SCR_ASSERT(pool->free_count <= pool->count);
    scr_lock_release(&pool->lock);
}

uint32_t scr_slot_pool_index(const struct scr_slot_pool *pool, const void *slot)
{
    SCR_ASSERT((const uint8_t *)slot >= pool->slots);
    size_t distance = (size_t)((const uint8_t *)slot - pool->slots);
    SCR_ASSERT(distance % pool->stride == 0 && distance / pool->stride < pool->count);
    return (uint32_t)(distance / pool->stride);
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
