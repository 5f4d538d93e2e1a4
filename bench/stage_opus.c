/*
 * bench/stage_opus.c - what encoding costs: libopus alone, and behind core/codec.
 * Why:    core/codec adds checks to every packet; the bare loop says what they cost. `reset` and
 *         `init` are why encoders are pooled: one of them is paid for every scream.
 * Prints: see stopwatch.h.
 */
#include <opus/opus.h>

#include "bench/bare_opus.h"
#include "bench/screams.h"
#include "core/codec/opus_encoder.h"

static struct scr_opus_encoder *encoder;
static OpusEncoder *bare;
static const float (*sound)[SCR_BLOCK_SAMPLES];

static void encode(const void *unused)
{
    (void)unused;
    uint8_t packet[SCR_PACKET_BYTES_MAX];
    size_t bytes = scr_opus_packet_bytes(SCR_BITRATE_DEFAULT);
    scr_stopwatch_must(scr_opus_encoder_reset(encoder, SCR_BITRATE_DEFAULT));
    for (size_t i = 0; i < SCR_BENCH_BLOCKS_CODED; i += 1) {
        scr_stopwatch_must(scr_opus_encoder_encode(encoder, sound[i], packet, bytes));
    }
}

static void reset(const void *unused)
{
    (void)unused;
    scr_stopwatch_must(scr_opus_encoder_reset(encoder, SCR_BITRATE_DEFAULT));
}

static void init(const void *unused)
{
    (void)unused;
    int status =
        opus_encoder_init(bare, SCR_SAMPLE_RATE_HZ, 1, OPUS_APPLICATION_RESTRICTED_LOWDELAY);
    scr_stopwatch_must(status == OPUS_OK ? SCR_OK : SCR_ERR_CODEC);
}

int main(int argc, char **argv)
{
    const struct scr_subject subjects[] = {
        {"bare", scr_bare_opus, NULL, SCR_BENCH_BLOCKS_CODED},
        {"encoder", encode, NULL, SCR_BENCH_BLOCKS_CODED},
        {"reset", reset, NULL, 1},
        {"init", init, NULL, 1},
    };
    size_t bytes = scr_opus_encoder_size(1);
    void *storage = scr_stopwatch_memory(bytes);
    scr_stopwatch_must(scr_opus_encoder_init(storage, bytes, 1, &encoder));
    bare = scr_stopwatch_memory((size_t)opus_encoder_get_size(1));
    scr_bare_opus_init();
    sound = scr_bench_sound(SCR_FINISH_SMOOTH);
    return scr_stopwatch_main(argc, argv, subjects, sizeof subjects / sizeof subjects[0]);
}
