/*
 * core/job/extent_pool.c - runs of extents: split when taken, joined when given back.
 * Why:    see extent_pool.h. A free run stands in the list of its size class, so that a fitting
 *         one is found without looking at all; both its ends carry its length, so that a run that
 *         comes back finds its neighbours.
 */
#include "core/job/extent_pool.h"

#include "core/base/assert.h"
#include "core/memory/boot.h"

#define NONE UINT32_MAX
/* In `previous`: the run belongs to a file. */
#define TAKEN (UINT32_MAX - 1)

uint64_t scr_extent_pool_memory_bytes(uint32_t count)
{
    return scr_cells_memory_bytes(count, SCR_EXTENT_BYTES) +
           count * (uint64_t)sizeof(struct scr_extent_tag);
}

/* ---- Free runs ---- */

static uint32_t class_of(uint32_t count)
{
    uint32_t class = 0;
    SCR_ASSERT(count > 0);
    while (count > 1) {
        count >>= 1;
        class += 1;
    }
    return class;
}

static void tag_ends(struct scr_extent_pool *pool, uint32_t first, struct scr_extent_tag tag)
{
    SCR_ASSERT(tag.count > 0 && first + tag.count <= pool->count);
    pool->tags[first + tag.count - 1] = tag;
    pool->tags[first] = tag;
}

static void add_free(struct scr_extent_pool *pool, uint32_t first, uint32_t count)
{
    uint32_t *list = &pool->free[class_of(count)];
    tag_ends(pool, first, (struct scr_extent_tag){count, *list, NONE});
    if (*list != NONE) {
        pool->tags[*list].previous = first;
    }
    *list = first;
}

static void remove_free(struct scr_extent_pool *pool, uint32_t first)
{
    struct scr_extent_tag tag = pool->tags[first];
    SCR_ASSERT(tag.previous != TAKEN);
    if (tag.previous == NONE) {
        SCR_ASSERT(pool->free[class_of(tag.count)] == first);
        pool->free[class_of(tag.count)] = tag.next;
    } else {
        pool->tags[tag.previous].next = tag.next;
    }
    if (tag.next != NONE) {
        pool->tags[tag.next].previous = tag.previous;
    }
}

/* The smallest run of its class that holds `count`, else any of the next larger class. */
static uint32_t find_run(const struct scr_extent_pool *pool, uint32_t count)
{
    uint32_t class = class_of(count);
    uint32_t best = NONE;
    for (uint32_t run = pool->free[class]; run != NONE; run = pool->tags[run].next) {
        uint32_t here = pool->tags[run].count;
        if (here >= count && (best == NONE || here < pool->tags[best].count)) {
            best = run;
        }
    }
    while (best == NONE && class + 1 < SCR_EXTENT_CLASSES) {
        class += 1;
        best = pool->free[class];
    }
    return best;
}

static uint32_t find_large(const struct scr_extent_pool *pool)
{
    uint32_t class = SCR_EXTENT_CLASSES;
    do {
        SCR_ASSERT(class > 0);
        class -= 1;
    } while (pool->free[class] == NONE);
    return pool->free[class];
}

/* Takes up to `count` extents from the front of a free run; returns how many. */
static uint32_t take_run(struct scr_extent_pool *pool, uint32_t first, uint32_t count)
{
    uint32_t whole = pool->tags[first].count;
    uint32_t taken = whole < count ? whole : count;
    remove_free(pool, first);
    if (taken < whole) {
        add_free(pool, first + taken, whole - taken);
    }
    tag_ends(pool, first, (struct scr_extent_tag){taken, NONE, TAKEN});
    (void)scr_cells_open_run(&pool->cells, first, taken);
    pool->free_count -= taken;
    return taken;
}

/* Gives a run back, together with the free ones on both sides. */
static void give_run(struct scr_extent_pool *pool, uint32_t first)
{
    uint32_t count = pool->tags[first].count;
    scr_cells_close_run(&pool->cells, first, count);
    pool->free_count += count;
    uint32_t behind = first + count;
    if (behind < pool->count && pool->tags[behind].previous != TAKEN) {
        count += pool->tags[behind].count;
        remove_free(pool, behind);
    }
    if (first > 0 && pool->tags[first - 1].previous != TAKEN) {
        uint32_t before = first - pool->tags[first - 1].count;
        count += pool->tags[before].count;
        remove_free(pool, before);
        first = before;
    }
    add_free(pool, first, count);
}

/* ---- The pool ---- */

enum scr_err scr_extent_pool_init(struct scr_extent_pool *pool, uint32_t count)
{
    SCR_ASSERT(count > 0 && count <= SCR_ARENA_BYTES_MAX / SCR_EXTENT_BYTES);
    struct scr_cells cells = {0};
    void *tags = NULL;
    SCR_TRY(scr_cells_init(&cells, count, SCR_EXTENT_BYTES));
    enum scr_err err = scr_boot_allocate(count * sizeof pool->tags[0], &tags);
    if (err != SCR_OK) {
        scr_cells_deinit(&cells);
        return err;
    }
    *pool =
        (struct scr_extent_pool){.cells = cells, .tags = tags, .count = count, .free_count = count};
    for (uint32_t class = 0; class < SCR_EXTENT_CLASSES; class += 1) {
        pool->free[class] = NONE;
    }
    add_free(pool, 0, count);
    return SCR_OK;
}

void scr_extent_pool_deinit(struct scr_extent_pool *pool)
{
    SCR_ASSERT(pool->free_count == pool->count);
    SCR_ASSERT(pool->tags[0].count == pool->count);
    scr_cells_deinit(&pool->cells);
    scr_boot_free(pool->tags);
}

bool scr_extent_pool_has_run(const struct scr_extent_pool *pool, uint32_t count)
{
    return find_run(pool, count) != NONE;
}

uint32_t scr_extent_pool_acquire(struct scr_extent_pool *pool, uint32_t count)
{
    SCR_ASSERT(count > 0 && count <= pool->free_count);
    uint32_t first = NONE;
    uint32_t last = NONE;
    while (count > 0) {
        uint32_t run = find_run(pool, count);
        run = run != NONE ? run : find_large(pool);
        count -= take_run(pool, run, count);
        if (first == NONE) {
            first = run;
        } else {
            pool->tags[last].next = run;
        }
        last = run;
    }
    return first;
}

void scr_extent_pool_release(struct scr_extent_pool *pool, uint32_t first)
{
    uint32_t run = first;
    while (run != NONE) {
        SCR_ASSERT(pool->tags[run].previous == TAKEN);
        uint32_t next = pool->tags[run].next;
        give_run(pool, run);
        run = next;
    }
    SCR_ASSERT(pool->free_count <= pool->count);
}

uint8_t *scr_extent_pool_at(const struct scr_extent_pool *pool,
                            uint32_t first,
                            uint64_t offset,
                            size_t *left)
{
    uint32_t run = first;
    uint64_t bytes = (uint64_t)pool->tags[run].count * SCR_EXTENT_BYTES;
    while (offset >= bytes) {
        offset -= bytes;
        run = pool->tags[run].next;
        SCR_ASSERT(run != NONE);
        bytes = (uint64_t)pool->tags[run].count * SCR_EXTENT_BYTES;
    }
    uint8_t *start = scr_cells_at(&pool->cells, run);
    *left = (size_t)(bytes - offset);
    return start + offset;
}
