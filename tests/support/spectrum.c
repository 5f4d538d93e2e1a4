/*
 * tests/support/spectrum.c - Fourier transform and band levels.
 * Source: sound design A.7 item 4; the transform is the textbook's radix-2 one.
 */
#include "tests/support/spectrum.h"

#include <math.h>

#define PI 3.14159265358979323846

static void reverse_bits(double *real, double *imaginary, size_t count)
{
    for (size_t i = 1, j = 0; i < count; i++) {
        size_t bit = count >> 1;
        while ((j & bit) != 0) {
            j ^= bit;
            bit >>= 1;
        }
        j |= bit;
        if (i < j) {
            double r = real[i];
            double m = imaginary[i];
            real[i] = real[j];
            imaginary[i] = imaginary[j];
            real[j] = r;
            imaginary[j] = m;
        }
    }
}

void spectrum_fft(double *real, double *imaginary, size_t count)
{
    reverse_bits(real, imaginary, count);
    for (size_t half = 1; half < count; half *= 2) {
        for (size_t k = 0; k < half; k++) {
            double angle = -PI * (double)k / (double)half;
            double c = cos(angle);
            double s = sin(angle);
            for (size_t i = k; i < count; i += 2 * half) {
                double r = real[i + half] * c - imaginary[i + half] * s;
                double m = real[i + half] * s + imaginary[i + half] * c;
                real[i + half] = real[i] - r;
                imaginary[i + half] = imaginary[i] - m;
                real[i] += r;
                imaginary[i] += m;
            }
        }
    }
}

/* First bin of each band, and one past the last of the last: edges from 100 Hz to 20 kHz. */
static void band_edges(size_t edges[SPECTRUM_BANDS + 1])
{
    for (int k = 0; k <= SPECTRUM_BANDS; k++) {
        double hz = 100.0 * pow(200.0, (double)k / SPECTRUM_BANDS);
        edges[k] = (size_t)ceil(hz * SPECTRUM_FRAME / 48000.0);
    }
}

static void frame_bands(const float *samples, const size_t *edges, float *bands)
{
    static double real[SPECTRUM_FRAME];
    static double imaginary[SPECTRUM_FRAME];
    for (size_t i = 0; i < SPECTRUM_FRAME; i++) {
        double window = 0.5 - 0.5 * cos(2.0 * PI * ((double)i + 0.5) / SPECTRUM_FRAME);
        real[i] = window * (double)samples[i];
        imaginary[i] = 0.0;
    }
    spectrum_fft(real, imaginary, SPECTRUM_FRAME);
    for (size_t k = 0; k < SPECTRUM_BANDS; k++) {
        size_t end = edges[k + 1] > edges[k] ? edges[k + 1] : edges[k] + 1;
        double power = 0.0;
        for (size_t bin = edges[k]; bin < end; bin++) {
            power += real[bin] * real[bin] + imaginary[bin] * imaginary[bin];
        }
        double scaled = power / ((double)SPECTRUM_FRAME * SPECTRUM_FRAME);
        bands[k] = (float)(10.0 * log10(scaled + 1e-10));
    }
}

size_t spectrum_bands(const float *samples, size_t count, float *bands)
{
    size_t edges[SPECTRUM_BANDS + 1];
    band_edges(edges);
    size_t frames = 0;
    for (size_t at = 0; at + SPECTRUM_FRAME <= count; at += SPECTRUM_HOP) {
        frame_bands(samples + at, edges, bands + frames * SPECTRUM_BANDS);
        frames += 1;
    }
    return frames;
}

double spectrum_frame_distance(const float *a, const float *b, size_t frames)
{
    double sum = 0.0;
    for (size_t i = 0; i < frames * SPECTRUM_BANDS; i++) {
        double difference = (double)a[i] - (double)b[i];
        sum += difference * difference;
    }
    return sqrt(sum / (double)(frames * SPECTRUM_BANDS));
}

static double mean_power(const float *bands, size_t frames, size_t band)
{
    double sum = 0.0;
    for (size_t i = 0; i < frames; i++) {
        sum += pow(10.0, (double)bands[i * SPECTRUM_BANDS + band] / 10.0);
    }
    return sum / (double)frames;
}

double spectrum_long_distance(const float *a, const float *b, size_t frames)
{
    double sum = 0.0;
    for (size_t k = 0; k < SPECTRUM_BANDS; k++) {
        double ratio = mean_power(a, frames, k) / mean_power(b, frames, k);
        double difference = 10.0 * log10(ratio);
        sum += difference * difference;
    }
    return sqrt(sum / SPECTRUM_BANDS);
}
