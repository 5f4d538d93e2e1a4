/*
 * tests/unit/dsp/kernel_pcm16_test.c - kernel: the rounding rule and the clipping, on every set.
 * Aim:    every 16-bit value is reachable and lands where the rule says, bit for bit, on every
 *         instruction set that runs here, once and twice, for any count and at any address.
 * Method: the rule again, each step rounded to single precision; hand-made edges, all 65535
 *         values, mantissas of every exponent, random floats; the seed is printed.
 */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/dsp/f32math.h"
#include "core/dsp/kernels.h"
#include "core/dsp/mix64.h"
#include "tests/support/death.h"
#include "tests/support/defined_kernels.h"
#include "tests/support/sound.h"

/* More than two vectors of the widest set, and no whole number of any. */
#define COUNT_MAX 39
/* What nobody may write to. */
#define UNTOUCHED 0xa5

static int16_t load(const uint8_t *at)
{
    return (int16_t)(uint16_t)(at[0] | at[1] << 8);
}

/* The sentence of pcm16.h, step by step. */
static int expected(float x)
{
    if (isnan(x)) {
        return 0;
    }
    float clipped = fminf(1.0f, fmaxf(-1.0f, x));
    volatile float scaled = clipped * 32767.0f;
    volatile float shifted = scaled + (scaled < 0.0f ? -0.5f : 0.5f);
    return (int)truncf(shifted);
}

/* A block of numbers through the kernel, once and twice, against the rule. */
static void judge_block(const struct scr_kernels *kernels, const float *in)
{
    static uint8_t once[SCR_BLOCK_SAMPLES * 2];
    static uint8_t twice[SCR_BLOCK_SAMPLES * 4];
    kernels->pcm16(in, SCR_BLOCK_SAMPLES, 1, once);
    kernels->pcm16(in, SCR_BLOCK_SAMPLES, 2, twice);
    for (size_t i = 0; i < SCR_BLOCK_SAMPLES; i++) {
        int value = expected(in[i]);
        assert_int_equal(load(once + 2 * i), value);
        assert_int_equal(load(twice + 4 * i), value);
        assert_int_equal(load(twice + 4 * i + 2), value);
    }
}

static const struct {
    float in;
    int out;
} edges[] = {
    {0.0f, 0},
    {-0.0f, 0},
    {1.0f, 32767},
    {-1.0f, -32767},
    {1.0001f, 32767},
    {-1.0001f, -32767},
    {1e30f, 32767},
    {-1e30f, -32767},
    {FLT_MAX, 32767},
    {-FLT_MAX, -32767},
    {INFINITY, 32767},
    {-INFINITY, -32767},
    {NAN, 0},
    {-NAN, 0},
    {FLT_MIN, 0},
    {-FLT_MIN, 0},
    {FLT_TRUE_MIN, 0},
    {0.5f, 16384}, /* 16383.5: halves go away from zero */
    {-0.5f, -16384},
    {1.5f / 32767.0f, 2},
    {-1.5f / 32767.0f, -2},
    {0.25f, 8192}, /* 8191.75 */
    {1.0f / 32767.0f, 1},
    {0.49f / 32767.0f, 0},
    {-0.49f / 32767.0f, 0},
    {0.51f / 32767.0f, 1},
};
#define EDGES (sizeof edges / sizeof edges[0])

/* Each edge in each lane, among the others. */
static void judge_edges(const struct scr_kernels *kernels, void *context)
{
    (void)context;
    for (size_t turn = 0; turn < EDGES; turn++) {
        float in[EDGES];
        uint8_t bytes[2 * EDGES];
        for (size_t i = 0; i < EDGES; i++) {
            in[i] = edges[(i + turn) % EDGES].in;
        }
        kernels->pcm16(in, EDGES, 1, bytes);
        for (size_t i = 0; i < EDGES; i++) {
            assert_int_equal(load(bytes + 2 * i), edges[(i + turn) % EDGES].out);
        }
    }
}

static void test_edges(void **state)
{
    (void)state;
    for_each_isa(judge_edges, NULL);
}

/* v / 32767 comes back as v for every v: nothing is lost on a second trip. */
static void judge_values(const struct scr_kernels *kernels, void *context)
{
    (void)context;
    for (int from = -32767; from <= 32767; from += COUNT_MAX) {
        float in[COUNT_MAX];
        uint8_t bytes[2 * COUNT_MAX];
        for (int i = 0; i < COUNT_MAX; i++) {
            in[i] = (float)(from + i) / 32767.0f;
        }
        kernels->pcm16(in, COUNT_MAX, 1, bytes);
        for (int i = 0; i < COUNT_MAX && from + i <= 32767; i++) {
            assert_int_equal(load(bytes + (ptrdiff_t)2 * i), from + i);
        }
    }
}

static void test_every_value_is_reached(void **state)
{
    (void)state;
    for_each_isa(judge_values, NULL);
}

/* Both signs of every exponent, those of NaN and infinity among them; mantissas at both ends. */
static void judge_exponents(const struct scr_kernels *kernels, void *context)
{
    uint64_t seed = *(const uint64_t *)context;
    for (uint32_t top = 0; top < 512; top++) {
        float in[SCR_BLOCK_SAMPLES];
        for (uint32_t i = 0; i < SCR_BLOCK_SAMPLES; i++) {
            uint32_t mantissa = (uint32_t)scr_mix64(seed + 1000 * top + i);
            mantissa = i < 8 ? i : mantissa;
            mantissa = i >= 8 && i < 16 ? 8 - i - 1 : mantissa;
            in[i] = scr_f32_from_bits(top << 23 | (mantissa & UINT32_C(0x7fffff)));
        }
        judge_block(kernels, in);
    }
}

static void test_every_exponent(void **state)
{
    (void)state;
    uint64_t seed = sound_test_seed();
    for_each_isa(judge_exponents, &seed);
}

/* Where sounds live, and a little beyond. */
static void judge_sounds(const struct scr_kernels *kernels, void *context)
{
    uint64_t seed = *(const uint64_t *)context;
    for (uint32_t round = 0; round < 200; round++) {
        float in[SCR_BLOCK_SAMPLES];
        for (uint32_t i = 0; i < SCR_BLOCK_SAMPLES; i++) {
            in[i] = (float)hostile_real(seed + round, i, -1.1, 1.1);
        }
        judge_block(kernels, in);
    }
}

static void test_sounds(void **state)
{
    (void)state;
    uint64_t seed = sound_test_seed();
    for_each_isa(judge_sounds, &seed);
}

/* Bytes, not words: any address does, any count, and nothing else is written. */
static void judge_counts(const struct scr_kernels *kernels, void *context)
{
    (void)context;
    float in[COUNT_MAX + 1];
    for (int i = 0; i <= COUNT_MAX; i++) {
        in[i] = (float)i / 40.0f - 0.5f;
    }
    for (uint32_t copies = 1; copies <= 2; copies++) {
        for (size_t count = 0; count <= COUNT_MAX; count++) {
            uint8_t bytes[4 * COUNT_MAX + 2];
            size_t size = 2 * copies * count;
            memset(bytes, UNTOUCHED, sizeof bytes);
            kernels->pcm16(in + 1, count, copies, bytes + 1);
            assert_int_equal(bytes[0], UNTOUCHED);
            for (size_t i = 1 + size; i < sizeof bytes; i++) {
                assert_int_equal(bytes[i], UNTOUCHED);
            }
            for (size_t i = 0; i < copies * count; i++) {
                assert_int_equal(load(bytes + 1 + 2 * i), expected(in[1 + i / copies]));
            }
        }
    }
}

static void test_writes_its_bytes_only(void **state)
{
    (void)state;
    for_each_isa(judge_counts, NULL);
}

static void write_wrongly(void *context)
{
    float block[8] = {0};
    uint8_t bytes[64];
    scr_kernels_of(scr_isa_current())->pcm16(block, 8, *(const uint32_t *)context, bytes);
}

static void test_mistakes_die(void **state)
{
    (void)state;
    uint32_t copies[] = {0, 3};
    assert_dies(write_wrongly, &copies[0]);
    assert_dies(write_wrongly, &copies[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_every_value_is_reached),
        cmocka_unit_test(test_every_exponent),
        cmocka_unit_test(test_sounds),
        cmocka_unit_test(test_writes_its_bytes_only),
        cmocka_unit_test(test_mistakes_die),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
