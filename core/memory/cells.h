/*
 * core/memory/cells.h - N equal cells of memory, opened and closed one by one.
 * Why:    pools of slots, extents and encoders lay their memory out alike, and a tool that looks
 *         for overflows must see the borders between the parts.
 *
 *   | cell 0 | cell 1 | ... | cell N-1 |     each at a multiple of 64 bytes
 *
 * Memory: one block made at boot; a closed cell is poisoned for AddressSanitizer. A build with
 *         SCR_EMULATOR makes every open cell a heap block of its own, exactly as long as asked for,
 *         so that one byte too far and any use after closing are seen.
 * Thread: whoever holds the lock of the pool around it; at() of an open cell from any.
 */
#ifndef SCR_MEMORY_CELLS_H
#define SCR_MEMORY_CELLS_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

struct scr_cells {
    uint8_t *block; /* in the emulator it holds the addresses of the open cells */
    size_t cell_bytes;
    size_t stride;
    uint32_t count;
};

/** Bytes that scr_cells_init allocates. */
uint64_t scr_cells_memory_bytes(uint32_t count, size_t cell_bytes);

/** Allocates `count` cells, all closed. errors SCR_ERR_MEMORY. Boot. */
SCR_MUST_USE enum scr_err
scr_cells_init(struct scr_cells *cells, uint32_t count, size_t cell_bytes);

/** Frees them; all must be closed. A struct of zeros is allowed. */
void scr_cells_deinit(struct scr_cells *cells);

/** Makes a closed cell usable; its content is undefined. returns its memory, aligned to 64 */
void *scr_cells_open(struct scr_cells *cells, uint32_t index);

/** From now on nobody may touch it. */
void scr_cells_close(struct scr_cells *cells, uint32_t index);

/**
 * Makes `count` closed neighbours usable as one piece of memory, which begins at the first of them
 * and has no gaps: cell_bytes must be a multiple of 64. Only the first has an address from then on.
 */
void *scr_cells_open_run(struct scr_cells *cells, uint32_t first, uint32_t count);

/** Closes what was opened as one run. */
void scr_cells_close_run(struct scr_cells *cells, uint32_t first, uint32_t count);

/** The memory of an open cell, cell_bytes long (of a run: the whole run). */
void *scr_cells_at(const struct scr_cells *cells, uint32_t index);

/** The number of the cell that begins at this address; it must be one, and open. */
uint32_t scr_cells_index(const struct scr_cells *cells, const void *cell);

#endif
