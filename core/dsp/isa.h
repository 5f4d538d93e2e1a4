/*
 * core/dsp/isa.h - which instruction set the kernels use.
 * Why:    one program serves every processor: the kernels are compiled once for each set, and the
 *         widest that runs is taken at the start. All give the same bits (decision 0015).
 * Thread: scr_isa_use belongs to the boot, before there are other threads.
 */
#ifndef SCR_DSP_ISA_H
#define SCR_DSP_ISA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum scr_isa {
#define X(id, name, lanes, runs) SCR_ISA_##id,
#include "core/dsp/isa_table.h"
#undef X
    SCR_ISA_COUNT
};

/** The name by which it is forced and shown: "scalar", "avx2" ... Any thread. */
const char *scr_isa_name(enum scr_isa isa);

/** Looks a name up; false when this program was not built for such a set. Any thread. */
bool scr_isa_find(const char *name, size_t bytes, enum scr_isa *isa);

/** Whether this processor and its operating system run it. Any thread. */
bool scr_isa_runs(enum scr_isa isa);

/** The widest one that runs. Any thread. */
enum scr_isa scr_isa_best(void);

/** The one in use: the best, unless scr_isa_use said otherwise. Any thread. */
enum scr_isa scr_isa_current(void);

/** Uses this one from now on, for screams that begin later; it must run here. */
void scr_isa_use(enum scr_isa isa);

#endif
