/*
 * tests/unit/job/job_test.c - the checker of a job finds contradictions.
 * Aim:    every assertion of scr_job_check fires for the state it forbids, and for no lawful one.
 * Method: a lawful job of each place, then one field made wrong, in a child process.
 */
#include "core/job/job.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/death.h"

static void check(void *context)
{
    scr_job_check(context);
}

static struct scr_job lawful(enum scr_job_place place)
{
    struct scr_job job = {.place = place};
    if (place != SCR_JOB_FREE) {
        job.extent_count = 1;
        job.layout.file_bytes = 1000;
        job.readers = place == SCR_JOB_WANTED ? 1 : 0;
        atomic_init(&job.published, place == SCR_JOB_IDLE ? 1000 : 400);
    }
    return job;
}

static void lawful_jobs_pass(void **state)
{
    (void)state;
    for (enum scr_job_place place = SCR_JOB_FREE; place < SCR_JOB_PLACES; place += 1) {
        struct scr_job job = lawful(place);
        scr_job_check(&job);
        assert_int_equal(scr_job_is_finished(&job), place == SCR_JOB_IDLE || place == SCR_JOB_FREE);
    }
}

static void contradictions_are_found(void **state)
{
    (void)state;
    struct scr_job job = lawful(SCR_JOB_FREE);
    job.extent_count = 1;
    assert_dies(check, &job);
    job = lawful(SCR_JOB_WANTED);
    job.readers = 0;
    assert_dies(check, &job);
    job = lawful(SCR_JOB_ABANDONED);
    job.readers = 1;
    assert_dies(check, &job);
    job = lawful(SCR_JOB_ABANDONED);
    job.extent_count = SCR_JOB_EXTENTS_MAX + 1;
    assert_dies(check, &job);
    job = lawful(SCR_JOB_WANTED);
    atomic_store(&job.published, 1001);
    assert_dies(check, &job);
    job = lawful(SCR_JOB_IDLE);
    atomic_store(&job.published, 999);
    assert_dies(check, &job);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lawful_jobs_pass),
        cmocka_unit_test(contradictions_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
