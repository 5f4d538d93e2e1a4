/*
 * bench/screams.c - the scream that all stage programs render, by the engine and by its definition.
 * Why:    see screams.h. The state is prepared within the measured run: every scream pays for it.
 */
#include "bench/screams.h"

#include "bench/definition.h"
#include "core/base/assert.h"
#include "core/synth/preset.h"
#include "core/synth/scream.h"

struct scr_params scr_bench_classic(enum scr_finish finish)
{
    struct scr_params params;
    scr_preset_params(SCR_PRESET_CLASSIC, 0, &params);
    params.finish = finish;
    SCR_ASSERT(scr_params_samples(&params) == SCR_BENCH_BLOCKS * SCR_BLOCK_SAMPLES);
    return params;
}

struct scr_params scr_bench_bare(void)
{
    struct scr_params params = scr_bench_classic(SCR_FINISH_RAW);
    params.primary.amp = 0.0;
    params.harmonic.amp = 0.0;
    params.shriek.amp = 0.0;
    params.burst_amp = 0.0;
    params.floor_amp = 0.0;
    params.highpass_hz = 0.0;
    params.lowpass_hz = 0.0;
    params.crush_mix = 0.0;
    params.comp_ratio = 1.0;
    params.boost_db = 0.0;
    return params;
}

void scr_bench_engine(const void *params)
{
    static float block[SCR_BLOCK_SAMPLES];
    static struct scr_scream scream;
    scr_scream_init(&scream, params);
    while (scr_scream_pull(&scream, block) == SCR_BLOCK_SAMPLES) {
    }
}

void scr_bench_definition(const void *params)
{
    static double block[SCR_BLOCK_SAMPLES];
    static struct scr_definition definition;
    scr_definition_init(&definition, params);
    while (scr_definition_pull(&definition, block) == SCR_BLOCK_SAMPLES) {
    }
}

const float (*scr_bench_sound(enum scr_finish finish))[SCR_BLOCK_SAMPLES]
{
    static float blocks[SCR_BENCH_BLOCKS_CODED][SCR_BLOCK_SAMPLES];
    static struct scr_scream scream;
    struct scr_params params = scr_bench_classic(finish);
    scr_scream_init(&scream, &params);
    for (size_t i = 0; i < SCR_BENCH_BLOCKS_CODED; i += 1) {
        (void)scr_scream_pull(&scream, blocks[i]);
    }
    return (const float(*)[SCR_BLOCK_SAMPLES])blocks;
}
