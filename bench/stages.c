/*
 * bench/stages.c - what each stage of a scream costs, in nanoseconds per block of 20 ms.
 * Why:    one run, one machine: every figure stands beside the bare Opus encoder of the same run,
 *         so that ratios mean something where absolute times do not.
 * Method: each stage renders the same scream ROUNDS times in turn with the others; minimum, median
 *         and maximum over the rounds; CPU time of this thread, so that waiting does not count.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/clock.h"
#include "core/codec/opus_encoder.h"
#include "core/codec/pcm16.h"
#include "core/crypto/blake2b.h"
#include "core/job/arena.h"
#include "core/synth/preset.h"
#include "core/synth/scream.h"

#define ROUNDS 41
#define BLOCKS 151 /* 3 s and the codec's look-ahead */

static float blocks[BLOCKS][SCR_BLOCK_SAMPLES];
static uint8_t sink[SCR_BLOCK_SAMPLES * 4];
static struct scr_opus_encoder *encoder;
static struct scr_arena *arena;
static uint64_t fresh_seed;

static void must(enum scr_err err)
{
    if (err != SCR_OK) {
        (void)fprintf(stderr, "bench: %s\n", scr_err_sentence(err));
        exit(1);
    }
}

static int64_t cpu_ns(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) != 0) {
        must(SCR_ERR_INTERNAL);
    }
    return (int64_t)now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static struct scr_params params_of(enum scr_finish finish)
{
    struct scr_params params;
    scr_preset_params(SCR_PRESET_CLASSIC, 0, &params);
    params.finish = finish;
    return params;
}

static void synth(enum scr_finish finish)
{
    struct scr_params params = params_of(finish);
    struct scr_scream scream;
    scr_scream_init(&scream, &params);
    for (int i = 0; i < BLOCKS; i += 1) {
        (void)scr_scream_pull(&scream, blocks[i]);
    }
}

static void synth_raw(void)
{
    synth(SCR_FINISH_RAW);
}

static void synth_smooth(void)
{
    synth(SCR_FINISH_SMOOTH);
}

static void pcm(void)
{
    for (int i = 0; i < BLOCKS; i += 1) {
        scr_pcm16_write(blocks[i], SCR_BLOCK_SAMPLES, 1, 2, sink);
    }
}

static void bare_opus(void)
{
    uint8_t packet[SCR_PACKET_BYTES_MAX];
    size_t bytes = scr_opus_packet_bytes(SCR_BITRATE_DEFAULT);
    must(scr_opus_encoder_reset(encoder, SCR_BITRATE_DEFAULT));
    for (int i = 0; i < BLOCKS; i += 1) {
        must(scr_opus_encoder_encode(encoder, blocks[i], packet, bytes));
    }
}

static void whole_job(void)
{
    struct scr_params params = params_of(SCR_FINISH_SMOOTH);
    struct scr_job_cursor cursor;
    fresh_seed += 1;
    params.seed = fresh_seed;
    must(scr_arena_open(arena, &params, &cursor));
    uint64_t at = 0;
    for (;;) {
        const uint8_t *bytes = NULL;
        size_t count = 0;
        enum scr_pull pull = scr_job_cursor_pull(&cursor, at, &bytes, &count);
        if (pull == SCR_PULL_DATA) {
            at += count;
        } else if (pull == SCR_PULL_END) {
            break;
        } else if (pull == SCR_PULL_ERROR) {
            must(SCR_ERR_CODEC);
        }
    }
    scr_job_cursor_close(&cursor);
}

struct stage {
    const char *name;
    void (*run)(void);
    int64_t spent_ns[ROUNDS];
};

static int by_size(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static void measure(struct stage *stages, size_t count)
{
    for (int round = 0; round < ROUNDS; round += 1) {
        for (size_t s = 0; s < count; s += 1) {
            int64_t began = cpu_ns();
            stages[s].run();
            stages[s].spent_ns[round] = cpu_ns() - began;
        }
    }
    for (size_t s = 0; s < count; s += 1) {
        qsort(stages[s].spent_ns, ROUNDS, sizeof stages[s].spent_ns[0], by_size);
    }
}

static double per_block(const struct stage *stage, int rank)
{
    return (double)stage->spent_ns[rank] / BLOCKS;
}

int main(void)
{
    static struct stage stages[] = {
        {.name = "Opus alone (reference)", .run = bare_opus},
        {.name = "synth, raw", .run = synth_raw},
        {.name = "synth, smooth", .run = synth_smooth},
        {.name = "s16, two channels", .run = pcm},
        {.name = "whole job to Ogg", .run = whole_job},
    };
    size_t count = sizeof stages / sizeof stages[0];
    size_t storage_bytes = scr_opus_encoder_size(1);
    void *storage = malloc(storage_bytes);
    if (storage == NULL) {
        must(SCR_ERR_MEMORY);
    }
    struct scr_arena_config config = {
        .arena_bytes = 4 << 20, .readers_max = 2, .clock = scr_clock_monotonic()};
    must(scr_crypto_init());
    must(scr_opus_encoder_init(storage, storage_bytes, 1, &encoder));
    must(scr_arena_create(&config, &arena));
    synth_smooth(); /* something to encode in the first round */
    measure(stages, count);

    double reference = per_block(&stages[0], ROUNDS / 2);
    (void)printf(
        "ns of CPU per 20 ms block, %d rounds of a 3 s scream; %s\n", ROUNDS, scr_opus_version());
    (void)printf("%-24s %10s %10s %10s %9s\n", "stage", "min", "median", "max", "of Opus");
    for (size_t s = 0; s < count; s += 1) {
        (void)printf("%-24s %10.0f %10.0f %10.0f %9.2f\n",
                     stages[s].name,
                     per_block(&stages[s], 0),
                     per_block(&stages[s], ROUNDS / 2),
                     per_block(&stages[s], ROUNDS - 1),
                     per_block(&stages[s], ROUNDS / 2) / reference);
    }
    scr_arena_destroy(&arena);
    free(storage);
    return 0;
}
