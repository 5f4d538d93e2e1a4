/*
 * tests/support/quality.c - the masking model and the two means.
 */
#include "tests/support/quality.h"

#include <math.h>
#include <stdbool.h>

/* Level in dB that a masker leaves `distance` bands above itself; below itself it is negative. */
static double spread_db(double distance)
{
    double moved = distance + 0.474;
    return 15.81 + 7.5 * moved - 17.5 * sqrt(1.0 + moved * moved);
}

/* spread[i][j]: what band j adds to band i; rows sum to 1, so an even spectrum stays as it is. */
static void make_spread(double spread[CRITICAL_BANDS][CRITICAL_BANDS])
{
    for (size_t i = 0; i < CRITICAL_BANDS; i += 1) {
        double sum = 0.0;
        for (size_t j = 0; j < CRITICAL_BANDS; j += 1) {
            spread[i][j] = pow(10.0, spread_db((double)i - (double)j) / 10.0);
            sum += spread[i][j];
        }
        for (size_t j = 0; j < CRITICAL_BANDS; j += 1) {
            spread[i][j] /= sum;
        }
    }
}

struct model {
    double spread[CRITICAL_BANDS][CRITICAL_BANDS];
    double quiet[CRITICAL_BANDS];
};

static const struct model *the_model(void)
{
    static struct model model;
    static bool made;
    if (!made) {
        make_spread(model.spread);
        for (size_t i = 0; i < CRITICAL_BANDS; i += 1) {
            model.quiet[i] = critical_quiet_power(i);
        }
        made = true;
    }
    return &model;
}

void quality_spread(const double powers[CRITICAL_BANDS], double excitation[CRITICAL_BANDS])
{
    const struct model *model = the_model();
    for (size_t i = 0; i < CRITICAL_BANDS; i += 1) {
        excitation[i] = 0.0;
        for (size_t j = 0; j < CRITICAL_BANDS; j += 1) {
            excitation[i] += model->spread[i][j] * powers[j];
        }
    }
}

void quality_mask(const struct critical_frame *frame, double mask[CRITICAL_BANDS])
{
    const struct model *model = the_model();
    double tonality = fmin(frame->flatness_db / -60.0, 1.0);
    quality_spread(frame->original, mask);
    for (size_t i = 0; i < CRITICAL_BANDS; i += 1) {
        double offset_db = tonality * (14.5 + (double)(i + 1)) + (1.0 - tonality) * 5.5;
        mask[i] = fmax(mask[i] * pow(10.0, -offset_db / 10.0), model->quiet[i]);
    }
}

static double noise_to_mask(const struct critical_frame *frame)
{
    double mask[CRITICAL_BANDS];
    quality_mask(frame, mask);
    double sum = 0.0;
    for (size_t i = 0; i < CRITICAL_BANDS; i += 1) {
        sum += frame->error[i] / mask[i];
    }
    return sum / CRITICAL_BANDS;
}

static double distance_db(const double original[CRITICAL_BANDS], const double copy[CRITICAL_BANDS])
{
    const struct model *model = the_model();
    double sum = 0.0;
    for (size_t i = 0; i < CRITICAL_BANDS; i += 1) {
        double quiet = model->quiet[i];
        double difference_db = 10.0 * log10(fmax(copy[i], quiet) / fmax(original[i], quiet));
        sum += difference_db * difference_db;
    }
    return sqrt(sum / CRITICAL_BANDS);
}

static double excitation_distance_db(const struct critical_frame *frame)
{
    double original[CRITICAL_BANDS];
    double copy[CRITICAL_BANDS];
    quality_spread(frame->original, original);
    quality_spread(frame->copy, copy);
    return distance_db(original, copy);
}

struct quality quality_judge(const float *original, const float *copy, size_t count)
{
    double ratio_sum = 0.0;
    struct quality sums = {0};
    double frames = (double)critical_frames(count);
    for (size_t index = 0; index < critical_frames(count); index += 1) {
        struct critical_frame frame;
        critical_powers(original, copy, index, &frame);
        double ratio = noise_to_mask(&frame);
        ratio_sum += ratio;
        sums.audible_share += ratio > 1.0 ? 1.0 : 0.0;
        sums.log_spectral_db += distance_db(frame.original, frame.copy);
        sums.excitation_db += excitation_distance_db(&frame);
    }
    return (struct quality){
        .noise_to_mask_db = 10.0 * log10(ratio_sum / frames + 1e-30),
        .log_spectral_db = sums.log_spectral_db / frames,
        .excitation_db = sums.excitation_db / frames,
        .audible_share = sums.audible_share / frames,
    };
}
