/*
 * tests/support/critical_bands.h - the power of a sound in the bands of the ear, frame by frame.
 * Why:    what one hears of an error depends on what else sounds in the same band at that time;
 *         the measures of tests/support/quality.h stand on these powers.
 * Flow:   two aligned sounds -> frames (Hann, half overlapping) -> one transform for both -> powers
 *         per band of the first, of the second and of their difference.
 * Limits: 25 bands to 20 kHz; a frame is 43 ms.
 * Source: E. Zwicker, "Subdivision of the audible frequency range into critical bands", J. Acoust.
 *         Soc. Am. 33 (1961), p. 248 (edges; the last band is ours, to 20 kHz); E. Terhardt,
 *         "Calculating virtual pitch", Hearing Research 1 (1979), p. 155 (threshold in quiet);
 *         ITU-R BS.1387-1, Annex 2, section 2.1 (frame, and full scale as 92 dB SPL).
 */
#ifndef TESTS_SUPPORT_CRITICAL_BANDS_H
#define TESTS_SUPPORT_CRITICAL_BANDS_H

#include <stddef.h>

#define CRITICAL_BANDS 25
#define CRITICAL_FRAME 2048
#define CRITICAL_HOP 1024

/* A sine of full scale is taken to be played at this level. */
#define CRITICAL_FULL_SCALE_DB 92.0

/* Powers are mean squares: a sine of full scale has 0.5, in the band where it lies. */
struct critical_frame {
    double original[CRITICAL_BANDS];
    double copy[CRITICAL_BANDS];
    double error[CRITICAL_BANDS];
    double flatness_db; /* of the original's bins: 0 for an even spectrum, far below for a tone */
};

/** Lower edge of a band in Hz; of band CRITICAL_BANDS: the upper edge of the last. */
double critical_edge_hz(size_t band);

/** Power that is just heard when nothing else sounds, at the band's most sensitive frequency. */
double critical_quiet_power(size_t band);

/** Whole frames of so many samples. */
size_t critical_frames(size_t count);

/** Powers of frame number `index` of two sounds at 48 kHz that are aligned to the sample. */
void critical_powers(const float *original,
                     const float *copy,
                     size_t index,
                     struct critical_frame *frame);

#endif
