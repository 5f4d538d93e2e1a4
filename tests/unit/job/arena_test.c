/*
 * tests/unit/job/arena_test.c - finding, admitting, evicting and giving up jobs.
 * Aim:    every arrow of the picture in core/job/job.h, and every reason to refuse.
 * Method: small arenas on a clock that stands still; usage and counters are read after each step.
 */
#include "core/job/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/series.h"
#include "core/base/stats.h"
#include "core/job/arena_internal.h"
#include "core/memory/boot.h"
#include "tests/support/job_bench.h"

static uint8_t scratch[1 << 20];

static void read_all(struct scr_job_cursor *cursor)
{
    job_read(cursor, 0, scr_job_cursor_file_bytes(cursor), scratch);
    assert_true(scr_job_cursor_is_finished(cursor));
}

static void make_idle(struct job_bench *bench, const struct scr_params *params)
{
    struct scr_job_cursor cursor = job_open(bench, params);
    read_all(&cursor);
    scr_job_cursor_close(&cursor);
}

static void admission_reserves_all_and_renders_nothing(void **state)
{
    (void)state;
    struct job_bench bench;
    job_bench_init(&bench, 512 << 10, 4);
    struct scr_params params = job_params(SCR_PRESET_CLASSIC, 1, 10000);
    struct scr_job_cursor cursor = job_open(&bench, &params);
    struct scr_arena_usage usage = scr_arena_usage(bench.arena);
    uint64_t bytes = job_extent_bytes(&params); /* 10 s at 96 kbit/s: 124 kB */
    assert_int_equal(usage.extents_used, bytes / SCR_EXTENT_BYTES);
    assert_int_equal(usage.extents_wanted, bytes / SCR_EXTENT_BYTES);
    assert_int_equal(usage.file_bytes, scr_job_file_bytes(&params));
    assert_int_equal(usage.jobs, 1);
    assert_int_equal(usage.jobs_unfinished, 1);
    assert_int_equal(usage.readers, 1);
    assert_int_equal(usage.render_states_used, 1);
    assert_int_equal(scr_job_cursor_published(&cursor), 0);
    assert_int_equal(scr_stats_read(SCR_STAT_RENDERED_SAMPLES, SCR_FORMAT_OGG), 0);
    assert_int_equal(scr_job_cursor_file_bytes(&cursor), scr_job_file_bytes(&params));
    scr_job_cursor_close(&cursor);
    scr_job_cursor_close(&cursor); /* closing twice is allowed */
    job_bench_deinit(&bench);
}

static void equal_orders_share_one_job(void **state)
{
    (void)state;
    struct job_bench bench;
    job_bench_init(&bench, 256 << 10, 4);
    struct scr_params params = job_params(SCR_PRESET_ROBOT, 7, 500);
    struct scr_job_cursor first = job_open(&bench, &params);
    struct scr_job_cursor second = job_open(&bench, &params);
    assert_ptr_equal(first.job, second.job);
    assert_int_equal(scr_stats_read(SCR_STAT_CACHE_MISSES, 0), 1);
    assert_int_equal(scr_stats_read(SCR_STAT_SINGLEFLIGHT_SHARED, 0), 1);
    read_all(&first);
    struct scr_job_cursor third = job_open(&bench, &params);
    assert_int_equal(scr_stats_read(SCR_STAT_CACHE_HITS, 0), 1);
    uint32_t series = scr_series_render(SCR_PRESET_ROBOT, SCR_FORMAT_OGG, SCR_RENDER_OK);
    assert_int_equal(scr_stats_read(SCR_STAT_RENDERS, series), 1);
    scr_job_cursor_close(&first);
    scr_job_cursor_close(&second);
    scr_job_cursor_close(&third);
    assert_int_equal(scr_arena_usage(bench.arena).readers, 0);
    job_bench_deinit(&bench);
}

static void any_difference_is_another_job(void **state)
{
    (void)state;
    struct job_bench bench;
    job_bench_init(&bench, 512 << 10, 4);
    struct scr_params params = job_params(SCR_PRESET_ROBOT, 7, 500);
    struct scr_job_cursor first = job_open(&bench, &params);
    params.channels = 1;
    struct scr_job_cursor second = job_open(&bench, &params);
    assert_ptr_not_equal(first.job, second.job);
    scr_job_cursor_close(&first);
    scr_job_cursor_close(&second);
    job_bench_deinit(&bench);
}

static void the_least_recently_used_goes_first(void **state)
{
    (void)state;
    struct job_bench bench;
    struct scr_params a = job_params(SCR_PRESET_CLASSIC, 1, 500);
    job_bench_init(&bench, 3 * job_extent_bytes(&a), 4);
    struct scr_params b = job_params(SCR_PRESET_CLASSIC, 2, 500);
    struct scr_params c = job_params(SCR_PRESET_CLASSIC, 3, 500);
    struct scr_params d = job_params(SCR_PRESET_CLASSIC, 4, 500);
    make_idle(&bench, &a);
    make_idle(&bench, &b);
    make_idle(&bench, &c);
    make_idle(&bench, &a); /* a is used again: b is now the oldest */
    assert_int_equal(scr_stats_read(SCR_STAT_ARENA_EVICTED, 0), 0);
    make_idle(&bench, &d);
    assert_int_equal(scr_stats_read(SCR_STAT_ARENA_EVICTED, 0), 1);
    int64_t hits = scr_stats_read(SCR_STAT_CACHE_HITS, 0);
    make_idle(&bench, &a);
    make_idle(&bench, &c);
    make_idle(&bench, &d);
    assert_int_equal(scr_stats_read(SCR_STAT_CACHE_HITS, 0), hits + 3);
    make_idle(&bench, &b);
    assert_int_equal(scr_stats_read(SCR_STAT_CACHE_HITS, 0), hits + 3);
    job_bench_deinit(&bench);
}

static void a_full_arena_refuses_and_harms_nobody(void **state)
{
    (void)state;
    struct job_bench bench;
    struct scr_params a = job_params(SCR_PRESET_CLASSIC, 1, 500);
    job_bench_init(&bench, 2 * job_extent_bytes(&a), 8);
    struct scr_params b = job_params(SCR_PRESET_CLASSIC, 2, 500);
    struct scr_params c = job_params(SCR_PRESET_CLASSIC, 3, 500);
    struct scr_job_cursor first = job_open(&bench, &a);
    struct scr_job_cursor second = job_open(&bench, &b);
    struct scr_job_cursor refused = {0};
    assert_int_equal(scr_arena_open(bench.arena, &c, &refused), SCR_ERR_ARENA_FULL);
    assert_null(refused.job);
    assert_int_equal(scr_stats_read(SCR_STAT_ARENA_FULL, 0), 1);
    size_t bytes = 0;
    uint8_t *expected = job_reference(&a, &bytes);
    read_all(&first);
    assert_memory_equal(scratch, expected, bytes);
    free(expected);
    /* Finished but wanted is still not evictable; idle is. */
    assert_int_equal(scr_arena_open(bench.arena, &c, &refused), SCR_ERR_ARENA_FULL);
    scr_job_cursor_close(&first);
    assert_int_equal(scr_arena_open(bench.arena, &c, &refused), SCR_OK);
    scr_job_cursor_close(&refused);
    scr_job_cursor_close(&second);
    job_bench_deinit(&bench);
}

static void a_hopeless_order_evicts_nothing(void **state)
{
    (void)state;
    struct job_bench bench;
    struct scr_params small = job_params(SCR_PRESET_CLASSIC, 1, 500);
    struct scr_params other = job_params(SCR_PRESET_CLASSIC, 2, 500);
    struct scr_params large = job_params(SCR_PRESET_CLASSIC, 1, 10000);
    job_bench_init(&bench, job_extent_bytes(&large) + SCR_EXTENT_BYTES, 8);
    struct scr_job_cursor refused = {0};
    make_idle(&bench, &small);
    struct scr_job_cursor held = job_open(&bench, &other);
    assert_int_equal(scr_arena_open(bench.arena, &large, &refused), SCR_ERR_ARENA_FULL);
    assert_null(refused.job);
    assert_int_equal(scr_stats_read(SCR_STAT_ARENA_EVICTED, 0), 0);
    assert_int_equal(scr_arena_usage(bench.arena).jobs, 2);
    scr_job_cursor_close(&held);
    job_bench_deinit(&bench);
}

/* What has just room when nothing else has is admitted; one extent more will never be. */
static void what_can_never_fit_is_told_apart(void **state)
{
    (void)state;
    struct job_bench bench;
    struct scr_params small = job_params(SCR_PRESET_CLASSIC, 1, 500);
    struct scr_params fits = job_params(SCR_PRESET_CLASSIC, 1, 10000);
    struct scr_params large = job_params(SCR_PRESET_CLASSIC, 1, 10080); /* a page more */
    uint64_t room = job_extent_bytes(&fits);
    job_bench_init(&bench, room, 8);
    struct scr_job_cursor refused = {0};
    assert_int_equal(scr_arena_extent_bytes(bench.arena), room);
    assert_true(scr_arena_could_hold(bench.arena, room));
    assert_false(scr_arena_could_hold(bench.arena, room + 1));
    assert_true(scr_job_file_bytes(&large) > room);
    make_idle(&bench, &small);
    assert_int_equal(scr_arena_open(bench.arena, &large, &refused), SCR_ERR_SCREAM_TOO_LARGE);
    assert_null(refused.job);
    assert_int_equal(scr_stats_read(SCR_STAT_ARENA_FULL, 0), 0);
    assert_int_equal(scr_stats_read(SCR_STAT_ARENA_EVICTED, 0), 0);
    struct scr_job_cursor taken = job_open(&bench, &fits);
    assert_int_equal(scr_stats_read(SCR_STAT_ARENA_EVICTED, 0), 1);
    scr_job_cursor_close(&taken);
    job_bench_deinit(&bench);
}

/* Six small files side by side, four of them wanted: what is free lies apart. */
static void what_is_free_in_pieces_can_be_had(void **state)
{
    (void)state;
    struct job_bench bench;
    struct scr_params small = job_params(SCR_PRESET_CLASSIC, 0, 500);
    uint64_t small_bytes = job_extent_bytes(&small);
    job_bench_init(&bench, 6 * small_bytes, 8);
    struct scr_job_cursor held[6];
    for (uint64_t i = 0; i < 6; i += 1) {
        small.seed = i;
        held[i] = job_open(&bench, &small);
        read_all(&held[i]);
    }
    scr_job_cursor_close(&held[1]);
    scr_job_cursor_close(&held[4]);
    struct scr_params large = job_params(SCR_PRESET_CLASSIC, 9, 900);
    assert_true(job_extent_bytes(&large) > small_bytes);
    struct scr_job_cursor cursor = job_open(&bench, &large);
    const uint8_t *bytes = NULL;
    size_t count = 0;
    size_t file_bytes = 0;
    uint8_t *expected = job_reference(&large, &file_bytes);
    read_all(&cursor);
    assert_memory_equal(scratch, expected, file_bytes);
    assert_int_equal(scr_job_cursor_pull(&cursor, 0, &bytes, &count), SCR_PULL_DATA);
    assert_int_equal(count, small_bytes);
    scr_job_cursor_close(&cursor);

    /* With neighbours to evict, the same file is one piece, and more than it needs goes. */
    int64_t evicted = scr_stats_read(SCR_STAT_ARENA_EVICTED, 0);
    assert_int_equal(evicted, 2);
    scr_job_cursor_close(&held[3]);
    scr_job_cursor_close(&held[2]);
    large.seed = 10;
    cursor = job_open(&bench, &large);
    read_all(&cursor);
    assert_int_equal(scr_job_cursor_pull(&cursor, 0, &bytes, &count), SCR_PULL_DATA);
    assert_int_equal(count, scr_job_cursor_file_bytes(&cursor));
    scr_job_cursor_close(&cursor);
    scr_job_cursor_close(&held[0]);
    scr_job_cursor_close(&held[5]);
    free(expected);
    job_bench_deinit(&bench);
}

/* More sounds than there are jobs: the oldest goes although there are extents enough. */
static void jobs_run_out_before_extents(void **state)
{
    (void)state;
    struct job_bench bench;
    job_bench_init(&bench, 4 * SCR_JOB_SHARE_BYTES, 1); /* four jobs, a reader's, the finisher's */
    for (uint64_t i = 0; i < 7; i += 1) {
        struct scr_params params = job_params(SCR_PRESET_CLASSIC, i, 50);
        make_idle(&bench, &params);
    }
    assert_int_equal(scr_stats_read(SCR_STAT_ARENA_EVICTED, 0), 1);
    assert_int_equal(scr_arena_usage(bench.arena).jobs, 6);
    job_bench_deinit(&bench);
}

static void an_abandoned_job_waits_two_seconds(void **state)
{
    (void)state;
    struct job_bench bench;
    job_bench_init(&bench, 256 << 10, 4);
    struct scr_params params = job_params(SCR_PRESET_BANSHEE, 3, 3000);
    struct scr_job_cursor cursor = job_open(&bench, &params);
    job_read(&cursor, 0, 100, scratch);
    uint64_t published = scr_job_cursor_published(&cursor);
    assert_true(published > 0);
    scr_job_cursor_close(&cursor);

    fake_clock_advance(&bench.fake, SCR_JOB_LINGER_NS - 1);
    scr_arena_drop_abandoned(bench.arena);
    assert_int_equal(scr_arena_usage(bench.arena).jobs, 1);
    cursor = job_open(&bench, &params);
    assert_int_equal(scr_job_cursor_published(&cursor), published);
    scr_job_cursor_close(&cursor);

    fake_clock_advance(&bench.fake, SCR_JOB_LINGER_NS);
    scr_arena_drop_abandoned(bench.arena);
    struct scr_arena_usage usage = scr_arena_usage(bench.arena);
    assert_int_equal(usage.jobs, 0);
    assert_int_equal(usage.extents_used, 0);
    assert_int_equal(usage.render_states_used, 0);
    uint32_t series = scr_series_render(SCR_PRESET_BANSHEE, SCR_FORMAT_OGG, SCR_RENDER_DROPPED);
    assert_int_equal(scr_stats_read(SCR_STAT_RENDERS, series), 1);
    job_bench_deinit(&bench);
}

static void who_asks_now_goes_before_who_left(void **state)
{
    (void)state;
    struct job_bench bench;
    job_bench_init(&bench, 256 << 10, 1); /* two render states: a reader's and the finisher's */
    struct scr_params busy = job_params(SCR_PRESET_BANSHEE, 2, 3000);
    struct scr_params gone = job_params(SCR_PRESET_BANSHEE, 3, 3000);
    struct scr_params next = job_params(SCR_PRESET_BANSHEE, 4, 3000);
    struct scr_job_cursor stays = job_open(&bench, &busy);
    struct scr_job_cursor cursor = job_open(&bench, &gone);
    struct scr_job_cursor refused = {0};
    assert_int_equal(scr_arena_open(bench.arena, &next, &refused), SCR_ERR_ARENA_FULL);
    scr_job_cursor_close(&cursor);
    cursor = job_open(&bench, &next);
    assert_int_equal(scr_arena_usage(bench.arena).jobs, 2);
    scr_job_cursor_close(&cursor);
    scr_job_cursor_close(&stays);
    job_bench_deinit(&bench);
}

static void memory_is_what_was_announced(void **state)
{
    (void)state;
    struct fake_clock fake;
    fake_clock_init(&fake);
    struct scr_arena_config config = {
        .arena_bytes = 3 * SCR_EXTENT_BYTES + 17, .readers_max = 5, .clock = &fake.clock};
    struct scr_arena *arena = NULL;
    uint64_t before = scr_boot_bytes();
    assert_int_equal(scr_arena_create(&config, &arena), SCR_OK);
    assert_int_equal(scr_boot_bytes() - before, scr_arena_memory_bytes(&config));
    assert_int_equal(scr_arena_usage(arena).extents_total, 3);
    scr_arena_destroy(&arena);
    assert_int_equal(scr_boot_bytes(), before);
}

/* Whether the sounds that are being read leave too little for one more. */
static bool is_crowded(const struct job_bench *bench,
                       const struct scr_job_cursor *cursors,
                       int cursor_count,
                       const struct scr_params *wanted)
{
    uint64_t bytes = job_extent_bytes(wanted);
    for (int c = 0; c < cursor_count; c += 1) {
        bool counted = cursors[c].job == NULL;
        for (int earlier = 0; earlier < c; earlier += 1) {
            counted = counted || cursors[earlier].job == cursors[c].job;
        }
        bytes += counted ? 0 : job_extent_bytes(&cursors[c].job->params);
    }
    return bytes > scr_arena_extent_bytes(bench->arena);
}

/*
 * Thousands of random openings, pulls, closings and waits; every byte read is the right one, and
 * nobody is refused while memory that no reader holds, in whatever pieces, would do.
 */
static void random_lives_keep_every_promise(void **state)
{
    (void)state;
    enum {
        KINDS = 12,
        CURSORS = 6,
        STEPS = 4000
    };
    unsigned seed = 20261120;
    print_message("seed %u\n", seed);
    srand(seed);
    struct job_bench bench;
    job_bench_init(&bench, 160 << 10, CURSORS);
    uint8_t *expected[KINDS];
    size_t expected_bytes[KINDS];
    struct scr_params params[KINDS];
    for (int k = 0; k < KINDS; k += 1) {
        params[k] = job_params((enum scr_preset)(k % SCR_PRESET_COUNT),
                               (uint64_t)k,
                               k % 4 == 3 ? 9000 : 100 + 300 * k);
        expected[k] = job_reference(&params[k], &expected_bytes[k]);
    }
    struct scr_job_cursor cursors[CURSORS] = {0};
    int kinds[CURSORS] = {0};
    int refused = 0;
    for (int step = 0; step < STEPS; step += 1) {
        int c = rand() % CURSORS;
        int action = rand() % 8;
        if (cursors[c].job == NULL) {
            kinds[c] = rand() % KINDS;
            enum scr_err err = scr_arena_open(bench.arena, &params[kinds[c]], &cursors[c]);
            refused += err == SCR_ERR_ARENA_FULL ? 1 : 0;
            assert_true(err == SCR_OK || err == SCR_ERR_ARENA_FULL);
            assert_true(err == SCR_OK || is_crowded(&bench, cursors, CURSORS, &params[kinds[c]]));
        } else if (action == 0) {
            scr_job_cursor_close(&cursors[c]);
        } else if (action == 1) {
            fake_clock_advance(&bench.fake, rand() % SCR_JOB_LINGER_NS);
            scr_arena_drop_abandoned(bench.arena);
        } else {
            uint64_t offset = (uint64_t)rand() % expected_bytes[kinds[c]];
            const uint8_t *bytes = NULL;
            size_t count = 0;
            enum scr_pull pull = scr_job_cursor_pull(&cursors[c], offset, &bytes, &count);
            assert_int_equal(pull, SCR_PULL_DATA); /* the clock stands still: no slice ends */
            assert_true(offset + count <= expected_bytes[kinds[c]]);
            assert_memory_equal(bytes, expected[kinds[c]] + offset, count);
        }
        struct scr_arena_usage usage = scr_arena_usage(bench.arena);
        assert_true(usage.extents_wanted <= usage.extents_used);
        assert_true(usage.readers <= CURSORS);
    }
    assert_true(refused > 0);
    for (int c = 0; c < CURSORS; c += 1) {
        scr_job_cursor_close(&cursors[c]);
    }
    fake_clock_advance(&bench.fake, SCR_JOB_LINGER_NS);
    scr_arena_drop_abandoned(bench.arena);
    assert_int_equal(scr_arena_usage(bench.arena).render_states_used, 0);
    for (int k = 0; k < KINDS; k += 1) {
        free(expected[k]);
    }
    job_bench_deinit(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(admission_reserves_all_and_renders_nothing),
        cmocka_unit_test(equal_orders_share_one_job),
        cmocka_unit_test(any_difference_is_another_job),
        cmocka_unit_test(the_least_recently_used_goes_first),
        cmocka_unit_test(a_full_arena_refuses_and_harms_nobody),
        cmocka_unit_test(a_hopeless_order_evicts_nothing),
        cmocka_unit_test(what_can_never_fit_is_told_apart),
        cmocka_unit_test(what_is_free_in_pieces_can_be_had),
        cmocka_unit_test(jobs_run_out_before_extents),
        cmocka_unit_test(an_abandoned_job_waits_two_seconds),
        cmocka_unit_test(who_asks_now_goes_before_who_left),
        cmocka_unit_test(memory_is_what_was_announced),
        cmocka_unit_test(random_lives_keep_every_promise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
