/*
 * core/dsp/isa.c - which instruction set the kernels use.
 * Limits: the compiler's own test asks the processor and whether the system saves the registers.
 */
#include "core/dsp/isa.h"

#include <stdatomic.h>
#include <string.h>

#include "core/base/assert.h"

static const char *const isa_names[SCR_ISA_COUNT] = {
#define X(id, name, lanes, runs) [SCR_ISA_##id] = #name,
#include "core/dsp/isa_table.h"
#undef X
};

/* SCR_ISA_COUNT: nobody has chosen. */
static _Atomic(enum scr_isa) chosen = SCR_ISA_COUNT;

const char *scr_isa_name(enum scr_isa isa)
{
    SCR_ASSERT((unsigned)isa < SCR_ISA_COUNT);
    return isa_names[isa];
}

bool scr_isa_find(const char *name, size_t bytes, enum scr_isa *isa)
{
    for (uint32_t i = 0; i < SCR_ISA_COUNT; i++) {
        if (strlen(isa_names[i]) == bytes && memcmp(isa_names[i], name, bytes) == 0) {
            *isa = (enum scr_isa)i;
            return true;
        }
    }
    return false;
}

bool scr_isa_runs(enum scr_isa isa)
{
    const bool runs_here[SCR_ISA_COUNT] = {
#define X(id, name, lanes, runs) [SCR_ISA_##id] = (runs),
#include "core/dsp/isa_table.h"
#undef X
    };
    SCR_ASSERT((unsigned)isa < SCR_ISA_COUNT);
    return runs_here[isa];
}

enum scr_isa scr_isa_best(void)
{
    enum scr_isa best = SCR_ISA_SCALAR;
    for (uint32_t i = 0; i < SCR_ISA_COUNT; i++) {
        best = scr_isa_runs((enum scr_isa)i) ? (enum scr_isa)i : best;
    }
    return best;
}

enum scr_isa scr_isa_current(void)
{
    enum scr_isa isa = atomic_load_explicit(&chosen, memory_order_relaxed);
    return isa == SCR_ISA_COUNT ? scr_isa_best() : isa;
}

void scr_isa_use(enum scr_isa isa)
{
    SCR_ASSERT((unsigned)isa < SCR_ISA_COUNT && scr_isa_runs(isa));
    atomic_store_explicit(&chosen, isa, memory_order_relaxed);
}
