/*
 * tests/unit/job/finisher_test.c - who completes a job that nobody pulls.
 * Aim:    stalled and hastened jobs are completed, fresh ones and abandoned ones are not.
 * Method: single rounds on a clock that stands still; then the real thread, waited for by state.
 */
#include "core/job/finisher.h"

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/job/arena_internal.h"
#include "tests/support/job_bench.h"

static void a_stalled_job_is_completed(void **state)
{
    (void)state;
    struct job_bench bench;
    job_bench_init(&bench, 256 << 10, 2);
    struct scr_params params = job_params(SCR_PRESET_GLITCH, 1, 1000);
    struct scr_job_cursor cursor = job_open(&bench, &params);
    fake_clock_advance(&bench.fake, SCR_JOB_STALL_NS - 1);
    assert_int_equal(scr_finisher_round(bench.arena), 0);
    assert_false(scr_job_cursor_is_finished(&cursor));
    fake_clock_advance(&bench.fake, 1);
    assert_int_equal(scr_finisher_round(bench.arena), 1);
    assert_true(scr_job_cursor_is_finished(&cursor));
    assert_int_equal(scr_arena_usage(bench.arena).render_states_used, 0);
    assert_int_equal(scr_arena_usage(bench.arena).readers, 1);
    assert_int_equal(scr_finisher_round(bench.arena), 0);
    scr_job_cursor_close(&cursor);
    job_bench_deinit(&bench);
}

static void a_pull_is_a_sign_of_life(void **state)
{
    (void)state;
    struct job_bench bench;
    job_bench_init(&bench, 256 << 10, 2);
    struct scr_params params = job_params(SCR_PRESET_GLITCH, 1, 1000);
    struct scr_job_cursor cursor = job_open(&bench, &params);
    uint8_t byte = 0;
    fake_clock_advance(&bench.fake, SCR_JOB_STALL_NS - 1);
    job_read(&cursor, 0, 1, &byte);
    fake_clock_advance(&bench.fake, SCR_JOB_STALL_NS - 1);
    assert_int_equal(scr_finisher_round(bench.arena), 0);
    scr_job_cursor_close(&cursor);
    job_bench_deinit(&bench);
}

static void a_hastened_job_does_not_wait(void **state)
{
    (void)state;
    struct job_bench bench;
    job_bench_init(&bench, 256 << 10, 2);
    struct scr_params params = job_params(SCR_PRESET_GLITCH, 1, 1000);
    struct scr_job_cursor cursor = job_open(&bench, &params);
    scr_job_cursor_want(&cursor); /* without a thread there is no bell: only the mark is left */
    assert_int_equal(scr_finisher_round(bench.arena), 1);
    assert_true(scr_job_cursor_is_finished(&cursor));
    scr_job_cursor_close(&cursor);
    job_bench_deinit(&bench);
}

static void an_abandoned_job_is_not_completed(void **state)
{
    (void)state;
    struct job_bench bench;
    job_bench_init(&bench, 256 << 10, 2);
    struct scr_params params = job_params(SCR_PRESET_GLITCH, 1, 1000);
    struct scr_job_cursor cursor = job_open(&bench, &params);
    scr_job_cursor_want(&cursor);
    scr_job_cursor_close(&cursor);
    assert_int_equal(scr_finisher_round(bench.arena), 0);
    assert_int_equal(scr_arena_usage(bench.arena).jobs, 1);
    fake_clock_advance(&bench.fake, SCR_JOB_LINGER_NS);
    assert_int_equal(scr_finisher_round(bench.arena), 0);
    assert_int_equal(scr_arena_usage(bench.arena).jobs, 0);
    job_bench_deinit(&bench);
}

static void what_nobody_wants_any_more_is_left(void **state)
{
    (void)state;
    struct job_bench bench;
    job_bench_init(&bench, 256 << 10, 2);
    struct scr_params params = job_params(SCR_PRESET_GLITCH, 1, 1000);
    struct scr_job_cursor cursor = job_open(&bench, &params);
    scr_job_cursor_want(&cursor);
    struct scr_job *job = scr_arena_take_stalled(bench.arena); /* as the finisher does */
    assert_ptr_equal(job, cursor.job);
    assert_true(scr_arena_tend(bench.arena, job));
    scr_job_cursor_close(&cursor);
    assert_false(scr_arena_tend(bench.arena, job));
    scr_arena_leave(bench.arena, job);
    /* While it is busy elsewhere, what was abandoned long enough is freed all the same. */
    params.seed = 2;
    cursor = job_open(&bench, &params);
    fake_clock_advance(&bench.fake, SCR_JOB_LINGER_NS);
    assert_int_equal(scr_arena_usage(bench.arena).jobs, 2);
    assert_false(scr_arena_tend(bench.arena, cursor.job));
    assert_int_equal(scr_arena_usage(bench.arena).jobs, 1);
    scr_job_cursor_close(&cursor);
    job_bench_deinit(&bench);
}

static void the_thread_answers_the_bell_and_stops(void **state)
{
    (void)state;
    struct job_bench bench;
    struct scr_finisher *finisher = NULL;
    job_bench_init(&bench, 256 << 10, 2);
    assert_int_equal(scr_finisher_start(bench.arena, &finisher), SCR_OK);
    struct scr_params params = job_params(SCR_PRESET_GLITCH, 1, 1000);
    struct scr_job_cursor cursor = job_open(&bench, &params);
    scr_job_cursor_want(&cursor);
    while (!scr_job_cursor_is_finished(&cursor)) {
        (void)sched_yield();
    }
    scr_finisher_stop(&finisher);
    assert_null(finisher);
    scr_finisher_stop(&finisher); /* stopping nothing is allowed */
    scr_job_cursor_close(&cursor);
    job_bench_deinit(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stalled_job_is_completed),
        cmocka_unit_test(a_pull_is_a_sign_of_life),
        cmocka_unit_test(a_hastened_job_does_not_wait),
        cmocka_unit_test(an_abandoned_job_is_not_completed),
        cmocka_unit_test(what_nobody_wants_any_more_is_left),
        cmocka_unit_test(the_thread_answers_the_bell_and_stops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
