/*
 * core/dsp/step_clock.h - when a stepped value changes: the sample at which each step begins.
 * Why:    a layer holds its pitch for 1/rate seconds; finding the next change once per step
 *         keeps double arithmetic out of the sample loop.
 * Trap:   the step of sample n is trunc((n / 48000) * rate) in double arithmetic. For some rates
 *         (15 and 25 among them) that begins a step one sample after the exact rational
 *         position, and listeners of old screams hear those positions: they are kept.
 * Source: sound design A.2; reference data steps.csv.
 */
#ifndef SCR_DSP_STEP_CLOCK_H
#define SCR_DSP_STEP_CLOCK_H

#include <stdint.h>

/* The step that no sample reaches. */
#define SCR_STEP_NEVER UINT32_MAX

/* Highest rate: far below one step per sample, so steps come one at a time. */
#define SCR_STEP_RATE_MAX_HZ 200

/* A position within a sequence of steps. Owned by one layer. */
struct scr_step_clock {
    double rate_hz;
    uint32_t step;  /* the current one */
    uint32_t until; /* first sample of the next one, or SCR_STEP_NEVER */
};

/**
 * The step in which a sample lies.
 * in      sample    0 to SCR_SAMPLES_MAX
 * in      rate_hz   0 to SCR_STEP_RATE_MAX_HZ; at 0 everything is step 0
 * thread  any; alloc none
 */
uint32_t scr_step_at(uint32_t sample, double rate_hz);

/**
 * The first sample of a step, or SCR_STEP_NEVER when it lies beyond SCR_SAMPLES_MAX.
 * thread  any; alloc none
 */
uint32_t scr_step_first_sample(uint32_t step, double rate_hz);

/** Puts a clock at sample 0. */
void scr_step_clock_init(struct scr_step_clock *clock, double rate_hz);

/** Moves to the next step, which begins at clock->until; there must be one. */
void scr_step_clock_next(struct scr_step_clock *clock);

#endif
