/*
 * core/base/bytes.h - bounded writing of integers in either byte order.
 * Why:    one cursor does all the arithmetic, so a format's code reads like its specification.
 * Errors: writing past the end sets `overflow` and writes nothing more; ask once, at the end.
 */
#ifndef SCR_BASE_BYTES_H
#define SCR_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scr_writer {
    uint8_t *bytes;
    size_t capacity;
    size_t used;
    bool overflow;
};

/** A writer over bytes[capacity], which stay the caller's. */
void scr_writer_init(struct scr_writer *writer, uint8_t *bytes, size_t capacity);

/** Appends bytes as they are. */
void scr_writer_put(struct scr_writer *writer, const void *bytes, size_t count);

/** Appends one byte. */
void scr_writer_put_u8(struct scr_writer *writer, uint8_t value);

/** Append an integer, least significant byte first. */
void scr_writer_put_u16le(struct scr_writer *writer, uint16_t value);
void scr_writer_put_u32le(struct scr_writer *writer, uint32_t value);
void scr_writer_put_u64le(struct scr_writer *writer, uint64_t value);

/** Appends the IEEE 754 bits of a double, least significant byte first; -0 is written as 0. */
void scr_writer_put_f64le(struct scr_writer *writer, double value);

/** Store and load at a fixed place, least significant byte first. */
void scr_store_u16le(uint8_t at[2], uint16_t value);
void scr_store_u32le(uint8_t at[4], uint32_t value);
void scr_store_u64le(uint8_t at[8], uint64_t value);
uint32_t scr_load_u32le(const uint8_t at[4]);
uint64_t scr_load_u64le(const uint8_t at[8]);

#endif
