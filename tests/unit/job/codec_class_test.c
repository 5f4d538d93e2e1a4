/*
 * tests/unit/job/codec_class_test.c - the class is a property of the machine.
 * Aim:    the probe gives the same class each time, whatever its scratch did before, and the
 *         arena reports the same.
 */
#include "core/job/codec_class.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/job_bench.h"

static void the_probe_repeats_itself(void **state)
{
    (void)state;
    struct job_bench bench;
    struct scr_render_pool pool;
    struct scr_render_state *scratch = NULL;
    struct scr_codec_class first;
    struct scr_codec_class second;
    static const struct scr_codec_class nothing;
    job_bench_init(&bench, 64 << 10, 1);
    assert_int_equal(scr_render_pool_init(&pool, 1), SCR_OK);
    assert_int_equal(scr_render_pool_acquire(&pool, &scratch), SCR_OK);
    assert_int_equal(scr_codec_class_probe(scratch, &first), SCR_OK);
    assert_int_equal(scr_codec_class_probe(scratch, &second), SCR_OK);
    assert_memory_equal(&first, &second, sizeof first);
    assert_memory_equal(&first, scr_arena_codec_class(bench.arena), sizeof first);
    assert_memory_not_equal(&first, &nothing, sizeof first);
    scr_render_pool_release(&pool, scratch);
    scr_render_pool_deinit(&pool);
    job_bench_deinit(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_probe_repeats_itself)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
