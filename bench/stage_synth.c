/*
 * bench/stage_synth.c - what a whole scream costs, beside the definition in double precision.
 * Why:    target 1: the classic chain with finish=raw on one core, once for each instruction set
 *         (SCREAM_ISA), and the definition of the same run.
 * Prints: see stopwatch.h. `begin` is preparing a scream, once for 150 blocks.
 */
#include "bench/screams.h"
#include "core/synth/scream.h"

static void begin(const void *params)
{
    static struct scr_scream scream;
    scr_scream_init(&scream, params);
}

int main(int argc, char **argv)
{
    const struct scr_params raw = scr_bench_classic(SCR_FINISH_RAW);
    const struct scr_params smooth = scr_bench_classic(SCR_FINISH_SMOOTH);
    const struct scr_subject subjects[] = {
        {"definition", scr_bench_definition, &raw, SCR_BENCH_BLOCKS},
        {"raw", scr_bench_engine, &raw, SCR_BENCH_BLOCKS},
        {"smooth", scr_bench_engine, &smooth, SCR_BENCH_BLOCKS},
        {"begin", begin, &raw, 1},
    };
    return scr_stopwatch_main(argc, argv, subjects, sizeof subjects / sizeof subjects[0]);
}
