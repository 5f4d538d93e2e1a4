/*
 * core/codec/pcm16.c - the last step of the WAV road.
 * Why:    three plain loops instead of one with branches: this runs for every sample of every WAV.
 *         Each works on a strip of fixed length into memory of its own, without branches, which is
 *         what compilers make vector code of (measured: a tenth of the time of a plain loop).
 * Source: see pcm16.h.
 */
#include "core/codec/pcm16.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/base/limits.h"

/* Samples of a strip; a block of one or two tracks has a whole number of them. */
#define STRIP 64
static_assert(SCR_BLOCK_SAMPLES % STRIP == 0, "a block is whole strips");

/* The bits of a float in IEEE 754 single precision. */
#define SIGN UINT32_C(0x80000000)
#define ONE UINT32_C(0x3f800000)
#define INFINITE UINT32_C(0x7f800000)

/*
 * The sample as the 16 bits that are stored, in the lower half. Sign and size are treated apart, as
 * integers and without a condition: comparing floats may trap, and gcc keeps a branch for what may
 * trap, or for what is not the same on both sides. The rule is the same on both sides of zero.
 */
static inline uint32_t to_bits(float x)
{
    uint32_t raw = 0;
    float size = 0.0f;
    memcpy(&raw, &x, sizeof raw);
    uint32_t size_bits = raw & ~SIGN;
    size_bits &= 0u - (uint32_t)(size_bits <= INFINITE); /* NaN */
    size_bits = size_bits > ONE ? ONE : size_bits;
    memcpy(&size, &size_bits, sizeof size);
    int32_t value = (int32_t)(size * 32767.0f + 0.5f);
    uint32_t negative = 0u - (raw >> 31);
    uint32_t bits = (((uint32_t)value ^ negative) - negative) & 0xffff;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    bits = bits >> 8 | (bits & 0xff) << 8;
#endif
    return bits;
}

static void write_straight(const float *restrict block, size_t count, uint8_t *restrict bytes)
{
    uint16_t strip[STRIP];
    size_t done = 0;
    for (; count - done >= STRIP; done += STRIP) {
        for (size_t i = 0; i < STRIP; i += 1) {
            strip[i] = (uint16_t)to_bits(block[done + i]);
        }
        memcpy(bytes + 2 * done, strip, sizeof strip);
    }
    for (; done < count; done += 1) {
        strip[0] = (uint16_t)to_bits(block[done]);
        memcpy(bytes + 2 * done, strip, sizeof strip[0]);
    }
}

/* One sample on both channels, as a word of 32 bits. */
static inline uint32_t doubled(float x)
{
    uint32_t bits = to_bits(x);
    return bits | bits << 16;
}

static void write_doubled(const float *restrict block, size_t samples, uint8_t *restrict bytes)
{
    uint32_t strip[STRIP];
    size_t done = 0;
    for (; samples - done >= STRIP; done += STRIP) {
        for (size_t i = 0; i < STRIP; i += 1) {
            strip[i] = doubled(block[done + i]);
        }
        memcpy(bytes + 4 * done, strip, sizeof strip);
    }
    for (; done < samples; done += 1) {
        strip[0] = doubled(block[done]);
        memcpy(bytes + 4 * done, strip, sizeof strip[0]);
    }
}

static void write_mean(const float *restrict block, size_t samples, uint8_t *restrict bytes)
{
    for (size_t i = 0; i < samples; i += 1) {
        uint16_t bits = (uint16_t)to_bits(0.5f * (block[2 * i] + block[2 * i + 1]));
        memcpy(bytes + 2 * i, &bits, sizeof bits);
    }
}

void scr_pcm16_write(
    const float *block, size_t samples, uint32_t tracks, uint32_t channels, uint8_t *bytes)
{
    SCR_ASSERT(tracks >= 1 && tracks <= SCR_CHANNELS_MAX);
    SCR_ASSERT(channels >= 1 && channels <= SCR_CHANNELS_MAX);
    if (tracks == channels) {
        write_straight(block, samples * tracks, bytes);
    } else if (tracks == 1) {
        write_doubled(block, samples, bytes);
    } else {
        write_mean(block, samples, bytes);
    }
}
