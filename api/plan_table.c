/*
 * api/plan_table.c - places, picked by hash.
 * Why:    see plan_table.h. The whole text is compared, so a weak hash can cost time, never truth.
 */
#include "api/plan_table.h"

#include <stdalign.h>
#include <string.h>

#include "core/base/assert.h"
#include "core/base/limits.h"
#include "core/base/lock.h"
#include "core/memory/boot.h"

static_assert((SCR_PLANS_MAX & (SCR_PLANS_MAX - 1)) == 0, "a mask picks a place");

struct place {
    /* Its own cache lines: neighbours are other threads' business. */
    alignas(64) struct scr_lock lock;
    bool used;
    char text[SCR_PLAN_TEXT_BYTES_MAX + 1];
    struct scr_plan plan;
};

struct scr_plan_table {
    struct place places[SCR_PLANS_MAX];
};

uint64_t scr_plan_table_memory_bytes(void)
{
    return sizeof(struct scr_plan_table);
}

enum scr_err scr_plan_table_create(struct scr_plan_table **table)
{
    void *memory = NULL;
    SCR_TRY(scr_boot_allocate(scr_plan_table_memory_bytes(), &memory));
    struct scr_plan_table *made = memory;
    for (size_t i = 0; i < SCR_PLANS_MAX; i += 1) {
        scr_lock_init(&made->places[i].lock);
        made->places[i].used = false;
    }
    *table = made;
    return SCR_OK;
}

void scr_plan_table_destroy(struct scr_plan_table **table)
{
    SCR_ASSERT(*table != NULL);
    for (size_t i = 0; i < SCR_PLANS_MAX; i += 1) {
        scr_lock_deinit(&(*table)->places[i].lock);
    }
    scr_boot_free(*table);
    *table = NULL;
}

/* FNV-1a (Fowler, Noll and Vo), 64 bits: short texts, and its low bits are as good as any. */
static struct place *
place_of(struct scr_plan_table *table, const char *text, size_t bytes, enum scr_format format)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ (uint64_t)format;
    for (size_t i = 0; i < bytes; i += 1) {
        hash = (hash ^ (uint8_t)text[i]) * UINT64_C(0x100000001b3);
    }
    return &table->places[(hash ^ hash >> 32) & (SCR_PLANS_MAX - 1)];
}

bool scr_plan_table_find(struct scr_plan_table *table,
                         const char *text,
                         enum scr_format format,
                         struct scr_plan *plan)
{
    size_t bytes = strnlen(text, SCR_PLAN_TEXT_BYTES_MAX + 1);
    if (table == NULL || bytes > SCR_PLAN_TEXT_BYTES_MAX) {
        return false;
    }
    struct place *place = place_of(table, text, bytes, format);
    if (!scr_lock_try_acquire(&place->lock)) {
        return false;
    }
    bool found =
        place->used && place->plan.format == format && memcmp(place->text, text, bytes + 1) == 0;
    if (found) {
        *plan = place->plan;
    }
    scr_lock_release(&place->lock);
    return found;
}

void scr_plan_table_keep(struct scr_plan_table *table,
                         const char *text,
                         const struct scr_plan *plan)
{
    SCR_ASSERT(!plan->fresh);
    size_t bytes = strnlen(text, SCR_PLAN_TEXT_BYTES_MAX + 1);
    if (table == NULL || bytes > SCR_PLAN_TEXT_BYTES_MAX) {
        return;
    }
    struct place *place = place_of(table, text, bytes, plan->format);
    if (!scr_lock_try_acquire(&place->lock)) {
        return;
    }
    place->used = true;
    memcpy(place->text, text, bytes + 1);
    place->plan = *plan;
    scr_lock_release(&place->lock);
}
