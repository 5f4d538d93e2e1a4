/*
 * core/dsp/f32math.h - sine, maximum, magnitude and bit patterns in single precision.
 * Why:    a seeded scream is an address, so every machine must compute the same bits. The
 *         system's maths library rounds differently from one processor to the next; these
 *         functions are plain additions and multiplications in a written order. The kernels
 *         (core/dsp/vector.h) have their own, for many numbers at once.
 * How:    in the header, because they run inside the loops of other files.
 * Limits: needs IEEE single precision, round to nearest, no contraction and no fast-math;
 *         what can be checked of that is checked below.
 * Source: sound design A.8; the sine is a minimax fit with the stated error.
 */
#ifndef SCR_DSP_F32MATH_H
#define SCR_DSP_F32MATH_H

#include <assert.h>
#include <float.h>
#include <stdint.h>
#include <string.h>

#ifdef __FAST_MATH__
#error "fast-math changes the samples of every scream"
#endif
static_assert(FLT_EVAL_METHOD == 0, "wider intermediates change the samples of every scream");
static_assert(FLT_RADIX == 2 && FLT_MANT_DIG == 24 && DBL_MANT_DIG == 53, "IEEE arithmetic");

/** The bit pattern of a float. Any thread. */
static inline uint32_t scr_f32_bits(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/** The float of a bit pattern. Any thread. */
static inline float scr_f32_from_bits(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/**
 * Sine of a phase.
 * in      phase    2^32 is one turn, so wrapping is exact
 * returns -1 to 1, absolute error at most 2.1e-7
 * thread  any; alloc none
 */
static inline float scr_sin_turn(uint32_t phase)
{
    /* The top two bits differ in the second and third quarter: fold them onto the outer two. */
    uint32_t folded = UINT32_C(0x80000000) - phase;
    uint32_t quarter = (int32_t)(phase ^ (phase << 1)) < 0 ? folded : phase;
    float x = (float)(int32_t)quarter * 0x1p-30f;
    float z = x * x;
    float y = 0x1.3c4b2cp-13f;
    y = y * z + -0x1.3232fap-8f;
    y = y * z + 0x1.46676ep-4f;
    y = y * z + -0x1.4abbb6p-1f;
    y = y * z + 0x1.921fb4p+0f;
    return y * x;
}

/** The larger of two numbers. Any thread. */
static inline float scr_max_32(float a, float b)
{
    return a > b ? a : b;
}

/** Magnitude. Any thread. */
static inline float scr_abs_32(float x)
{
    return scr_f32_from_bits(scr_f32_bits(x) & UINT32_C(0x7fffffff));
}

/**
 * A filter state that has faded: what no one can hear becomes zero, because arithmetic on
 * denormal numbers is many times slower and silence would never end. Any thread.
 */
static inline float scr_settle_32(float state)
{
    return scr_abs_32(state) < 1e-15f ? 0.0f : state;
}

#endif
