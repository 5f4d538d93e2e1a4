/*
 * bench/load/lru.c - a list through an array.
 * Why:    see lru.h.
 */
#include "bench/load/lru.h"

#include <stddef.h>
#include <stdlib.h>

#define NONE UINT32_MAX

bool lru_init(struct lru *lru, uint32_t count, uint64_t capacity_bytes)
{
    *lru = (struct lru){
        .capacity_bytes = capacity_bytes, .count = count, .newest = NONE, .oldest = NONE};
    lru->items = calloc(count == 0 ? 1 : count, sizeof lru->items[0]);
    return lru->items != NULL;
}

void lru_deinit(struct lru *lru)
{
    free(lru->items);
    *lru = (struct lru){0};
}

static void unlink_item(struct lru *lru, uint32_t index)
{
    struct lru_item *item = &lru->items[index];
    if (item->newer == NONE) {
        lru->newest = item->older;
    } else {
        lru->items[item->newer].older = item->older;
    }
    if (item->older == NONE) {
        lru->oldest = item->newer;
    } else {
        lru->items[item->older].newer = item->newer;
    }
    lru->used_bytes -= item->bytes;
    item->bytes = 0;
}

static void link_newest(struct lru *lru, uint32_t index, uint64_t bytes)
{
    lru->items[index] = (struct lru_item){.bytes = bytes, .newer = NONE, .older = lru->newest};
    if (lru->newest != NONE) {
        lru->items[lru->newest].newer = index;
    } else {
        lru->oldest = index;
    }
    lru->newest = index;
    lru->used_bytes += bytes;
}

bool lru_touch(struct lru *lru, uint32_t item, uint64_t bytes)
{
    bool was_there = lru->items[item].bytes > 0;
    if (was_there) {
        unlink_item(lru, item);
    }
    if (bytes > lru->capacity_bytes) {
        return was_there;
    }
    while (lru->used_bytes + bytes > lru->capacity_bytes) {
        unlink_item(lru, lru->oldest);
    }
    link_newest(lru, item, bytes);
    return was_there;
}
