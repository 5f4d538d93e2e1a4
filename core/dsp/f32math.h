/*
 * core/dsp/f32math.h - sine, logarithm, power of two and floor in single precision.
 * Why:    a seeded scream is an address, so every machine must compute the same bits. The
 *         system's maths library rounds differently from one processor to the next; these
 *         kernels are plain additions and multiplications in a written order.
 * How:    in the header, because they run inside the innermost loops of other files.
 * Limits: needs IEEE single precision, round to nearest, no contraction and no fast-math;
 *         what can be checked of that is checked below.
 * Source: sound design A.8; coefficients are minimax fits with the stated errors.
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

/**
 * Logarithm to base two.
 * in      x        positive, normal
 * returns absolute error at most 1.1e-6; exact at powers of two
 * thread  any; alloc none
 */
static inline float scr_log2_32(float x)
{
    /* 0x3f3504f3 is the square root of one half: the mantissa lies around one. */
    uint32_t u = scr_f32_bits(x) - UINT32_C(0x3f3504f3);
    int32_t exponent = (int32_t)u >> 23;
    float m = scr_f32_from_bits((u & UINT32_C(0x7fffff)) + UINT32_C(0x3f3504f3));
    float s = (m - 1.0f) / (m + 1.0f);
    float z = s * s;
    float y = 0x1.32acb4p-1f;
    y = y * z + 0x1.ec45e6p-1f;
    y = y * z + 0x1.715480p+1f;
    return y * s + (float)exponent;
}

/**
 * Two to the power of x.
 * in      x        -126 to 127
 * returns relative error at most 1e-7; exact at whole numbers
 * thread  any; alloc none
 */
static inline float scr_exp2_32(float x)
{
    /* Adding 1.5 * 2^23 leaves the nearest whole number in the low bits. */
    float rounded = x + 12582912.0f;
    uint32_t exponent = scr_f32_bits(rounded) - UINT32_C(0x4b400000);
    float f = x - (rounded - 12582912.0f);
    float y = 0x1.41d334p-13f;
    y = y * f + 0x1.5f456ap-10f;
    y = y * f + 0x1.3b2dbcp-7f;
    y = y * f + 0x1.c6aed4p-5f;
    y = y * f + 0x1.ebfbdap-3f;
    y = y * f + 0x1.62e430p-1f;
    y = y * f + 1.0f;
    return y * scr_f32_from_bits((exponent + 127U) << 23);
}

/**
 * The largest whole number not above x.
 * in      x        magnitude below 2^31
 * thread  any; alloc none
 */
static inline float scr_floor_32(float x)
{
    float truncated = (float)(int32_t)x;
    return truncated - (truncated > x ? 1.0f : 0.0f);
}

/** The larger of two numbers. Any thread. */
static inline float scr_max_32(float a, float b)
{
    return a > b ? a : b;
}

/** The smaller of two numbers. Any thread. */
static inline float scr_min_32(float a, float b)
{
    return a < b ? a : b;
}

/** Magnitude. Any thread. */
static inline float scr_abs_32(float x)
{
    return scr_f32_from_bits(scr_f32_bits(x) & UINT32_C(0x7fffffff));
}

/** x within -limit to +limit. Any thread. */
static inline float scr_clamp_32(float x, float limit)
{
    /* Two selections rather than two branches: loud screams clip every other sample. */
    return scr_max_32(scr_min_32(x, limit), -limit);
}

/*
 * Filters settle their states after this many samples and at the end of a block. A state that
 * decays through 1e-15 takes longer than this to become denormal in all but the fastest filters,
 * so hostile parameters cannot make the slow numbers last. It is a sixteenth of a block.
 */
#define SCR_SETTLE_SAMPLES 60

/**
 * A filter state that has faded: what no one can hear becomes zero, because arithmetic on
 * denormal numbers is many times slower and silence would never end. Any thread.
 */
static inline float scr_settle_32(float state)
{
    return scr_abs_32(state) < 1e-15f ? 0.0f : state;
}

#endif
