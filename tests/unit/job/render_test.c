/*
 * tests/unit/job/render_test.c - one page after the other, and what happens when that fails.
 * Aim:    the plan is arithmetic; pages are published whole; a failing encoder fails the job, not
 *         the program, and gives everything back.
 * Method: the failure is provoked by planning packets of a size the encoder cannot make.
 */
#include "core/job/render.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/series.h"
#include "core/job/arena_internal.h"
#include "core/job/job.h"
#include "tests/support/job_bench.h"

static void a_plan_is_arithmetic(void **state)
{
    (void)state;
    struct scr_job plan = {.params = job_params(SCR_PRESET_CLASSIC, 0, 3000)};
    scr_render_plan(&plan);
    assert_int_equal(plan.layout.samples, 144000);
    assert_int_equal(plan.layout.packet_count, 151); /* 144120 samples in blocks of 960 */
    assert_int_equal(plan.extent_count, 37);
    plan.params.duration_ns = SCR_DURATION_MAX_NS;
    plan.params.bitrate = SCR_BITRATE_MAX;
    scr_render_plan(&plan);
    assert_true(plan.extent_count <= SCR_JOB_EXTENTS_MAX);
    assert_int_equal(plan.extent_count,
                     (plan.layout.file_bytes + SCR_EXTENT_BYTES - 1) / SCR_EXTENT_BYTES);
}

static void pages_are_published_whole(void **state)
{
    (void)state;
    struct job_bench bench;
    job_bench_init(&bench, 256 << 10, 2);
    struct scr_params params = job_params(SCR_PRESET_CLASSIC, 0, 500);
    struct scr_job_cursor cursor = job_open(&bench, &params);
    struct scr_job *job = cursor.job;
    for (uint32_t p = 0; p < job->layout.page_count; p += 1) {
        scr_lock_acquire(&job->lock);
        assert_int_equal(scr_render_page(&bench.arena->room, job), SCR_OK);
        scr_lock_release(&job->lock);
        struct scr_ogg_place place = scr_ogg_layout_page(&job->layout, p);
        assert_int_equal(atomic_load(&job->published), place.offset + place.page_bytes);
    }
    assert_null(job->render);
    assert_true(scr_job_is_finished(job));
    scr_job_cursor_close(&cursor);
    job_bench_deinit(&bench);
}

static void a_failing_encoder_fails_the_job_only(void **state)
{
    (void)state;
    struct job_bench bench;
    job_bench_init(&bench, 256 << 10, 2);
    struct scr_params params = job_params(SCR_PRESET_CLASSIC, 0, 500);
    struct scr_job_cursor cursor = job_open(&bench, &params);
    struct scr_job_cursor witness = job_open(&bench, &params);
    cursor.job->layout.packet_bytes -= 1;
    const uint8_t *bytes = NULL;
    size_t count = 0;
    assert_int_equal(scr_job_cursor_pull(&cursor, 0, &bytes, &count), SCR_PULL_ERROR);
    assert_int_equal(scr_job_cursor_pull(&witness, 0, &bytes, &count), SCR_PULL_ERROR);
    uint32_t dropped = scr_series_render(SCR_PRESET_CLASSIC, SCR_FORMAT_OGG, SCR_RENDER_DROPPED);
    assert_int_equal(scr_stats_read(SCR_STAT_RENDERS, dropped), 1);
    assert_int_equal(scr_arena_usage(bench.arena).render_states_used, 0);
    /* Who comes while the failed one is still read gets a new job. */
    struct scr_job_cursor newcomer = job_open(&bench, &params);
    assert_ptr_not_equal(newcomer.job, cursor.job);
    assert_int_equal(scr_job_cursor_pull(&newcomer, 0, &bytes, &count), SCR_PULL_DATA);
    scr_job_cursor_close(&cursor);
    scr_job_cursor_close(&witness);
    assert_int_equal(scr_arena_usage(bench.arena).jobs, 1);
    scr_job_cursor_close(&newcomer);
    fake_clock_advance(&bench.fake, SCR_JOB_LINGER_NS);
    scr_arena_drop_abandoned(bench.arena);
    assert_int_equal(scr_arena_usage(bench.arena).jobs, 0);
    /* The next one is as good as new. */
    cursor = job_open(&bench, &params);
    assert_int_equal(scr_job_cursor_pull(&cursor, 0, &bytes, &count), SCR_PULL_DATA);
    scr_job_cursor_close(&cursor);
    job_bench_deinit(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_is_arithmetic),
        cmocka_unit_test(pages_are_published_whole),
        cmocka_unit_test(a_failing_encoder_fails_the_job_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
