/*
 * core/synth/nearest.h - how far a wrong name is from a known one.
 * Why:    parameters and presets answer a slip of the finger with the name that was meant.
 */
#ifndef SCR_SYNTH_NEAREST_H
#define SCR_SYNTH_NEAREST_H

#include <stddef.h>

/* Farther than this is another word, not a slip. */
#define SCR_NEAREST_MAX 3
#define SCR_NEAREST_NONE (SCR_NEAREST_MAX + 1)

/**
 * The distance for a suggestion.
 * returns the edit distance; 1 when only the end is missing, as in "highpass" for "highpass_hz";
 *         SCR_NEAREST_NONE above SCR_NEAREST_MAX, and when not one letter is right
 * thread  any; alloc none
 */
unsigned scr_nearest_distance(const char *name, size_t name_bytes, const char *known);

#endif
