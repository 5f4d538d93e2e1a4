/*
 * core/synth/preset.h - named parameter sets.
 * Why:    a preset is a starting point a listener can name; every value can still be overridden.
 * Source: preset_table.h holds the values.
 */
#ifndef SCR_SYNTH_PRESET_H
#define SCR_SYNTH_PRESET_H

#include <stdbool.h>
#include <stddef.h>

#include "core/synth/params.h"

/* SCR_PRESET_RANDOM is 0 and no row of the table: its values are drawn from the seed. */
enum scr_preset {
    SCR_PRESET_RANDOM,
#define X(id, name, sentence, gain_db, duration_ms, primary, harmonic, shriek, noise, filter)      \
    SCR_PRESET_##id,
#include "core/synth/preset_table.h"
#undef X
    SCR_PRESET_COUNT
};

/** "random", "classic", "death-metal" ... Never NULL. */
const char *scr_preset_name(enum scr_preset preset);

/** One sentence on how it sounds. */
const char *scr_preset_sentence(enum scr_preset preset);

/** Finds a preset (random included) by its exact name. */
bool scr_preset_find(const char *name, size_t name_bytes, enum scr_preset *preset);

/** The known preset nearest to a wrong name (edit distance at most 3), or NULL. */
const char *scr_preset_nearest(const char *name, size_t name_bytes);

/** Fills every parameter of a preset, seed as given; random draws them from the seed. */
void scr_preset_params(enum scr_preset preset, uint64_t seed, struct scr_params *params);

/** Static gain of finish=smooth that brings the preset to -16 LUFS at volume 1, in dB. */
double scr_preset_gain_db(enum scr_preset preset);

#endif
