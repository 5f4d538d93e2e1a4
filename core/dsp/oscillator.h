/*
 * core/dsp/oscillator.h - a sine whose phase is an integer.
 * Why:    a phase in floating point drifts and depends on the order of additions; 64 bits of one
 *         turn wrap for nothing, and n steps at once equal n single ones exactly.
 * Flow:   tune at each change of pitch, add for the samples between.
 * Memory: the state is the caller's.
 * Source: sound design A.8: P(n + k) = P(n) + k*step + glide*k(k-1)/2, modulo 2^64.
 */
#ifndef SCR_DSP_OSCILLATOR_H
#define SCR_DSP_OSCILLATOR_H

#include <stdint.h>

/* Fields count in 2^-64 turns; negative frequencies are two's complement. */
struct scr_oscillator {
    uint64_t phase; /* of the next sample */
    uint64_t step;  /* what the next sample adds to phase */
    uint64_t glide; /* what each sample adds to step */
};

/* Loudness of a sine over its scream: level + slope * sample number. */
struct scr_envelope {
    float level;
    float slope;
};

/**
 * A turn as a phase: the fraction of turns, times 2^64.
 * in      turns    magnitude below 2^51
 * thread  any; alloc none
 */
uint64_t scr_phase_from_turns(double turns);

/** An oscillator at phase 0 and pitch 0 that glides by glide_hz_s per second. */
void scr_oscillator_init(struct scr_oscillator *oscillator, double glide_hz_s);

/**
 * Changes the pitch from the next sample on; the phase goes on without a jump.
 * in      pitch_hz   without what the glide has added since sample 0
 * in      sample     number of the next sample
 */
void scr_oscillator_tune(struct scr_oscillator *oscillator, double pitch_hz, uint32_t sample);

/**
 * Adds the sine to a block.
 * in      envelope     loudness
 * in      first        sample number of mix[0], below 2^24 with its count
 * out     mix[count]   each sample grows by (level + slope * n) * sine
 * state   moves on by count samples
 * thread  the owner; alloc none
 */
void scr_oscillator_add(struct scr_oscillator *oscillator,
                        const struct scr_envelope *envelope,
                        uint32_t first,
                        float *mix,
                        uint32_t count);

#endif
