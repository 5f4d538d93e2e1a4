/*
 * core/dsp/kernel_drive.c - kernel: envelope, compression, boost and clipping; lanes become time.
 * How:    from the start of its group each envelope is followed sample by sample, all lanes side
 *         by side. Gain = 2^(exponent * log2(envelope / threshold)), and exactly 1 below it.
 *         At the end squares of 4 samples by 4 lanes are turned over, so that a lane's samples lie
 *         in a row again.
 * Source: sound design A.4 items 4 to 6; minimax fits, absolute error 1.5e-5 (log2) and relative
 *         2.8e-6 (2^x): both together stay 80 dB below the sound.
 */
#include "core/dsp/kernels.h"
#include "core/dsp/vector.h"

/* From a sample to the next one of the same lane. */
#define ROW ((size_t)SCR_LANES)

/* Vectors side by side: see SCR_VECTOR_SIDES. A gain is a longer chain still than an envelope. */
#define SIDES SCR_VECTOR_SIDES
#define ABREAST ((size_t)SIDES * SCR_GROUP_SAMPLES)
#define EACH _Pragma("GCC unroll 12") for (size_t i = 0; i < ABREAST; i++)
#define EACH_SIDE _Pragma("GCC unroll 2") for (size_t s = 0; s < SIDES; s++)
static_assert(ABREAST <= 12, "as often as EACH says");
/* A group of all lanes lies in a row, and is taken in so many numbers at once. */
#define GROUP (SCR_GROUP_SAMPLES * ROW)
#define AT_ONCE (ABREAST * SCR_VECTOR_LANES)
static_assert(GROUP % AT_ONCE == 0, "no number is left over");

/* Logarithms to base two of x >= 1; exactly 0 at 1. */
static inline void log2_of(scr_vf *x)
{
    /* 0x3f3504f3 is the square root of one half: the mantissa lies around one. */
    const scr_vu root = scr_vu_all(UINT32_C(0x3f3504f3));
    const scr_vu mantissa = scr_vu_all(UINT32_C(0x7fffff));
    scr_vu u[ABREAST];
    scr_vf t[ABREAST];
    scr_vf y[ABREAST];
    EACH u[i] = scr_vf_bits(x[i]) - root;
    EACH t[i] = scr_vf_from_bits((u[i] & mantissa) + root) - scr_vf_all(1.0f);
    EACH y[i] = scr_vf_all(0x1.02b968p-2f) * t[i] + scr_vf_all(-0x1.940b92p-2f);
    EACH y[i] = y[i] * t[i] + scr_vf_all(0x1.f25ddap-2f);
    EACH y[i] = y[i] * t[i] + scr_vf_all(-0x1.70c388p-1f);
    EACH y[i] = y[i] * t[i] + scr_vf_all(0x1.714ccap+0f);
    EACH x[i] = y[i] * t[i] + scr_vf_from_signed(scr_vu_signed(u[i]) >> 23);
}

/* Two to the power of x, -126 < x <= 0; exactly 1 at 0. */
static inline void exp2_of(scr_vf *x)
{
    /* Adding 1.5 * 2^23 leaves the nearest whole number in the low bits, the exponent's change. */
    const scr_vf whole = scr_vf_all(12582912.0f);
    scr_vf rounded[ABREAST];
    scr_vf f[ABREAST];
    scr_vf y[ABREAST];
    EACH rounded[i] = x[i] + whole;
    EACH f[i] = x[i] - (rounded[i] - whole);
    EACH y[i] = scr_vf_all(0x1.3a02d0p-7f) * f[i] + scr_vf_all(0x1.c9fc46p-5f);
    EACH y[i] = y[i] * f[i] + scr_vf_all(0x1.ec0378p-3f);
    EACH y[i] = y[i] * f[i] + scr_vf_all(0x1.62e12cp-1f);
    EACH y[i] = y[i] * f[i] + scr_vf_all(1.0f);
    EACH x[i] = scr_vf_from_bits(scr_vf_bits(y[i]) + (scr_vf_bits(rounded[i]) << 23));
}

/* Lanes to the order of time; with vectors rows of four lanes become columns. */
static void turn_over(const float *sound, size_t samples, float *block)
{
#if SCR_VECTOR_LANES == 1
    for (size_t lane = 0; lane < SCR_LANES; lane++) {
        for (size_t k = 0; k < samples; k++) {
            block[lane * samples + k] = sound[k * ROW + lane];
        }
    }
#else
    for (size_t lane = 0; lane < SCR_LANES; lane += 4) {
        size_t k = 0;
        for (; k + 4 <= samples; k += 4) {
            const float *from = sound + k * ROW + lane;
            float *to = block + lane * samples + k;
            scr_vf4 a = scr_vf4_load(from);
            scr_vf4 b = scr_vf4_load(from + ROW);
            scr_vf4 c = scr_vf4_load(from + 2 * ROW);
            scr_vf4 d = scr_vf4_load(from + 3 * ROW);
            scr_vf4 ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5);
            scr_vf4 ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
            scr_vf4 cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5);
            scr_vf4 cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
            scr_vf4_store(to, __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5));
            scr_vf4_store(to + samples, __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7));
            scr_vf4_store(to + 2 * samples, __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5));
            scr_vf4_store(to + 3 * samples, __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7));
        }
        for (; k < samples; k++) {
            for (size_t i = lane; i < lane + 4; i++) {
                block[i * samples + k] = sound[k * ROW + i];
            }
        }
    }
#endif
}

/* The envelopes of a group of all lanes over the threshold, or 1 below it. */
static inline void follow(const struct scr_lane_filters *filters,
                          const float *sound,
                          const float *envelope,
                          float *excess)
{
    const scr_vf attack_keep = scr_vf_all(filters->attack_keep);
    const scr_vf attack_take = scr_vf_all(filters->attack_take);
    const scr_vf release_keep = scr_vf_all(filters->release_keep);
    const scr_vf release_take = scr_vf_all(filters->release_take);
    const scr_vf over = scr_vf_all(filters->over_threshold);
    for (size_t lane = 0; lane < SCR_LANES; lane += (size_t)SIDES * SCR_VECTOR_LANES) {
        scr_vf e[SIDES];
        EACH_SIDE e[s] = scr_vf_load(envelope + lane + s * SCR_VECTOR_LANES);
#pragma GCC unroll 6
        for (size_t i = lane; i < GROUP; i += ROW) {
            EACH_SIDE
            {
                scr_vf loudness = scr_vf_abs(scr_vf_load(sound + i + s * SCR_VECTOR_LANES));
                e[s] = scr_vf_max(attack_keep * e[s] + attack_take * loudness,
                                  release_keep * e[s] + release_take * loudness);
                scr_vf_store(excess + i + s * SCR_VECTOR_LANES,
                             scr_vf_max(e[s] * over, scr_vf_all(1.0f)));
            }
        }
    }
}

float SCR_KERNEL(drive)(const struct scr_lane_filters *filters,
                        struct scr_lane_work *work,
                        uint32_t samples,
                        float *block)
{
    const scr_vf exponent = scr_vf_all(filters->exponent);
    const scr_vf boost = scr_vf_all(filters->boost);
    const scr_vf limit = scr_vf_all(filters->limit);
    scr_vf peak = scr_vf_all(0.0f);
    for (uint32_t group = 0; group * SCR_GROUP_SAMPLES < samples; group++) {
        float *sound = work->sound[(size_t)group * SCR_GROUP_SAMPLES];
        float *excess = work->excess[0];
        follow(filters, sound, work->envelope[group], excess);
        for (size_t at = 0; at < GROUP; at += AT_ONCE) {
            scr_vf x[ABREAST];
            scr_vf g[ABREAST];
            EACH g[i] = scr_vf_load(excess + at + i * SCR_VECTOR_LANES);
            log2_of(g);
            EACH g[i] = exponent * g[i];
            exp2_of(g);
            EACH x[i] = scr_vf_load(sound + at + i * SCR_VECTOR_LANES) * g[i] * boost;
            EACH x[i] = scr_vf_max(scr_vf_min(x[i], limit), -limit);
            EACH peak = scr_vf_max(scr_vf_abs(x[i]), peak);
            EACH scr_vf_store(sound + at + i * SCR_VECTOR_LANES, x[i]);
        }
    }
    turn_over(work->sound[0], samples, block);
    return scr_vf_highest(peak);
}
