/*
 * tests/unit/http/refusal_log_test.c - every refused connection is in the log, in few lines.
 * Aim:    the first is told at once, then one line a second for each reason at the most; the counts
 *         add up to what was refused, also when nothing more comes.
 * Method: times are given, so nothing waits; a sink that adds up.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/log.h"
#include "server/http/refusal_log.h"

#define SECOND_NS INT64_C(1000000000)
#define PORT 8080

static struct scr_refusal_log refused;
static unsigned lines[SCR_REFUSED_COUNT];
static uint64_t told[SCR_REFUSED_COUNT];

static void add_up(void *context,
                   enum scr_log_level level,
                   const char *message,
                   const struct scr_log_field *fields,
                   size_t field_count)
{
    static const char *const names[SCR_REFUSED_COUNT] = {"places", "open", "descriptors"};
    (void)context;
    assert_int_equal(level, SCR_LOG_WARN);
    assert_string_equal(message, "connections refused");
    assert_int_equal(field_count, 3);
    assert_string_equal(fields[0].name, "reason");
    assert_string_equal(fields[1].name, "count");
    assert_int_equal(fields[2].value.unsigned_value, PORT);
    size_t kind = 0;
    while (kind < SCR_REFUSED_COUNT && strcmp(names[kind], fields[0].value.text) != 0) {
        kind++;
    }
    assert_true(kind < SCR_REFUSED_COUNT);
    lines[kind]++;
    told[kind] += fields[1].value.unsigned_value;
}

static int set_up(void **state)
{
    (void)state;
    memset(lines, 0, sizeof lines);
    memset(told, 0, sizeof told);
    scr_refusal_log_init(&refused, PORT);
    scr_log_set_sink(add_up, NULL, SCR_LOG_WARN);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    scr_log_set_sink(NULL, NULL, SCR_LOG_DEBUG);
    return 0;
}

static void test_first_at_once_then_by_the_second(void **state)
{
    (void)state;
    assert_true(scr_refusal_log_next_ns(&refused) == INT64_MAX);
    for (unsigned i = 0; i < 1000; i++) {
        scr_refusal_log_add(&refused, SCR_REFUSED_PLACES, i);
    }
    assert_int_equal(lines[SCR_REFUSED_PLACES], 1);
    assert_int_equal(told[SCR_REFUSED_PLACES], 1);
    /* The rest does not wait for another client. */
    assert_true(scr_refusal_log_next_ns(&refused) == SECOND_NS);
    scr_refusal_log_tell(&refused, SECOND_NS - 1);
    assert_int_equal(lines[SCR_REFUSED_PLACES], 1);
    scr_refusal_log_tell(&refused, SECOND_NS);
    assert_int_equal(lines[SCR_REFUSED_PLACES], 2);
    assert_int_equal(told[SCR_REFUSED_PLACES], 1000);
    assert_true(scr_refusal_log_next_ns(&refused) == INT64_MAX);
    scr_refusal_log_tell(&refused, 9 * SECOND_NS);
    assert_int_equal(lines[SCR_REFUSED_PLACES], 2);
}

static void test_reasons_are_apart(void **state)
{
    (void)state;
    for (int64_t now_ns = 0; now_ns < 10 * SECOND_NS; now_ns += SECOND_NS / 100) {
        scr_refusal_log_add(&refused, SCR_REFUSED_OPEN, now_ns);
        scr_refusal_log_add(&refused, SCR_REFUSED_DESCRIPTORS, now_ns);
    }
    assert_int_equal(lines[SCR_REFUSED_PLACES], 0);
    assert_int_equal(lines[SCR_REFUSED_OPEN], 10);
    assert_int_equal(lines[SCR_REFUSED_DESCRIPTORS], 10);
    assert_in_range(told[SCR_REFUSED_OPEN], 900, 999);
    scr_refusal_log_close(&refused);
    assert_int_equal(told[SCR_REFUSED_OPEN], 1000);
    assert_int_equal(told[SCR_REFUSED_DESCRIPTORS], 1000);
    scr_refusal_log_close(&refused);
    assert_int_equal(lines[SCR_REFUSED_OPEN], 11);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_first_at_once_then_by_the_second, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_reasons_are_apart, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
