/*
 * core/dsp/kernel_shape.c - kernel: the filters' past, the crusher, and how far envelopes reach.
 * How:    attack and release are two ways down a sample: e -> attack_keep * e + attack_take * |x|
 *         and e -> release_keep * e + release_take * |x|, and the envelope takes the larger.
 *         Over a group of n samples it is therefore the largest of n + 1 straight lines: with i of
 *         the steps a release, the slope is attack_keep^(n-i) * release_keep^i whatever their
 *         order, and the line's height, reach[i], is the largest over all orders. So a group
 *         costs the one number that runs through all groups a single step.
 * Source: sound design A.4 items 3 and 4; max-plus algebra.
 */
#include "core/dsp/kernels.h"
#include "core/dsp/vector.h"

/* The samples of a group, and vectors side by side: see SCR_VECTOR_SIDES. */
#define SIDES SCR_VECTOR_SIDES
#define EACH _Pragma("GCC unroll 6") for (size_t i = 0; i < SCR_GROUP_SAMPLES; i++)
#define EACH_SIDE _Pragma("GCC unroll 2") for (size_t s = 0; s < SIDES; s++)
static_assert(SCR_GROUP_SAMPLES == 6, "as often as EACH says");

/* From a sample to the next one of the same lane. */
#define ROW ((size_t)SCR_LANES)

/* One sample more: each line came from the one before by a release, or from itself by attack. */
static inline void reach_on(scr_vf (*reach)[SIDES],
                            uint32_t done,
                            const scr_vf *attack,
                            const scr_vf *release,
                            const scr_vf *keep)
{
    scr_vf before[SIDES];
    EACH_SIDE before[s] = reach[0][s];
    EACH_SIDE reach[0][s] = keep[0] * before[s] + attack[s];
    for (uint32_t i = 1; i <= done; i++) {
        EACH_SIDE
        {
            scr_vf line = reach[i][s];
            reach[i][s] = scr_vf_max(keep[0] * line + attack[s], keep[1] * before[s] + release[s]);
            before[s] = line;
        }
    }
    EACH_SIDE reach[done + 1][s] = keep[1] * before[s] + release[s];
}

/* The straight lines of a group from its samples' magnitudes. */
static inline void
reach_of(scr_vf (*loudness)[SIDES], const struct scr_lane_filters *filters, scr_vf (*reach)[SIDES])
{
    const scr_vf keep[2] = {scr_vf_all(filters->attack_keep), scr_vf_all(filters->release_keep)};
    const scr_vf attack_take = scr_vf_all(filters->attack_take);
    const scr_vf release_take = scr_vf_all(filters->release_take);
    EACH_SIDE reach[0][s] = attack_take * loudness[0][s];
    EACH_SIDE reach[1][s] = release_take * loudness[0][s];
#pragma GCC unroll 6
    for (uint32_t i = 1; i < SCR_GROUP_SAMPLES; i++) {
        scr_vf attack[SIDES];
        scr_vf release[SIDES];
        EACH_SIDE attack[s] = attack_take * loudness[i][s];
        EACH_SIDE release[s] = release_take * loudness[i][s];
        reach_on(reach, i, attack, release, keep);
    }
}

void SCR_KERNEL(shape)(const struct scr_lane_filters *filters,
                       struct scr_lane_work *work,
                       uint32_t samples)
{
    const scr_vf centre = scr_vf_all(filters->crush_centre);
    const scr_vf magic = scr_vf_all(filters->crush_magic);
    const scr_vf wet = scr_vf_all(filters->wet);
    const scr_vf dry = scr_vf_all(filters->dry);
    for (uint32_t lane = 0; lane < SCR_LANES; lane += SIDES * SCR_VECTOR_LANES) {
        scr_vf highpass[SIDES];
        scr_vf lowpass[SIDES];
        EACH_SIDE highpass[s] = scr_vf_load(work->highpass + lane + s * SCR_VECTOR_LANES);
        EACH_SIDE lowpass[s] = scr_vf_load(work->lowpass + lane + s * SCR_VECTOR_LANES);
        for (uint32_t group = 0; group * SCR_GROUP_SAMPLES < samples; group++) {
            const size_t first = (size_t)group * SCR_GROUP_SAMPLES;
            const float *highpass_tail = filters->highpass_tail + first;
            const float *lowpass_tail = filters->lowpass_tail + first;
            float *at = work->sound[first] + lane;
            scr_vf x[SCR_GROUP_SAMPLES][SIDES];
            scr_vf reach[SCR_GROUP_SAMPLES + 1][SIDES];
            EACH EACH_SIDE x[i][s] = scr_vf_load(at + i * ROW + s * SCR_VECTOR_LANES) +
                                     (highpass[s] * scr_vf_all(highpass_tail[i]) +
                                      lowpass[s] * scr_vf_all(lowpass_tail[i]));
            EACH EACH_SIDE x[i][s] = wet * (((x[i][s] - centre) + magic) - magic) + dry * x[i][s];
            EACH EACH_SIDE scr_vf_store(at + i * ROW + s * SCR_VECTOR_LANES, x[i][s]);
            EACH EACH_SIDE x[i][s] = scr_vf_abs(x[i][s]);
            reach_of(x, filters, reach);
            for (uint32_t i = 0; i <= SCR_GROUP_SAMPLES; i++) {
                float *to = work->reach[group][i] + lane;
                EACH_SIDE scr_vf_store(to + s * SCR_VECTOR_LANES, reach[i][s]);
            }
        }
    }
}
