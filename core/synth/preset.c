/*
 * core/synth/preset.c - named parameter sets.
 * How:    the table becomes an array of struct scr_params; random is drawn instead.
 * Source: sound design A.1, A.5, Part C item 1.
 */
#include "core/synth/preset.h"

#include "core/base/assert.h"
#include "core/base/text.h"
#include "core/synth/draw.h"
#include "core/synth/nearest.h"

struct row {
    const char *name;
    const char *sentence;
    double gain_db;
    struct scr_params params; /* random's are drawn from the seed: all 0 here */
};

/* All presets share these. */
#define COMMON                                                                                     \
    .engine = SCR_ENGINE_EPOCH, .volume = 1.0, .channels = 2, .bitrate = SCR_BITRATE_DEFAULT,      \
    .finish = SCR_FINISH_SMOOTH, .comp_threshold_db = -20.0, .comp_attack_ms = 5.0,                \
    .comp_release_ms = 50.0, .limit = 0.95

#define PRIMARY(base, range, jump, level, growth, own_seed)                                        \
    .primary = {.base_hz = base,                                                                   \
                .range_hz = range,                                                                 \
                .jump_hz = jump,                                                                   \
                .amp = level,                                                                      \
                .rise = growth,                                                                    \
                .seed = own_seed}
#define HARMONIC(base, range, sweep, jump, level, own_seed)                                        \
    .harmonic = {.base_hz = base,                                                                  \
                 .range_hz = range,                                                                \
                 .sweep_hz_s = sweep,                                                              \
                 .jump_hz = jump,                                                                  \
                 .amp = level,                                                                     \
                 .seed = own_seed}
#define SHRIEK(base, range, jump, level, growth, own_seed)                                         \
    .shriek = {.base_hz = base,                                                                    \
               .range_hz = range,                                                                  \
               .jump_hz = jump,                                                                    \
               .amp = level,                                                                       \
               .rise = growth,                                                                     \
               .seed = own_seed}
#define NOISE(rate, threshold, burst, floor, own_seed)                                             \
    .burst_rate_hz = rate, .burst_threshold = threshold, .burst_amp = burst, .floor_amp = floor,   \
    .burst_seed = own_seed
#define FILTER(highpass, lowpass, bits, mix, ratio, boost)                                         \
    .highpass_hz = highpass, .lowpass_hz = lowpass, .crush_bits = bits, .crush_mix = mix,          \
    .comp_ratio = ratio, .boost_db = boost

static const struct row rows[SCR_PRESET_COUNT] = {
    [SCR_PRESET_RANDOM] = {.name = "random",
                           .sentence = "Every parameter drawn from the seed: a new one each time.",
                           .gain_db = -10.0,
                           .params = {.preset = SCR_PRESET_RANDOM, COMMON}},
#define X(id, label, words, gain, duration_ms, primary, harmonic, shriek, noise, filter)           \
    [SCR_PRESET_##id] = {.name = label,                                                            \
                         .sentence = words,                                                        \
                         .gain_db = gain,                                                          \
                         .params = {.preset = SCR_PRESET_##id,                                     \
                                    .duration_ns = (duration_ms)*INT64_C(1000000),                 \
                                    primary,                                                       \
                                    harmonic,                                                      \
                                    shriek,                                                        \
                                    noise,                                                         \
                                    filter,                                                        \
                                    COMMON}},
#include "core/synth/preset_table.h"
#undef X
};

static const struct row *row_of(enum scr_preset preset)
{
    SCR_ASSERT((unsigned)preset < SCR_PRESET_COUNT);
    SCR_ASSERT(rows[preset].name != NULL);
    return &rows[preset];
}

const char *scr_preset_name(enum scr_preset preset)
{
    return row_of(preset)->name;
}

const char *scr_preset_sentence(enum scr_preset preset)
{
    return row_of(preset)->sentence;
}

bool scr_preset_find(const char *name, size_t name_bytes, enum scr_preset *preset)
{
    for (unsigned i = 0; i < SCR_PRESET_COUNT; i++) {
        if (scr_text_equal(name, name_bytes, rows[i].name)) {
            *preset = (enum scr_preset)i;
            return true;
        }
    }
    return false;
}

const char *scr_preset_nearest(const char *name, size_t name_bytes)
{
    const char *nearest = NULL;
    unsigned best = SCR_NEAREST_NONE;
    for (unsigned i = 0; i < SCR_PRESET_COUNT; i++) {
        const char *known = rows[i].name;
        unsigned distance = scr_nearest_distance(name, name_bytes, known);
        if (distance < best) {
            best = distance;
            nearest = known;
        }
    }
    return nearest;
}

void scr_preset_params(enum scr_preset preset, uint64_t seed, struct scr_params *params)
{
    *params = row_of(preset)->params;
    params->seed = seed;
    if (preset == SCR_PRESET_RANDOM) {
        scr_draw_params(seed, params);
    }
    enum scr_param culprit;
    SCR_ASSERT(scr_params_check(params, &culprit) == SCR_OK);
}

double scr_preset_gain_db(enum scr_preset preset)
{
    return row_of(preset)->gain_db;
}
