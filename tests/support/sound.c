/*
 * tests/support/sound.c - whole screams for tests: rendered, converted, hashed.
 */
#include "tests/support/sound.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "core/dsp/kernels.h"
#include "core/synth/layer.h"
#include "core/synth/preset.h"
#include "core/synth/scream.h"

void sound_params(const char *preset,
                  uint64_t seed,
                  enum scr_finish finish,
                  struct scr_params *params)
{
    enum scr_preset found;
    if (!scr_preset_find(preset, strlen(preset), &found)) {
        fail_msg("no preset %s", preset);
    }
    scr_preset_params(found, seed, params);
    params->finish = (uint32_t)finish;
}

const float *sound_render(const struct scr_params *params, size_t *count)
{
    static float samples[SOUND_SAMPLES_MAX + SCR_BLOCK_SAMPLES];
    struct scr_scream scream;
    scr_scream_init(&scream, params);
    assert_true(scr_params_samples(params) <= SOUND_SAMPLES_MAX);
    size_t total = 0;
    for (;;) {
        uint32_t pulled = scr_scream_pull(&scream, samples + total);
        total += pulled;
        if (pulled < SCR_BLOCK_SAMPLES) {
            break;
        }
    }
    *count = total;
    return samples;
}

void sound_render_mix(const struct scr_params *params, float *mix, uint32_t count)
{
    static const struct scr_lane_filters open = {
        .highpass_keep = 1.0f, .lowpass_keep = 0.0f, .lowpass_take = 1.0f};
    struct scr_layers layers;
    scr_layers_init(&layers, params);
    for (uint32_t at = 0; at < count; at += SCR_BLOCK_SAMPLES) {
        struct scr_lane_layers lanes;
        struct scr_lane_work work;
        scr_layers_begin(&layers, SCR_LANE_SAMPLES, &lanes);
        scr_kernels_of(scr_isa_current())->mix(&lanes, &open, &work, SCR_LANE_SAMPLES);
        for (uint32_t i = 0; i < SCR_BLOCK_SAMPLES && at + i < count; i++) {
            mix[at + i] = work.sound[i % SCR_LANE_SAMPLES][i / SCR_LANE_SAMPLES];
        }
    }
}

int16_t sound_s16(float x)
{
    float scaled = x * 32767.0f;
    return (int16_t)(scaled + (scaled < 0.0f ? -0.5f : 0.5f));
}

uint64_t sound_fnv(uint64_t hash, const void *bytes, size_t count)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < count; i++) {
        hash = (hash ^ at[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

uint64_t sound_hash_f32(const float *samples, size_t count)
{
    uint64_t hash = SOUND_FNV_START;
    for (size_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, &samples[i], sizeof bits);
        unsigned char bytes[4] = {(unsigned char)bits,
                                  (unsigned char)(bits >> 8),
                                  (unsigned char)(bits >> 16),
                                  (unsigned char)(bits >> 24)};
        hash = sound_fnv(hash, bytes, sizeof bytes);
    }
    return hash;
}

uint64_t sound_hash_s16(const float *samples, size_t count)
{
    uint64_t hash = SOUND_FNV_START;
    for (size_t i = 0; i < count; i++) {
        uint16_t bits = (uint16_t)sound_s16(samples[i]);
        unsigned char bytes[2] = {(unsigned char)bits, (unsigned char)(bits >> 8)};
        hash = sound_fnv(hash, bytes, sizeof bytes);
    }
    return hash;
}

uint64_t sound_test_seed(void)
{
    const char *fixed = getenv("SCREAM_TEST_SEED");
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t seed = (uint64_t)now.tv_sec * 1000000007U + (uint64_t)now.tv_nsec;
    if (fixed != NULL) {
        seed = strtoull(fixed, NULL, 10);
    }
    print_message("seed %llu (repeat with SCREAM_TEST_SEED)\n", (unsigned long long)seed);
    return seed;
}
