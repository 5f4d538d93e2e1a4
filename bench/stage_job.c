/*
 * bench/stage_job.c - what a whole cold scream costs without HTTP, beside the bare Opus encoder.
 * Method: each run asks for a seed that nobody asked for: admission with its eviction, synth,
 *         encoder, pages, and reading them to the end. What is above the bare encoder is ours.
 *         `pcm` is the same for WAV: synth and 16-bit samples, nothing stored.
 * Prints: see stopwatch.h.
 */
#include "bench/bare_opus.h"
#include "bench/screams.h"
#include "core/base/clock.h"
#include "core/crypto/blake2b.h"
#include "core/job/arena.h"
#include "core/job/pcm_stream.h"

static struct scr_arena *arena;
static struct scr_pcm_pool *streams;
static uint64_t fresh_seed;

static struct scr_params fresh_params(void)
{
    struct scr_params params = scr_bench_classic(SCR_FINISH_SMOOTH);
    fresh_seed += 1;
    params.seed = fresh_seed;
    return params;
}

static void job(const void *unused)
{
    (void)unused;
    const struct scr_params params = fresh_params();
    struct scr_job_cursor cursor;
    scr_stopwatch_must(scr_arena_open(arena, &params, &cursor));
    uint64_t at = 0;
    enum scr_pull pull = SCR_PULL_AGAIN;
    while (pull != SCR_PULL_END) {
        const uint8_t *bytes = NULL;
        size_t count = 0;
        pull = scr_job_cursor_pull(&cursor, at, &bytes, &count);
        scr_stopwatch_must(pull == SCR_PULL_ERROR ? SCR_ERR_CODEC : SCR_OK);
        at += pull == SCR_PULL_DATA ? count : 0;
    }
    scr_job_cursor_close(&cursor);
}

static void pcm(const void *unused)
{
    (void)unused;
    static uint8_t bytes[16384];
    const struct scr_params params = fresh_params();
    const struct scr_slice slice = scr_slice_whole();
    struct scr_pcm_stream *stream;
    scr_stopwatch_must(scr_pcm_stream_acquire(streams, &params, &stream));
    uint64_t at = 0;
    enum scr_pull pull = SCR_PULL_AGAIN;
    while (pull != SCR_PULL_END) {
        size_t count = 0;
        pull = scr_pcm_stream_pull(stream, at, &slice, bytes, sizeof bytes, &count);
        at += pull == SCR_PULL_DATA ? count : 0;
    }
    scr_pcm_stream_release(stream);
}

int main(int argc, char **argv)
{
    const struct scr_subject subjects[] = {
        {"bare", scr_bare_opus, NULL, SCR_BENCH_BLOCKS_CODED},
        {"job", job, NULL, SCR_BENCH_BLOCKS_CODED},
        {"pcm", pcm, NULL, SCR_BENCH_BLOCKS},
    };
    const struct scr_arena_config config = {
        .arena_bytes = 4 << 20, .readers_max = 2, .clock = scr_clock_monotonic()};
    scr_stopwatch_must(scr_crypto_init());
    scr_stopwatch_must(scr_arena_create(&config, &arena));
    scr_stopwatch_must(scr_pcm_pool_create(1, config.clock, &streams));
    scr_bare_opus_init();
    int status = scr_stopwatch_main(argc, argv, subjects, sizeof subjects / sizeof subjects[0]);
    scr_pcm_pool_destroy(&streams);
    scr_arena_destroy(&arena);
    return status;
}
