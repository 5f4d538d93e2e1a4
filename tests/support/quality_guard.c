/*
 * tests/support/quality_guard.c - renders, sends, compares.
 * Why:    the sounds of a pair are the same, so its differences vary far less than the values do;
 *         only differences are compared, and the spread is taken within a preset.
 */
#include "tests/support/quality_guard.h"

#include <math.h>

#include "core/base/assert.h"
#include "core/synth/scream.h"

enum {
    SECONDS = 3,
    SAMPLES = SECONDS * SCR_SAMPLE_RATE_HZ
};

struct guard_road guard_shipped(const char *name, int bitrate)
{
    return (struct guard_road){.name = name, .shipped = true, .settings.bitrate = bitrate};
}

struct guard_road guard_reference(void)
{
    return (struct guard_road){.name = "stereo, complexity 9, 64 kbit/s",
                               .settings = opus_settings_plain(64000)};
}

const char *guard_measure_name(enum guard_measure measure)
{
    static const char *const names[GUARD_MEASURE_COUNT] = {
        "noise to mask", "log-spectral distance", "excitation distance"};
    return names[measure];
}

double guard_value(const struct guard_sample *sample, enum guard_measure measure)
{
    const double values[GUARD_MEASURE_COUNT] = {sample->quality.noise_to_mask_db,
                                                sample->quality.log_spectral_db,
                                                sample->quality.excitation_db};
    return values[measure];
}

/* Blocks are whole; what follows the end of the sound is silence. */
static const float *render(enum scr_preset preset, enum scr_finish finish, uint64_t seed)
{
    static float samples[SAMPLES + SCR_BLOCK_SAMPLES];
    struct scr_params params;
    struct scr_scream scream;
    scr_preset_params(preset, seed, &params);
    params.finish = (uint32_t)finish;
    params.duration_ns = SECONDS * INT64_C(1000000000);
    SCR_ASSERT(scr_params_samples(&params) == SAMPLES);
    scr_scream_init(&scream, &params);
    for (size_t at = 0; at < SAMPLES; at += SCR_BLOCK_SAMPLES) {
        (void)scr_scream_pull(&scream, samples + at);
    }
    return samples;
}

static bool take(const struct guard_road *road, const float *samples, struct guard_sample *sample)
{
    static float copy[SAMPLES];
    bool arrived =
        road->shipped ? opus_road_shipped(
                            samples, SAMPLES, (uint32_t)road->settings.bitrate, copy, &sample->trip)
                      : opus_road_settings(samples, SAMPLES, &road->settings, copy, &sample->trip);
    if (arrived) {
        sample->quality = quality_judge(samples, copy, SAMPLES);
    }
    return arrived;
}

bool guard_run(const struct guard_road *roads,
               size_t road_count,
               size_t seeds,
               struct guard_sample *samples)
{
    SCR_ASSERT(seeds >= 1 && seeds <= GUARD_SEEDS_MAX);
    bool arrived = true;
    for (size_t sound = 0; arrived && sound < GUARD_CELLS * seeds; sound += 1) {
        size_t cell = sound / seeds;
        const float *rendered = render((enum scr_preset)(cell / SCR_FINISH_COUNT),
                                       (enum scr_finish)(cell % SCR_FINISH_COUNT),
                                       sound % seeds);
        for (size_t road = 0; arrived && road < road_count; road += 1) {
            arrived = take(&roads[road], rendered, &samples[sound * road_count + road]);
        }
    }
    return arrived;
}

struct guard_difference guard_compare(const struct guard_sample *samples,
                                      size_t road_count,
                                      size_t seeds,
                                      const size_t pair[2],
                                      enum guard_measure measure)
{
    struct guard_difference result = {.worst_db = -HUGE_VAL};
    double squares = 0.0;
    for (size_t cell = 0; cell < GUARD_CELLS; cell += 1) {
        double differences[GUARD_SEEDS_MAX];
        double sum = 0.0;
        for (size_t seed = 0; seed < seeds; seed += 1) {
            const struct guard_sample *row = &samples[(cell * seeds + seed) * road_count];
            differences[seed] =
                guard_value(&row[pair[0]], measure) - guard_value(&row[pair[1]], measure);
            sum += differences[seed];
        }
        double mean = sum / (double)seeds;
        for (size_t seed = 0; seed < seeds; seed += 1) {
            squares += (differences[seed] - mean) * (differences[seed] - mean);
        }
        result.mean_db += mean / (double)GUARD_CELLS;
        if (mean > result.worst_db) {
            result.worst_db = mean;
            result.preset = (enum scr_preset)(cell / SCR_FINISH_COUNT);
            result.finish = (enum scr_finish)(cell % SCR_FINISH_COUNT);
        }
    }
    if (seeds > 1) {
        result.spread_db = sqrt(squares / (double)(GUARD_CELLS * (seeds - 1)));
    }
    return result;
}
