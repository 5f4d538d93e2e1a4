/*
 * core/dsp/oscillator.h - a sine whose phase is an integer.
 * Why:    a phase in floating point drifts and depends on the order of additions; 64 bits of one
 *         turn wrap for nothing, and n steps at once equal n single ones exactly.
 * Flow:   tune at each change of pitch, advance over the samples between; the sine itself is
 *         core/dsp/kernel_mix.c's.
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

/** Moves on by count samples at once, exactly as count single ones. The owner; alloc none. */
static inline void scr_oscillator_advance(struct scr_oscillator *oscillator, uint32_t count)
{
    /* 0 + 1 + ... + (count - 1) glides have been added on the way. */
    uint64_t glides = (uint64_t)count * (count - 1) / 2;
    oscillator->phase += oscillator->step * count + oscillator->glide * glides;
    oscillator->step += oscillator->glide * count;
}

/**
 * 2^-64 turns as 2^-32 turns, rounded: what a lane counts in. Over the 60 samples of a lane that
 * makes at most 2.13e-7 turns; the next one begins exactly again. Any thread.
 */
static inline uint32_t scr_turns_32(uint64_t turns)
{
    return (uint32_t)((turns + (UINT64_C(1) << 31)) >> 32);
}

#endif
