/*
 * tests/unit/server/log_line_test.c - one event to one line.
 * Aim:    whatever the values are, a JSON line is valid JSON with the values in it, a text line is
 *         printable, both end in one line end and fit in SCR_LOG_LINE_BYTES_MAX.
 * Method: known lines literally; then random bytes from a printed seed, judged by jansson.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <jansson.h>

#include "core/base/utf8.h"
#include "core/dsp/mix64.h"
#include "server/log_line.h"

static char line[SCR_LOG_LINE_BYTES_MAX + 1];

static const char *json_of(const struct scr_log_field *fields, size_t count)
{
    struct scr_log_event event = {0, SCR_LOG_INFO, "event", fields, count};
    size_t bytes = scr_log_line_json(&event, line);
    assert_true(bytes >= 1 && bytes <= SCR_LOG_LINE_BYTES_MAX && line[bytes - 1] == '\n');
    line[bytes] = '\0';
    return line;
}

static const char *text_of(const struct scr_log_field *fields, size_t count, enum scr_log_look look)
{
    struct scr_log_event event = {0, SCR_LOG_WARN, "two words", fields, count};
    size_t bytes = scr_log_line_text(&event, look, line);
    assert_true(bytes >= 1 && bytes <= SCR_LOG_LINE_BYTES_MAX && line[bytes - 1] == '\n');
    line[bytes] = '\0';
    return line;
}

static void each_kind_of_field_is_written(void **state)
{
    (void)state;
    struct scr_log_field fields[] = {scr_log_text("a", "x y"),
                                     scr_log_text("left_out", NULL),
                                     scr_log_i64("b", INT64_MIN),
                                     scr_log_u64("c", UINT64_MAX),
                                     scr_log_real("d", 0.5),
                                     {.name = "e", .kind = SCR_LOG_BOOL, .value.bool_value = true}};
    assert_string_equal(json_of(fields, 6),
                        "{\"ts\":\"1970-01-01T00:00:00.000000Z\",\"level\":\"info\","
                        "\"msg\":\"event\",\"a\":\"x y\",\"b\":-9223372036854775808,"
                        "\"c\":18446744073709551615,\"d\":0.5,\"e\":true}\n");
    assert_string_equal(text_of(fields, 6, SCR_LOG_LOOK_PLAIN),
                        "time=1970-01-01T00:00:00.000000Z level=warn msg=\"two words\" a=\"x y\" "
                        "b=-9223372036854775808 c=18446744073709551615 d=0.5 e=true\n");
    assert_string_equal(text_of(NULL, 0, SCR_LOG_LOOK_COLOUR),
                        "time=00:00:00.000 level=\033[33mwarn\033[0m msg=\"two words\"\n");
}

static const char *at_terminal(int64_t wall_us, const char *request_id)
{
    struct scr_log_field fields[] = {scr_log_text("logger", "http"),
                                     scr_log_u64("status", 200),
                                     scr_log_text("request_id", request_id),
                                     scr_log_text("trace_id", "0123456789")};
    struct scr_log_event event = {wall_us, SCR_LOG_INFO, "request", fields, 4};
    line[scr_log_line_text(&event, SCR_LOG_LOOK_TERMINAL, line)] = '\0';
    return line;
}

static void a_terminal_gets_a_shorter_line(void **state)
{
    (void)state;
    const int64_t day_us = INT64_C(86400000000);
    assert_string_equal(at_terminal(0, "0123456789abcdef"),
                        "time=00:00:00.000 level=info msg=request status=200 request_id=01234567 "
                        "trace_id=0123456789\n");
    assert_non_null(strstr(at_terminal(20000 * day_us - 1, "1234567"), "time=23:59:59.999 "));
    assert_non_null(strstr(line, " request_id=1234567 "));
    assert_non_null(strstr(at_terminal(20000 * day_us, "12345678"), "time=00:00:00.000 "));
    assert_non_null(strstr(line, " request_id=12345678 "));
    assert_non_null(
        strstr(at_terminal(INT64_C(45296789999), "1234567\xc3\xa9"), "time=12:34:56.789 "));
    assert_non_null(strstr(line, " request_id=1234567 "));
    /* Programs get all of it. */
    struct scr_log_field fields[] = {scr_log_text("logger", "http"),
                                     scr_log_text("request_id", "0123456789abcdef")};
    assert_string_equal(text_of(fields, 2, SCR_LOG_LOOK_PLAIN),
                        "time=1970-01-01T00:00:00.000000Z level=warn msg=\"two words\" "
                        "logger=http request_id=0123456789abcdef\n");
    assert_non_null(
        strstr(json_of(fields, 2), "\"logger\":\"http\",\"request_id\":\"0123456789abcdef\"}"));
}

static void times_are_those_of_the_calendar(void **state)
{
    (void)state;
    /* Every day around every turn of a month, a leap day, a century; against the C library. */
    for (int64_t day = 0; day < 146097; day += 1) {
        char chars[64];
        char expected[64];
        struct scr_text text;
        time_t seconds = (time_t)(day * 86400 + day % 86400);
        struct tm broken;
        scr_text_init(&text, chars, sizeof chars);
        scr_put_time(&text, (int64_t)seconds * 1000000 + 7);
        assert_non_null(gmtime_r(&seconds, &broken));
        assert_true(strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%S.000007Z", &broken) > 0);
        if (strcmp(chars, expected) != 0) {
            fail_msg("%s is not %s", chars, expected);
        }
    }
}

static void hostile_text_stays_inside_its_quotes(void **state)
{
    (void)state;
    struct scr_log_field field =
        scr_log_text("v", "a\"b\\c\n\r\t\x1b[31m\x7f\xff\xc0\x80\xed\xa0\x80\xc2\x9b\xc3\xa9");
    const char *json = json_of(&field, 1);
    json_t *root = json_loads(json, 0, NULL);
    assert_non_null(root);
    assert_true(
        strncmp(json_string_value(json_object_get(root, "v")), "a\"b\\c\n\r\t\x1b[31m", 11) == 0);
    json_decref(root);
    assert_null(strstr(json, "\xc2\x9b"));
    const char *text = text_of(&field, 1, SCR_LOG_LOOK_PLAIN);
    for (const char *at = text; *at != '\n'; at += 1) {
        assert_true((unsigned char)*at >= ' ' && *at != 0x7f);
    }
    assert_null(strstr(text, "\xc2\x9b"));
    assert_non_null(strstr(text, "\xc3\xa9"));
}

static void values_are_cut_between_characters(void **state)
{
    (void)state;
    char value[2 * SCR_LOG_VALUE_BYTES_MAX + 1];
    for (size_t i = 0; i < sizeof value - 1; i += 2) {
        memcpy(value + i, "\xc3\xa9", 2);
    }
    value[sizeof value - 1] = '\0';
    struct scr_log_field fields[] = {scr_log_text("even", value), scr_log_text("odd", value + 1)};
    json_t *root = json_loads(json_of(fields, 2), 0, NULL);
    assert_non_null(root);
    assert_int_equal(json_string_length(json_object_get(root, "even")), SCR_LOG_VALUE_BYTES_MAX);
    json_decref(root);
}

static void what_does_not_fit_is_left_out_whole(void **state)
{
    (void)state;
    char value[SCR_LOG_VALUE_BYTES_MAX + 1];
    struct scr_log_field fields[SCR_LOG_FIELDS_MAX];
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};
    memset(value, 'x', sizeof value);
    value[sizeof value - 1] = '\0';
    for (size_t i = 0; i < 9; i += 1) {
        fields[i] = scr_log_text(names[i], value);
    }
    fields[9] = scr_log_u64("j", 1);
    json_t *root = json_loads(json_of(fields, 10), 0, NULL);
    assert_non_null(root);
    assert_true(json_is_true(json_object_get(root, "cut")));
    assert_non_null(json_object_get(root, "c"));
    assert_null(json_object_get(root, "d"));
    /* A short one behind a long one still fits. */
    assert_int_equal(json_integer_value(json_object_get(root, "j")), 1);
    json_decref(root);
    assert_non_null(strstr(text_of(fields, 10, SCR_LOG_LOOK_COLOUR), " cut=true\n"));
}

static void a_message_of_escapes_cannot_break_the_line(void **state)
{
    (void)state;
    char message[600];
    memset(message, 1, sizeof message);
    message[sizeof message - 1] = '\0';
    struct scr_log_event event = {0, SCR_LOG_ERROR, message, NULL, 0};
    size_t bytes = scr_log_line_json(&event, line);
    line[bytes] = '\0';
    json_t *root = json_loads(line, 0, NULL);
    assert_non_null(root);
    json_decref(root);
    bytes = scr_log_line_text(&event, SCR_LOG_LOOK_PLAIN, line);
    assert_true(bytes <= SCR_LOG_LINE_BYTES_MAX);
}

static void random_bytes_are_always_valid(void **state)
{
    (void)state;
    const char *given = getenv("SCREAM_TEST_SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    print_message("seed %llu (repeat with SCREAM_TEST_SEED)\n", (unsigned long long)seed);
    uint64_t draw = seed;
    for (unsigned round = 0; round < 20000; round += 1) {
        char values[4][SCR_LOG_VALUE_BYTES_MAX + 64];
        struct scr_log_field fields[4];
        static const char *const names[] = {"a", "b", "c", "d"};
        for (size_t i = 0; i < 4; i += 1) {
            draw = scr_mix64(draw + 1);
            size_t bytes = draw % (sizeof values[i] - 1);
            for (size_t j = 0; j < bytes; j += 1) {
                draw = scr_mix64(draw + 1);
                /* Half of them from the bytes that make trouble. */
                char trouble = "\"\\\n\x1b\xc2\x9b\xf0\x9f"[draw & 7];
                char any = (char)(draw % 255 + 1);
                values[i][j] = (draw & 256) != 0 ? any : trouble;
            }
            values[i][bytes] = '\0';
            fields[i] = scr_log_text(names[i], values[i]);
        }
        const char *json = json_of(fields, 4);
        json_error_t error;
        json_t *root = json_loads(json, JSON_REJECT_DUPLICATES, &error);
        if (root == NULL) {
            fail_msg("seed %llu, round %u: %s", (unsigned long long)seed, round, error.text);
        }
        json_decref(root);
        const char *text = text_of(fields, 4, SCR_LOG_LOOK_PLAIN);
        assert_true(scr_utf8_valid(text, strlen(text)));
        assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_of_field_is_written),
        cmocka_unit_test(a_terminal_gets_a_shorter_line),
        cmocka_unit_test(times_are_those_of_the_calendar),
        cmocka_unit_test(hostile_text_stays_inside_its_quotes),
        cmocka_unit_test(values_are_cut_between_characters),
        cmocka_unit_test(what_does_not_fit_is_left_out_whole),
        cmocka_unit_test(a_message_of_escapes_cannot_break_the_line),
        cmocka_unit_test(random_bytes_are_always_valid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
