/*
 * bench/stage_limiter.c - what a smooth scream adds behind the chain: limiter and fades.
 * Cases:  calm: nothing is above the ceiling, as in nearly every block of a usual scream.
 *         busy: four times as loud, so that it works in every block.
 *         fade: the last block of a scream, which is weighted sample by sample.
 * Beside: the bare Opus encoder on the same blocks.
 * Prints: see stopwatch.h.
 */
#include <string.h>

#include "bench/bare_opus.h"
#include "bench/screams.h"
#include "core/dsp/fade.h"
#include "core/dsp/limiter.h"

/* Blocks, and the largest magnitude in each: the chain finds it on its way. */
struct sound {
    float blocks[SCR_BENCH_BLOCKS][SCR_BLOCK_SAMPLES];
    float peaks[SCR_BENCH_BLOCKS];
};

static struct sound calm;
static struct sound busy;

static void fill(struct sound *sound, float gain)
{
    const float(*source)[SCR_BLOCK_SAMPLES] = scr_bench_sound(SCR_FINISH_SMOOTH);
    for (size_t i = 0; i < SCR_BENCH_BLOCKS; i += 1) {
        for (size_t s = 0; s < SCR_BLOCK_SAMPLES; s += 1) {
            float x = gain * source[i][s];
            float magnitude = x < 0.0f ? -x : x;
            sound->blocks[i][s] = x;
            sound->peaks[i] = sound->peaks[i] > magnitude ? sound->peaks[i] : magnitude;
        }
    }
}

static void limit(const void *what)
{
    const struct sound *sound = what;
    float block[SCR_BLOCK_SAMPLES];
    struct scr_limiter limiter;
    scr_limiter_init(&limiter, 0.794328f); /* -2 dB */
    for (size_t i = 0; i < SCR_BENCH_BLOCKS; i += 1) {
        memcpy(block, sound->blocks[i], sizeof block);
        scr_limiter_process(&limiter, block, SCR_BLOCK_SAMPLES, sound->peaks[i]);
    }
}

static void fade(const void *what)
{
    const struct sound *sound = what;
    const uint32_t total = SCR_BENCH_BLOCKS * SCR_BLOCK_SAMPLES;
    float block[SCR_BLOCK_SAMPLES];
    memcpy(block, sound->blocks[0], sizeof block);
    scr_fade_apply(block, SCR_BLOCK_SAMPLES, total - SCR_BLOCK_SAMPLES, total);
}

int main(int argc, char **argv)
{
    const struct scr_subject subjects[] = {
        {"bare", scr_bare_opus, NULL, SCR_BENCH_BLOCKS_CODED},
        {"calm", limit, &calm, SCR_BENCH_BLOCKS},
        {"busy", limit, &busy, SCR_BENCH_BLOCKS},
        {"fade", fade, &calm, 1},
    };
    scr_bare_opus_init();
    fill(&calm, 1.0f);
    fill(&busy, 4.0f);
    return scr_stopwatch_main(argc, argv, subjects, sizeof subjects / sizeof subjects[0]);
}
