/*
 * core/synth/params.h - the parameters of one scream: what was asked for, and what it comes to.
 * Why:    a scream is a pure function of struct scr_params; two equal structs are one sound.
 * Flow:   text (api/query) -> struct scr_order -> scr_order_resolve -> struct scr_params.
 * Source: param_table.h holds names, units, ranges, defaults and sentences.
 */
#ifndef SCR_SYNTH_PARAMS_H
#define SCR_SYNTH_PARAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/limits.h"

enum scr_param {
#define X(id, name, kind, field, unit, minimum, maximum, fallback, sentence) SCR_PARAM_##id,
#include "core/synth/param_table.h"
#undef X
    SCR_PARAM_COUNT
};
static_assert(SCR_PARAM_COUNT <= 64, "a 64-bit mask says which parameters were given");

enum scr_param_kind {
    SCR_PARAM_KIND_PRESET,
    SCR_PARAM_KIND_SEED,
    SCR_PARAM_KIND_DURATION,
    SCR_PARAM_KIND_CHOICE,
    SCR_PARAM_KIND_REAL,
    SCR_PARAM_KIND_COUNT,
    SCR_PARAM_KIND_SIGNED
};

enum scr_finish {
    SCR_FINISH_SMOOTH,
    SCR_FINISH_RAW,
    SCR_FINISH_COUNT
};

/* One tonal layer. sweep_hz_s is 0 but for the harmonic layer, rise 0 for the harmonic layer. */
struct scr_tonal {
    double base_hz;
    double range_hz;
    double sweep_hz_s;
    double jump_hz;
    double amp;
    double rise;
    int64_t seed;
};

/* Every effective parameter, validated. Plain data; compared by key (core/job/key.h). */
struct scr_params {
    uint32_t preset; /* enum scr_preset */
    uint64_t seed;   /* the global seed; as i64 where a formula multiplies it */
    uint32_t engine;
    int64_t duration_ns;
    double volume;
    uint32_t channels;
    uint32_t bitrate;
    uint32_t finish; /* enum scr_finish */
    struct scr_tonal primary;
    struct scr_tonal harmonic;
    struct scr_tonal shriek;
    double burst_rate_hz;
    double burst_threshold;
    double burst_amp;
    int64_t burst_seed;
    double floor_amp;
    double highpass_hz;
    double lowpass_hz;
    uint32_t crush_bits;
    double crush_mix;
    double comp_ratio;
    double comp_threshold_db;
    double comp_attack_ms;
    double comp_release_ms;
    double boost_db;
    double limit;
};

/* What the table says of one parameter. */
struct scr_param_info {
    const char *name;
    enum scr_param_kind kind;
    size_t offset; /* of the field in struct scr_params */
    const char *unit;
    double minimum;
    double maximum;
    const char *fallback;
    const char *sentence;
};

/* What a caller asked for: values of the given parameters only. */
struct scr_order {
    struct scr_params values;
    uint64_t given;   /* bit (1 << enum scr_param) per parameter present */
    bool seed_random; /* seed=random was asked for: a fresh seed, whatever else is given */
    bool bounded;     /* resolving cut the duration or turned the volume down */
};

/* Bounds that configuration sets below the table's own. */
struct scr_order_bounds {
    int64_t duration_ns_max;
    double volume_max; /* a louder volume is turned down to this */
};

/** The table row of a parameter. Any thread. */
const struct scr_param_info *scr_param_info(enum scr_param param);

/** Finds a parameter by its exact name: true and *param, or false. Any thread. */
bool scr_param_find(const char *name, size_t name_bytes, enum scr_param *param);

/** The known name nearest to a wrong one (edit distance at most 3), or NULL. Any thread. */
const char *scr_param_nearest(const char *name, size_t name_bytes);

/** Name of a finish, "smooth" or "raw". */
const char *scr_finish_name(enum scr_finish finish);

/** Finds a finish by name. */
bool scr_finish_find(const char *name, size_t name_bytes, enum scr_finish *finish);

/** An order in which nothing is given. */
void scr_order_init(struct scr_order *order);

/** Whether the order names this parameter. */
bool scr_order_has(const struct scr_order *order, enum scr_param param);

/**
 * Whether the sound of this order is new each time: seed=random was asked for, or no seed is
 * given and no preset but random. Any other preset without a seed has seed 0.
 */
bool scr_order_is_fresh(const struct scr_order *order);

/**
 * Turns an order into the parameters of one scream: preset (or the 33 draws of random), then
 * what was given, then validation.
 * inout   order         what the bounds changed is marked as given, and the order as bounded: its
 *                       sound is not the one of the same order elsewhere
 * in      fresh_seed    the seed to use when scr_order_is_fresh
 * out     params        complete and valid; untouched on error
 * out     culprit       the parameter at fault, written on error only
 * errors  SCR_ERR_PARAM_RANGE
 * thread  any; alloc none
 */
SCR_MUST_USE enum scr_err scr_order_resolve(struct scr_order *order,
                                            const struct scr_order_bounds *bounds,
                                            uint64_t fresh_seed,
                                            struct scr_params *params,
                                            enum scr_param *culprit);

/**
 * Checks every range of the table (A.5 of the sound's definition: amplitudes, cut-offs, bits,
 * limit ... finite and inside), first failure wins in table order.
 * errors  SCR_ERR_PARAM_RANGE, *culprit names the parameter
 */
SCR_MUST_USE enum scr_err scr_params_check(const struct scr_params *params,
                                           enum scr_param *culprit);

/** Samples per channel: duration in seconds (as a double) times 48000, truncated. */
uint32_t scr_params_samples(const struct scr_params *params);

#endif
