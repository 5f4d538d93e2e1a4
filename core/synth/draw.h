/*
 * core/synth/draw.h - random parameters: 33 draws from a seed.
 * Why:    preset=random with a seed is an address like any other, so the draws, their order and
 *         their ranges belong to the engine's epoch.
 * Source: draw_table.h; sound design A.5.
 */
#ifndef SCR_SYNTH_DRAW_H
#define SCR_SYNTH_DRAW_H

#include <stdint.h>

#include "core/synth/params.h"

/* As many as the table has rows. */
#define SCR_DRAWS 33

/**
 * Draws duration, layers, noise and filter of a scream; leaves every other field as it is.
 * in      seed     any
 * out     params   the drawn fields, all within the ranges of the parameter table
 * thread  any; alloc none; no libm
 */
void scr_draw_params(uint64_t seed, struct scr_params *params);

#endif
