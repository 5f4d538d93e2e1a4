/*
 * tests/unit/job/job_table_test.c - finding by key and order of leaving.
 * Aim:    what is inserted is found until removed, chains included; lists keep order and sums.
 * Method: more jobs than buckets would hold without chains; moves in every position of a list.
 */
#include "core/job/job_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/memory/boot.h"

enum {
    COUNT = 40
};

static struct scr_key key_number(unsigned number)
{
    struct scr_key key;
    memset(&key, 0, sizeof key);
    key.bytes[0] = (uint8_t)number;
    key.bytes[8] = (uint8_t)(number % 3); /* three buckets only: long chains */
    return key;
}

static void chains_find_what_was_inserted(void **state)
{
    (void)state;
    struct scr_job_table table;
    uint64_t before = scr_boot_bytes();
    assert_int_equal(scr_job_table_init(&table, COUNT), SCR_OK);
    assert_int_equal(scr_boot_bytes() - before, scr_job_table_memory_bytes(COUNT));
    for (unsigned i = 0; i < COUNT; i += 1) {
        struct scr_key key = key_number(i);
        assert_null(scr_job_table_find(&table, &key));
        table.jobs[i].key = key;
        scr_job_table_insert(&table, &table.jobs[i]);
    }
    for (unsigned i = 0; i < COUNT; i += 2) {
        scr_job_table_remove(&table, &table.jobs[i]);
    }
    for (unsigned i = 0; i < COUNT; i += 1) {
        struct scr_key key = key_number(i);
        struct scr_job *found = scr_job_table_find(&table, &key);
        assert_ptr_equal(found, i % 2 == 0 ? NULL : &table.jobs[i]);
    }
    scr_job_table_deinit(&table);
    assert_int_equal(scr_boot_bytes(), before);
}

static void lists_keep_order_and_sums(void **state)
{
    (void)state;
    struct scr_job_table table;
    assert_int_equal(scr_job_table_init(&table, 3), SCR_OK);
    struct scr_job_list *idle = &table.lists[SCR_JOB_IDLE];
    struct scr_job_list *free_jobs = &table.lists[SCR_JOB_FREE];
    for (uint32_t i = 0; i < 3; i += 1) {
        table.jobs[i].extent_count = i + 1;
        free_jobs->extents += i + 1;
        scr_job_table_move(&table, &table.jobs[i], SCR_JOB_IDLE);
    }
    assert_int_equal(free_jobs->jobs, 0);
    assert_int_equal(idle->jobs, 3);
    assert_int_equal(idle->extents, 6);
    assert_ptr_equal(idle->oldest, &table.jobs[0]);
    scr_job_table_move(&table, &table.jobs[1], SCR_JOB_IDLE); /* from the middle to the end */
    assert_ptr_equal(idle->newest, &table.jobs[1]);
    assert_ptr_equal(idle->oldest->newer, &table.jobs[2]);
    scr_job_table_move(&table, &table.jobs[0], SCR_JOB_FREE); /* the oldest */
    assert_ptr_equal(idle->oldest, &table.jobs[2]);
    assert_int_equal(idle->extents, 5);
    scr_job_table_move(&table, &table.jobs[1], SCR_JOB_FREE); /* the newest */
    scr_job_table_move(&table, &table.jobs[2], SCR_JOB_FREE);
    assert_null(idle->oldest);
    assert_null(idle->newest);
    assert_int_equal(idle->extents, 0);
    scr_job_table_deinit(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chains_find_what_was_inserted),
        cmocka_unit_test(lists_keep_order_and_sums),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
