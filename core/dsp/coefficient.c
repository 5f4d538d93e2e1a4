/*
 * core/dsp/coefficient.c - exponentials, logarithms and decibels for setting a filter up.
 * How:    exp(x) = 2^k * exp(r) with |r| <= ln(2)/2, a Taylor series of r and a scale made of
 *         exponent bits. An argument that is itself a product (dB * ln 10 / 20) is kept as the
 *         sum of a double and its rounding error: exp turns an absolute error of its argument
 *         into a relative one of its result, so large arguments would lose bits.
 *         log(x) = e ln 2 + log(m), m near 1, by the series of atanh((m - 1) / (m + 1)).
 * Trap:   exact only without contraction and at double precision; f32math.h checks for both.
 */
#include "core/dsp/coefficient.h"

#include <stdint.h>
#include <string.h>

#include "core/base/assert.h"
#include "core/dsp/f32math.h"

/* ln 2 in two parts; the first has 32 bits, so that times an exponent it is exact. */
#define LN2_HIGH 0x1.62e42fee00000p-1
#define LN2_LOW 0x1.a39ef35793c76p-33
#define LOG2_E 0x1.71547652b82fep+0

/* A constant and what its double leaves of it. */
#define LN10_20 0x1.d791c5f888822p-4
#define LN10_20_REST 0x1.abeeabde89357p-58

#define TWENTY_LOG10_E 0x1.15f2ced384f29p+3

static double from_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

double scr_round(double x)
{
    SCR_ASSERT(x > -0x1p51 && x < 0x1p51);
    /* At 1.5 * 2^52 a double counts whole numbers, and addition rounds to the nearest. */
    return (x + 0x1.8p52) - 0x1.8p52;
}

/* 2^k for a normal result. */
static double power_of_two(int32_t k)
{
    SCR_ASSERT(k >= -1022 && k <= 1023);
    return from_bits((uint64_t)(uint32_t)(k + 1023) << 52);
}

/* exp(high + low), low being far smaller than high. */
static double exp_of_sum(double high, double low)
{
    if (high > 709.7827128933840) {
        return __builtin_inf();
    }
    if (high < -708.3964185322641) {
        return 0.0;
    }
    double k = scr_round(high * LOG2_E);
    /* The first difference is exact: both are close, and k * LN2_HIGH has bits to spare. */
    double main_part = high - k * LN2_HIGH;
    double rest = low - k * LN2_LOW;
    double r = main_part + rest;
    double lost = (main_part - r) + rest;

    double sum = 0.0;
    for (int n = 14; n >= 2; n--) {
        sum = (sum + 1.0) * r / (double)n;
    }
    /* The series is nested, exp(r) = 1 + r (1 + r/2 (1 + r/3 (1 + ...))); sum is from r/2 on. */
    double tail = r * sum + lost;
    double result = 1.0 + (r + tail);
    int32_t exponent = (int32_t)k;
    /* 2^1024 is no double: the largest results are doubled last. */
    if (exponent == 1024) {
        return result * power_of_two(1023) * 2.0;
    }
    return exponent < -1022 ? 0.0 : result * power_of_two(exponent);
}

/* The half of a double's bits that multiplies without rounding (Veltkamp's splitting). */
static double upper_half(double x)
{
    double scaled = x * 134217729.0; /* 2^27 + 1 */
    return scaled - (scaled - x);
}

/* What a * b lost by rounding to product (Dekker's product). */
static double product_error(double a, double b, double product)
{
    double a_high = upper_half(a);
    double a_low = a - a_high;
    double b_high = upper_half(b);
    double b_low = b - b_high;
    return ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
}

/* exp(x * (constant + constant_rest)). */
static double exp_of_product(double x, double constant, double constant_rest)
{
    /* Beyond this the result is 0 or infinity anyway, and the splitting stays in range. */
    if (x > 1e6 || x < -1e6) {
        return exp_of_sum(x, 0.0);
    }
    double product = x * constant;
    double low = product_error(x, constant, product) + x * constant_rest;
    return exp_of_sum(product, low);
}

double scr_exp(double x)
{
    return exp_of_sum(x, 0.0);
}

double scr_db_to_gain(double db)
{
    return exp_of_product(db, LN10_20, LN10_20_REST);
}

/* x = m * 2^exponent with m between the square roots of one half and two; returns log(m). */
static double log_of_mantissa(double x, int32_t *exponent)
{
    SCR_ASSERT(x > 0.0);
    int32_t shift = 0;
    if (x < 0x1p-1022) {
        x *= 0x1p54;
        shift = -54;
    }
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    int32_t e = (int32_t)(bits >> 52) - 1023;
    SCR_ASSERT(e <= 1023);
    double m = from_bits((bits & UINT64_C(0x000fffffffffffff)) | UINT64_C(0x3ff0000000000000));
    if (m > 0x1.6a09e667f3bcdp+0) {
        m *= 0.5;
        e++;
    }
    *exponent = e + shift;

    double f = m - 1.0; /* exact */
    double s = f / (2.0 + f);
    double z = s * s;
    double series = 0.0;
    for (int n = 21; n >= 3; n -= 2) {
        series = (series + 1.0 / (double)n) * z;
    }
    /*
     * log(m) = 2s + 2s * series, and 2s = f - s * f exactly. Starting from f, which is exact,
     * leaves only small terms to round.
     */
    return f - s * (f - 2.0 * series);
}

double scr_natural_log(double x)
{
    int32_t exponent;
    double mantissa = log_of_mantissa(x, &exponent);
    double e = (double)exponent;
    return e * LN2_HIGH + (mantissa + e * LN2_LOW);
}

double scr_gain_to_db(double gain)
{
    return scr_natural_log(gain) * TWENTY_LOG10_E;
}

float scr_coefficient(double x)
{
    float rounded = (float)x;
    return scr_settle_32(rounded);
}
