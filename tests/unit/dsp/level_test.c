/*
 * tests/unit/dsp/level_test.c - gain, hard limits, peak.
 * Aim:    every function on values below, at and beyond its limit, and on an empty block.
 * Method: hand-made blocks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/dsp/level.h"
#include "tests/support/death.h"

static void test_clip(void **state)
{
    (void)state;
    float block[7] = {-8.6f, -1.0f, -0.5f, 0.0f, 0.5f, 1.0f, 8.6f};
    scr_level_clip(block, 7);
    static const float wanted[7] = {-1.0f, -1.0f, -0.5f, 0.0f, 0.5f, 1.0f, 1.0f};
    for (int i = 0; i < 7; i++) {
        assert_true(block[i] == wanted[i]);
    }
}

static void test_drive(void **state)
{
    (void)state;
    float block[4] = {0.25f, -0.25f, 0.5f, -0.5f};
    scr_level_drive(block, 4, 2.0f, 0.75f);
    assert_true(block[0] == 0.5f && block[1] == -0.5f);
    assert_true(block[2] == 0.75f && block[3] == -0.75f);
    scr_level_drive(block, 4, 0.0f, 1.0f);
    for (int i = 0; i < 4; i++) {
        assert_true(block[i] == 0.0f);
    }
    block[0] = 0.7f;
    scr_level_drive(block, 0, 2.0f, 0.1f);
    assert_true(block[0] == 0.7f);
}

static void test_scale(void **state)
{
    (void)state;
    float block[2] = {0.5f, -4.0f};
    scr_level_scale(block, 2, 0.5f);
    assert_true(block[0] == 0.25f && block[1] == -2.0f);
    scr_level_scale(block, 1, 0.0f);
    assert_true(block[0] == 0.0f && block[1] == -2.0f);
}

static void test_peak(void **state)
{
    (void)state;
    static const float block[5] = {0.1f, -0.7f, 0.6f, -0.0f, 0.9f};
    assert_true(scr_level_peak(block, 0) == 0.0f);
    assert_true(scr_level_peak(block, 1) == 0.1f);
    assert_true(scr_level_peak(block, 4) == 0.7f);
    assert_true(scr_level_peak(block, 5) == 0.9f);
}

static void drive_negative(void *context)
{
    scr_level_drive(context, 1, -1.0f, 1.0f);
}

static void drive_without_limit(void *context)
{
    scr_level_drive(context, 1, 1.0f, 0.0f);
}

static void drive_limit_too_high(void *context)
{
    scr_level_drive(context, 1, 1.0f, 1.01f);
}

static void scale_negative(void *context)
{
    scr_level_scale(context, 1, -1.0f);
}

static void test_mistakes_die(void **state)
{
    (void)state;
    float x = 0.5f;
    assert_dies(drive_negative, &x);
    assert_dies(drive_without_limit, &x);
    assert_dies(drive_limit_too_high, &x);
    assert_dies(scale_negative, &x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clip),
        cmocka_unit_test(test_drive),
        cmocka_unit_test(test_scale),
        cmocka_unit_test(test_peak),
        cmocka_unit_test(test_mistakes_die),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
