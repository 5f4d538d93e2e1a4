/*
 * bench/bare_opus.h - libopus and nothing else: the encoder's loop on sound that lies ready.
 * Why:    it is most of a cold scream, so whatever else a scream needs is told as a share of it.
 * Same:   one channel, 96 kbit/s hard constant rate, complexity 0, restricted low delay, 20 ms;
 *         the encoder is reset for each scream, not made.
 * Stock:  it is the shared library of the system, opened by name. The one that the program links
 *         may have parts of our own in it (cmake/opus.cmake), which would flatter no one here.
 */
#ifndef BENCH_BARE_OPUS_H
#define BENCH_BARE_OPUS_H

#include "core/base/limits.h"

/** Makes the encoder and renders what it encodes; ends the program when there is no libopus. */
void scr_bare_opus_init(void);

/** Encodes SCR_BENCH_BLOCKS_CODED blocks of any sound. */
void scr_bare_opus_encode(const float (*any)[SCR_BLOCK_SAMPLES]);

/** Encodes all blocks of the classic scream: a function of struct scr_subject. */
void scr_bare_opus(const void *unused);

#endif
