/*
 * bench/screams.h - the scream that all stage programs render, by the engine and by its definition.
 * Why:    every program measures the same sound: preset classic, seed 0, 3 s, which is 150 blocks.
 */
#ifndef BENCH_SCREAMS_H
#define BENCH_SCREAMS_H

#include "bench/stopwatch.h"
#include "core/synth/params.h"

#define SCR_BENCH_BLOCKS 150

/** Preset classic with seed 0. */
struct scr_params scr_bench_classic(enum scr_finish finish);

/** The same without any layer and with all filters off. */
struct scr_params scr_bench_bare(void);

/** Renders a whole scream, block after block, into memory that stays in the cache. The argument
 *  points to its struct scr_params: these are functions of struct scr_subject. */
void scr_bench_engine(const void *params);
void scr_bench_definition(const void *params);

/** All blocks of the classic scream, with a block of silence for the codec's look-ahead. */
#define SCR_BENCH_BLOCKS_CODED (SCR_BENCH_BLOCKS + 1)
const float (*scr_bench_sound(enum scr_finish finish))[SCR_BLOCK_SAMPLES];

#endif
