/*
 * tests/unit/base/log_test.c - events reach the one sink, whole, or nobody.
 * Aim:    level and sink decide; fields arrive as they were given; an unwanted event costs nothing.
 * Method: a sink that remembers the last event.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/limits.h"
#include "core/base/log.h"
#include "tests/support/death.h"

struct memory {
    int events;
    enum scr_log_level level;
    const char *message;
    struct scr_log_field fields[SCR_LOG_FIELDS_MAX];
    size_t field_count;
};

static void remember(void *context,
                     enum scr_log_level level,
                     const char *message,
                     const struct scr_log_field *fields,
                     size_t field_count)
{
    struct memory *memory = context;
    memory->events += 1;
    memory->level = level;
    memory->message = message;
    memory->field_count = field_count;
    if (field_count > 0) {
        memcpy(memory->fields, fields, field_count * sizeof fields[0]);
    }
}

static int forget_sink(void **state)
{
    (void)state;
    scr_log_set_sink(NULL, NULL, SCR_LOG_DEBUG);
    return 0;
}

static void test_no_sink(void **state)
{
    (void)state;
    assert_false(scr_log_wants(SCR_LOG_ERROR));
    scr_log(SCR_LOG_ERROR, "nobody hears", NULL, 0);
}

static void test_levels(void **state)
{
    (void)state;
    for (int least = SCR_LOG_DEBUG; least <= SCR_LOG_ERROR; least += 1) {
        struct memory memory = {0};
        scr_log_set_sink(remember, &memory, (enum scr_log_level)least);
        for (int level = SCR_LOG_DEBUG; level <= SCR_LOG_ERROR; level += 1) {
            int before = memory.events;
            scr_log((enum scr_log_level)level, "event", NULL, 0);
            assert_int_equal(scr_log_wants((enum scr_log_level)level), level >= least);
            assert_int_equal(memory.events - before, level >= least ? 1 : 0);
        }
    }
}

static void test_fields(void **state)
{
    (void)state;
    struct memory memory = {0};
    scr_log_set_sink(remember, &memory, SCR_LOG_DEBUG);
    const char *text = "value";
    SCR_LOG_EVENT(WARN,
                  "all kinds",
                  scr_log_text("text", text),
                  scr_log_text("none", NULL),
                  scr_log_i64("signed", INT64_MIN),
                  scr_log_u64("unsigned", UINT64_MAX),
                  scr_log_real("real", 0.5));
    assert_int_equal(memory.events, 1);
    assert_int_equal(memory.level, SCR_LOG_WARN);
    assert_string_equal(memory.message, "all kinds");
    assert_int_equal(memory.field_count, 5);
    assert_string_equal(memory.fields[0].name, "text");
    assert_int_equal(memory.fields[0].kind, SCR_LOG_TEXT);
    assert_ptr_equal(memory.fields[0].value.text, text);
    assert_int_equal(memory.fields[1].kind, SCR_LOG_TEXT);
    assert_null(memory.fields[1].value.text);
    assert_int_equal(memory.fields[2].kind, SCR_LOG_SIGNED);
    assert_true(memory.fields[2].value.signed_value == INT64_MIN);
    assert_int_equal(memory.fields[3].kind, SCR_LOG_UNSIGNED);
    assert_true(memory.fields[3].value.unsigned_value == UINT64_MAX);
    assert_string_equal(memory.fields[4].name, "real");
    assert_int_equal(memory.fields[4].kind, SCR_LOG_REAL);
    assert_true(memory.fields[4].value.real_value == 0.5);
}

static int made;

static struct scr_log_field make_field(void)
{
    made += 1;
    return scr_log_u64("count", 1);
}

/* Fields of an event nobody wants are not even made. */
static void test_unwanted_is_free(void **state)
{
    (void)state;
    struct memory memory = {0};
    made = 0;
    scr_log_set_sink(remember, &memory, SCR_LOG_WARN);
    SCR_LOG_EVENT(INFO, "unwanted", make_field());
    assert_int_equal(made, 0);
    assert_int_equal(memory.events, 0);
    SCR_LOG_EVENT(ERROR, "wanted", make_field());
    assert_int_equal(made, 1);
    assert_int_equal(memory.events, 1);
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(scr_log_level_name(SCR_LOG_DEBUG), "debug");
    assert_string_equal(scr_log_level_name(SCR_LOG_INFO), "info");
    assert_string_equal(scr_log_level_name(SCR_LOG_WARN), "warn");
    assert_string_equal(scr_log_level_name(SCR_LOG_ERROR), "error");
}

static void log_too_much(void *context)
{
    const struct scr_log_field fields[SCR_LOG_FIELDS_MAX + 1] = {{.name = "x"}};
    scr_log(SCR_LOG_ERROR, "event", fields, *(const size_t *)context);
}

static void name_beyond(void *context)
{
    (void)scr_log_level_name((enum scr_log_level)(*(const int *)context));
}

static void test_limits(void **state)
{
    (void)state;
    struct memory memory = {0};
    size_t most = SCR_LOG_FIELDS_MAX;
    size_t too_many = SCR_LOG_FIELDS_MAX + 1;
    int beyond = SCR_LOG_ERROR + 1;
    scr_log_set_sink(remember, &memory, SCR_LOG_DEBUG);
    log_too_much(&most);
    assert_int_equal(memory.field_count, SCR_LOG_FIELDS_MAX);
    assert_dies(log_too_much, &too_many);
    assert_dies(name_beyond, &beyond);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_no_sink, forget_sink),
        cmocka_unit_test_teardown(test_levels, forget_sink),
        cmocka_unit_test_teardown(test_fields, forget_sink),
        cmocka_unit_test_teardown(test_unwanted_is_free, forget_sink),
        cmocka_unit_test_teardown(test_names, forget_sink),
        cmocka_unit_test_teardown(test_limits, forget_sink),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
