/*
 * core/dsp/mix64.c - seeded randomness without a state.
 * Why:    all products wrap, so they are taken in uint64_t: signed overflow is undefined in C,
 *         and the bits are the same.
 * Source: sound design 0, A.2, A.5.
 */
#include "core/dsp/mix64.h"

uint64_t scr_mix64(uint64_t s)
{
    s ^= s >> 30;
    s *= UINT64_C(0xbf58476d1ce4e5b9);
    s ^= s >> 27;
    s *= UINT64_C(0x94d049bb133111eb);
    s ^= s >> 31;
    return s;
}

double scr_u01(uint64_t s)
{
    /* 53 bits fit a double exactly, so the conversion does not round. */
    return (double)(scr_mix64(s) >> 11) * 0x1p-53;
}

uint64_t scr_seed_spread(int64_t seed, uint64_t global, uint64_t prime)
{
    return (uint64_t)seed ^ (global * prime);
}

double scr_step_value(uint64_t seed, uint32_t step, uint64_t stride)
{
    return scr_u01(seed ^ (step * stride));
}

double scr_draw(uint64_t seed, uint32_t k)
{
    return scr_u01(seed + (k + UINT64_C(1)) * SCR_GOLDEN_64);
}
