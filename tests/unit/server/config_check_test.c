/*
 * tests/unit/server/config_check_test.c - settings that are wrong together.
 * Aim:    two sides on one port are refused, with the names their sources use; limits that cannot
 *         act are told of, and no others; an instruction set is one that runs here.
 * Method: flags and variables; the sentences are read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/dsp/isa.h"
#include "server/config_check.h"

static struct scr_config config;
static struct scr_config_report report;

static enum scr_err check(struct scr_config_sources *sources)
{
    assert_int_equal(scr_config_load(sources, &config, &report), SCR_OK);
    return scr_config_check(&config, &report);
}

static void ports_are_two_or_refused(void **state)
{
    (void)state;
    static const struct {
        const char *http;
        const char *admin;
        enum scr_err err;
    } cases[] = {{NULL, NULL, SCR_OK},
                 {"9000", NULL, SCR_OK},
                 {"9000", "9001", SCR_OK},
                 {"9000", "0", SCR_OK},
                 {"0", "0", SCR_OK}, /* two free ones */
                 {"9000", "9000", SCR_ERR_PARAM_REPEATED},
                 {NULL, "8080", SCR_ERR_PARAM_REPEATED}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i += 1) {
        struct scr_config_sources sources = {0};
        sources.flags[SCR_SETTING_HTTP_PORT] = cases[i].http;
        sources.flags[SCR_SETTING_ADMIN_PORT] = cases[i].admin;
        assert_int_equal(check(&sources), cases[i].err);
        assert_int_equal(report.error[0] != '\0', cases[i].err != SCR_OK);
    }
    assert_string_equal(report.error,
                        "http_port (default) and --admin-port are both 8080, but each side needs "
                        "a port of its own; leave --admin-port out to have health and metrics on "
                        "the public one");
    char row[] = "SCREAM_ADMIN_PORT=9000";
    char *environment[] = {row, NULL};
    struct scr_config_sources sources = {.environment = environment};
    sources.flags[SCR_SETTING_HTTP_PORT] = "9000";
    assert_int_equal(check(&sources), SCR_ERR_PARAM_REPEATED);
    assert_non_null(strstr(report.error, "--http-port and SCREAM_ADMIN_PORT are both 9000, but"));
}

struct limits_case {
    const char *address;
    const char *rate;
    const char *burst;
    const char *open;
    const char *proxies;
    const char *warning; /* NULL: none */
};

static const struct limits_case limits_cases[] = {
    {NULL, NULL, NULL, NULL, NULL, NULL},
    {NULL, "5", NULL, NULL, NULL, "limits are set, but every client comes from loopback, which"},
    {"::1", NULL, NULL, "3", NULL, "limits are set, but every client comes from loopback, which"},
    {"127.9.9.9", "5", NULL, NULL, "10.0.0.1", "limits are set, but every client comes from"},
    {NULL, "5", NULL, NULL, "127.0.0.1", NULL},
    {NULL, "5", NULL, NULL, "127.0.0.2", NULL},
    {"::1", "5", NULL, NULL, "10.0.0.1, ::1", NULL},
    {NULL, "5", NULL, NULL, "126.0.0.0/7", NULL},
    {"*", "5", NULL, NULL, NULL, NULL},
    {"192.0.2.1", "5", "9", "3", NULL, NULL},
    {NULL, "0", "9", NULL, NULL, "--rate-burst has no effect without a rate (SCREAM_RATE)"},
    {"*", NULL, NULL, "255", NULL, NULL},
    {"*",
     NULL,
     NULL,
     "256",
     NULL,
     "--max-per-address is 256, which has no effect: max_connections (default) allows only 256"},
};

static void limits_that_cannot_act_are_told_of(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof limits_cases / sizeof limits_cases[0]; i += 1) {
        const struct limits_case *row = &limits_cases[i];
        struct scr_config_sources sources = {0};
        sources.flags[SCR_SETTING_HTTP_ADDR] = row->address;
        sources.flags[SCR_SETTING_RATE] = row->rate;
        sources.flags[SCR_SETTING_RATE_BURST] = row->burst;
        sources.flags[SCR_SETTING_MAX_PER_ADDRESS] = row->open;
        sources.flags[SCR_SETTING_TRUSTED_PROXIES] = row->proxies;
        assert_int_equal(check(&sources), SCR_OK);
        size_t expected = row->warning != NULL ? 1 : 0;
        if (report.warning_count != expected ||
            (expected > 0 && strstr(report.warnings[0], row->warning) == NULL)) {
            fail_msg("row %zu: %zu, %s", i, report.warning_count, report.warnings[0]);
        }
    }
}

static enum scr_err use_isa(const char *name)
{
    char row[32];
    char *environment[] = {row, NULL};
    struct scr_config_sources sources = {.environment = environment};
    (void)snprintf(row, sizeof row, "SCREAM_ISA=%s", name);
    assert_int_equal(scr_config_load(&sources, &config, &report), SCR_OK);
    return scr_config_use_isa(&config, &report);
}

static void an_instruction_set_is_used_or_refused(void **state)
{
    (void)state;
    static const char *const all[] = {"scalar", "sse2", "avx2", "avx512", "neon"};
    size_t refused = 0;
    enum scr_isa before = scr_isa_current();
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i += 1) {
        enum scr_isa isa;
        if (scr_isa_find(all[i], strlen(all[i]), &isa) && scr_isa_runs(isa)) {
            assert_int_equal(use_isa(all[i]), SCR_OK);
            assert_int_equal(scr_isa_current(), isa);
        } else {
            enum scr_isa kept = scr_isa_current();
            assert_int_equal(use_isa(all[i]), SCR_ERR_PARAM_RANGE);
            assert_int_equal(report.error_origin, SCR_ORIGIN_ENVIRONMENT);
            assert_ptr_equal(strstr(report.error, "SCREAM_ISA is "), report.error);
            assert_non_null(strstr(report.error, "does not run; it runs scalar"));
            assert_int_equal(scr_isa_current(), kept);
            refused += 1;
        }
    }
    /* No processor is of both kinds. */
    assert_true(refused >= 1);
    assert_int_equal(use_isa("auto"), SCR_OK);
    assert_int_equal(scr_isa_current(), scr_isa_best());
    scr_isa_use(before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ports_are_two_or_refused),
        cmocka_unit_test(limits_that_cannot_act_are_told_of),
        cmocka_unit_test(an_instruction_set_is_used_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
