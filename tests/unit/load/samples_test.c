/*
 * tests/unit/load/samples_test.c - what the load client says about many times.
 * Aim:    a percentile is a sample, and the right one, also at the edges; nothing is lost in
 *         silence.
 * Method: known rows by hand; a shuffled row of 1..1000, whose ranks are their own values; random
 *         rows against counting (seed printed).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "bench/load/samples.h"
#include "core/dsp/mix64.h"

static void fill(struct samples *samples, const int64_t *values, size_t count)
{
    assert_true(samples_init(samples, count));
    for (size_t i = 0; i < count; i += 1) {
        samples_add(samples, values[i]);
    }
}

static void none_is_zero(void **state)
{
    (void)state;
    struct samples samples;
    assert_true(samples_init(&samples, 0));
    assert_int_equal(samples_percentile(&samples, 0.5), 0);
    assert_true(samples_mean(&samples) == 0);
    samples_add(&samples, 7);
    assert_int_equal(samples.count, 0);
    assert_int_equal(samples.dropped, 1);
    samples_deinit(&samples);
}

static void one_is_every_rank(void **state)
{
    (void)state;
    const int64_t one[] = {42};
    struct samples samples;
    fill(&samples, one, 1);
    assert_int_equal(samples_percentile(&samples, 0.0001), 42);
    assert_int_equal(samples_percentile(&samples, 0.5), 42);
    assert_int_equal(samples_percentile(&samples, 1), 42);
    samples_deinit(&samples);
}

static void a_rank_is_the_nearest_that_covers_the_share(void **state)
{
    (void)state;
    const int64_t values[] = {40, 10, 30, 20};
    struct samples samples;
    fill(&samples, values, 4);
    assert_int_equal(samples_percentile(&samples, 0.25), 10);
    assert_int_equal(samples_percentile(&samples, 0.26), 20);
    assert_int_equal(samples_percentile(&samples, 0.5), 20);
    assert_int_equal(samples_percentile(&samples, 0.75), 30);
    assert_int_equal(samples_percentile(&samples, 0.76), 40);
    assert_true(samples_mean(&samples) == 25);
    samples_deinit(&samples);
}

static void a_thousand_in_any_order(void **state)
{
    (void)state;
    struct samples samples;
    assert_true(samples_init(&samples, 1000));
    for (int64_t i = 0; i < 1000; i += 1) {
        /* 387 and 1000 have no common divisor: every value once. */
        samples_add(&samples, 1 + i * 387 % 1000);
    }
    assert_int_equal(samples_percentile(&samples, 0.5), 500);
    assert_int_equal(samples_percentile(&samples, 0.9), 900);
    assert_int_equal(samples_percentile(&samples, 0.99), 990);
    assert_int_equal(samples_percentile(&samples, 0.999), 999);
    assert_int_equal(samples_percentile(&samples, 1), 1000);
    samples_add(&samples, 1);
    assert_int_equal(samples.dropped, 1);
    samples_deinit(&samples);
}

/* What comes after a question counts in the next. */
static void adding_after_asking(void **state)
{
    (void)state;
    struct samples samples;
    assert_true(samples_init(&samples, 3));
    samples_add(&samples, 5);
    samples_add(&samples, 9);
    assert_int_equal(samples_percentile(&samples, 1), 9);
    samples_add(&samples, 1);
    assert_int_equal(samples_percentile(&samples, 0.01), 1);
    samples_deinit(&samples);
}

static void random_rows_by_counting(void **state)
{
    (void)state;
    const char *given = getenv("SCREAM_TEST_SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    static const double shares[] = {0.01, 0.5, 0.9, 0.99, 0.999, 1};
    print_message("seed %llu (repeat with SCREAM_TEST_SEED)\n", (unsigned long long)seed);
    for (uint64_t round = 0; round < 50; round += 1) {
        struct samples samples;
        int64_t values[200];
        size_t count = 1 + scr_mix64(seed + round) % 200;
        for (size_t i = 0; i < count; i += 1) {
            values[i] = (int64_t)(scr_mix64(seed + round * 1000 + i) % 50);
        }
        fill(&samples, values, count);
        for (size_t s = 0; s < sizeof shares / sizeof shares[0]; s += 1) {
            int64_t found = samples_percentile(&samples, shares[s]);
            size_t below = 0;
            size_t up_to = 0;
            for (size_t i = 0; i < count; i += 1) {
                below += values[i] < found;
                up_to += values[i] <= found;
            }
            assert_true((double)up_to >= shares[s] * (double)count - 1e-6);
            assert_true((double)below < shares[s] * (double)count);
        }
        samples_deinit(&samples);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(none_is_zero),
        cmocka_unit_test(one_is_every_rank),
        cmocka_unit_test(a_rank_is_the_nearest_that_covers_the_share),
        cmocka_unit_test(a_thousand_in_any_order),
        cmocka_unit_test(adding_after_asking),
        cmocka_unit_test(random_rows_by_counting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
