/*
 * core/memory/cells.c - one block cut into cells; or, to look for overflows, many blocks.
 * Why:    see cells.h. Both forms take the same amount at boot, so that every sum stays right.
 */
#include "core/memory/cells.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/memory/boot.h"
#include "core/memory/poison.h"

#define CELL_ALIGN ((size_t)64)

static size_t stride_of(size_t cell_bytes)
{
    return (cell_bytes + CELL_ALIGN - 1) / CELL_ALIGN * CELL_ALIGN;
}

uint64_t scr_cells_memory_bytes(uint32_t count, size_t cell_bytes)
{
    return count * (uint64_t)stride_of(cell_bytes);
}

enum scr_err scr_cells_init(struct scr_cells *cells, uint32_t count, size_t cell_bytes)
{
    SCR_ASSERT(count > 0 && cell_bytes > 0);
    void *block = NULL;
    size_t stride = stride_of(cell_bytes);
    if (cell_bytes > SIZE_MAX - CELL_ALIGN || stride > SIZE_MAX / count) {
        return SCR_ERR_MEMORY;
    }
    SCR_TRY(scr_boot_allocate(count * stride, &block));
    *cells = (struct scr_cells){
        .block = block, .cell_bytes = cell_bytes, .stride = stride, .count = count};
#ifndef SCR_EMULATOR
    SCR_POISON(block, count * stride);
#endif
    return SCR_OK;
}

static void check_run(const struct scr_cells *cells, uint32_t first, uint32_t count)
{
    SCR_ASSERT(cells->cell_bytes == cells->stride);
    SCR_ASSERT(count > 0 && first < cells->count && count <= cells->count - first);
}

#ifndef SCR_EMULATOR

void scr_cells_deinit(struct scr_cells *cells)
{
    if (cells->block != NULL) {
        SCR_UNPOISON(cells->block, cells->count * cells->stride);
    }
    scr_boot_free(cells->block);
    *cells = (struct scr_cells){0};
}

void *scr_cells_open(struct scr_cells *cells, uint32_t index)
{
    void *cell = scr_cells_at(cells, index);
    SCR_UNPOISON(cell, cells->cell_bytes);
    return cell;
}

void scr_cells_close(struct scr_cells *cells, uint32_t index)
{
    SCR_POISON(scr_cells_at(cells, index), cells->stride);
}

void *scr_cells_open_run(struct scr_cells *cells, uint32_t first, uint32_t count)
{
    check_run(cells, first, count);
    void *run = scr_cells_at(cells, first);
    SCR_UNPOISON(run, count * cells->stride);
    return run;
}

void scr_cells_close_run(struct scr_cells *cells, uint32_t first, uint32_t count)
{
    check_run(cells, first, count);
    SCR_POISON(scr_cells_at(cells, first), count * cells->stride);
}

void *scr_cells_at(const struct scr_cells *cells, uint32_t index)
{
    SCR_ASSERT(index < cells->count);
    return cells->block + index * cells->stride;
}

uint32_t scr_cells_index(const struct scr_cells *cells, const void *cell)
{
    SCR_ASSERT((const uint8_t *)cell >= cells->block);
    size_t distance = (size_t)((const uint8_t *)cell - cells->block);
    SCR_ASSERT(distance % cells->stride == 0 && distance / cells->stride < cells->count);
    return (uint32_t)(distance / cells->stride);
}

#else

/* The address of an open cell, NULL of a closed one. */
static void *address_of(const struct scr_cells *cells, uint32_t index)
{
    void *address = NULL;
    SCR_ASSERT(index < cells->count);
    memcpy(&address, cells->block + index * cells->stride, sizeof address);
    return address;
}

static void set_address(struct scr_cells *cells, uint32_t index, void *address)
{
    memcpy(cells->block + index * cells->stride, &address, sizeof address);
}

void scr_cells_deinit(struct scr_cells *cells)
{
    for (uint32_t i = 0; i < cells->count; i += 1) {
        SCR_ASSERT(address_of(cells, i) == NULL);
    }
    scr_boot_free(cells->block);
    *cells = (struct scr_cells){0};
}

void *scr_cells_open(struct scr_cells *cells, uint32_t index)
{
    SCR_ASSERT(address_of(cells, index) == NULL);
    void *cell = scr_boot_emulate(CELL_ALIGN, cells->cell_bytes);
    set_address(cells, index, cell);
    return cell;
}

void scr_cells_close(struct scr_cells *cells, uint32_t index)
{
    SCR_ASSERT(address_of(cells, index) != NULL);
    scr_boot_emulate_end(address_of(cells, index));
    set_address(cells, index, NULL);
}

void *scr_cells_open_run(struct scr_cells *cells, uint32_t first, uint32_t count)
{
    check_run(cells, first, count);
    SCR_ASSERT(address_of(cells, first) == NULL);
    void *run = scr_boot_emulate(CELL_ALIGN, count * cells->cell_bytes);
    set_address(cells, first, run);
    return run;
}

void scr_cells_close_run(struct scr_cells *cells, uint32_t first, uint32_t count)
{
    check_run(cells, first, count);
    scr_cells_close(cells, first);
}

void *scr_cells_at(const struct scr_cells *cells, uint32_t index)
{
    void *cell = address_of(cells, index);
    SCR_ASSERT(cell != NULL);
    return cell;
}

uint32_t scr_cells_index(const struct scr_cells *cells, const void *cell)
{
    uint32_t index = 0;
    SCR_ASSERT(cell != NULL);
    while (index < cells->count && address_of(cells, index) != cell) {
        index += 1;
    }
    SCR_ASSERT(index < cells->count);
    return index;
}

#endif
