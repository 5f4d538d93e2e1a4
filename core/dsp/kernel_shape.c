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

/* One sample more: each line came from the one before by a release, or from itself by attack. */
static inline void
reach_on(scr_vf *reach, uint32_t done, scr_vf attack, scr_vf release, const scr_vf *keep)
{
    scr_vf before = reach[0];
    reach[0] = keep[0] * before + attack;
    for (uint32_t i = 1; i <= done; i++) {
        scr_vf line = reach[i];
        reach[i] = scr_vf_max(keep[0] * line + attack, keep[1] * before + release);
        before = line;
    }
    reach[done + 1] = keep[1] * before + release;
}

void SCR_KERNEL(shape)(const struct scr_lane_filters *filters,
                       struct scr_lane_work *work,
                       uint32_t samples)
{
    const scr_vf centre = scr_vf_all(filters->crush_centre);
    const scr_vf magic = scr_vf_all(filters->crush_magic);
    const scr_vf wet = scr_vf_all(filters->wet);
    const scr_vf dry = scr_vf_all(filters->dry);
    const scr_vf keep[2] = {scr_vf_all(filters->attack_keep), scr_vf_all(filters->release_keep)};
    const scr_vf attack_take = scr_vf_all(filters->attack_take);
    const scr_vf release_take = scr_vf_all(filters->release_take);
    for (uint32_t lane = 0; lane < SCR_LANES; lane += SCR_VECTOR_LANES) {
        const scr_vf highpass = scr_vf_load(work->highpass + lane);
        const scr_vf lowpass = scr_vf_load(work->lowpass + lane);
        for (uint32_t group = 0; group * SCR_GROUP_SAMPLES < samples; group++) {
            scr_vf reach[SCR_GROUP_SAMPLES + 1];
            reach[0] = scr_vf_all(0.0f);
#pragma GCC unroll 6
            for (uint32_t i = 0; i < SCR_GROUP_SAMPLES; i++) {
                uint32_t k = group * SCR_GROUP_SAMPLES + i;
                scr_vf past = highpass * scr_vf_all(filters->highpass_tail[k]) +
                              lowpass * scr_vf_all(filters->lowpass_tail[k]);
                scr_vf z = scr_vf_load(work->sound[k] + lane) + past;
                scr_vf crushed = ((z - centre) + magic) - magic;
                scr_vf x = wet * crushed + dry * z;
                scr_vf_store(work->sound[k] + lane, x);
                scr_vf attack = attack_take * scr_vf_abs(x);
                scr_vf release = release_take * scr_vf_abs(x);
                if (i == 0) {
                    reach[0] = attack;
                    reach[1] = release;
                } else {
                    reach_on(reach, i, attack, release, keep);
                }
            }
            for (uint32_t i = 0; i <= SCR_GROUP_SAMPLES; i++) {
                scr_vf_store(work->reach[group][i] + lane, reach[i]);
            }
        }
    }
}
