/*
 * server/self_test.c - renders three seconds and hashes them.
 * Why:    see self_test.h. The engine is called directly, so no metric counts this scream.
 * Source: FNV-1a, 64 bit; the expected value is frozen with engine epoch 2.
 */
#include "server/self_test.h"

#include "core/base/assert.h"
#include "core/dsp/pcm16.h"
#include "core/synth/preset.h"
#include "core/synth/scream.h"

#define FNV_OFFSET UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)
#define EXPECTED UINT64_C(0xba91268dadc4e376)
static_assert(SCR_ENGINE_EPOCH == 2, "a new epoch needs its own expected value");

uint64_t scr_self_test_hash(void)
{
    static _Alignas(64) unsigned char storage[SCR_SCREAM_STATE_BYTES_MAX];
    float block[SCR_BLOCK_SAMPLES * SCR_CHANNELS_MAX];
    uint8_t bytes[SCR_BLOCK_SAMPLES * 2];
    struct scr_scream *scream = (struct scr_scream *)(void *)storage;
    const struct scr_kernels *kernels = scr_kernels_of(scr_isa_current());
    struct scr_params params;
    uint64_t hash = FNV_OFFSET;
    scr_preset_params(SCR_PRESET_CLASSIC, 0, &params);
    params.finish = SCR_FINISH_RAW;
    params.channels = 1;
    scr_scream_init(scream, &params);
    uint32_t samples = scr_scream_pull(scream, block);
    while (samples > 0) {
        scr_pcm16_write(kernels, block, samples, scr_scream_tracks(&params), 1, bytes);
        for (uint32_t i = 0; i < samples * 2; i += 1) {
            hash = (hash ^ bytes[i]) * FNV_PRIME;
        }
        samples = scr_scream_pull(scream, block);
    }
    return hash;
}

bool scr_self_test(void)
{
    return scr_self_test_hash() == EXPECTED;
}
