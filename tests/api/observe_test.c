/*
 * tests/api/observe_test.c - what is counted and logged of a request.
 * Aim:    labels, levels and fields; a trace id only from a well-formed traceparent.
 * Method: a log sink that remembers; counters before and after.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/observe.h"
#include "api/problem.h"
#include "api/routes.h"
#include "core/base/log.h"
#include "core/base/series.h"
#include "tests/support/api_loopback.h"

static struct loopback loopback;

static int begin(void **state)
{
    (void)state;
    loopback_init(&loopback, 16, 4);
    return 0;
}

static int end(void **state)
{
    (void)state;
    loopback_deinit(&loopback);
    return 0;
}

static char seen[2048];
static enum scr_log_level seen_level;
static unsigned seen_count;

static void remember(void *context,
                     enum scr_log_level level,
                     const char *message,
                     const struct scr_log_field *fields,
                     size_t field_count)
{
    struct scr_text text;
    (void)context;
    scr_text_init(&text, seen, sizeof seen);
    scr_text_put(&text, message);
    for (size_t i = 0; i < field_count; i += 1) {
        if (fields[i].kind == SCR_LOG_TEXT && fields[i].value.text == NULL) {
            continue;
        }
        scr_text_put(&text, " ");
        scr_text_put(&text, fields[i].name);
        scr_text_put(&text, "=");
        if (fields[i].kind == SCR_LOG_TEXT) {
            scr_text_put(&text, fields[i].value.text);
        } else if (fields[i].kind == SCR_LOG_BOOL) {
            scr_text_put(&text, fields[i].value.bool_value ? "true" : "false");
        } else if (fields[i].kind == SCR_LOG_REAL) {
            scr_text_put_real(&text, fields[i].value.real_value);
        } else {
            scr_text_put_u64(&text, fields[i].value.unsigned_value);
        }
    }
    seen_level = level;
    seen_count += 1;
}

static void complete(const char *method, const char *target, const char *headers)
{
    struct reply reply;
    struct scr_completion completion = {.body_bytes = 10, .duration_ns = 1500000, .whole = true};
    reply_open(&loopback, method, target, headers, &reply);
    scr_service_completed(loopback.service, &reply.asked.request, &reply.response, &completion);
    reply_close(&reply);
}

static int64_t requests(enum scr_route route, enum scr_method method, uint16_t status)
{
    return scr_stats_read(SCR_STAT_HTTP_REQUESTS,
                          scr_series_request(route, method, scr_status_index(status)));
}

static void requests_are_counted_by_label(void **state)
{
    (void)state;
    complete("GET", "/version", NULL);
    complete("HEAD", "/version", NULL);
    complete("BREW", "/version", NULL);
    complete("POST", "/version", NULL);
    complete("GET", "/nothing", NULL);
    assert_int_equal(requests(SCR_ROUTE_VERSION, SCR_METHOD_GET, 200), 1);
    assert_int_equal(requests(SCR_ROUTE_VERSION, SCR_METHOD_HEAD, 200), 1);
    assert_int_equal(requests(SCR_ROUTE_VERSION, SCR_METHOD_KNOWN, 405), 1);
    assert_int_equal(requests(SCR_ROUTE_NONE, SCR_METHOD_KNOWN, 501), 1);
    assert_int_equal(requests(SCR_ROUTE_NONE, SCR_METHOD_GET, 404), 1);
    assert_int_equal(scr_stats_read(SCR_STAT_HTTP_RESPONSE_BYTES, SCR_ROUTE_VERSION), 30);
    struct scr_stat_histogram read =
        scr_stats_read_histogram(SCR_STAT_HTTP_DURATION, SCR_ROUTE_VERSION);
    assert_int_equal(read.cumulative[SCR_STAT_BUCKETS - 1], 3);
}

static void a_sound_is_logged_with_its_seed(void **state)
{
    (void)state;
    scr_log_set_sink(remember, NULL, SCR_LOG_INFO);
    complete("GET",
             "/scream.wav?preset=robot&seed=-1",
             "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    assert_int_equal(seen_level, SCR_LOG_INFO);
    assert_string_equal(seen,
                        "request method=GET route=/scream.wav status=200 bytes=10 dur_ms=1.5 "
                        "whole=true preset=robot seed=18446744073709551615 format=wav "
                        "remote=127.0.0.1 request_id=test-1 "
                        "trace_id=0af7651916cd43dd8448eb211c80319c logger=http");
    complete("BREW", "/scream.wav?x=1", NULL);
    assert_non_null(strstr(seen, "method=BREW"));
    assert_non_null(strstr(seen, "problem=method-not-implemented target=/scream.wav?x=1"));
    scr_log_set_sink(NULL, NULL, SCR_LOG_INFO);
}

/* A flood of refusals is thinned out; sounds and our own faults are not. */
static void refusals_are_thinned_out(void **state)
{
    (void)state;
    scr_log_set_sink(remember, NULL, SCR_LOG_INFO);
    fake_clock_advance(&loopback.fake, INT64_C(10000000000));
    seen_count = 0;
    for (int i = 0; i < SCR_LOG_REFUSED_PER_S + 30; i += 1) {
        complete("GET", i % 2 == 0 ? "/nothing" : "/scream.wav?x=1", NULL);
    }
    assert_int_equal(seen_count, SCR_LOG_REFUSED_PER_S);
    assert_null(strstr(seen, "suppressed"));
    /* Whatever is written next tells it, once. */
    complete("GET", "/version", NULL);
    assert_int_equal(seen_count, SCR_LOG_REFUSED_PER_S + 1);
    assert_non_null(strstr(seen, "status=200"));
    assert_non_null(strstr(seen, "suppressed=30"));
    complete("GET", "/nothing", NULL);
    assert_int_equal(seen_count, SCR_LOG_REFUSED_PER_S + 1);
    fake_clock_advance(&loopback.fake, INT64_C(1000000000));
    complete("GET", "/nothing", NULL);
    assert_int_equal(seen_count, SCR_LOG_REFUSED_PER_S + 2);
    assert_non_null(strstr(seen, "status=404"));
    assert_non_null(strstr(seen, "suppressed=1"));
    complete("GET", "/version", NULL);
    assert_null(strstr(seen, "suppressed"));
    scr_log_set_sink(NULL, NULL, SCR_LOG_INFO);
}

static void what_was_cut_off_says_why(void **state)
{
    (void)state;
    struct reply reply;
    const struct scr_completion cut = {.body_bytes = 10, .duration_ns = 1, .cut = "slow"};
    scr_log_set_sink(remember, NULL, SCR_LOG_INFO);
    reply_open(&loopback, "GET", "/scream.wav?preset=robot", NULL, &reply);
    scr_service_completed(loopback.service, &reply.asked.request, &reply.response, &cut);
    reply_close(&reply);
    assert_non_null(strstr(seen, "whole=false cut=slow preset=robot"));
    scr_log_set_sink(NULL, NULL, SCR_LOG_INFO);
}

static void probes_are_quiet(void **state)
{
    (void)state;
    const char *const probes[] = {"/livez", "/readyz", "/startupz", "/metrics"};
    for (size_t i = 0; i < 4; i += 1) {
        scr_log_set_sink(remember, NULL, SCR_LOG_INFO);
        seen_count = 0;
        complete("GET", probes[i], NULL);
        assert_int_equal(seen_count, 0);
        scr_log_set_sink(remember, NULL, SCR_LOG_DEBUG);
        complete("GET", probes[i], NULL);
        assert_int_equal(seen_count, 1);
        assert_int_equal(seen_level, SCR_LOG_DEBUG);
        assert_null(strstr(seen, "seed="));
    }
    scr_log_set_sink(NULL, NULL, SCR_LOG_INFO);
}

static void malformed_traces_are_ignored(void **state)
{
    (void)state;
    const char *const bad[] = {
        "traceparent: x",
        "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "traceparent: 00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "traceparent: 00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "traceparent: ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "traceparent: 00-0af7651916cd43dd8448eb211c80319-b7ad6b71692033311-01",
        ("traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\n"
         "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i += 1) {
        struct reply reply;
        reply_open(&loopback, "GET", "/livez", bad[i], &reply);
        assert_string_equal(reply.response.trace_id, "");
        reply_close(&reply);
    }
}

static void statuses_round_trip(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < scr_status_count(); i += 1) {
        assert_int_equal(scr_status_index(scr_status_code(i)), i);
    }
    assert_int_equal(scr_status_index(418), scr_status_count() - 1);
    /* No problem of ours is counted as an unexpected status. */
    for (unsigned err = SCR_OK + 1; err < SCR_ERR_COUNT; err += 1) {
        uint16_t status = scr_problem_status((enum scr_err)err);
        assert_int_equal(scr_status_code(scr_status_index(status)), status);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(requests_are_counted_by_label, begin, end),
        cmocka_unit_test_setup_teardown(a_sound_is_logged_with_its_seed, begin, end),
        cmocka_unit_test_setup_teardown(refusals_are_thinned_out, begin, end),
        cmocka_unit_test_setup_teardown(what_was_cut_off_says_why, begin, end),
        cmocka_unit_test_setup_teardown(probes_are_quiet, begin, end),
        cmocka_unit_test_setup_teardown(malformed_traces_are_ignored, begin, end),
        cmocka_unit_test_setup_teardown(statuses_round_trip, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
