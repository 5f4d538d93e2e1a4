/*
 * tests/support/isa_environment.c - every C test obeys SCREAM_ISA, as the program does.
 * Why:    the whole suite can be repeated with each instruction set this machine runs: see
 *         tests/stages/isa.sh. A set that cannot be had ends the test instead of testing another.
 * How:    runs before main. The functions are weak: a test of a room that knows no kernels links
 *         none of them, and has nothing to obey.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/dsp/isa.h"

#pragma weak scr_isa_find
#pragma weak scr_isa_runs
#pragma weak scr_isa_use

static void give_up(const char *name, const char *why)
{
    (void)fprintf(stderr, "SCREAM_ISA=%s: %s\n", name, why);
    _Exit(EXIT_FAILURE);
}

__attribute__((constructor)) static void obey(void)
{
    const char *name = getenv("SCREAM_ISA");
    enum scr_isa isa;
    if (name == NULL || scr_isa_find == NULL || scr_isa_runs == NULL || scr_isa_use == NULL) {
        return;
    }
    if (!scr_isa_find(name, strlen(name), &isa)) {
        give_up(name, "this program was not built for such an instruction set");
    }
    if (!scr_isa_runs(isa)) {
        give_up(name, "this machine does not run it");
    }
    scr_isa_use(isa);
}
