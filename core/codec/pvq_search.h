/*
 * core/codec/pvq_search.h - the point of whole numbers that points most nearly where a band points.
 * Why:    libopus codes the shape of a band of the spectrum as pulses: whole numbers whose
 *         magnitudes sum to a given count. Its own search on amd64 uses approximate reciprocals,
 *         whose low bits differ between makers of processors; this one rounds exactly, in a fixed
 *         order, so that one scream is the same packets on every amd64 processor. It is also
 *         faster, and no farther from the sound (docs/decisions/0013-one-codec-class.md).
 * Flow:   shape (unit vector) -> pulses, one per bin; asked for by libopus through opus_encoder.c.
 * Source: T. R. Fischer, "A pyramid vector quantizer", IEEE Trans. IT-32 (1986); RFC 6716 section
 *         5.3.8.1 asks for the codeword, not for a way to find it.
 */
#ifndef SCR_CODEC_PVQ_SEARCH_H
#define SCR_CODEC_PVQ_SEARCH_H

#include <stdint.h>

/* libopus' widest band at 48 kHz has 176 bins; a bin's number must fit beside a score. */
#define SCR_PVQ_BINS_MAX 255
/* libopus gives a band at most 128; sums of squares stay exact in a float (pvq_search.c). */
#define SCR_PVQ_PULSES_MAX 2048

/**
 * Finds pulses that make (shape . pulses)^2 / (pulses . pulses) as large as a local search can.
 * in      shape[bins]     any floats, finite or not; about a unit vector
 * in      bins            1..SCR_PVQ_BINS_MAX
 * in      pulse_count     1..SCR_PVQ_PULSES_MAX, the sum of magnitudes asked for
 * out     pulses[bins]    signed like shape, magnitudes sum to pulse_count; all in bin 0 when the
 *                         shape is silent, too loud for a unit vector, or not finite
 * returns pulses . pulses, exactly
 * thread  any; alloc none; the bits are the same on every machine
 */
float scr_pvq_search(const float *shape, int32_t bins, int32_t pulse_count, int32_t *pulses);

#endif
