/*
 * tests/unit/synth/nearest_test.c - how far a wrong name is from a known one.
 * Aim:    slips are near, other words are not, and hostile names are harmless.
 * Method: hand-made pairs on both sides of every edge.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/synth/nearest.h"

static unsigned distance(const char *name, const char *known)
{
    return scr_nearest_distance(name, strlen(name), known);
}

static void test_slips(void **state)
{
    (void)state;
    assert_int_equal(distance("volume", "volume"), 0);
    assert_int_equal(distance("volme", "volume"), 1);
    assert_int_equal(distance("volumes", "volume"), 1);
    assert_int_equal(distance("voulme", "volume"), 1);
    assert_int_equal(distance("volxyz", "volume"), 3);
    assert_int_equal(distance("voabcd", "volume"), SCR_NEAREST_NONE);
}

static void test_missing_ends(void **state)
{
    (void)state;
    assert_int_equal(distance("primary_base", "primary_base_hz"), 1);
    assert_int_equal(distance("primary_base", "primary_rise"), 2);
    assert_int_equal(distance("volu", "volume"), 1);
    /* Three letters may be missing, four may not. */
    assert_int_equal(distance("highpass", "highpass_hz"), 1);
    assert_int_equal(distance("highpas", "highpass_hz"), SCR_NEAREST_NONE);
}

static void test_other_words(void **state)
{
    (void)state;
    assert_int_equal(distance("", "seed"), SCR_NEAREST_NONE);
    assert_int_equal(distance("x", "seed"), SCR_NEAREST_NONE);
    assert_int_equal(distance("abc", "abcdefgh"), SCR_NEAREST_NONE);
    assert_int_equal(distance("xyz", "abc"), SCR_NEAREST_NONE);
}

static void test_hostile_names(void **state)
{
    (void)state;
    static char longest[4096];
    memset(longest, 'v', sizeof longest);
    assert_int_equal(scr_nearest_distance(longest, sizeof longest, "volume"), SCR_NEAREST_NONE);
    assert_int_equal(scr_nearest_distance("vol\0me", 6, "volume"), 1);
    assert_int_equal(scr_nearest_distance("\xff\xfe\xfd\xfc", 4, "seed"), SCR_NEAREST_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slips),
        cmocka_unit_test(test_missing_ends),
        cmocka_unit_test(test_other_words),
        cmocka_unit_test(test_hostile_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
