/*
 * tests/support/reference_bands.h - whole sounds against the band levels of the original engine.
 * Why:    noise differs from engine to engine, so whole sounds are compared by their levels in
 *         bands: by the program's engine and by the definition it is measured against.
 * Source: docs/sound.md A.7 item 4; the files bands/ of the reference data.
 */
#ifndef TESTS_SUPPORT_REFERENCE_BANDS_H
#define TESTS_SUPPORT_REFERENCE_BANDS_H

#include <stddef.h>

#include "tests/support/spectrum.h"

/* More frames than the longest preset has. */
#define REFERENCE_BANDS_MAX ((size_t)250 * SPECTRUM_BANDS)

/**
 * Fails the test unless a sound is near the original one of this preset and seed.
 * in      samples     rounded to 16 bits
 * out     reference   the original's bands, for comparisons of the caller's own
 */
void reference_bands_judge(const char *preset,
                           unsigned seed,
                           const float *samples,
                           size_t count,
                           float reference[REFERENCE_BANDS_MAX]);

#endif
