/*
 * tests/unit/job/pcm_stream_test.c - a WAV file read from anywhere, without being stored.
 * Aim:    every slice equals the slice of the whole; the whole is header plus rounded samples.
 * Method: the whole is built from synth and codec alone; then pieces of every size, forwards,
 *         backwards and at random; slices that end; the pool's edge.
 */
#include "core/job/pcm_stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/series.h"
#include "core/base/stats.h"
#include "core/container/wav_header.h"
#include "core/dsp/pcm16.h"
#include "core/memory/boot.h"
#include "core/synth/scream.h"
#include "tests/support/job_bench.h"

static const struct scr_slice whole_slice = {.ns = SCR_SLICE_NS};

static uint8_t *reference(const struct scr_params *params, size_t *bytes)
{
    uint32_t samples = scr_params_samples(params);
    size_t frame = (size_t)params->channels * 2;
    *bytes = (size_t)scr_wav_file_bytes(samples, params->channels);
    uint8_t *file = malloc(*bytes + SCR_BLOCK_SAMPLES * frame);
    assert_non_null(file);
    scr_wav_header_write(samples, params->channels, file);
    struct scr_scream scream;
    float block[SCR_BLOCK_SAMPLES * SCR_CHANNELS_MAX];
    scr_scream_init(&scream, params);
    for (uint32_t at = 0; at < samples; at += SCR_BLOCK_SAMPLES) {
        (void)scr_scream_pull(&scream, block);
        scr_pcm16_write(scr_kernels_of(scr_isa_current()),
                        block,
                        SCR_BLOCK_SAMPLES,
                        scr_scream_tracks(params),
                        params->channels,
                        file + SCR_WAV_HEADER_BYTES + at * frame);
    }
    return file;
}

struct pcm_bench {
    struct fake_clock fake;
    struct scr_pcm_pool *pool;
};

static void pcm_bench_init(struct pcm_bench *bench, uint32_t count)
{
    fake_clock_init(&bench->fake);
    assert_int_equal(scr_pcm_pool_create(count, &bench->fake.clock, &bench->pool), SCR_OK);
    scr_stats_reset();
}

static struct scr_pcm_stream *acquire(struct pcm_bench *bench, const struct scr_params *params)
{
    struct scr_pcm_stream *stream = NULL;
    assert_int_equal(scr_pcm_stream_acquire(bench->pool, params, &stream), SCR_OK);
    return stream;
}

/* Reads from..to in pieces and compares each with the reference. */
static void expect_same(
    struct scr_pcm_stream *stream, const uint8_t *file, uint64_t from, uint64_t to, size_t piece)
{
    uint8_t bytes[70000];
    assert_true(piece <= sizeof bytes);
    while (from < to) {
        size_t capacity = piece < to - from ? piece : (size_t)(to - from);
        size_t count = 0;
        enum scr_pull pull =
            scr_pcm_stream_pull(stream, from, &whole_slice, bytes, capacity, &count);
        if (pull == SCR_PULL_AGAIN) {
            continue;
        }
        assert_int_equal(pull, SCR_PULL_DATA);
        assert_true(count >= 1 && count <= capacity);
        assert_memory_equal(bytes, file + from, count);
        from += count;
    }
}

static void the_whole_is_its_reference_in_any_pieces(void **state)
{
    (void)state;
    static const size_t pieces[] = {1, 43, 44, 45, 1000, 3884, 16384, 70000};
    struct pcm_bench bench;
    pcm_bench_init(&bench, 1);
    for (uint32_t channels = 1; channels <= 2; channels += 1) {
        struct scr_params params = job_params(SCR_PRESET_BANSHEE, 9, 333);
        params.channels = channels;
        size_t bytes = 0;
        uint8_t *file = reference(&params, &bytes);
        for (size_t p = 0; p < sizeof pieces / sizeof pieces[0]; p += 1) {
            struct scr_pcm_stream *stream = acquire(&bench, &params);
            assert_int_equal(scr_pcm_stream_file_bytes(stream), bytes);
            expect_same(stream, file, 0, bytes, pieces[p]);
            uint8_t byte;
            size_t count = 0;
            assert_int_equal(scr_pcm_stream_pull(stream, bytes, &whole_slice, &byte, 1, &count),
                             SCR_PULL_END);
            scr_pcm_stream_release(stream);
        }
        free(file);
    }
    uint32_t ok = scr_series_render(SCR_PRESET_BANSHEE, SCR_FORMAT_WAV, SCR_RENDER_OK);
    assert_int_equal(scr_stats_read(SCR_STAT_RENDERS, ok), 16);
    scr_pcm_pool_destroy(&bench.pool);
}

static void the_first_pull_makes_the_first_block_only(void **state)
{
    (void)state;
    struct pcm_bench bench;
    pcm_bench_init(&bench, 1);
    struct scr_params params = job_params(SCR_PRESET_CLASSIC, 9, 1000);
    struct scr_pcm_stream *stream = acquire(&bench, &params);
    uint8_t bytes[16384];
    size_t count = 0;
    assert_int_equal(scr_pcm_stream_pull(stream, 0, &whole_slice, bytes, sizeof bytes, &count),
                     SCR_PULL_DATA);
    assert_int_equal(count, SCR_WAV_HEADER_BYTES + SCR_BLOCK_SAMPLES * 4);
    assert_int_equal(scr_stats_read(SCR_STAT_RENDERED_SAMPLES, SCR_FORMAT_WAV), SCR_BLOCK_SAMPLES);
    scr_pcm_stream_release(stream);
    uint32_t dropped = scr_series_render(SCR_PRESET_CLASSIC, SCR_FORMAT_WAV, SCR_RENDER_DROPPED);
    assert_int_equal(scr_stats_read(SCR_STAT_RENDERS, dropped), 1);
    scr_pcm_pool_destroy(&bench.pool);
}

static void any_range_in_any_order(void **state)
{
    (void)state;
    unsigned seed = 42;
    print_message("seed %u\n", seed);
    srand(seed);
    struct pcm_bench bench;
    pcm_bench_init(&bench, 1);
    struct scr_params params = job_params(SCR_PRESET_ROBOT, 3, 1500);
    size_t bytes = 0;
    uint8_t *file = reference(&params, &bytes);
    struct scr_pcm_stream *stream = acquire(&bench, &params);
    expect_same(stream, file, bytes - 1, bytes, 1);
    expect_same(stream, file, 0, 1, 1);
    for (int i = 0; i < 60; i += 1) {
        uint64_t from = (uint64_t)rand() % bytes;
        uint64_t to = from + 1 + (uint64_t)rand() % (bytes - from);
        expect_same(stream, file, from, to, 1 + (size_t)rand() % 20000);
    }
    scr_pcm_stream_release(stream);
    free(file);
    scr_pcm_pool_destroy(&bench.pool);
}

static void far_ahead_comes_in_slices(void **state)
{
    (void)state;
    struct pcm_bench bench;
    pcm_bench_init(&bench, 1);
    struct scr_params params = job_params(SCR_PRESET_ROBOT, 3, 1000);
    size_t bytes = 0;
    uint8_t *file = reference(&params, &bytes);
    struct scr_pcm_stream *stream = acquire(&bench, &params);
    atomic_store(&bench.fake.tick_ns, SCR_SLICE_NS); /* one block a slice */
    uint8_t byte = 0;
    size_t count = 0;
    int again = 0;
    while (scr_pcm_stream_pull(stream, bytes - 1, &whole_slice, &byte, 1, &count) ==
           SCR_PULL_AGAIN) {
        again += 1;
    }
    assert_int_equal(count, 1);
    assert_int_equal(byte, file[bytes - 1]);
    assert_int_equal(again, 50 - 1);
    /* Turning back in the middle of a search for what is ahead. */
    expect_same(stream, file, 0, 100, 100);
    assert_int_equal(scr_pcm_stream_pull(stream, bytes - 1, &whole_slice, &byte, 1, &count),
                     SCR_PULL_AGAIN);
    assert_int_equal(scr_pcm_stream_pull(stream, bytes - 1, &whole_slice, &byte, 1, &count),
                     SCR_PULL_AGAIN);
    expect_same(stream, file, 4000, 9000, 900);
    scr_pcm_stream_release(stream);
    free(file);
    scr_pcm_pool_destroy(&bench.pool);
}

static void a_part_read_to_its_end_is_no_loss(void **state)
{
    (void)state;
    struct pcm_bench bench;
    pcm_bench_init(&bench, 1);
    struct scr_params params = job_params(SCR_PRESET_ROBOT, 3, 1000);
    size_t bytes = 0;
    uint8_t *file = reference(&params, &bytes);
    struct scr_pcm_stream *stream = acquire(&bench, &params);
    scr_pcm_stream_end_at(stream, 10000);
    expect_same(stream, file, 5000, 10000, 1000);
    scr_pcm_stream_release(stream);
    uint32_t ok = scr_series_render(SCR_PRESET_ROBOT, SCR_FORMAT_WAV, SCR_RENDER_OK);
    assert_int_equal(scr_stats_read(SCR_STAT_RENDERS, ok), 1);
    free(file);
    scr_pcm_pool_destroy(&bench.pool);
}

static void the_pool_has_an_edge_and_a_price(void **state)
{
    (void)state;
    struct pcm_bench bench;
    uint64_t before = scr_boot_bytes();
    pcm_bench_init(&bench, 2);
    assert_int_equal(scr_boot_bytes() - before, scr_pcm_pool_memory_bytes(2));
    struct scr_params params = job_params(SCR_PRESET_ROBOT, 3, 1000);
    struct scr_pcm_stream *first = acquire(&bench, &params);
    struct scr_pcm_stream *second = acquire(&bench, &params);
    struct scr_pcm_stream *third = NULL;
    assert_int_equal(scr_pcm_pool_used(bench.pool), 2);
    assert_int_equal(scr_pcm_stream_acquire(bench.pool, &params, &third), SCR_ERR_POOL_FULL);
    assert_null(third);
    scr_pcm_stream_release(first);
    third = acquire(&bench, &params);
    scr_pcm_stream_release(second);
    scr_pcm_stream_release(third);
    scr_pcm_pool_destroy(&bench.pool);
    assert_int_equal(scr_boot_bytes(), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole_is_its_reference_in_any_pieces),
        cmocka_unit_test(the_first_pull_makes_the_first_block_only),
        cmocka_unit_test(any_range_in_any_order),
        cmocka_unit_test(far_ahead_comes_in_slices),
        cmocka_unit_test(a_part_read_to_its_end_is_no_loss),
        cmocka_unit_test(the_pool_has_an_edge_and_a_price),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
