/*
 * tests/api/handle_metrics_test.c - GET /metrics.
 * Aim:    well-formed Prometheus text with the promised names, and room for the worst case.
 * Method: every line against the grammar; then every series of every row is made to count.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/observe.h"
#include "api/routes.h"
#include "core/base/series.h"
#include "core/synth/preset.h"
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

static char page[SCR_METRICS_BYTES_MAX];

static const char *metrics(void)
{
    struct scr_text text;
    scr_text_init(&text, page, sizeof page);
    assert_int_equal(scr_metrics_write(loopback.service, &text), SCR_OK);
    return page;
}

static void use_something(struct scr_process_usage *usage)
{
    *usage = (struct scr_process_usage){.cpu_seconds = 1.25, .threads = 7, .open_fds = 9};
}

static void promised_names_stand_there(void **state)
{
    (void)state;
    loopback.service->process_usage = use_something;
    scr_stats_observe_ns(SCR_STAT_HTTP_DURATION, SCR_ROUTE_VERSION, 300000);
    scr_stats_add(SCR_STAT_HTTP_REQUESTS,
                  scr_series_request(SCR_ROUTE_VERSION, SCR_METHOD_GET, scr_status_index(200)),
                  3);
    scr_stats_add(SCR_STAT_HTTP_CUT, SCR_CUT_HALF_DEAD, 2);
    scr_stats_add(SCR_STAT_HTTP_LIMITED, SCR_LIMIT_RATE, 5);
    const char *const lines[] = {
        "\nhttp_requests_total{route=\"/version\",method=\"GET\",code=\"200\"} 3\n",
        "\nhttp_request_duration_seconds_bucket{route=\"/version\",le=\"0.00025\"} 0\n",
        "\nhttp_request_duration_seconds_bucket{route=\"/version\",le=\"0.0005\"} 1\n",
        "\nhttp_request_duration_seconds_bucket{route=\"/version\",le=\"+Inf\"} 1\n",
        "\nhttp_request_duration_seconds_sum{route=\"/version\"} 0.000300\n",
        "\nhttp_request_duration_seconds_count{route=\"/version\"} 1\n",
        "\nhttp_requests_in_flight 0\n",
        "\nscream_http_connections_cut_total{reason=\"head\"} 0\n",
        "\nscream_http_connections_cut_total{reason=\"body\"} 0\n",
        "\nscream_http_connections_cut_total{reason=\"idle\"} 0\n",
        "\nscream_http_connections_cut_total{reason=\"stream\"} 0\n",
        "\nscream_http_connections_cut_total{reason=\"slow\"} 0\n",
        "\nscream_http_connections_cut_total{reason=\"half_dead\"} 2\n",
        "\nscream_http_limited_total{limit=\"rate\"} 5\n",
        "\nscream_http_limited_total{limit=\"open\"} 0\n",
        "\nscream_renders_total{preset=\"banshee\",format=\"ogg\",result=\"ok\"} 0\n",
        ("\nscream_build_info{version=\"0.0.1\",revision=\"0123456789ab\",opus=\"libopus 1\","
         "sodium=\"1.0\",isa=\"scalar\"} 1\n"),
        "\nscream_arena_extents 1024\n",
        "\nprocess_cpu_seconds_total 1.25\n",
        "\nprocess_threads 7\n",
    };
    const char *text = metrics();
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i += 1) {
        if (strstr(text, lines[i]) == NULL) {
            fail_msg("missing: %s", lines[i]);
        }
    }
    loopback.service->process_usage = NULL;
    assert_null(strstr(metrics(), "process_"));
}

static void every_line_is_well_formed(void **state)
{
    (void)state;
    const char *at = metrics();
    while (*at != '\0') {
        size_t bytes = strcspn(at, "\n");
        assert_int_equal(at[bytes], '\n');
        if (at[0] == '#') {
            assert_true(strncmp(at, "# HELP ", 7) == 0 || strncmp(at, "# TYPE ", 7) == 0);
        } else {
            const char *space = at + bytes;
            while (space > at && *space != ' ') {
                space -= 1;
            }
            assert_true(strspn(space + 1, "0123456789.e+-") == bytes - (size_t)(space + 1 - at));
        }
        at += bytes + 1;
    }
}

static void the_worst_case_fits(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SCR_STAT_COUNT; i += 1) {
        enum scr_stat stat = (enum scr_stat)i;
        for (uint32_t series = 0; series < scr_stat_info(stat)->series; series += 1) {
            if (scr_stat_info(stat)->kind == SCR_STAT_HISTOGRAM) {
                scr_stats_observe_ns(stat, series, INT64_C(10000000000000));
            } else {
                scr_stats_add(stat, series, INT64_C(1000000000000));
            }
        }
    }
    loopback.service->process_usage = use_something;
    size_t bytes = strlen(metrics());
    print_message("%zu of %d bytes\n", bytes, SCR_METRICS_BYTES_MAX);
    struct scr_text text;
    scr_text_init(&text, page, bytes);
    assert_int_equal(scr_metrics_write(loopback.service, &text), SCR_ERR_NO_SPACE);
}

static void the_response_is_written_when_sent(void **state)
{
    (void)state;
    struct reply reply;
    reply_open(&loopback, "GET", "/metrics", NULL, &reply);
    assert_int_equal(reply.response.status, 200);
    assert_int_equal(reply.response.body, SCR_BODY_METRICS);
    assert_header(&reply, "Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    reply_close(&reply);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(promised_names_stand_there, begin, end),
        cmocka_unit_test_setup_teardown(every_line_is_well_formed, begin, end),
        cmocka_unit_test_setup_teardown(the_worst_case_fits, begin, end),
        cmocka_unit_test_setup_teardown(the_response_is_written_when_sent, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
