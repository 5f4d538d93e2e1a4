/*
 * bench/stage_filters.c - what the filters cost, one by one, behind the mix of all layers.
 * Method: like stage_layers.c. `layers` is the mix without a filter: what a filter costs is its
 *         row less that one. The kernels have no cheaper road for a filter that is off.
 * Prints: see stopwatch.h.
 */
#include "bench/screams.h"

enum row {
    LAYERS,
    HIGHPASS,
    LOWPASS,
    CRUSHER,
    COMPRESSOR,
    CHAIN,
    ROWS
};

static const char *const names[ROWS][2] = {
    [LAYERS] = {"engine.layers", "definition.layers"},
    [HIGHPASS] = {"engine.highpass", "definition.highpass"},
    [LOWPASS] = {"engine.lowpass", "definition.lowpass"},
    [CRUSHER] = {"engine.crusher", "definition.crusher"},
    [COMPRESSOR] = {"engine.compressor", "definition.compressor"},
    [CHAIN] = {"engine.chain", "definition.chain"},
};

static struct scr_params params_of(enum row row)
{
    const struct scr_params off = scr_bench_bare();
    struct scr_params params = scr_bench_classic(SCR_FINISH_RAW);
    bool all = row == CHAIN;
    params.highpass_hz = all || row == HIGHPASS ? params.highpass_hz : off.highpass_hz;
    params.lowpass_hz = all || row == LOWPASS ? params.lowpass_hz : off.lowpass_hz;
    params.crush_mix = all || row == CRUSHER ? params.crush_mix : off.crush_mix;
    params.comp_ratio = all || row == COMPRESSOR ? params.comp_ratio : off.comp_ratio;
    return params;
}

int main(int argc, char **argv)
{
    static struct scr_params params[ROWS];
    struct scr_subject subjects[2 * ROWS];
    for (uint32_t i = 0; i < ROWS; i += 1) {
        params[i] = params_of((enum row)i);
        subjects[2 * i] =
            (struct scr_subject){names[i][0], scr_bench_engine, &params[i], SCR_BENCH_BLOCKS};
        subjects[2 * i + 1] =
            (struct scr_subject){names[i][1], scr_bench_definition, &params[i], SCR_BENCH_BLOCKS};
    }
    return scr_stopwatch_main(argc, argv, subjects, sizeof subjects / sizeof subjects[0]);
}
