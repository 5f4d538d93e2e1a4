/*
 * tests/unit/codec/pcm16_test.c - the rounding rule, the clipping, the spreading over channels.
 * Aim:    every 16-bit value is reachable and lands where the rule says, bit for bit.
 * Method: the rule again in double where it must agree, hand-made edges, all 65535 values, and
 *         random floats of every exponent; the seed is printed.
 */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "core/base/limits.h"
#include "core/codec/pcm16.h"
#include "tests/support/death.h"

static int16_t load(const uint8_t *at)
{
    return (int16_t)(uint16_t)(at[0] | at[1] << 8);
}

static int16_t convert(float x)
{
    uint8_t bytes[2];
    scr_pcm16_write(&x, 1, 1, 1, bytes);
    return load(bytes);
}

/* The sentence of the header, step by step, each step rounded to single precision. */
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

static void test_edges(void **state)
{
    (void)state;
    static const struct {
        float in;
        int out;
    } rows[] = {
        {0.0f, 0},
        {-0.0f, 0},
        {1.0f, 32767},
        {-1.0f, -32767},
        {1.0001f, 32767},
        {-1.0001f, -32767},
        {1e30f, 32767},
        {-1e30f, -32767},
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
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i += 1) {
        assert_int_equal(convert(rows[i].in), rows[i].out);
    }
}

/* v / 32767 comes back as v for every v: nothing is lost on a second trip. */
static void test_every_value_is_reached(void **state)
{
    (void)state;
    for (int value = -32767; value <= 32767; value += 1) {
        assert_int_equal(convert((float)value / 32767.0f), value);
    }
}

static void test_rule_on_random_floats(void **state)
{
    (void)state;
    uint64_t seed = (uint64_t)time(NULL);
    print_message("seed %llu\n", (unsigned long long)seed);
    for (int i = 0; i < 300000; i += 1) {
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        uint32_t bits = (uint32_t)(seed >> 32);
        float x;
        memcpy(&x, &bits, sizeof x);
        assert_int_equal(convert(x), expected(x));
        /* And where sounds live. */
        x = (float)((double)(int32_t)bits / 2147483648.0);
        assert_int_equal(convert(x), expected(x));
    }
}

static void test_spreading(void **state)
{
    (void)state;
    const float two[6] = {0.1f, -0.2f, 0.3f, 0.5f, 1.0f, -1.0f};
    uint8_t bytes[12];
    scr_pcm16_write(two, 3, 2, 2, bytes);
    for (int i = 0; i < 6; i += 1) {
        assert_int_equal(load(bytes + 2 * i), convert(two[i]));
    }
    scr_pcm16_write(two, 3, 1, 2, bytes);
    for (int i = 0; i < 3; i += 1) {
        assert_int_equal(load(bytes + 4 * i), convert(two[i]));
        assert_int_equal(load(bytes + 4 * i + 2), convert(two[i]));
    }
    scr_pcm16_write(two, 3, 2, 1, bytes);
    for (int i = 0; i < 3; i += 1) {
        assert_int_equal(load(bytes + 2 * i), convert(0.5f * (two[2 * i] + two[2 * i + 1])));
    }
    assert_int_equal(load(bytes + 4), 0);
}

/* Bytes, not words: any address does, and exactly samples * channels * 2 bytes are written. */
static void test_writes_its_bytes_only(void **state)
{
    (void)state;
    static const uint32_t forms[4][2] = {{1, 1}, {1, 2}, {2, 1}, {2, 2}};
    float block[2 * 20];
    for (int i = 0; i < 40; i += 1) {
        block[i] = (float)i / 40.0f;
    }
    for (int form = 0; form < 4; form += 1) {
        for (size_t samples = 0; samples <= 20; samples += 1) {
            uint8_t bytes[96];
            memset(bytes, 0xa5, sizeof bytes);
            size_t count = samples * forms[form][1] * 2;
            scr_pcm16_write(block, samples, forms[form][0], forms[form][1], bytes + 1);
            assert_int_equal(bytes[0], 0xa5);
            for (size_t i = 1 + count; i < sizeof bytes; i += 1) {
                assert_int_equal(bytes[i], 0xa5);
            }
        }
    }
}

/* A stream cut anywhere is the same bytes: no state, no dither. */
static void test_pieces_equal_the_whole(void **state)
{
    (void)state;
    float block[SCR_BLOCK_SAMPLES];
    uint8_t whole[SCR_BLOCK_SAMPLES * 4];
    uint8_t pieces[SCR_BLOCK_SAMPLES * 4];
    for (int i = 0; i < SCR_BLOCK_SAMPLES; i += 1) {
        block[i] = (float)sin(0.1 * i);
    }
    scr_pcm16_write(block, SCR_BLOCK_SAMPLES, 1, 2, whole);
    for (size_t at = 0; at < SCR_BLOCK_SAMPLES; at += 7) {
        size_t count = SCR_BLOCK_SAMPLES - at < 7 ? SCR_BLOCK_SAMPLES - at : 7;
        scr_pcm16_write(block + at, count, 1, 2, pieces + 4 * at);
    }
    assert_memory_equal(whole, pieces, sizeof whole);
}

static void write_wrongly(void *context)
{
    const uint32_t *form = context;
    float block[8] = {0};
    uint8_t bytes[64];
    scr_pcm16_write(block, 1, form[0], form[1], bytes);
}

static void test_mistakes_die(void **state)
{
    (void)state;
    uint32_t forms[4][2] = {{0, 1}, {1, 0}, {3, 1}, {1, 3}};
    for (int i = 0; i < 4; i += 1) {
        assert_dies(write_wrongly, forms[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_every_value_is_reached),
        cmocka_unit_test(test_rule_on_random_floats),
        cmocka_unit_test(test_spreading),
        cmocka_unit_test(test_writes_its_bytes_only),
        cmocka_unit_test(test_pieces_equal_the_whole),
        cmocka_unit_test(test_mistakes_die),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
