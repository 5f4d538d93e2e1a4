/*
 * tests/unit/load/zipf_test.c - how often the load client asks for which URL.
 * Aim:    rank r is drawn in proportion to 1 / r^exponent; a draw depends on nothing but seed and
 *         position; no rank outside of the table is ever drawn.
 * Method: 200,000 draws of a fixed seed against the law, within five standard deviations of the
 *         binomial distribution; the hit rate of an ideal cache of the k most popular ones against
 *         the harmonic numbers.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "bench/load/zipf.h"

#define DRAWS 200000
#define RANKS 1000

static double law(uint32_t rank, uint32_t ranks, double exponent)
{
    double sum = 0;
    for (uint32_t r = 0; r < ranks; r += 1) {
        sum += pow((double)r + 1, -exponent);
    }
    return pow((double)rank + 1, -exponent) / sum;
}

static void draws_follow_the_law_of(double exponent)
{
    static uint32_t counts[RANKS];
    struct zipf zipf;
    assert_true(zipf_init(&zipf, RANKS, exponent, 12345));
    for (uint32_t r = 0; r < RANKS; r += 1) {
        counts[r] = 0;
    }
    for (uint64_t i = 0; i < DRAWS; i += 1) {
        uint32_t rank = zipf_draw(&zipf, i);
        assert_true(rank < RANKS);
        counts[rank] += 1;
    }
    static const uint32_t looked_at[] = {0, 1, 2, 9, 99, 999};
    for (size_t i = 0; i < sizeof looked_at / sizeof looked_at[0]; i += 1) {
        double p = law(looked_at[i], RANKS, exponent);
        double wanted = p * DRAWS;
        double deviation = sqrt(wanted * (1 - p));
        assert_true(fabs((double)counts[looked_at[i]] - wanted) < 5 * deviation + 1);
    }
    zipf_deinit(&zipf);
}

static void draws_follow_the_law(void **state)
{
    (void)state;
    draws_follow_the_law_of(1);
    draws_follow_the_law_of(0.5);
    draws_follow_the_law_of(0); /* all alike */
}

static void popular_ones_make_up_what_they_should(void **state)
{
    (void)state;
    struct zipf zipf;
    uint32_t popular = 0;
    double share = 0;
    assert_true(zipf_init(&zipf, RANKS, 1, 99));
    for (uint64_t i = 0; i < DRAWS; i += 1) {
        popular += zipf_draw(&zipf, i) < 100;
    }
    for (uint32_t r = 0; r < 100; r += 1) {
        share += law(r, RANKS, 1);
    }
    assert_true(fabs((double)popular / DRAWS - share) < 0.01);
    zipf_deinit(&zipf);
}

static void a_draw_depends_on_seed_and_position_alone(void **state)
{
    (void)state;
    struct zipf one;
    struct zipf same;
    struct zipf other;
    unsigned equal = 0;
    assert_true(zipf_init(&one, RANKS, 1, 7));
    assert_true(zipf_init(&same, RANKS, 1, 7));
    assert_true(zipf_init(&other, RANKS, 1, 8));
    for (uint64_t i = 1000; i > 0; i -= 1) {
        assert_int_equal(zipf_draw(&one, i), zipf_draw(&same, i));
        equal += zipf_draw(&one, i) == zipf_draw(&other, i);
    }
    assert_true(equal < 500);
    zipf_deinit(&one);
    zipf_deinit(&same);
    zipf_deinit(&other);
}

static void one_rank_is_always_drawn(void **state)
{
    (void)state;
    struct zipf zipf;
    assert_true(zipf_init(&zipf, 1, 1, 3));
    for (uint64_t i = 0; i < 100; i += 1) {
        assert_int_equal(zipf_draw(&zipf, i), 0);
    }
    zipf_deinit(&zipf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_follow_the_law),
        cmocka_unit_test(popular_ones_make_up_what_they_should),
        cmocka_unit_test(a_draw_depends_on_seed_and_position_alone),
        cmocka_unit_test(one_rank_is_always_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
