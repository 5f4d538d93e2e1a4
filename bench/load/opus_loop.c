/*
 * bench/load/opus_loop.c - the encoder alone, on sound that is there already: what a cold scream
 *         cannot do without.
 * Why:    the service is judged by what it adds to this loop, so the loop encodes the same sounds
 *         with the same settings, and runs on as many cores at once as the server does.
 * Method: the blocks of SOUNDS screams are rendered first (default settings, seeds in turn), then
 *         encoded again and again for so many seconds; CPU time of this thread. "bare" is the
 *         system's libopus, "codec" what the program links and calls.
 * Use:    opus_loop bare|codec SECONDS FIRST_SEED; one line of JSON.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/bare_opus.h"
#include "bench/screams.h"
#include "core/codec/opus_encoder.h"
#include "core/synth/preset.h"
#include "core/synth/scream.h"

#define SOUNDS 24
#define NS_PER_S 1e9

typedef void encode_fn(const float (*sound)[SCR_BLOCK_SAMPLES]);

static float blocks[SOUNDS][SCR_BENCH_BLOCKS_CODED][SCR_BLOCK_SAMPLES];
static struct scr_opus_encoder *codec;

static double now_ns(clockid_t clock)
{
    struct timespec now = {0};
    (void)clock_gettime(clock, &now);
    return (double)now.tv_sec * NS_PER_S + (double)now.tv_nsec;
}

static void render(uint64_t first_seed)
{
    for (uint32_t i = 0; i < SOUNDS; i += 1) {
        struct scr_params params;
        struct scr_scream scream;
        scr_preset_params(SCR_PRESET_CLASSIC, first_seed + i, &params);
        scr_scream_init(&scream, &params);
        for (uint32_t b = 0; b < SCR_BENCH_BLOCKS_CODED; b += 1) {
            (void)scr_scream_pull(&scream, blocks[i][b]);
        }
    }
}

/* In C17 what points to arrays of floats does not become a pointer to arrays of const ones. */
static const float (*sound_at(uint64_t index))[SCR_BLOCK_SAMPLES]
{
    void *sound = blocks[index % SOUNDS];
    return sound;
}

static void codec_init(void)
{
    size_t bytes = scr_opus_encoder_size(1);
    scr_stopwatch_must(scr_opus_encoder_init(scr_stopwatch_memory(bytes), bytes, 1, &codec));
}

static void codec_encode(const float (*sound)[SCR_BLOCK_SAMPLES])
{
    uint8_t packet[SCR_PACKET_BYTES_MAX];
    size_t bytes = scr_opus_packet_bytes(SCR_BITRATE_DEFAULT);
    scr_stopwatch_must(scr_opus_encoder_reset(codec, SCR_BITRATE_DEFAULT));
    for (uint32_t b = 0; b < SCR_BENCH_BLOCKS_CODED; b += 1) {
        scr_stopwatch_must(scr_opus_encoder_encode(codec, sound[b], packet, bytes));
    }
}

static void measure(encode_fn *encode, double seconds)
{
    uint64_t screams = 0;
    encode(sound_at(0));
    double cpu_ns = now_ns(CLOCK_THREAD_CPUTIME_ID);
    double began_ns = now_ns(CLOCK_MONOTONIC);
    double wall_ns = 0;
    while (wall_ns < seconds * NS_PER_S) {
        encode(sound_at(screams));
        screams += 1;
        wall_ns = now_ns(CLOCK_MONOTONIC) - began_ns;
    }
    cpu_ns = now_ns(CLOCK_THREAD_CPUTIME_ID) - cpu_ns;
    (void)printf("{\"screams\":%" PRIu64 ",\"cpu_us\":%.3f,\"seconds\":%.6f}\n",
                 screams,
                 cpu_ns / 1000,
                 wall_ns / NS_PER_S);
}

int main(int count, char *words[])
{
    bool is_bare = count == 4 && strcmp(words[1], "bare") == 0;
    if (!is_bare && (count != 4 || strcmp(words[1], "codec") != 0)) {
        (void)fprintf(stderr, "Usage: opus_loop bare|codec SECONDS FIRST_SEED\n");
        return 64;
    }
    if (is_bare) {
        scr_bare_opus_init();
    } else {
        codec_init();
    }
    render(strtoull(words[3], NULL, 10));
    measure(is_bare ? scr_bare_opus_encode : codec_encode, strtod(words[2], NULL));
    return 0;
}
