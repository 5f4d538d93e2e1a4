/*
 * tests/support/spectrum.h - Fourier transform and band levels, to compare sounds with noise.
 * Why:    two renders of the same noise differ in every sample and sound the same; band levels
 *         over time say so in decibels.
 * Source: sound design A.7 item 4.
 */
#ifndef TESTS_SUPPORT_SPECTRUM_H
#define TESTS_SUPPORT_SPECTRUM_H

#include <stddef.h>
#include <stdint.h>

#define SPECTRUM_FRAME 2048
#define SPECTRUM_HOP 1024
#define SPECTRUM_BANDS 24

/** In-place transform of count complex values; count is a power of two. */
void spectrum_fft(double *real, double *imaginary, size_t count);

/**
 * Band levels in dB of every whole frame.
 * in      samples[count]   mono, 48 kHz, at most 1 full scale
 * out     bands[frames * SPECTRUM_BANDS]
 * returns frames
 */
size_t spectrum_bands(const float *samples, size_t count, float *bands);

/** RMS difference over all frames and bands, in dB. */
double spectrum_frame_distance(const float *a, const float *b, size_t frames);

/** RMS difference over bands of the levels averaged over time, in dB. */
double spectrum_long_distance(const float *a, const float *b, size_t frames);

#endif
