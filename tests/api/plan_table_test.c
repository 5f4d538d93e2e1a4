/*
 * tests/api/plan_table_test.c - plans that are remembered.
 * Aim:    what is found was kept under exactly this text and format; texts of every length, and
 *         more of them than there are places, do no harm; so do threads that meet in one place.
 * Method: plans made by hand, told apart by their size. Threads find and keep a few texts each, for
 *         the tsan build.
 */
#include "api/plan_table.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/limits.h"

static struct scr_plan_table *table;

static int set_up(void **state)
{
    (void)state;
    return scr_plan_table_create(&table) == SCR_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    scr_plan_table_destroy(&table);
    return table == NULL ? 0 : -1;
}

static struct scr_plan plan_of(enum scr_format format, uint64_t file_bytes)
{
    struct scr_plan plan = {.format = format, .file_bytes = file_bytes};
    return plan;
}

static void keep(const char *text, enum scr_format format, uint64_t file_bytes)
{
    struct scr_plan plan = plan_of(format, file_bytes);
    scr_plan_table_keep(table, text, &plan);
}

/* 0 when it is not there. */
static uint64_t find(const char *text, enum scr_format format)
{
    struct scr_plan plan = plan_of(format, 0);
    return scr_plan_table_find(table, text, format, &plan) ? plan.file_bytes : 0;
}

static void text_and_format_must_be_the_same(void **state)
{
    (void)state;
    assert_int_equal(find("seed=1", SCR_FORMAT_OGG), 0);
    keep("seed=1", SCR_FORMAT_OGG, 7);
    assert_int_equal(find("seed=1", SCR_FORMAT_OGG), 7);
    assert_int_equal(find("seed=1", SCR_FORMAT_WAV), 0);
    assert_int_equal(find("seed=2", SCR_FORMAT_OGG), 0);
    assert_int_equal(find("seed=", SCR_FORMAT_OGG), 0);
    assert_int_equal(find("seed=11", SCR_FORMAT_OGG), 0);
    assert_int_equal(find("Seed=1", SCR_FORMAT_OGG), 0);
    keep("seed=1", SCR_FORMAT_OGG, 8);
    assert_int_equal(find("seed=1", SCR_FORMAT_OGG), 8);
    assert_int_equal(find("", SCR_FORMAT_OGG), 0);
    keep("", SCR_FORMAT_OGG, 9);
    assert_int_equal(find("", SCR_FORMAT_OGG), 9);
}

static void long_texts_are_not_kept(void **state)
{
    (void)state;
    char text[SCR_PLAN_TEXT_BYTES_MAX + 2];
    memset(text, 'a', sizeof text);
    text[SCR_PLAN_TEXT_BYTES_MAX + 1] = '\0';
    keep(text, SCR_FORMAT_OGG, 1);
    assert_int_equal(find(text, SCR_FORMAT_OGG), 0);
    text[SCR_PLAN_TEXT_BYTES_MAX] = '\0';
    keep(text, SCR_FORMAT_OGG, 2);
    assert_int_equal(find(text, SCR_FORMAT_OGG), 2);
}

static void without_a_table_nothing_is_found(void **state)
{
    (void)state;
    struct scr_plan plan = plan_of(SCR_FORMAT_OGG, 1);
    scr_plan_table_keep(NULL, "seed=1", &plan);
    assert_false(scr_plan_table_find(NULL, "seed=1", SCR_FORMAT_OGG, &plan));
}

/* Who comes later takes the place: some of the first are gone, none is another. */
static void more_texts_than_places(void **state)
{
    (void)state;
    enum {
        TEXTS = 4 * SCR_PLANS_MAX
    };
    char text[32];
    uint32_t found = 0;
    for (uint64_t i = 1; i <= TEXTS; i += 1) {
        (void)snprintf(text, sizeof text, "seed=%u", (unsigned)i);
        keep(text, SCR_FORMAT_OGG, i);
        assert_int_equal(find(text, SCR_FORMAT_OGG), i);
    }
    for (uint64_t i = 1; i <= TEXTS; i += 1) {
        (void)snprintf(text, sizeof text, "seed=%u", (unsigned)i);
        uint64_t value = find(text, SCR_FORMAT_OGG);
        assert_true(value == 0 || value == i);
        found += value == i ? 1 : 0;
    }
    /* A hash that spreads well leaves next to no place empty. */
    assert_in_range(found, SCR_PLANS_MAX / 2, SCR_PLANS_MAX);
}

static void *meet(void *context)
{
    (void)context;
    for (uint64_t i = 0; i < 20000; i += 1) {
        char text[2] = {(char)('a' + i % 4), '\0'};
        keep(text, SCR_FORMAT_OGG, 100 + i % 4);
        uint64_t value = find(text, SCR_FORMAT_OGG);
        if (value != 0 && value != 100 + i % 4) {
            return &table;
        }
    }
    return NULL;
}

static void threads_meet(void **state)
{
    (void)state;
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i += 1) {
        assert_int_equal(pthread_create(&threads[i], NULL, meet, NULL), 0);
    }
    for (size_t i = 0; i < 4; i += 1) {
        void *wrong = NULL;
        assert_int_equal(pthread_join(threads[i], &wrong), 0);
        assert_null(wrong);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(text_and_format_must_be_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(long_texts_are_not_kept, set_up, tear_down),
        cmocka_unit_test(without_a_table_nothing_is_found),
        cmocka_unit_test_setup_teardown(more_texts_than_places, set_up, tear_down),
        cmocka_unit_test_setup_teardown(threads_meet, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
