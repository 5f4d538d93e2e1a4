/*
 * core/base/bytes.c - shifts and bounds, in one place.
 * Why:    no other file shifts bytes, so none can get an order or a bound wrong.
 */
#include "core/base/bytes.h"

#include <assert.h>
#include <string.h>

#include "core/base/assert.h"

void scr_writer_init(struct scr_writer *writer, uint8_t *bytes, size_t capacity)
{
    SCR_ASSERT(bytes != NULL || capacity == 0);
    *writer = (struct scr_writer){.bytes = bytes, .capacity = capacity};
}

void scr_writer_put(struct scr_writer *writer, const void *bytes, size_t count)
{
    SCR_ASSERT(writer->used <= writer->capacity);
    if (writer->overflow || count > writer->capacity - writer->used) {
        writer->overflow = true;
        return;
    }
    if (count > 0) {
        memcpy(writer->bytes + writer->used, bytes, count);
        writer->used += count;
    }
}

void scr_writer_put_u8(struct scr_writer *writer, uint8_t value)
{
    scr_writer_put(writer, &value, 1);
}

void scr_writer_put_u16le(struct scr_writer *writer, uint16_t value)
{
    uint8_t bytes[2];
    scr_store_u16le(bytes, value);
    scr_writer_put(writer, bytes, sizeof bytes);
}

void scr_writer_put_u32le(struct scr_writer *writer, uint32_t value)
{
    uint8_t bytes[4];
    scr_store_u32le(bytes, value);
    scr_writer_put(writer, bytes, sizeof bytes);
}

void scr_writer_put_u64le(struct scr_writer *writer, uint64_t value)
{
    uint8_t bytes[8];
    scr_store_u64le(bytes, value);
    scr_writer_put(writer, bytes, sizeof bytes);
}

void scr_writer_put_f64le(struct scr_writer *writer, double value)
{
    uint64_t bits;
    double canonical = value + 0.0; /* -0 + 0 is +0: equal numbers have equal bytes */
    static_assert(sizeof bits == sizeof canonical, "a double is 64 bits");
    memcpy(&bits, &canonical, sizeof bits);
    scr_writer_put_u64le(writer, bits);
}

void scr_store_u16le(uint8_t at[2], uint16_t value)
{
    at[0] = (uint8_t)(value & 0xff);
    at[1] = (uint8_t)(value >> 8);
}

void scr_store_u32le(uint8_t at[4], uint32_t value)
{
    scr_store_u16le(at, (uint16_t)(value & 0xffff));
    scr_store_u16le(at + 2, (uint16_t)(value >> 16));
}

void scr_store_u64le(uint8_t at[8], uint64_t value)
{
    scr_store_u32le(at, (uint32_t)(value & 0xffffffff));
    scr_store_u32le(at + 4, (uint32_t)(value >> 32));
}

uint32_t scr_load_u32le(const uint8_t at[4])
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

uint64_t scr_load_u64le(const uint8_t at[8])
{
    return (uint64_t)scr_load_u32le(at) | (uint64_t)scr_load_u32le(at + 4) << 32;
}
