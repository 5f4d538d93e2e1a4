/*
 * core/dsp/kernels.c - the kernels of each instruction set, as one row of functions.
 * Build:  cmake compiles every kernel_*.c once for each row of isa_table.h.
 */
#include "core/dsp/kernels.h"

#include "core/base/assert.h"

static const struct scr_kernels rows[SCR_ISA_COUNT] = {
#define X(id, name, lanes, runs)                                                                   \
    [SCR_ISA_##id] = {.mix = scr_kernel_mix_##name,                                                \
                      .shape = scr_kernel_shape_##name,                                            \
                      .drive = scr_kernel_drive_##name,                                            \
                      .pcm16 = scr_kernel_pcm16_##name},
#include "core/dsp/isa_table.h"
#undef X
};

const struct scr_kernels *scr_kernels_of(enum scr_isa isa)
{
    SCR_ASSERT((unsigned)isa < SCR_ISA_COUNT);
    return &rows[isa];
}
