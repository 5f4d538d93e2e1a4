/*
 * core/dsp/kernels.h - the kernels of each instruction set, as one row of functions.
 * Thread: any; nothing is kept between calls. alloc none.
 * Flow:   see core/dsp/lanes.h. `samples` is the length of a lane: SCR_LANE_SAMPLES or
 *         SCR_LANE_SAMPLES_AHEAD.
 */
#ifndef SCR_DSP_KERNELS_H
#define SCR_DSP_KERNELS_H

#include "core/dsp/isa.h"
#include "core/dsp/lanes.h"

struct scr_kernels {
    /** Layers to sound[], filtered as if each lane began in silence; the filters' last states. */
    void (*mix)(const struct scr_lane_layers *layers,
                const struct scr_lane_filters *filters,
                struct scr_lane_work *work,
                uint32_t samples);
    /** The filters' first states into sound[], which is crushed; reach[] of each group. */
    void (*shape)(const struct scr_lane_filters *filters,
                  struct scr_lane_work *work,
                  uint32_t samples);
    /** Envelopes and sound[] to block[16 * samples], in order of time; its largest magnitude. */
    float (*drive)(const struct scr_lane_filters *filters,
                   struct scr_lane_work *work,
                   uint32_t samples,
                   float *block);
    /** Samples to little-endian 16 bits by the rule of pcm16.h, each `copies` (1 or 2) times. */
    void (*pcm16)(const float *block, size_t count, uint32_t copies, uint8_t *bytes);
};

/* Each kernel in each instruction set. */
#define X(id, name, lanes, runs)                                                                   \
    void scr_kernel_mix_##name(const struct scr_lane_layers *layers,                               \
                               const struct scr_lane_filters *filters,                             \
                               struct scr_lane_work *work,                                         \
                               uint32_t samples);                                                  \
    void scr_kernel_shape_##name(                                                                  \
        const struct scr_lane_filters *filters, struct scr_lane_work *work, uint32_t samples);     \
    float scr_kernel_drive_##name(const struct scr_lane_filters *filters,                          \
                                  struct scr_lane_work *work,                                      \
                                  uint32_t samples,                                                \
                                  float *block);                                                   \
    void scr_kernel_pcm16_##name(const float *block, size_t count, uint32_t copies, uint8_t *bytes);
#include "core/dsp/isa_table.h"
#undef X

/** The kernels of an instruction set. Any thread. */
const struct scr_kernels *scr_kernels_of(enum scr_isa isa);

#endif
