/*
 * tests/unit/dsp/fade_test.c - raised-cosine fades.
 * Aim:    shape, place and symmetry of both fades, the same for every division into blocks.
 * Method: against the cosine of libm; whole against parts; the shortest scream.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/dsp/fade.h"
#include "core/dsp/mix64.h"
#include "tests/support/death.h"
#include "tests/support/sound.h"

#define PI 3.14159265358979323846
#define TOTAL 5000

static float block[TOTAL];

static void fill(float *out, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        out[i] = 1.0f;
    }
}

static void test_shape(void **state)
{
    (void)state;
    static const uint32_t lengths[] = {1, 2, SCR_FADE_IN_SAMPLES, SCR_FADE_OUT_SAMPLES};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        uint32_t length = lengths[i];
        for (uint32_t n = 0; n < length; n++) {
            double u = ((double)n + 0.5) / (double)length;
            double wanted = 0.5 - 0.5 * cos(PI * u);
            float weight = scr_fade_weight(n, length);
            assert_true(fabs((double)weight - wanted) < 5e-7);
            assert_true(weight > 0.0f && weight <= 1.0f);
        }
    }
    assert_true(scr_fade_weight(0, SCR_FADE_IN_SAMPLES) < 1e-3f);
    assert_true(scr_fade_weight(0, SCR_FADE_OUT_SAMPLES) < 1e-3f);
}

static void test_place(void **state)
{
    (void)state;
    fill(block, TOTAL);
    scr_fade_apply(block, TOTAL, 0, TOTAL);
    for (uint32_t n = 0; n < TOTAL; n++) {
        float wanted = 1.0f;
        if (n < SCR_FADE_IN_SAMPLES) {
            wanted = scr_fade_weight(n, SCR_FADE_IN_SAMPLES);
        } else if (n >= TOTAL - SCR_FADE_OUT_SAMPLES) {
            wanted = scr_fade_weight(TOTAL - 1 - n, SCR_FADE_OUT_SAMPLES);
        }
        assert_true(block[n] == wanted);
    }
}

static void test_any_division_is_the_same(void **state)
{
    (void)state;
    static float parts[TOTAL];
    uint64_t seed = sound_test_seed();
    fill(block, TOTAL);
    fill(parts, TOTAL);
    scr_fade_apply(block, TOTAL, 0, TOTAL);
    uint32_t done = 0;
    for (uint32_t k = 0; done < TOTAL; k++) {
        uint32_t run = (uint32_t)(scr_draw(seed, k) * 700.0);
        run = run < TOTAL - done ? run : TOTAL - done;
        scr_fade_apply(parts + done, run, done, TOTAL);
        done += run;
    }
    assert_memory_equal(block, parts, sizeof block);
}

static void test_shortest(void **state)
{
    (void)state;
    const uint32_t total = SCR_FADE_IN_SAMPLES + SCR_FADE_OUT_SAMPLES;
    fill(block, total);
    scr_fade_apply(block, total, 0, total);
    assert_true(block[SCR_FADE_IN_SAMPLES - 1] > 0.99f && block[SCR_FADE_IN_SAMPLES] > 0.99f);
    assert_true(block[0] < 1e-3f && block[total - 1] < 1e-3f);
}

static void fade_too_short(void *context)
{
    scr_fade_apply(context, 1, 0, SCR_FADE_IN_SAMPLES + SCR_FADE_OUT_SAMPLES - 1);
}

static void fade_beyond_the_end(void *context)
{
    scr_fade_apply(context, 2, TOTAL - 1, TOTAL);
}

static void weigh_beyond_the_fade(void *context)
{
    (void)context;
    (void)scr_fade_weight(240, 240);
}

static void test_mistakes_die(void **state)
{
    (void)state;
    assert_dies(fade_too_short, block);
    assert_dies(fade_beyond_the_end, block);
    assert_dies(weigh_beyond_the_fade, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shape),
        cmocka_unit_test(test_place),
        cmocka_unit_test(test_any_division_is_the_same),
        cmocka_unit_test(test_shortest),
        cmocka_unit_test(test_mistakes_die),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
