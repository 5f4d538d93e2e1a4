/*
 * tests/unit/http/library_log_test.c - what clients make libmicrohttpd say cannot harm our log.
 * Aim:    no byte of a message can end a line or hide behind an escape; floods are cut and counted.
 * Method: a sink that remembers, and a clock that stands still.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/limits.h"
#include "core/base/log.h"
#include "server/http/library_log.h"
#include "tests/support/death.h"
#include "tests/support/fake_clock.h"

struct memory {
    unsigned lines;
    uint64_t suppressed;
    char detail[2048];
};

static void remember(void *context,
                     enum scr_log_level level,
                     const char *message,
                     const struct scr_log_field *fields,
                     size_t field_count)
{
    struct memory *memory = context;
    assert_int_equal(level, SCR_LOG_INFO);
    assert_string_equal(message, "http library");
    assert_int_equal(field_count, 2);
    memory->lines++;
    assert_true(strlen(fields[0].value.text) < sizeof memory->detail);
    memcpy(memory->detail, fields[0].value.text, strlen(fields[0].value.text) + 1);
    memory->suppressed = fields[1].value.unsigned_value;
}

__attribute__((format(printf, 2, 3))) static void
say(struct scr_library_log *log, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    scr_library_log_write(log, format, arguments);
    va_end(arguments);
}

struct world {
    struct fake_clock clock;
    struct scr_library_log log;
    struct memory memory;
};

static int set_up(void **state)
{
    static struct world world;
    memset(&world, 0, sizeof world);
    fake_clock_init(&world.clock);
    scr_library_log_init(&world.log, &world.clock.clock);
    scr_log_set_sink(remember, &world.memory, SCR_LOG_INFO);
    *state = &world;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    scr_log_set_sink(NULL, NULL, SCR_LOG_DEBUG);
    return 0;
}

static void test_escapes(void **state)
{
    struct world *world = *state;
    say(&world->log, "request for '%s' %d\n", "/a\r\nlevel=error \x1b[31m\\ \x7f\xff", 7);
    assert_string_equal(world->memory.detail,
                        "request for '/a\\x0d\\x0alevel=error \\x1b[31m\\x5c \\x7f\\xff' 7");
    say(&world->log, "\n");
    assert_string_equal(world->memory.detail, "");
    say(&world->log, "%s", "");
    assert_string_equal(world->memory.detail, "");
}

static void test_long_messages_are_cut(void **state)
{
    struct world *world = *state;
    char hostile[4000];
    memset(hostile, '\x01', sizeof hostile - 1);
    hostile[sizeof hostile - 1] = '\0';
    say(&world->log, "%s", hostile);
    assert_int_equal(world->memory.lines, 1);
    assert_int_equal(strlen(world->memory.detail) % 4, 0);
    assert_true(strlen(world->memory.detail) >= SCR_LOG_VALUE_BYTES_MAX);
}

static void test_flood(void **state)
{
    struct world *world = *state;
    for (int i = 0; i < 1000; i++) {
        say(&world->log, "line %d\n", i);
    }
    assert_int_equal(world->memory.lines, SCR_HTTP_LIBRARY_LOG_PER_S);
    assert_int_equal(world->memory.suppressed, 0);
    fake_clock_advance(&world->clock, INT64_C(1000000000));
    say(&world->log, "after\n");
    assert_int_equal(world->memory.lines, SCR_HTTP_LIBRARY_LOG_PER_S + 1);
    assert_int_equal(world->memory.suppressed, 1000 - SCR_HTTP_LIBRARY_LOG_PER_S);
    say(&world->log, "after that\n");
    assert_int_equal(world->memory.suppressed, 0);
}

static void panic(void *context)
{
    (void)context;
    scr_library_log_panic(NULL, "daemon.c", 1, NULL);
}

static void test_panic_is_the_end(void **state)
{
    (void)state;
    assert_dies(panic, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_escapes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_long_messages_are_cut, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_flood, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_panic_is_the_end, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
