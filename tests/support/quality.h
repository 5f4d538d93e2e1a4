/*
 * tests/support/quality.h - how far a coded sound is from the original, for ears.
 * Why:    a signal-to-noise ratio says little of a codec that hides its noise where nobody hears
 *         it; measures that look at different sides of the same thing are harder to please.
 * Flow:   original and copy, aligned -> powers in critical bands -> mask -> noise-to-mask ratio;
 *         the same powers in dB -> distance.
 * Noise to mask: per frame the original's band powers are spread over their neighbours (Schroeder),
 *         lowered by the offset of Johnston's model (tones mask less than noise does), and not let
 *         below the threshold in quiet. The measure is the error's power over that mask, averaged
 *         over frames and bands, in dB: below 0 the error is masked on average. It sees every
 *         error, also one that leaves all levels as they were.
 * Log-spectral: per frame the root mean square over bands of the level difference in dB, averaged
 *         over frames; a level below the threshold in quiet counts as the threshold. It sees levels
 *         alone: noise of the right level in the place of noise costs little.
 * Excitation: the same distance after both sounds' powers were spread like those of the mask, which
 *         is what the ear resolves: a valley that its neighbours mask counts as little as one hears
 *         of it. The plain distance counts it in full, so the two bracket the truth.
 * All:    the smaller the better. Both sounds k times as loud: unchanged, as long as the threshold
 *         in quiet has no part in it.
 * Source: M. R. Schroeder, B. S. Atal, J. L. Hall, "Optimizing digital speech coders by exploiting
 *         masking properties of the human ear", J. Acoust. Soc. Am. 66 (1979), p. 1647; J. D.
 *         Johnston, "Transform coding of audio signals using perceptual noise criteria", IEEE J.
 *         Sel. Areas Commun. 6 (1988), p. 314; K. Brandenburg, T. Sporer, "NMR and masking flag",
 *         11th AES Conference (1992), p. 169; A. H. Gray, J. D. Markel, "Distance measures for
 *         speech processing", IEEE Trans. ASSP 24 (1976), p. 380; S. Wang, A. Sekey, A. Gersho, "An
 *         objective measure for predicting subjective quality of speech coders", IEEE J. Sel. Areas
 *         Commun. 10 (1992), p. 819 (distance of excitations).
 */
#ifndef TESTS_SUPPORT_QUALITY_H
#define TESTS_SUPPORT_QUALITY_H

#include <stddef.h>

#include "tests/support/critical_bands.h"

struct quality {
    double noise_to_mask_db;
    double log_spectral_db;
    double excitation_db;
    double audible_share; /* frames where the error exceeds the mask in the mean of their bands */
};

/** Powers spread over neighbouring bands; an even spectrum stays as it is. */
void quality_spread(const double powers[CRITICAL_BANDS], double excitation[CRITICAL_BANDS]);

/** Powers below which an error is masked, per band, in the frame of this original. */
void quality_mask(const struct critical_frame *frame, double mask[CRITICAL_BANDS]);

/** Judges copy[count] against original[count]: mono, 48 kHz, aligned to the sample. */
struct quality quality_judge(const float *original, const float *copy, size_t count);

#endif
