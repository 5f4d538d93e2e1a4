/*
 * tests/support/sound.h - whole screams for tests: rendered, converted, hashed.
 * Memory: one static buffer for the longest sound a test renders; a test is one thread.
 */
#ifndef TESTS_SUPPORT_SOUND_H
#define TESTS_SUPPORT_SOUND_H

#include <stddef.h>
#include <stdint.h>

#include "core/synth/params.h"

/* A minute: what a server renders unless it is configured otherwise. */
#define SOUND_SAMPLES_MAX (60 * SCR_SAMPLE_RATE_HZ)

/**
 * Parameters of a preset by name, finish as given; fails the test when there is no such preset.
 */
void sound_params(const char *preset,
                  uint64_t seed,
                  enum scr_finish finish,
                  struct scr_params *params);

/** Pulls a whole scream: its samples, *count of them. Valid until the next call. */
const float *sound_render(const struct scr_params *params, size_t *count);

/** The layers alone, mixed, before any filter: the first count samples. */
void sound_render_mix(const struct scr_params *params, float *mix, uint32_t count);

/** The rounding of 16-bit samples, as core/dsp/pcm16.h defines it for values in [-1, 1]. */
int16_t sound_s16(float x);

/** FNV-1a, 64 bits, over bytes; start with SOUND_FNV_START. */
#define SOUND_FNV_START UINT64_C(0xcbf29ce484222325)
uint64_t sound_fnv(uint64_t hash, const void *bytes, size_t count);

/** The hash of samples as little-endian floats, and as little-endian 16-bit integers. */
uint64_t sound_hash_f32(const float *samples, size_t count);
uint64_t sound_hash_s16(const float *samples, size_t count);

/**
 * A seed for a random test: SCREAM_TEST_SEED, or a new one; printed so that a failure can be
 * repeated.
 */
uint64_t sound_test_seed(void);

#endif
