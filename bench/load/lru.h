/*
 * bench/load/lru.h - the cache that wastes nothing: least recently used goes first, byte for byte.
 * Why:    what the arena hits is judged beside what this one would hit on the same trace.
 *
 *     newest -> item <-> item <-> item <- oldest          one list through an array of items
 *
 * Limits: an item larger than the whole cache is a miss and is not kept.
 * Memory: 24 bytes an item.
 */
#ifndef SCR_BENCH_LOAD_LRU_H
#define SCR_BENCH_LOAD_LRU_H

#include <stdbool.h>
#include <stdint.h>

struct lru_item {
    uint64_t bytes; /* 0: not in the cache */
    uint32_t newer;
    uint32_t older;
};

struct lru {
    struct lru_item *items;
    uint64_t capacity_bytes;
    uint64_t used_bytes;
    uint32_t count; /* items there can be */
    uint32_t newest;
    uint32_t oldest;
};

/** An empty cache for items 0..count - 1. False without memory. Free with lru_deinit. */
bool lru_init(struct lru *lru, uint32_t count, uint64_t capacity_bytes);

/** Gives it back. */
void lru_deinit(struct lru *lru);

/**
 * Asks for an item of so many bytes (at least 1); afterwards it is the newest.
 * returns whether it was there
 */
bool lru_touch(struct lru *lru, uint32_t item, uint64_t bytes);

#endif
