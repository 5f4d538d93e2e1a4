/*
 * tests/support/loudness.h - integrated loudness of a sound, as broadcasters measure it.
 * Source: ITU-R BS.1770-4: K-weighting at 48 kHz, blocks of 400 ms, both gates.
 */
#ifndef TESTS_SUPPORT_LOUDNESS_H
#define TESTS_SUPPORT_LOUDNESS_H

#include <stddef.h>

/** Loudness in LUFS of samples that play on both of two channels; -HUGE_VAL for silence. */
double loudness_lufs_doubled(const float *samples, size_t count);

#endif
