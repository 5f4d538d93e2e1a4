/*
 * core/synth/scream.h - one scream from start to end, block by block.
 * Why:    every road (Ogg, WAV, Discord, terminal) pulls the same blocks from here.
 * Flow:   layers -> mixer -> filter chain -> (smooth) preset gain, volume, limiter, fades -> block.
 * Memory: the state is the caller's, SCR_SCREAM_STATE_BYTES_MAX at the most, no pointers inside
 *         but to constant tables: it may be copied.
 * Thread: one thread at a time owns a scream.
 */
#ifndef SCR_SYNTH_SCREAM_H
#define SCR_SYNTH_SCREAM_H

#include <stdint.h>

#include "core/synth/params.h"
/* The members of struct scr_scream: visible to be placed, but core/synth's business. */
#include "core/synth/scream_state.h"

#define SCR_SCREAM_STATE_BYTES_MAX 16384
static_assert(sizeof(struct scr_scream) <= SCR_SCREAM_STATE_BYTES_MAX, "as callers are told");

/**
 * Prepares a scream at its first sample.
 * in      params       resolved and valid (scr_params_check), else an assertion fails
 * thread  the owner; alloc none
 */
void scr_scream_init(struct scr_scream *scream, const struct scr_params *params);

/**
 * Distinct channels the engine makes: 1 when all channels are equal (the classic engine always).
 * A block holds that many interleaved channels.
 */
uint32_t scr_scream_tracks(const struct scr_params *params);

/**
 * Renders the next block.
 * out     block[SCR_BLOCK_SAMPLES * tracks] float in [-1, 1], interleaved; zeros after the end
 * state   position grows by SCR_BLOCK_SAMPLES
 * returns samples per channel before the end, SCR_BLOCK_SAMPLES but for the last block, then 0
 * thread  the owner; alloc none; no libm
 */
uint32_t scr_scream_pull(struct scr_scream *scream, float *block);

#endif
