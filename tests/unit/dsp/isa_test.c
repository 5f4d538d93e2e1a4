/*
 * tests/unit/dsp/isa_test.c - which instruction set the kernels use.
 * Aim:    names are found as they are given and nothing else is; scalar always runs; the best is
 *         the widest that runs; what is chosen is in use; a choice that does not run dies.
 * Method: every row of the table; near misses of every name; choices in both directions.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/dsp/isa.h"
#include "tests/support/death.h"

static const char *const names[SCR_ISA_COUNT] = {
#define X(id, name, lanes, runs) #name,
#include "core/dsp/isa_table.h"
#undef X
};

static const unsigned widths[SCR_ISA_COUNT] = {
#define X(id, name, lanes, runs) lanes,
#include "core/dsp/isa_table.h"
#undef X
};

static void test_names_are_found(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SCR_ISA_COUNT; i++) {
        enum scr_isa isa = SCR_ISA_COUNT;
        assert_string_equal(scr_isa_name((enum scr_isa)i), names[i]);
        assert_true(scr_isa_find(names[i], strlen(names[i]), &isa));
        assert_int_equal(isa, i);
    }
}

static void test_near_misses_are_not(void **state)
{
    (void)state;
    static const char *const strangers[] = {
        "", "s", "Scalar", "SSE2", "scalar ", " scalar", "avx", "avx5", "avx5122", "best", "auto"};
    enum scr_isa isa = SCR_ISA_COUNT;
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++) {
        assert_false(scr_isa_find(strangers[i], strlen(strangers[i]), &isa));
    }
    for (unsigned i = 0; i < SCR_ISA_COUNT; i++) {
        /* One letter short, one too many (the end of the text). */
        assert_false(scr_isa_find(names[i], strlen(names[i]) - 1, &isa));
        assert_false(scr_isa_find(names[i], strlen(names[i]) + 1, &isa));
    }
    /* A name is not ended by what follows its length, and the result was never touched. */
    assert_int_equal(isa, SCR_ISA_COUNT);
    assert_true(scr_isa_find("scalar.cfg", 6, &isa));
    assert_int_equal(isa, SCR_ISA_SCALAR);
}

static void test_the_best_is_the_widest_that_runs(void **state)
{
    (void)state;
    enum scr_isa best = scr_isa_best();
    assert_true(scr_isa_runs(SCR_ISA_SCALAR));
    assert_true(scr_isa_runs(best));
    assert_int_equal(widths[SCR_ISA_SCALAR], 1);
    for (unsigned i = 0; i < SCR_ISA_COUNT; i++) {
        print_message("%s: %u lanes, %s\n",
                      names[i],
                      widths[i],
                      scr_isa_runs((enum scr_isa)i) ? "runs" : "does not run here");
        /* Lanes are taken in whole vectors. */
        assert_int_equal(16 % widths[i], 0);
        assert_true(i == 0 || widths[i] > widths[i - 1]);
        assert_true(widths[i] <= widths[best] || !scr_isa_runs((enum scr_isa)i));
    }
}

/* First in line: nothing has been chosen but by the environment. */
static void test_the_best_is_in_use_unless_forced(void **state)
{
    (void)state;
    const char *forced = getenv("SCREAM_ISA");
    if (forced != NULL) {
        assert_string_equal(scr_isa_name(scr_isa_current()), forced);
    } else {
        assert_int_equal(scr_isa_current(), scr_isa_best());
    }
}

static void test_what_is_chosen_is_in_use(void **state)
{
    (void)state;
    const enum scr_isa before = scr_isa_current();
    for (unsigned i = SCR_ISA_COUNT; i-- > 0;) {
        if (scr_isa_runs((enum scr_isa)i)) {
            scr_isa_use((enum scr_isa)i);
            assert_int_equal(scr_isa_current(), i);
        }
    }
    assert_int_equal(scr_isa_current(), SCR_ISA_SCALAR);
    scr_isa_use(before);
    assert_int_equal(scr_isa_current(), before);
}

static void use(void *context)
{
    scr_isa_use(*(const enum scr_isa *)context);
}

static void ask_name(void *context)
{
    (void)scr_isa_name(*(const enum scr_isa *)context);
}

static void ask_whether_it_runs(void *context)
{
    (void)scr_isa_runs(*(const enum scr_isa *)context);
}

static void test_mistakes_die(void **state)
{
    (void)state;
    enum scr_isa none = SCR_ISA_COUNT;
    assert_dies(use, &none);
    assert_dies(ask_name, &none);
    assert_dies(ask_whether_it_runs, &none);
    for (unsigned i = 0; i < SCR_ISA_COUNT; i++) {
        enum scr_isa isa = (enum scr_isa)i;
        if (!scr_isa_runs(isa)) {
            assert_dies(use, &isa);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_best_is_in_use_unless_forced),
        cmocka_unit_test(test_names_are_found),
        cmocka_unit_test(test_near_misses_are_not),
        cmocka_unit_test(test_the_best_is_the_widest_that_runs),
        cmocka_unit_test(test_what_is_chosen_is_in_use),
        cmocka_unit_test(test_mistakes_die),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
