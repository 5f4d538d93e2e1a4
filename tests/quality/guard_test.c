/*
 * tests/quality/guard_test.c - what we ship is never worse than a plain service's Opus.
 * Aim:    speed must not be bought with sound: at an equal or lower bit rate, and at the default
 *         one, every preset in both finishes is as good as stereo, complexity 9, 64 kbit/s.
 * Method: the measures of tests/support/quality.h on the same sounds over both roads. The mean over
 *         all sounds must not be worse at all; a single preset not by more than what its difference
 *         varies by from seed to seed. Everything is seeded and nothing is timed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/quality_guard.h"

enum {
    SEEDS = 3,
    REFERENCE = 0,
    AT_64 = 1,
    AT_DEFAULT = 2,
    ROADS = 3
};

static struct guard_sample samples[GUARD_CELLS * SEEDS * ROADS];

static void hold(size_t road, enum guard_measure measure)
{
    struct guard_difference difference =
        guard_compare(samples, ROADS, SEEDS, (size_t[]){road, REFERENCE}, measure);
    print_message("%s, %s: %+.3f dB in the mean, worst %+.3f (%s %s), from seed to seed %.3f\n",
                  road == AT_64 ? "64 kbit/s" : "default",
                  guard_measure_name(measure),
                  difference.mean_db,
                  difference.worst_db,
                  scr_preset_name(difference.preset),
                  scr_finish_name(difference.finish),
                  difference.spread_db);
    assert_true(difference.mean_db <= 0.0);
    assert_true(difference.worst_db <= difference.spread_db);
}

static int send_all(void **state)
{
    (void)state;
    const struct guard_road roads[ROADS] = {
        [REFERENCE] = guard_reference(),
        [AT_64] = guard_shipped("64 kbit/s", 64000),
        [AT_DEFAULT] = guard_shipped("default", SCR_BITRATE_DEFAULT),
    };
    return guard_run(roads, ROADS, SEEDS, samples) ? 0 : -1;
}

static void test_the_bit_rate_is_not_higher(void **state)
{
    (void)state;
    for (size_t sound = 0; sound < GUARD_CELLS * SEEDS; sound += 1) {
        const struct guard_sample *row = &samples[sound * ROADS];
        assert_true(row[AT_64].trip.bitrate <= 64000.0);
        assert_true(row[REFERENCE].trip.bitrate >= 64000.0 * 0.98);
    }
}

static void test_never_worse(void **state)
{
    (void)state;
    hold(AT_64, GUARD_NOISE_TO_MASK);
    hold(AT_64, GUARD_LOG_SPECTRAL);
    hold(AT_64, GUARD_EXCITATION);
    hold(AT_DEFAULT, GUARD_NOISE_TO_MASK);
    hold(AT_DEFAULT, GUARD_LOG_SPECTRAL);
    hold(AT_DEFAULT, GUARD_EXCITATION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_bit_rate_is_not_higher),
        cmocka_unit_test(test_never_worse),
    };
    return cmocka_run_group_tests(tests, send_all, NULL);
}
