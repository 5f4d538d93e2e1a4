/*
 * tests/quality/road_test.c - the roads of the guard lead where they say.
 * Aim:    a copy comes back aligned to the sample, the settings called "shipped" are those of
 *         core/codec/opus_encoder.c, and more bits are better by every measure.
 * Method: one scream over several roads.
 */
#include <math.h>
#include <opus/opus.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/opus_road.h"
#include "tests/support/quality.h"
#include "tests/support/sound.h"

enum {
    COUNT = 3 * SCR_SAMPLE_RATE_HZ
};

static float copy[COUNT];

static const float *sound(const char *preset, enum scr_finish finish)
{
    struct scr_params params;
    sound_params(preset, 5, finish, &params);
    params.duration_ns = INT64_C(3000000000);
    size_t count = 0;
    const float *samples = sound_render(&params, &count);
    assert_int_equal(count, COUNT);
    return samples;
}

static void test_more_bits_are_better(void **state)
{
    (void)state;
    static const uint32_t rates[] = {32000, 48000, 64000, 96000, 128000, 192000, 256000};
    for (int finish = 0; finish < SCR_FINISH_COUNT; finish += 1) {
        const float *samples = sound("classic", (enum scr_finish)finish);
        struct quality before = {HUGE_VAL, HUGE_VAL, HUGE_VAL, 1.0};
        for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i += 1) {
            struct opus_trip trip;
            assert_true(opus_road_shipped(samples, COUNT, rates[i], copy, &trip));
            assert_true(fabs(trip.bitrate - (double)rates[i]) < 1e-6);
            struct quality now = quality_judge(samples, copy, COUNT);
            print_message("%u bit/s: %.2f dB, %.3f dB, %.3f dB\n",
                          rates[i],
                          now.noise_to_mask_db,
                          now.log_spectral_db,
                          now.excitation_db);
            assert_true(now.noise_to_mask_db < before.noise_to_mask_db);
            assert_true(now.log_spectral_db < before.log_spectral_db);
            assert_true(now.excitation_db < before.excitation_db);
            assert_true(now.audible_share <= before.audible_share);
            before = now;
        }
    }
}

/* One sample too early or too late is far worse, on our road and on the reference's. */
static void test_copies_are_aligned(void **state)
{
    (void)state;
    const float *samples = sound("banshee", SCR_FINISH_SMOOTH);
    struct opus_settings plain = opus_settings_plain(64000);
    for (int road = 0; road < 2; road += 1) {
        struct opus_trip trip;
        assert_true(road == 0 ? opus_road_shipped(samples, COUNT, 96000, copy, &trip)
                              : opus_road_settings(samples, COUNT, &plain, copy, &trip));
        double aligned_db = quality_judge(samples, copy, COUNT).noise_to_mask_db;
        assert_true(quality_judge(samples + 1, copy, COUNT - 1).noise_to_mask_db >
                    aligned_db + 6.0);
        assert_true(quality_judge(samples, copy + 1, COUNT - 1).noise_to_mask_db >
                    aligned_db + 6.0);
    }
}

static void test_shipped_settings_are_ours(void **state)
{
    (void)state;
    const float *samples = sound("glitch", SCR_FINISH_RAW);
    static const int rates[] = {32000, 64000, 96000, 128000};
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i += 1) {
        struct opus_settings settings = opus_settings_shipped(rates[i]);
        struct opus_trip ours;
        struct opus_trip theirs;
        assert_true(opus_road_shipped(samples, COUNT, (uint32_t)rates[i], copy, &ours));
        assert_true(opus_road_settings(samples, COUNT, &settings, copy, &theirs));
        assert_int_equal(ours.packets, theirs.packets);
        assert_true(ours.packets_hash == theirs.packets_hash);
        settings.complexity = 10;
        assert_true(opus_road_settings(samples, COUNT, &settings, copy, &theirs));
        assert_true(ours.packets_hash != theirs.packets_hash);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_more_bits_are_better),
        cmocka_unit_test(test_copies_are_aligned),
        cmocka_unit_test(test_shipped_settings_are_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
