/*
 * core/dsp/coefficient.h - exponentials, logarithms and decibels for setting a filter up.
 * Why:    coefficients are computed once per scream in double and rounded to float once; the
 *         system's maths library gives other last bits on other processors, and one changed
 *         coefficient changes every sample. Additions, multiplications and divisions do not.
 * Limits: within 2 units in the last place of double, which the tests measure; set-up only,
 *         far too slow for a sample loop (that is f32math.h).
 * Source: Taylor and inverse hyperbolic tangent series; products carried in two doubles.
 */
#ifndef SCR_DSP_COEFFICIENT_H
#define SCR_DSP_COEFFICIENT_H

#define SCR_PI 0x1.921fb54442d18p+1

/** e to the power of x; any finite x: infinity above 709.78, 0 below -708.39. Any thread. */
double scr_exp(double x);

/** Natural logarithm of a finite x > 0. Any thread. */
double scr_natural_log(double x);

/** 10 ^ (db / 20): the factor of a level. Any thread. */
double scr_db_to_gain(double db);

/** 20 log10(gain) of a gain > 0. Any thread. */
double scr_gain_to_db(double gain);

/** The whole number nearest to x, ties to even; magnitude below 2^51. Any thread. */
double scr_round(double x);

/**
 * The float that a sample loop multiplies by.
 * returns x rounded; 0 where |x| < 1e-15, which is inaudible as a level and, multiplied on,
 *         would make the denormal numbers that processors are slow with
 * thread  any; alloc none
 */
float scr_coefficient(double x);

#endif
