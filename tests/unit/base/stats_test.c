/*
 * tests/unit/base/stats_test.c - counters, gauges, histograms, and the table that names them.
 * Aim:    no two series share a cell; histograms put each duration in its bucket; the table obeys
 *         the rules Prometheus has for names; nothing is lost between threads.
 * Method: every series of every row gets its own value, then all are read; durations at both edges
 *         of every bucket.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/series.h"
#include "core/base/stats.h"
#include "tests/support/death.h"

static int reset(void **state)
{
    (void)state;
    scr_stats_reset();
    return 0;
}

static bool ends_with(const char *text, const char *end)
{
    size_t text_bytes = strlen(text);
    size_t end_bytes = strlen(end);
    return text_bytes > end_bytes && strcmp(text + text_bytes - end_bytes, end) == 0;
}

static void test_table(void **state)
{
    (void)state;
    for (int i = 0; i < SCR_STAT_COUNT; i += 1) {
        const struct scr_stat_info *info = scr_stat_info((enum scr_stat)i);
        assert_true(info->series >= 1);
        for (const char *at = info->name; *at != '\0'; at += 1) {
            assert_true((*at >= 'a' && *at <= 'z') || *at == '_');
        }
        assert_int_equal(ends_with(info->name, "_total"), info->kind == SCR_STAT_COUNTER);
        assert_int_equal(ends_with(info->name, "_seconds"), info->kind == SCR_STAT_HISTOGRAM);
        assert_int_equal(info->sentence[strlen(info->sentence) - 1], '.');
        for (int j = 0; j < i; j += 1) {
            assert_string_not_equal(info->name, scr_stat_info((enum scr_stat)j)->name);
        }
    }
}

/* A number of its own for every series of every row. */
static int64_t mark_of(int stat, uint32_t series)
{
    return (int64_t)(stat + 1) * 100000 + series;
}

static void test_no_two_series_share_a_cell(void **state)
{
    (void)state;
    for (int i = 0; i < SCR_STAT_COUNT; i += 1) {
        const struct scr_stat_info *info = scr_stat_info((enum scr_stat)i);
        for (uint32_t series = 0; series < info->series; series += 1) {
            if (info->kind == SCR_STAT_HISTOGRAM) {
                scr_stats_observe_ns((enum scr_stat)i, series, mark_of(i, series) * 1000);
            } else {
                scr_stats_add((enum scr_stat)i, series, mark_of(i, series));
            }
        }
    }
    for (int i = 0; i < SCR_STAT_COUNT; i += 1) {
        const struct scr_stat_info *info = scr_stat_info((enum scr_stat)i);
        for (uint32_t series = 0; series < info->series; series += 1) {
            if (info->kind == SCR_STAT_HISTOGRAM) {
                struct scr_stat_histogram read = scr_stats_read_histogram((enum scr_stat)i, series);
                assert_int_equal(read.sum_us, mark_of(i, series));
                assert_int_equal(read.cumulative[SCR_STAT_BUCKETS - 1], 1);
            } else {
                assert_int_equal(scr_stats_read((enum scr_stat)i, series), mark_of(i, series));
            }
        }
    }
}

static void test_gauges_go_down(void **state)
{
    (void)state;
    scr_stats_add(SCR_STAT_HTTP_IN_FLIGHT, 0, 3);
    scr_stats_add(SCR_STAT_HTTP_IN_FLIGHT, 0, -1);
    assert_int_equal(scr_stats_read(SCR_STAT_HTTP_IN_FLIGHT, 0), 2);
    scr_stats_add(SCR_STAT_HTTP_IN_FLIGHT, 0, -2);
    assert_int_equal(scr_stats_read(SCR_STAT_HTTP_IN_FLIGHT, 0), 0);
}

/* The bucket of one duration: the first whose cumulative count is not zero. */
static int bucket_of(int64_t duration_ns)
{
    scr_stats_reset();
    scr_stats_observe_ns(SCR_STAT_FIRST_BYTE, 1, duration_ns);
    struct scr_stat_histogram read = scr_stats_read_histogram(SCR_STAT_FIRST_BYTE, 1);
    int bucket = 0;
    while (read.cumulative[bucket] == 0) {
        bucket += 1;
    }
    for (int i = bucket; i < SCR_STAT_BUCKETS; i += 1) {
        assert_int_equal(read.cumulative[i], 1);
    }
    return bucket;
}

static void test_buckets(void **state)
{
    (void)state;
    assert_int_equal(bucket_of(0), 0);
    assert_int_equal(bucket_of(-5000000), 0); /* a clock that went back counts as no time */
    for (int i = 0; i < SCR_STAT_BUCKETS - 1; i += 1) {
        assert_true(i == 0 || scr_stat_bucket_us[i] > scr_stat_bucket_us[i - 1]);
        int64_t bound_ns = (int64_t)scr_stat_bucket_us[i] * 1000;
        assert_int_equal(bucket_of(bound_ns - 1000), i);
        assert_int_equal(bucket_of(bound_ns), i);
        assert_int_equal(bucket_of(bound_ns + 1000), i + 1);
    }
    assert_int_equal(bucket_of(INT64_MAX), SCR_STAT_BUCKETS - 1);
}

static void test_histogram_accumulates(void **state)
{
    (void)state;
    scr_stats_observe_ns(SCR_STAT_FIRST_BYTE, 0, 50000);
    scr_stats_observe_ns(SCR_STAT_FIRST_BYTE, 0, 200000);
    scr_stats_observe_ns(SCR_STAT_FIRST_BYTE, 0, 200000);
    scr_stats_observe_ns(SCR_STAT_FIRST_BYTE, 0, INT64_C(60000000000));
    struct scr_stat_histogram read = scr_stats_read_histogram(SCR_STAT_FIRST_BYTE, 0);
    assert_int_equal(read.cumulative[0], 1);
    assert_int_equal(read.cumulative[1], 3);
    assert_int_equal(read.cumulative[SCR_STAT_BUCKETS - 2], 3);
    assert_int_equal(read.cumulative[SCR_STAT_BUCKETS - 1], 4);
    assert_int_equal(read.sum_us, 60000450);
}

static void test_reset(void **state)
{
    (void)state;
    scr_stats_add(SCR_STAT_CACHE_HITS, 0, 5);
    scr_stats_observe_ns(SCR_STAT_FIRST_BYTE, 0, 1000);
    scr_stats_reset();
    assert_int_equal(scr_stats_read(SCR_STAT_CACHE_HITS, 0), 0);
    struct scr_stat_histogram read = scr_stats_read_histogram(SCR_STAT_FIRST_BYTE, 0);
    assert_int_equal(read.cumulative[SCR_STAT_BUCKETS - 1], 0);
    assert_int_equal(read.sum_us, 0);
}

enum {
    THREADS = 4,
    ROUNDS = 20000
};

static void *add_many(void *context)
{
    (void)context;
    for (int i = 0; i < ROUNDS; i += 1) {
        scr_stats_add(SCR_STAT_CACHE_MISSES, 0, 1);
        scr_stats_observe_ns(SCR_STAT_HTTP_DURATION, 3, 2000);
    }
    return NULL;
}

static void test_threads(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i += 1) {
        assert_int_equal(pthread_create(&threads[i], NULL, add_many, NULL), 0);
    }
    for (int i = 0; i < THREADS; i += 1) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    assert_int_equal(scr_stats_read(SCR_STAT_CACHE_MISSES, 0), THREADS * ROUNDS);
    struct scr_stat_histogram read = scr_stats_read_histogram(SCR_STAT_HTTP_DURATION, 3);
    assert_int_equal(read.cumulative[SCR_STAT_BUCKETS - 1], THREADS * ROUNDS);
    assert_int_equal(read.sum_us, 2 * THREADS * ROUNDS);
}

/* Labels to series: each combination its own, all below what the table has. */
static void test_series(void **state)
{
    (void)state;
    uint32_t expected = 0;
    for (uint32_t preset = 0; preset < SCR_SERIES_PRESETS; preset += 1) {
        for (uint32_t format = 0; format < SCR_SERIES_FORMATS; format += 1) {
            for (uint32_t result = 0; result < SCR_SERIES_RESULTS; result += 1) {
                assert_int_equal(scr_series_render(preset, format, result), expected);
                expected += 1;
            }
        }
    }
    assert_int_equal(expected, scr_stat_info(SCR_STAT_RENDERS)->series);
    expected = 0;
    for (uint32_t route = 0; route < SCR_SERIES_ROUTES; route += 1) {
        for (uint32_t method = 0; method < SCR_SERIES_METHODS; method += 1) {
            for (uint32_t status = 0; status < SCR_SERIES_STATUSES; status += 1) {
                assert_int_equal(scr_series_request(route, method, status), expected);
                expected += 1;
            }
        }
    }
    assert_int_equal(expected, scr_stat_info(SCR_STAT_HTTP_REQUESTS)->series);
}

enum mistake {
    SERIES_BEYOND,
    HISTOGRAM_SERIES_BEYOND,
    ADD_TO_HISTOGRAM,
    OBSERVE_COUNTER,
    READ_HISTOGRAM_AS_COUNTER,
    READ_COUNTER_AS_HISTOGRAM,
    NO_SUCH_STAT,
    NO_SUCH_LABEL,
    MISTAKE_COUNT
};

static void make_mistake(void *context)
{
    switch (*(const enum mistake *)context) {
    case SERIES_BEYOND:
        scr_stats_add(SCR_STAT_CACHE_HITS, 1, 1);
        break;
    case HISTOGRAM_SERIES_BEYOND:
        scr_stats_observe_ns(SCR_STAT_FIRST_BYTE, SCR_SERIES_FORMATS, 1);
        break;
    case ADD_TO_HISTOGRAM:
        scr_stats_add(SCR_STAT_FIRST_BYTE, 0, 1);
        break;
    case OBSERVE_COUNTER:
        scr_stats_observe_ns(SCR_STAT_CACHE_HITS, 0, 1);
        break;
    case READ_HISTOGRAM_AS_COUNTER:
        (void)scr_stats_read(SCR_STAT_FIRST_BYTE, 0);
        break;
    case READ_COUNTER_AS_HISTOGRAM:
        (void)scr_stats_read_histogram(SCR_STAT_CACHE_HITS, 0);
        break;
    case NO_SUCH_STAT:
        (void)scr_stat_info(SCR_STAT_COUNT);
        break;
    case NO_SUCH_LABEL:
        (void)scr_series_render(SCR_SERIES_PRESETS, 0, 0);
        break;
    case MISTAKE_COUNT:
        break;
    }
}

static void test_mistakes_die(void **state)
{
    (void)state;
    for (int i = 0; i < MISTAKE_COUNT; i += 1) {
        enum mistake mistake = (enum mistake)i;
        assert_dies(make_mistake, &mistake);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test_setup(test_no_two_series_share_a_cell, reset),
        cmocka_unit_test_setup(test_gauges_go_down, reset),
        cmocka_unit_test_setup(test_buckets, reset),
        cmocka_unit_test_setup(test_histogram_accumulates, reset),
        cmocka_unit_test_setup(test_reset, reset),
        cmocka_unit_test_setup(test_threads, reset),
        cmocka_unit_test(test_series),
        cmocka_unit_test(test_mistakes_die),
    };
    return cmocka_run_group_tests(tests, reset, NULL);
}
