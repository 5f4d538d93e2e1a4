/*
 * tests/unit/server/config_environment_test.c - variables that are no setting.
 * Aim:    a misspelt SCREAM_ variable is told of, with the nearest name; what Kubernetes writes
 *         for its Services is not.
 * Method: made-up environments; the warnings are counted and read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "server/config_environment.h"

static struct scr_config config;
static struct scr_config_report report;

static size_t warnings_of(const char *row)
{
    char copy[256];
    char *environment[] = {copy, NULL};
    struct scr_config_sources sources = {.environment = environment};
    snprintf(copy, sizeof copy, "%s", row);
    assert_int_equal(scr_config_load(&sources, &config, &report), SCR_OK);
    return report.warning_count;
}

static void a_misspelt_variable_is_told_of(void **state)
{
    (void)state;
    assert_int_equal(warnings_of("SCREAM_VOLUM=1"), 1);
    assert_non_null(strstr(report.warnings[0], "SCREAM_VOLUM\""));
    assert_non_null(strstr(report.warnings[0], " is unknown and ignored; "));
    assert_non_null(strstr(report.warnings[0], "did you mean SCREAM_VOLUME?"));
    assert_int_equal(warnings_of("SCREAM_RATE_LIMIT=5"), 1);
    assert_non_null(strstr(report.warnings[0], "did you mean SCREAM_RATE?"));
    assert_int_equal(warnings_of("SCREAM_MAX_CONN=5"), 1);
    assert_non_null(strstr(report.warnings[0], "did you mean SCREAM_MAX_CONNECTIONS?"));
    assert_int_equal(warnings_of("SCREAM_SOMETHING_ELSE=1"), 1);
    assert_null(strstr(report.warnings[0], "did you mean"));
    assert_int_equal(warnings_of("SCREAM_PORT=9000"), 1);
    assert_non_null(strstr(report.warnings[0], "SCREAM_HTTP_PORT"));
}

static void other_programs_variables_are_left_alone(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "PATH=/bin", "SCREAMING=1", "DISCORD_SOMETHING=1", "SCREAM", "=x", "SCREAM_CACHE=/c"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i += 1) {
        assert_int_equal(warnings_of(rows[i]), 0);
    }
}

static void kubernetes_service_links_are_silent(void **state)
{
    (void)state;
    static const char *const rows[] = {"SCREAM_SERVICE_HOST=10.0.0.1",
                                       "SCREAM_SERVICE_PORT=80",
                                       "SCREAM_SERVICE_PORT_HTTP=80",
                                       "SCREAM_PORT=tcp://10.0.0.1:80",
                                       "SCREAM_PORT_8080_TCP=tcp://10.0.0.1:8080",
                                       "SCREAM_PORT_8080_TCP_ADDR=10.0.0.1",
                                       "SCREAM_PLAY_PORT_9000_UDP_PORT=9000",
                                       "SCREAM_PLAY_PORT_1_SCTP_PROTO=sctp"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i += 1) {
        if (warnings_of(rows[i]) != 0) {
            fail_msg("%s: %s", rows[i], report.warnings[0]);
        }
    }
    assert_false(scr_is_service_link("SCREAM_PORT_TCP", "1"));
    assert_false(scr_is_service_link("SCREAM_PORT_80_HTTP", "1"));
    assert_false(scr_is_service_link("SCREAM_PORT", "80"));
}

/* Both edges: what fits is shown, and of the rest is said how many there are. */
static void too_many_warnings_are_counted(void **state)
{
    (void)state;
    char rows[SCR_CONFIG_WARNINGS_MAX + 12][32];
    for (size_t beyond = 0; beyond <= 12; beyond += 1) {
        char *environment[SCR_CONFIG_WARNINGS_MAX + 13] = {NULL};
        struct scr_config_sources sources = {.environment = environment};
        for (size_t i = 0; i < SCR_CONFIG_WARNINGS_MAX + beyond; i += 1) {
            snprintf(rows[i], sizeof rows[i], "SCREAM_ODD_%zu=1", i);
            environment[i] = rows[i];
        }
        assert_int_equal(scr_config_load(&sources, &config, &report), SCR_OK);
        assert_int_equal(report.warning_count, SCR_CONFIG_WARNINGS_MAX + (beyond > 0 ? 1 : 0));
        assert_non_null(strstr(report.warnings[SCR_CONFIG_WARNINGS_MAX - 1], "SCREAM_ODD_15"));
        if (beyond > 0) {
            char expected[80];
            snprintf(expected,
                     sizeof expected,
                     "and %zu more warning%s about the configuration, not shown",
                     beyond,
                     beyond == 1 ? "" : "s");
            assert_string_equal(report.warnings[SCR_CONFIG_WARNINGS_MAX], expected);
        }
    }
}

static void a_hostile_name_stays_printable(void **state)
{
    (void)state;
    assert_int_equal(warnings_of("SCREAM_\x1b[31m\xff=1"), 1);
    assert_null(strchr(report.warnings[0], '\x1b'));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_misspelt_variable_is_told_of),
        cmocka_unit_test(other_programs_variables_are_left_alone),
        cmocka_unit_test(kubernetes_service_links_are_silent),
        cmocka_unit_test(too_many_warnings_are_counted),
        cmocka_unit_test(a_hostile_name_stays_printable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
