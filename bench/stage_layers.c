/*
 * bench/stage_layers.c - what the layers cost: one alone, and all together, without filters.
 * Method: the same parameters go through the engine and through its definition, which leaves out
 *         what is silent. The vector kernels do not: sixteen lanes run through all five layers,
 *         because a test for silence would cost more than it saves in the screams people ask for.
 * Prints: see stopwatch.h.
 */
#include "bench/screams.h"

enum row {
    NOTHING,
    PRIMARY,
    HARMONIC,
    SHRIEK,
    BURST,
    FLOOR,
    ALL,
    ROWS
};

static const char *const names[ROWS][2] = {
    [NOTHING] = {"engine.nothing", "definition.nothing"},
    [PRIMARY] = {"engine.primary", "definition.primary"},
    [HARMONIC] = {"engine.harmonic", "definition.harmonic"},
    [SHRIEK] = {"engine.shriek", "definition.shriek"},
    [BURST] = {"engine.burst", "definition.burst"},
    [FLOOR] = {"engine.floor", "definition.floor"},
    [ALL] = {"engine.layers", "definition.layers"},
};

static struct scr_params params_of(enum row row)
{
    const struct scr_params whole = scr_bench_classic(SCR_FINISH_RAW);
    struct scr_params params = scr_bench_bare();
    bool all = row == ALL;
    params.primary.amp = all || row == PRIMARY ? whole.primary.amp : 0.0;
    params.harmonic.amp = all || row == HARMONIC ? whole.harmonic.amp : 0.0;
    params.shriek.amp = all || row == SHRIEK ? whole.shriek.amp : 0.0;
    params.burst_amp = all || row == BURST ? whole.burst_amp : 0.0;
    params.floor_amp = all || row == FLOOR ? whole.floor_amp : 0.0;
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
