/*
 * tests/unit/job/cursor_test.c - reading a job at any offset, by one reader or many.
 * Aim:    the bytes are those of a file put together without the arena, whoever asks for them
 *         first; the first pull renders one page only; slices end.
 * Method: every bit rate step of a coarse grid, durations across page and extent edges, both
 *         channel counts; then threads.
 */
#include "core/job/cursor.h"

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/stats.h"
#include "core/codec/opus_encoder.h"
#include "core/container/ogg_layout.h"
#include "core/job/finisher.h"
#include "core/job/job.h"
#include "tests/support/job_bench.h"

static void the_first_pull_makes_the_first_page_only(void **state)
{
    (void)state;
    struct job_bench bench;
    job_bench_init(&bench, 256 << 10, 2);
    struct scr_params params = job_params(SCR_PRESET_CLASSIC, 5, 3000);
    struct scr_job_cursor cursor = job_open(&bench, &params);
    const uint8_t *bytes = NULL;
    size_t count = 0;
    assert_int_equal(scr_job_cursor_pull(&cursor, 0, &bytes, &count), SCR_PULL_DATA);
    struct scr_ogg_place first = scr_ogg_layout_page(&cursor.job->layout, 0);
    assert_int_equal(first.packet_count, 1);
    assert_int_equal(count, first.offset + first.page_bytes);
    assert_int_equal(scr_job_cursor_published(&cursor), count);
    assert_memory_equal(bytes, "OggS", 4);
    assert_int_equal(scr_stats_read(SCR_STAT_RENDERED_SAMPLES, SCR_FORMAT_OGG), SCR_BLOCK_SAMPLES);
    scr_job_cursor_close(&cursor);
    job_bench_deinit(&bench);
}

static void every_file_is_its_reference(void **state)
{
    (void)state;
    static const int64_t durations_ms[] = {50, 57, 58, 60, 77, 140, 300, 1000, 5333, 11000};
    static const uint32_t bitrates[] = {16000, 16400, 63600, 96000, 102000, 204000, 256000};
    struct job_bench bench;
    job_bench_init(&bench, 1024 << 10, 2);
    for (size_t d = 0; d < sizeof durations_ms / sizeof durations_ms[0]; d += 1) {
        for (size_t b = 0; b < sizeof bitrates / sizeof bitrates[0]; b += 1) {
            struct scr_params params =
                job_params((enum scr_preset)(d % SCR_PRESET_COUNT), d, durations_ms[d]);
            params.bitrate = bitrates[b];
            params.channels = 1 + (uint32_t)(b % 2);
            size_t bytes = 0;
            uint8_t *expected = job_reference(&params, &bytes);
            struct scr_job_cursor cursor = job_open(&bench, &params);
            assert_int_equal(scr_job_cursor_file_bytes(&cursor), bytes);
            uint8_t *actual = malloc(bytes);
            assert_non_null(actual);
            job_read(&cursor, 0, bytes, actual);
            assert_memory_equal(actual, expected, bytes);
            const uint8_t *view = NULL;
            size_t count = 0;
            assert_int_equal(scr_job_cursor_pull(&cursor, bytes, &view, &count), SCR_PULL_END);
            scr_job_cursor_close(&cursor);
            free(actual);
            free(expected);
        }
    }
    job_bench_deinit(&bench);
}

static void the_last_byte_first(void **state)
{
    (void)state;
    struct job_bench bench;
    job_bench_init(&bench, 512 << 10, 2);
    struct scr_params params = job_params(SCR_PRESET_WHISPER, 5, 8000);
    size_t bytes = 0;
    uint8_t *expected = job_reference(&params, &bytes);
    struct scr_job_cursor cursor = job_open(&bench, &params);
    uint8_t last = 0;
    job_read(&cursor, bytes - 1, bytes, &last);
    assert_int_equal(last, expected[bytes - 1]);
    assert_true(scr_job_cursor_is_finished(&cursor));
    scr_job_cursor_close(&cursor);
    free(expected);
    job_bench_deinit(&bench);
}

static void a_slice_ends_and_the_next_goes_on(void **state)
{
    (void)state;
    struct job_bench bench;
    job_bench_init(&bench, 512 << 10, 2);
    struct scr_params params = job_params(SCR_PRESET_WHISPER, 5, 8000);
    struct scr_job_cursor cursor = job_open(&bench, &params);
    uint64_t end = scr_job_cursor_file_bytes(&cursor) - 1;
    atomic_store(&bench.fake.tick_ns, SCR_SLICE_NS); /* every look at the clock ends a slice */
    uint64_t before = 0;
    int again = 0;
    const uint8_t *bytes = NULL;
    size_t count = 0;
    while (scr_job_cursor_pull(&cursor, end, &bytes, &count) == SCR_PULL_AGAIN) {
        uint64_t now = scr_job_cursor_published(&cursor);
        assert_true(now > before); /* "again" means that progress was made */
        before = now;
        again += 1;
    }
    assert_int_equal(again + 1, cursor.job->layout.page_count);
    scr_job_cursor_close(&cursor);
    job_bench_deinit(&bench);
}

static bool never_mind(void *context)
{
    *(int *)context += 1;
    return true;
}

static void who_takes_much_gets_much(void **state)
{
    (void)state;
    struct job_bench bench;
    job_bench_init(&bench, 256 << 10, 2);
    struct scr_params params = job_params(SCR_PRESET_WHISPER, 5, 3000);
    struct scr_job_cursor cursor = job_open(&bench, &params);
    struct scr_slice slice = scr_slice_whole();
    const uint8_t *bytes = NULL;
    size_t count = 0;
    assert_int_equal(scr_job_cursor_pull_ahead(&cursor, 0, 10000, &slice, &bytes, &count),
                     SCR_PULL_DATA);
    assert_in_range(count, 10000, 10000 + SCR_PAGE_BYTES_MAX);

    /* Somebody else waits: one page, and what was ready before is given all the same. */
    int asked = 0;
    slice.is_over = never_mind;
    slice.context = &asked;
    uint64_t before = scr_job_cursor_published(&cursor);
    uint32_t pages = cursor.job->pages_done;
    assert_int_equal(scr_job_cursor_pull_ahead(&cursor, before, 10000, &slice, &bytes, &count),
                     SCR_PULL_DATA);
    assert_int_equal(cursor.job->pages_done, pages + 1);
    assert_int_equal(asked, 1);
    /* Nobody is looked for when there is enough. */
    assert_int_equal(scr_job_cursor_pull_ahead(&cursor, before, 10, &slice, &bytes, &count),
                     SCR_PULL_DATA);
    assert_int_equal(cursor.job->pages_done, pages + 1);
    assert_int_equal(asked, 1);

    slice = (struct scr_slice){.ns = 0};
    uint64_t end = scr_job_cursor_file_bytes(&cursor);
    assert_int_equal(scr_job_cursor_pull_ahead(&cursor, end - 1, 10000, &slice, &bytes, &count),
                     SCR_PULL_AGAIN);
    assert_int_equal(cursor.job->pages_done, pages + 2);
    slice = scr_slice_whole();
    assert_int_equal(scr_job_cursor_pull_ahead(&cursor, end - 1, 10000, &slice, &bytes, &count),
                     SCR_PULL_DATA);
    assert_int_equal(count, 1);
    scr_job_cursor_close(&cursor);
    job_bench_deinit(&bench);
}

struct holder {
    struct scr_job *job;
    atomic_bool holds;
    atomic_bool enough;
};

static void *hold_job(void *context)
{
    struct holder *holder = context;
    scr_lock_acquire(&holder->job->lock);
    atomic_store(&holder->holds, true);
    while (!atomic_load(&holder->enough)) {
        (void)sched_yield();
    }
    scr_lock_release(&holder->job->lock);
    return NULL;
}

static void who_finds_another_at_work_does_not_wait(void **state)
{
    (void)state;
    struct job_bench bench;
    job_bench_init(&bench, 256 << 10, 2);
    struct scr_params params = job_params(SCR_PRESET_WHISPER, 5, 500);
    struct scr_job_cursor cursor = job_open(&bench, &params);
    struct holder holder = {.job = cursor.job};
    pthread_t thread;
    const uint8_t *bytes = NULL;
    size_t count = 0;
    assert_int_equal(pthread_create(&thread, NULL, hold_job, &holder), 0);
    while (!atomic_load(&holder.holds)) {
        (void)sched_yield();
    }
    assert_int_equal(scr_job_cursor_pull(&cursor, 0, &bytes, &count), SCR_PULL_AGAIN);
    assert_int_equal(scr_job_cursor_published(&cursor), 0);
    atomic_store(&holder.enough, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(scr_job_cursor_pull(&cursor, 0, &bytes, &count), SCR_PULL_DATA);
    scr_job_cursor_close(&cursor);
    job_bench_deinit(&bench);
}

enum {
    THREADS = 8,
    ORDERS = 24
};

struct crowd {
    struct job_bench bench;
    struct scr_params params[ORDERS];
    uint8_t *expected[ORDERS];
    size_t bytes[ORDERS];
    bool same_order;
    atomic_int next_reader;
};

static void *read_many(void *context)
{
    struct crowd *crowd = context;
    uint8_t *actual = malloc(1 << 20);
    int reader = atomic_fetch_add(&crowd->next_reader, 1);
    for (int i = 0; i < ORDERS; i += 1) {
        int order = crowd->same_order ? i : (i * 7 + reader * 5) % ORDERS;
        struct scr_job_cursor cursor;
        if (scr_arena_open(crowd->bench.arena, &crowd->params[order], &cursor) != SCR_OK) {
            abort();
        }
        if (i % 3 == 0) {
            scr_job_cursor_want(&cursor);
        }
        uint64_t at = 0;
        while (at < crowd->bytes[order]) {
            const uint8_t *bytes = NULL;
            size_t count = 0;
            enum scr_pull pull = scr_job_cursor_pull(&cursor, at, &bytes, &count);
            if (pull == SCR_PULL_DATA) {
                memcpy(actual + at, bytes, count);
                at += count;
            } else if (pull != SCR_PULL_AGAIN) {
                abort();
            }
        }
        if (memcmp(actual, crowd->expected[order], crowd->bytes[order]) != 0) {
            abort();
        }
        scr_job_cursor_close(&cursor);
    }
    free(actual);
    return NULL;
}

static void run_crowd(bool same_order, uint64_t arena_bytes)
{
    struct crowd crowd = {.same_order = same_order};
    struct scr_finisher *finisher = NULL;
    pthread_t threads[THREADS];
    job_bench_init(&crowd.bench, arena_bytes, THREADS);
    for (int i = 0; i < ORDERS; i += 1) {
        crowd.params[i] =
            job_params((enum scr_preset)(i % SCR_PRESET_COUNT), (uint64_t)i, 200 + 20 * i);
        crowd.expected[i] = job_reference(&crowd.params[i], &crowd.bytes[i]);
    }
    assert_int_equal(scr_finisher_start(crowd.bench.arena, &finisher), SCR_OK);
    for (int t = 0; t < THREADS; t += 1) {
        assert_int_equal(pthread_create(&threads[t], NULL, read_many, &crowd), 0);
    }
    for (int t = 0; t < THREADS; t += 1) {
        assert_int_equal(pthread_join(threads[t], NULL), 0);
    }
    scr_finisher_stop(&finisher);
    assert_null(finisher);
    for (int i = 0; i < ORDERS; i += 1) {
        free(crowd.expected[i]);
    }
    job_bench_deinit(&crowd.bench);
}

static void one_crowd_one_render_each(void **state)
{
    (void)state;
    run_crowd(true, (ORDERS + 4) * 16 << 10);
    assert_int_equal(scr_stats_read(SCR_STAT_CACHE_MISSES, 0), ORDERS);
}

static void a_crowd_in_a_small_arena(void **state)
{
    (void)state;
    /* The largest takes 9 KiB: a place for each reader and for the finisher. */
    run_crowd(false, (THREADS + 1) * 9 << 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_pull_makes_the_first_page_only),
        cmocka_unit_test(every_file_is_its_reference),
        cmocka_unit_test(the_last_byte_first),
        cmocka_unit_test(a_slice_ends_and_the_next_goes_on),
        cmocka_unit_test(who_takes_much_gets_much),
        cmocka_unit_test(who_finds_another_at_work_does_not_wait),
        cmocka_unit_test(one_crowd_one_render_each),
        cmocka_unit_test(a_crowd_in_a_small_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
