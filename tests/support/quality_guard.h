/*
 * tests/support/quality_guard.h - every preset over several roads, judged and compared.
 * Why:    "never worse than what a plain service ships" is said of all presets, both finishes and
 *         several seeds; the test (tests/quality/guard_test.c) and the bench (bench/quality.c) must
 *         mean the same by it.
 * Flow:   preset, finish, seed -> 3 s of sound -> each road in turn -> quality, bit rate, CPU time.
 * Memory: static buffers; one thread.
 */
#ifndef TESTS_SUPPORT_QUALITY_GUARD_H
#define TESTS_SUPPORT_QUALITY_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/synth/preset.h"
#include "tests/support/opus_road.h"
#include "tests/support/quality.h"

#define GUARD_SEEDS_MAX 8
#define GUARD_CELLS ((size_t)SCR_PRESET_COUNT * SCR_FINISH_COUNT)

/* The encoder we ship, at settings.bitrate; or libopus with these settings. */
struct guard_road {
    const char *name;
    bool shipped;
    struct opus_settings settings;
};

struct guard_sample {
    struct quality quality;
    struct opus_trip trip;
};

enum guard_measure {
    GUARD_NOISE_TO_MASK,
    GUARD_LOG_SPECTRAL,
    GUARD_EXCITATION,
    GUARD_MEASURE_COUNT
};

/* One road against another by one measure, in dB; below 0: the first is better. */
struct guard_difference {
    double mean_db;         /* over all sounds */
    double spread_db;       /* from seed to seed of one preset and finish: standard deviation */
    double worst_db;        /* mean over the seeds of the worst preset and finish */
    enum scr_preset preset; /* the worst */
    enum scr_finish finish;
};

struct guard_road guard_shipped(const char *name, int bitrate);

/** What a straightforward service does at 64 kbit/s: see opus_settings_plain. */
struct guard_road guard_reference(void);

/** "noise to mask" and so on. */
const char *guard_measure_name(enum guard_measure measure);

double guard_value(const struct guard_sample *sample, enum guard_measure measure);

/**
 * Takes every sound over every road.
 * in      roads[road_count], seeds  seeds per preset and finish, at most GUARD_SEEDS_MAX
 * out     samples[GUARD_CELLS * seeds * road_count]   roads of a sound beside each other
 * returns false when a codec failed
 */
bool guard_run(const struct guard_road *roads,
               size_t road_count,
               size_t seeds,
               struct guard_sample *samples);

/** Compares road `ours` with road `other` over all samples of a run. */
struct guard_difference guard_compare(const struct guard_sample *samples,
                                      size_t road_count,
                                      size_t seeds,
                                      const size_t pair[2],
                                      enum guard_measure measure);

#endif
