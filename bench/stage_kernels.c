/*
 * bench/stage_kernels.c - what each step of a raw block costs: the three kernels and what is
 *         between them.
 * Method: subjects add up, each does what the one before did and one step more, so that every
 *         step finds the caches as it does in a scream; who reads the lines takes differences.
 *         A kernel that is left out is an empty function in the row of kernels.
 * Steps:  begin   where the lanes of each layer begin, and the events of the block
 *         mix     + kernel mix: five layers, high-pass, low-pass
 *         serial  + what runs from lane to lane: filter states, envelope from group to group
 *         shape   + kernel shape: crusher, sums of the envelope
 *         drive   + kernel drive: envelope, gain, boost, limit, samples in their order
 * Prints: see stopwatch.h.
 */
#include "bench/screams.h"
#include "core/synth/scream.h"

enum step {
    BEGIN,
    MIX,
    SERIAL,
    SHAPE,
    DRIVE,
    STEPS
};

static void
no_shape(const struct scr_lane_filters *filters, struct scr_lane_work *work, uint32_t samples)
{
    (void)filters;
    (void)work;
    (void)samples;
}

static float no_drive(const struct scr_lane_filters *filters,
                      struct scr_lane_work *work,
                      uint32_t samples,
                      float *block)
{
    (void)filters;
    (void)work;
    (void)samples;
    return block[0];
}

static void run(const void *what)
{
    static struct scr_scream scream;
    static struct scr_lane_layers lanes;
    static struct scr_lane_work work;
    static float block[SCR_BLOCK_SAMPLES];
    const enum step last = *(const enum step *)what;
    const struct scr_params params = scr_bench_classic(SCR_FINISH_RAW);
    scr_scream_init(&scream, &params);
    struct scr_kernels kernels = *scream.kernels;
    kernels.shape = last >= SHAPE ? kernels.shape : no_shape;
    kernels.drive = last >= DRIVE ? kernels.drive : no_drive;
    for (uint32_t i = 0; i < SCR_BENCH_BLOCKS; i += 1) {
        scr_layers_begin(&scream.layers, SCR_LANE_SAMPLES, &lanes);
        if (last >= MIX) {
            kernels.mix(&lanes, &scream.chain.filters, &work, SCR_LANE_SAMPLES);
        }
        if (last >= SERIAL) {
            (void)scr_chain_process(&scream.chain, &kernels, &work, SCR_LANE_SAMPLES, block);
        }
    }
}

int main(int argc, char **argv)
{
    static const enum step steps[STEPS] = {BEGIN, MIX, SERIAL, SHAPE, DRIVE};
    const struct scr_subject subjects[] = {
        {"begin", run, &steps[BEGIN], SCR_BENCH_BLOCKS},
        {"mix", run, &steps[MIX], SCR_BENCH_BLOCKS},
        {"serial", run, &steps[SERIAL], SCR_BENCH_BLOCKS},
        {"shape", run, &steps[SHAPE], SCR_BENCH_BLOCKS},
        {"drive", run, &steps[DRIVE], SCR_BENCH_BLOCKS},
    };
    return scr_stopwatch_main(argc, argv, subjects, sizeof subjects / sizeof subjects[0]);
}
