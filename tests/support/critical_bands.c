/*
 * tests/support/critical_bands.c - Hann frames, one transform for two sounds, bands, threshold.
 * Why:    a complex transform of (first + i * second) holds both spectra; their difference is the
 *         error's spectrum, for the transform is linear. That is a third of the work.
 */
#include "tests/support/critical_bands.h"

#include <math.h>
#include <stdbool.h>

#include "core/base/limits.h"
#include "tests/support/spectrum.h"

#define PI 3.14159265358979323846

static const double edges_hz[CRITICAL_BANDS + 1] = {
    0,    100,  200,  300,  400,  510,  630,  770,  920,  1080, 1270,  1480,  1720,
    2000, 2320, 2700, 3150, 3700, 4400, 5300, 6400, 7700, 9500, 12000, 15500, 20000,
};

double critical_edge_hz(size_t band)
{
    return edges_hz[band];
}

/* First bin at or above the band's lower edge. Bin 0 is no band's: nobody hears a constant. */
static size_t first_bin(size_t band)
{
    double bin = ceil(edges_hz[band] * CRITICAL_FRAME / SCR_SAMPLE_RATE_HZ);
    return bin < 1.0 ? 1 : (size_t)bin;
}

/* Terhardt's curve, in dB SPL. */
static double quiet_db(double hz)
{
    double khz = hz / 1000.0;
    double ear_canal = khz - 3.3;
    return 3.64 * pow(khz, -0.8) - 6.5 * exp(-0.6 * ear_canal * ear_canal) + 1e-3 * pow(khz, 4.0);
}

double critical_quiet_power(size_t band)
{
    double lowest_db = HUGE_VAL;
    for (size_t bin = first_bin(band); bin < first_bin(band + 1); bin += 1) {
        lowest_db =
            fmin(lowest_db, quiet_db((double)bin * SCR_SAMPLE_RATE_HZ / (double)CRITICAL_FRAME));
    }
    return 0.5 * pow(10.0, (lowest_db - CRITICAL_FULL_SCALE_DB) / 10.0);
}

size_t critical_frames(size_t count)
{
    return count < CRITICAL_FRAME ? 0 : 1 + (count - CRITICAL_FRAME) / CRITICAL_HOP;
}

static const double *hann(void)
{
    static double window[CRITICAL_FRAME];
    static bool made;
    if (!made) {
        for (size_t i = 0; i < CRITICAL_FRAME; i += 1) {
            window[i] = 0.5 - 0.5 * cos(2.0 * PI * ((double)i + 0.5) / CRITICAL_FRAME);
        }
        made = true;
    }
    return window;
}

/* The squares of this window sum to 3/8 of its length; half of a real sound's power lies in the
 * bins above the middle, which are not looked at. */
static const double power_of_bins = 2.0 / (0.375 * CRITICAL_FRAME * CRITICAL_FRAME);

void critical_powers(const float *original,
                     const float *copy,
                     size_t index,
                     struct critical_frame *frame)
{
    static double real[CRITICAL_FRAME];
    static double imaginary[CRITICAL_FRAME];
    const double *window = hann();
    size_t at = index * CRITICAL_HOP;
    for (size_t i = 0; i < CRITICAL_FRAME; i += 1) {
        real[i] = window[i] * (double)original[at + i];
        imaginary[i] = window[i] * (double)copy[at + i];
    }
    spectrum_fft(real, imaginary, CRITICAL_FRAME);
    *frame = (struct critical_frame){.flatness_db = 0.0};
    double sum = 0.0;
    double sum_db = 0.0;
    size_t bins = first_bin(CRITICAL_BANDS) - first_bin(0);
    for (size_t band = 0; band < CRITICAL_BANDS; band += 1) {
        for (size_t k = first_bin(band); k < first_bin(band + 1); k += 1) {
            size_t mirror = CRITICAL_FRAME - k;
            double first_re = 0.5 * (real[k] + real[mirror]);
            double first_im = 0.5 * (imaginary[k] - imaginary[mirror]);
            double second_re = 0.5 * (imaginary[k] + imaginary[mirror]);
            double second_im = 0.5 * (real[mirror] - real[k]);
            double error_re = second_re - first_re;
            double error_im = second_im - first_im;
            double power = first_re * first_re + first_im * first_im;
            frame->original[band] += power_of_bins * power;
            frame->copy[band] += power_of_bins * (second_re * second_re + second_im * second_im);
            frame->error[band] += power_of_bins * (error_re * error_re + error_im * error_im);
            sum += power;
            sum_db += 10.0 * log10(power + 1e-30);
        }
    }
    frame->flatness_db = sum_db / (double)bins - 10.0 * log10(sum / (double)bins + 1e-30);
}
