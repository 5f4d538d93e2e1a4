/*
 * tests/support/reference_bands.c - whole sounds against the band levels of the original engine.
 * Limits: frame distance at most 4.5 dB, of the time averages at most 0.8 dB.
 */
#include "tests/support/reference_bands.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/support/vectors.h"

void reference_bands_judge(const char *preset,
                           unsigned seed,
                           const float *samples,
                           size_t count,
                           float reference[REFERENCE_BANDS_MAX])
{
    static float ours[REFERENCE_BANDS_MAX];
    char name[64];
    size_t frames = spectrum_bands(samples, count, ours);
    (void)snprintf(name, sizeof name, "bands/%s-%u.f32", preset, seed);
    size_t values = vectors_read_f32(vectors_sound_path(name), reference, REFERENCE_BANDS_MAX);
    assert_int_equal(values, frames * SPECTRUM_BANDS);
    double frame_distance = spectrum_frame_distance(ours, reference, frames);
    double long_distance = spectrum_long_distance(ours, reference, frames);
    print_message(
        "%s-%u: %.2f dB a frame, %.2f dB overall\n", preset, seed, frame_distance, long_distance);
    assert_true(frame_distance <= 4.5);
    assert_true(long_distance <= 0.8);
}
