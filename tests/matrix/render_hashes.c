/*
 * tests/matrix/render_hashes.c - prints a hash of many screams, one a line.
 * Why:    the same program built by every compiler for every machine must print the same lines:
 *         a seeded scream is one exact sound everywhere.
 * Flow:   preset and seed -> params -> scream -> FNV-1a-64 over the floats and over the 16-bit
 *         samples of all blocks.
 * Use:    render_hashes ISA (a name of core/dsp/isa_table.h); render_hashes --isas lists those that
 *         run here.
 * Prints: preset,seed,finish,samples,hash of floats,hash of mono s16
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/limits.h"
#include "core/dsp/isa.h"
#include "core/dsp/pcm16.h"
#include "core/synth/params.h"
#include "core/synth/preset.h"
#include "core/synth/scream.h"

#define FNV_OFFSET UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

static uint64_t fnv(uint64_t hash, const void *bytes, size_t count)
{
    const uint8_t *byte = bytes;
    for (size_t i = 0; i < count; i++) {
        hash = (hash ^ byte[i]) * FNV_PRIME;
    }
    return hash;
}

/* Floats as little-endian bytes, whatever the machine. */
static uint64_t fnv_floats(uint64_t hash, const float *block, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, &block[i], sizeof bits);
        const uint8_t bytes[4] = {
            (uint8_t)bits, (uint8_t)(bits >> 8), (uint8_t)(bits >> 16), (uint8_t)(bits >> 24)};
        hash = fnv(hash, bytes, sizeof bytes);
    }
    return hash;
}

static void print_scream(const struct scr_params *params, int64_t seed)
{
    static struct scr_scream scream;
    static float block[SCR_BLOCK_SAMPLES * SCR_CHANNELS_MAX];
    static uint8_t bytes[SCR_BLOCK_SAMPLES * 2];
    uint64_t float_hash = FNV_OFFSET;
    uint64_t pcm_hash = FNV_OFFSET;
    uint64_t samples = 0;
    uint32_t tracks = scr_scream_tracks(params);
    const struct scr_kernels *kernels = scr_kernels_of(scr_isa_current());
    scr_scream_init(&scream, params);
    for (uint32_t got = scr_scream_pull(&scream, block); got > 0;
         got = scr_scream_pull(&scream, block)) {
        scr_pcm16_write(kernels, block, got, tracks, 1, bytes);
        float_hash = fnv_floats(float_hash, block, (size_t)got * tracks);
        pcm_hash = fnv(pcm_hash, bytes, (size_t)got * 2);
        samples += got;
    }
    printf("%s,%" PRId64 ",%s,%" PRIu64 ",%016" PRIx64 ",%016" PRIx64 "\n",
           scr_preset_name((enum scr_preset)params->preset),
           seed,
           scr_finish_name((enum scr_finish)params->finish),
           samples,
           float_hash,
           pcm_hash);
}

/* One name a line. */
static void print_isas(void)
{
    for (uint32_t i = 0; i < SCR_ISA_COUNT; i++) {
        if (scr_isa_runs((enum scr_isa)i)) {
            printf("%s\n", scr_isa_name((enum scr_isa)i));
        }
    }
}

int main(int argc, char **argv)
{
    enum scr_isa isa;
    if (argc == 2 && strcmp(argv[1], "--isas") == 0) {
        print_isas();
        return EXIT_SUCCESS;
    }
    if (argc != 2 || !scr_isa_find(argv[1], strlen(argv[1]), &isa) || !scr_isa_runs(isa)) {
        fprintf(stderr, "render_hashes: name an instruction set that runs here\n");
        return EXIT_FAILURE;
    }
    scr_isa_use(isa);
    static const int64_t seeds[] = {0, 42, -1, INT64_MAX, INT64_MIN, 123456789};
    for (uint32_t preset = 0; preset < SCR_PRESET_COUNT; preset++) {
        for (size_t i = 0; i < sizeof seeds / sizeof seeds[0]; i++) {
            struct scr_params params;
            memset(&params, 0, sizeof params);
            scr_preset_params((enum scr_preset)preset, (uint64_t)seeds[i], &params);
            params.channels = 1;
            params.volume = 1.0;
            params.finish = SCR_FINISH_RAW;
            print_scream(&params, seeds[i]);
            if (i < 2) {
                params.finish = SCR_FINISH_SMOOTH;
                print_scream(&params, seeds[i]);
            }
        }
    }
    return EXIT_SUCCESS;
}
