/*
 * core/memory/slot_pool.h - N equal slots made at boot: acquire one, release it.
 * Why:    an empty pool is an error the caller can answer (503), never a wait or an allocation.
 *
 *   | slot 0 | slot 1 | ... | slot N-1 |      free: a stack of slot numbers
 *
 * Memory: a released slot is filled with 0xdd (slow-assert builds) and poisoned for ASan.
 * Thread: any; its lock is a leaf, nothing is called while it is held.
 */
#ifndef SCR_MEMORY_SLOT_POOL_H
#define SCR_MEMORY_SLOT_POOL_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

struct scr_slot_pool;

/** Bytes that scr_slot_pool_create allocates. */
uint64_t scr_slot_pool_memory_bytes(uint32_t count, size_t slot_bytes);

/** Allocates count slots of slot_bytes, aligned to 64 bytes. errors SCR_ERR_MEMORY. Boot. */
SCR_MUST_USE enum scr_err
scr_slot_pool_create(uint32_t count, size_t slot_bytes, struct scr_slot_pool **pool);

/** Frees the pool; every slot must be released. Nulls *pool; NULL inside is allowed. */
void scr_slot_pool_destroy(struct scr_slot_pool **pool);

/**
 * Takes a free slot; its content is undefined.
 * errors  SCR_ERR_POOL_FULL
 * thread  any; alloc none
 */
SCR_MUST_USE enum scr_err scr_slot_pool_acquire(struct scr_slot_pool *pool, void **slot);

/** Gives a slot back; it must be one of this pool and taken. Any thread. */
void scr_slot_pool_release(struct scr_slot_pool *pool, void *slot);

/** Number of a slot, 0..count-1. */
uint32_t scr_slot_pool_index(const struct scr_slot_pool *pool, const void *slot);

/** How many slots there are, and how many are taken now. Any thread. */
uint32_t scr_slot_pool_count(const struct scr_slot_pool *pool);
uint32_t scr_slot_pool_used(struct scr_slot_pool *pool);

#endif
