/*
 * tests/unit/dsp/pcm16_test.c - which samples go to which channels.
 * Aim:    equal, doubled and mixed channels, for any count and at any address; where a stream is
 *         cut does not matter. The rounding itself is kernel_pcm16_test.c's.
 * Method: every form against samples that are converted one by one, on every instruction set.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/limits.h"
#include "core/dsp/pcm16.h"
#include "tests/support/death.h"
#include "tests/support/defined_kernels.h"
#include "tests/support/sound.h"

/* The mean of two tracks is made in strips of 64: both sides of two of them. */
#define SAMPLES_MAX ((size_t)130)

static float block[2 * SAMPLES_MAX];

static void fill(void)
{
    for (uint32_t i = 0; i < 2 * SAMPLES_MAX; i++) {
        block[i] = (float)hostile_real(7, i, -1.1, 1.1);
    }
}

static int16_t load(const uint8_t *at)
{
    return (int16_t)(uint16_t)(at[0] | at[1] << 8);
}

/* What number i of the samples that are written must be. */
static int16_t expected(size_t i, uint32_t tracks, uint32_t channels)
{
    float x = 0.0f;
    if (tracks == channels) {
        x = block[i];
    } else if (tracks < channels) {
        x = block[i / 2];
    } else {
        x = 0.5f * (block[2 * i] + block[2 * i + 1]);
    }
    x = x > 1.0f ? 1.0f : x;
    return sound_s16(x < -1.0f ? -1.0f : x);
}

/* Each form: what its bytes must be, and that nothing else is written. */
static void judge_forms(const struct scr_kernels *kernels, void *context)
{
    (void)context;
    static const uint32_t forms[4][2] = {{1, 1}, {1, 2}, {2, 1}, {2, 2}};
    for (size_t form = 0; form < 4; form++) {
        uint32_t tracks = forms[form][0];
        uint32_t channels = forms[form][1];
        for (size_t samples = 0; samples <= SAMPLES_MAX; samples++) {
            uint8_t bytes[4 * SAMPLES_MAX + 2];
            size_t count = samples * channels;
            memset(bytes, 0xa5, sizeof bytes);
            scr_pcm16_write(kernels, block, samples, tracks, channels, bytes + 1);
            assert_int_equal(bytes[0], 0xa5);
            for (size_t i = 1 + 2 * count; i < sizeof bytes; i++) {
                assert_int_equal(bytes[i], 0xa5);
            }
            for (size_t i = 0; i < count; i++) {
                assert_int_equal(load(bytes + 1 + 2 * i), expected(i, tracks, channels));
            }
        }
    }
}

static void test_forms(void **state)
{
    (void)state;
    fill();
    for_each_isa(judge_forms, NULL);
}

/* A stream cut anywhere is the same bytes: no state, no dither. */
static void judge_pieces(const struct scr_kernels *kernels, void *context)
{
    (void)context;
    uint8_t whole[4 * SAMPLES_MAX];
    uint8_t pieces[4 * SAMPLES_MAX];
    scr_pcm16_write(kernels, block, SAMPLES_MAX, 1, 2, whole);
    for (size_t at = 0; at < SAMPLES_MAX; at += 7) {
        size_t count = SAMPLES_MAX - at < 7 ? SAMPLES_MAX - at : 7;
        scr_pcm16_write(kernels, block + at, count, 1, 2, pieces + 4 * at);
    }
    assert_memory_equal(whole, pieces, sizeof whole);
}

static void test_pieces_equal_the_whole(void **state)
{
    (void)state;
    fill();
    for_each_isa(judge_pieces, NULL);
}

static void write_wrongly(void *context)
{
    const uint32_t *form = context;
    uint8_t bytes[64];
    scr_pcm16_write(scr_kernels_of(scr_isa_current()), block, 1, form[0], form[1], bytes);
}

static void test_mistakes_die(void **state)
{
    (void)state;
    uint32_t forms[4][2] = {{0, 1}, {1, 0}, {3, 1}, {1, 3}};
    for (int i = 0; i < 4; i++) {
        assert_dies(write_wrongly, forms[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_pieces_equal_the_whole),
        cmocka_unit_test(test_mistakes_die),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
