/*
 * core/codec/pcm16.c - the last step of the WAV road.
 * Why:    three plain loops instead of one with branches: this runs for every sample of every WAV.
 * Source: see pcm16.h.
 */
#include "core/codec/pcm16.h"

#include "core/base/assert.h"
#include "core/base/limits.h"

/* The sample as the 16 bits that are stored. */
static inline uint32_t to_bits(float x)
{
    x = x > 1.0f ? 1.0f : x;
    x = x < -1.0f ? -1.0f : x;
    x = x == x ? x : 0.0f; /* converting a NaN to an integer would be undefined */
    float scaled = x * 32767.0f;
    return (uint32_t)(int32_t)(scaled + (scaled < 0.0f ? -0.5f : 0.5f));
}

/* In this file and not core/base/bytes.c, whose call would cost more than the conversion. */
static inline void put_bits(uint8_t *at, uint32_t bits)
{
    at[0] = (uint8_t)(bits & 0xff);
    at[1] = (uint8_t)(bits >> 8 & 0xff);
}

static void write_straight(const float *restrict block, size_t count, uint8_t *restrict bytes)
{
    for (size_t i = 0; i < count; i += 1) {
        put_bits(bytes + 2 * i, to_bits(block[i]));
    }
}

static void write_doubled(const float *restrict block, size_t samples, uint8_t *restrict bytes)
{
    for (size_t i = 0; i < samples; i += 1) {
        uint32_t bits = to_bits(block[i]);
        put_bits(bytes + 4 * i, bits);
        put_bits(bytes + 4 * i + 2, bits);
    }
}

static void write_mean(const float *restrict block, size_t samples, uint8_t *restrict bytes)
{
    for (size_t i = 0; i < samples; i += 1) {
        put_bits(bytes + 2 * i, to_bits(0.5f * (block[2 * i] + block[2 * i + 1])));
    }
}

void scr_pcm16_write(
    const float *block, size_t samples, uint32_t lanes, uint32_t channels, uint8_t *bytes)
{
    SCR_ASSERT(lanes >= 1 && lanes <= SCR_CHANNELS_MAX);
    SCR_ASSERT(channels >= 1 && channels <= SCR_CHANNELS_MAX);
    if (lanes == channels) {
        write_straight(block, samples * lanes, bytes);
    } else if (lanes == 1) {
        write_doubled(block, samples, bytes);
    } else {
        write_mean(block, samples, bytes);
    }
}
