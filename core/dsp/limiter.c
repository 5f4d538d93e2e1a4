/*
 * core/dsp/limiter.c - look-ahead limiter.
 * How:    gains are whole numbers of 2^-24, rounded down. So the mean over a sliding window is a
 *         sum that gains one term and loses one, exactly, for ever; and untouched sound, whose
 *         sum is full, is multiplied by exactly one.
 *         The minimum over 97 samples is built by doubling: windows of 2, 4 ... 64, then two of
 *         64 that overlap. Seven passes without a branch.
 *         Nearly always nothing is too loud: then the block is only delayed.
 * Layout: x[0 .. count + L)   the L samples kept from before, then the new ones
 *         g[0 .. L)           gains before x[0];  g[L + i] the gain of x[i]
 * Source: sound design Part C item 2.
 */
#include "core/dsp/limiter.h"

#include <stdbool.h>
#include <string.h>

#include "core/base/assert.h"
#include "core/base/compiler.h"
#include "core/dsp/f32math.h"

#define AHEAD SCR_LOOKAHEAD_SAMPLES
#define WINDOW (AHEAD + 1)
#define SPAN_MAX (SCR_BLOCK_SAMPLES + AHEAD)
#define FULL UINT32_C(0x1000000)

static_assert(WINDOW > 64 && WINDOW <= 128, "two windows of 64 cover one of L + 1");
static_assert((uint64_t)FULL * WINDOW < INT32_MAX, "a sum of gains fits 31 bits");

void scr_limiter_init(struct scr_limiter *limiter, float ceiling)
{
    SCR_ASSERT(ceiling > 0.0f && ceiling <= 1.0f);
    limiter->ceiling = ceiling;
    scr_limiter_reset(limiter);
}

void scr_limiter_reset(struct scr_limiter *limiter)
{
    memset(limiter->ahead, 0, sizeof limiter->ahead);
    for (uint32_t i = 0; i < AHEAD; i++) {
        limiter->gains[i] = FULL;
    }
    limiter->calm = 2 * AHEAD;
}

/* What each sample alone would need. */
static void
gains_of(const float *restrict x, uint32_t *restrict gains, uint32_t span, float ceiling)
{
    for (uint32_t i = 0; i < span; i++) {
        /* At most one, and a power of two times it is exact: only the conversion rounds, down. */
        float gain = ceiling / scr_max_32(scr_abs_32(x[i]), ceiling);
        gains[i] = (uint32_t)(int32_t)(gain * 0x1p24f);
    }
}

/* gains[i] = smallest of gains[i .. i + AHEAD], for the first span - AHEAD of them. */
static void minimum_ahead(uint32_t *gains, uint32_t span)
{
    uint32_t valid = span;
    for (uint32_t width = 1; width < 64; width *= 2) {
        valid -= width;
        for (uint32_t i = 0; i < valid; i++) {
            gains[i] = gains[i] < gains[i + width] ? gains[i] : gains[i + width];
        }
    }
    for (uint32_t i = 0; i + AHEAD < span; i++) {
        uint32_t later = gains[i + WINDOW - 64];
        gains[i] = gains[i] < later ? gains[i] : later;
    }
}

/* block[i] = x[i] * mean of gains[i .. i + AHEAD]. */
static void apply(const float *restrict x,
                  const uint32_t *restrict gains,
                  float *restrict block,
                  uint32_t count)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < AHEAD; i++) {
        sum += gains[i];
    }
    for (uint32_t i = 0; i < count; i++) {
        sum += gains[i + AHEAD];
        block[i] = x[i] * ((float)(int32_t)sum / (float)(FULL * WINDOW));
        sum -= gains[i];
    }
}

/* As process, where something in the block or shortly before it is too loud. */
static void turn_down(struct scr_limiter *limiter, float *block, uint32_t count)
{
    SCR_UNINITIALISED float x[SPAN_MAX];
    SCR_UNINITIALISED uint32_t gains[AHEAD + SPAN_MAX];
    uint32_t span = count + AHEAD;
    memcpy(x, limiter->ahead, sizeof limiter->ahead);
    memcpy(x + AHEAD, block, count * sizeof block[0]);
    memcpy(limiter->ahead, x + count, sizeof limiter->ahead);
    memcpy(gains, limiter->gains, sizeof limiter->gains);
    gains_of(x, gains + AHEAD, span, limiter->ceiling);
    minimum_ahead(gains + AHEAD, span);
    apply(x, gains, block, count);
    memcpy(limiter->gains, gains + count, sizeof limiter->gains);
}

/* As process, where nothing is: the block moves back within itself. It is no shorter than that way;
 * shorter ones are turned down, by exactly one. */
static void delay(struct scr_limiter *limiter, float *block, uint32_t count)
{
    SCR_UNINITIALISED float last[AHEAD];
    uint32_t moved = count - AHEAD;
    memcpy(last, block + moved, sizeof last);
    memmove(block + AHEAD, block, moved * sizeof block[0]);
    memcpy(block, limiter->ahead, sizeof last);
    memcpy(limiter->ahead, last, sizeof last);
}

void scr_limiter_process(struct scr_limiter *limiter, float *block, uint32_t count, float peak)
{
    SCR_ASSERT(count <= SCR_BLOCK_SAMPLES);
    bool loud = peak > limiter->ceiling;
    if (!loud && limiter->calm == 2 * AHEAD && count >= AHEAD) {
        delay(limiter, block, count);
        return;
    }
    turn_down(limiter, block, count);
    uint32_t calm = loud ? 0 : limiter->calm + count;
    limiter->calm = calm < 2 * AHEAD ? calm : 2 * AHEAD;
}
