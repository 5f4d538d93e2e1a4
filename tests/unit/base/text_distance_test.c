/*
 * tests/unit/base/text_distance_test.c - how far a misspelt name is from a known one.
 * Aim:    insert, delete, replace and swap of neighbours count one; both ends of the length limit.
 * Method: known pairs; random edits of random words must never count more than were made, with an
 *         independent recursion over all edits as the oracle for short words. Seed printed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "core/base/text.h"

static unsigned distance(const char *a, const char *b)
{
    return scr_text_distance(a, strlen(a), b, strlen(b));
}

static void test_known_pairs(void **state)
{
    (void)state;
    static const struct {
        const char *a;
        const char *b;
        unsigned distance;
    } rows[] = {
        {"", "", 0},
        {"", "abc", 3},
        {"seed", "seed", 0},
        {"sede", "seed", 1},
        {"sed", "seed", 1},
        {"seeed", "seed", 1},
        {"need", "seed", 1},
        {"Seed", "seed", 1},
        {"durration", "duration", 1},
        {"duratoin", "duration", 1},
        {"banshe", "banshee", 1},
        {"kitten", "sitting", 3},
        {"ca", "abc", 3}, /* a swapped pair is not edited again */
        {"abcd", "badc", 2},
        {"volume", "bitrate", 6},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i += 1) {
        assert_int_equal(distance(rows[i].a, rows[i].b), rows[i].distance);
        assert_int_equal(distance(rows[i].b, rows[i].a), rows[i].distance);
    }
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* The definition, prefix by prefix, every edit tried: slow, and written the other way round. */
static unsigned by_definition(const char *a, size_t i, const char *b, size_t j)
{
    if (i == 0 || j == 0) {
        return (unsigned)(i + j);
    }
    unsigned best = by_definition(a, i - 1, b, j - 1) + (a[i - 1] == b[j - 1] ? 0 : 1);
    best = least(best, by_definition(a, i - 1, b, j) + 1);
    best = least(best, by_definition(a, i, b, j - 1) + 1);
    if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        best = least(best, by_definition(a, i - 2, b, j - 2) + 1);
    }
    return best;
}

static uint64_t random_state;

static uint32_t random_below(uint32_t bound)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(random_state >> 33) % bound;
}

static void test_against_the_definition(void **state)
{
    (void)state;
    random_state = (uint64_t)time(NULL);
    print_message("seed %llu\n", (unsigned long long)random_state);
    for (int round = 0; round < 2000; round += 1) {
        char a[6];
        char b[6];
        size_t a_bytes = random_below(6);
        size_t b_bytes = random_below(6);
        for (size_t i = 0; i < 6; i += 1) {
            a[i] = (char)('a' + (char)random_below(3));
            b[i] = (char)('a' + (char)random_below(3));
        }
        unsigned expected = by_definition(a, a_bytes, b, b_bytes);
        assert_int_equal(scr_text_distance(a, a_bytes, b, b_bytes), expected);
        assert_int_equal(scr_text_distance(b, b_bytes, a, a_bytes), expected);
    }
}

static void test_limits(void **state)
{
    (void)state;
    char a[80];
    char b[80];
    memset(a, 'a', sizeof a);
    memset(b, 'b', sizeof b);
    assert_int_equal(scr_text_distance(a, 63, a, 63), 0);
    assert_int_equal(scr_text_distance(a, 63, b, 63), 63);
    assert_int_equal(scr_text_distance(a, 63, b, 0), 63);
    assert_int_equal(scr_text_distance(a, 0, b, 63), 63);
    /* Longer than a name can be: farther than anything, whatever it says. */
    assert_int_equal(scr_text_distance(a, 64, a, 64), 64);
    assert_int_equal(scr_text_distance(a, 64, a, 3), 64);
    assert_int_equal(scr_text_distance(a, 3, a, 80), 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_pairs),
        cmocka_unit_test(test_against_the_definition),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
