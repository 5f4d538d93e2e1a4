/*
 * tests/unit/server/budget_test.c - the memory sum and its checks.
 * Aim:    the terms add up, grow with what is configured, and a start is refused with a sentence
 *         exactly when the sum or the number of files is more than there is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/log.h"
#include "server/budget.h"

static struct scr_config config;
static struct scr_config_report report;
static char chars[SCR_CONFIG_SENTENCE_BYTES_MAX];
static struct scr_text sentence;

static void load(const char *arena, const char *connections)
{
    struct scr_config_sources sources = {0};
    sources.flags[SCR_SETTING_ARENA_BYTES] = arena;
    sources.flags[SCR_SETTING_MAX_CONNECTIONS] = connections;
    assert_int_equal(scr_config_load(&sources, &config, &report), SCR_OK);
    scr_text_init(&sentence, chars, sizeof chars);
}

static void the_terms_add_up(void **state)
{
    (void)state;
    struct scr_budget budget;
    load("1MiB", "8");
    scr_budget_of(&config, &budget);
    uint64_t sum = 0;
    for (size_t i = 0; i < budget.count; i += 1) {
        assert_true(budget.terms[i].bytes > 0);
        sum += budget.terms[i].bytes;
    }
    assert_int_equal(sum, budget.total);
    assert_string_equal(budget.terms[0].name, "extents");
    assert_int_equal(budget.terms[0].bytes, 1 << 20);
}

/* The events a sum is told in, as "level message field,field;". */
static char told[1024];

static void remember(void *context,
                     enum scr_log_level level,
                     const char *message,
                     const struct scr_log_field *fields,
                     size_t field_count)
{
    struct scr_text *text = context;
    scr_text_put(text, scr_log_level_name(level));
    scr_text_put(text, " ");
    scr_text_put(text, message);
    for (size_t i = 0; i < field_count; i += 1) {
        scr_text_put(text, i == 0 ? " " : ",");
        scr_text_put(text, fields[i].name);
        if (fields[i].kind == SCR_LOG_TEXT) {
            scr_text_put(text, "=");
            scr_text_put(text, fields[i].value.text);
        }
    }
    scr_text_put(text, ";");
}

static void the_sum_is_told_to_programs_and_to_readers(void **state)
{
    (void)state;
    static const char terms[] = "total_bytes,one,two;";
    struct scr_budget budget = {
        .count = 2, .terms = {{"one", 1 << 20}, {"two", 52429}}, .total = (1 << 20) + 52429};
    struct scr_text text;
    char expected[128];
    scr_text_init(&text, told, sizeof told);
    scr_log_set_sink(remember, &text, SCR_LOG_DEBUG);
    scr_budget_log(&budget, false);
    (void)snprintf(expected, sizeof expected, "info memory %s", terms);
    assert_string_equal(told, expected);
    scr_text_init(&text, told, sizeof told);
    scr_budget_log(&budget, true);
    (void)snprintf(expected, sizeof expected, "info memory total=1.1MiB;debug memory %s", terms);
    assert_string_equal(told, expected);
    scr_text_init(&text, told, sizeof told);
    scr_log_set_sink(remember, &text, SCR_LOG_INFO);
    scr_budget_log(&budget, true);
    assert_string_equal(told, "info memory total=1.1MiB;");
    scr_log_set_sink(NULL, NULL, SCR_LOG_ERROR);
}

static void more_of_anything_takes_more(void **state)
{
    (void)state;
    struct scr_budget small;
    struct scr_budget arena;
    struct scr_budget connections;
    load("1MiB", "8");
    scr_budget_of(&config, &small);
    load("2MiB", "8");
    scr_budget_of(&config, &arena);
    load("1MiB", "16");
    scr_budget_of(&config, &connections);
    assert_true(arena.total - small.total >= 1 << 20);
    /* A connection has a render state, a PCM state, an exchange and a pool of the library. */
    assert_true(connections.total - small.total >= 8 * (48000 + SCR_HTTP_POOL_BYTES));
    load("4GiB", "16384");
    scr_budget_of(&config, &arena);
    assert_true(arena.total > UINT64_C(5) << 30);
}

static void memory_is_enough_or_refused(void **state)
{
    (void)state;
    struct scr_budget budget;
    struct scr_memory_room room = {0, "this machine"};
    load("1MiB", "8");
    scr_budget_of(&config, &budget);
    room.bytes = budget.total;
    assert_int_equal(scr_budget_check_memory(&budget, &room, &sentence), SCR_OK);
    room.bytes -= 1;
    assert_int_equal(scr_budget_check_memory(&budget, &room, &sentence), SCR_ERR_MEMORY);
    assert_false(sentence.overflow);
    assert_non_null(strstr(chars, "this machine has only "));
    assert_non_null(strstr(chars, "render_states "));
    assert_non_null(strstr(chars, "lower SCREAM_ARENA_BYTES or SCREAM_MAX_CONNECTIONS"));
}

static void the_longest_sentence_fits(void **state)
{
    (void)state;
    struct scr_budget budget;
    struct scr_memory_room room = {0, "this container (cgroup)"};
    load("4GiB", "16384");
    scr_budget_of(&config, &budget);
    assert_int_equal(scr_budget_check_memory(&budget, &room, &sentence), SCR_ERR_MEMORY);
    assert_false(sentence.overflow);
}

static void files_are_enough_or_refused(void **state)
{
    (void)state;
    load("1MiB", "100");
    assert_int_equal(scr_budget_check_files(&config, 324, &sentence), SCR_OK);
    assert_int_equal(scr_budget_check_files(&config, 323, &sentence), SCR_ERR_POOL_FULL);
    assert_non_null(strstr(chars, "100 connections need 324 open files, but the limit is 323"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_terms_add_up),
        cmocka_unit_test(the_sum_is_told_to_programs_and_to_readers),
        cmocka_unit_test(more_of_anything_takes_more),
        cmocka_unit_test(memory_is_enough_or_refused),
        cmocka_unit_test(the_longest_sentence_fits),
        cmocka_unit_test(files_are_enough_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
