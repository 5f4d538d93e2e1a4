/*
 * core/job/codec_class.c - a chain of hashes over a self-test's packets.
 * Why:    see codec_class.h. Two seconds of glitch hold noise, jumps and clipping: measured, with
 *         libopus' own search two CPU vendors differ in most packets of it.
 */
#include "core/job/codec_class.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/base/bytes.h"
#include "core/crypto/blake2b.h"
#include "core/synth/preset.h"

#define PROBE_BLOCKS 100
#define DIGEST_BYTES 32

#if defined(__x86_64__)
#define ARCHITECTURE "amd64"
#elif defined(__aarch64__)
#define ARCHITECTURE "arm64"
#else
#define ARCHITECTURE "other"
#endif

/* digest = H(digest, bytes): a running hash without a streaming interface. */
static void absorb(uint8_t digest[DIGEST_BYTES], const void *bytes, size_t count)
{
    uint8_t joined[DIGEST_BYTES + SCR_PACKET_BYTES_MAX];
    struct scr_writer writer;
    scr_writer_init(&writer, joined, sizeof joined);
    scr_writer_put(&writer, digest, DIGEST_BYTES);
    scr_writer_put(&writer, bytes, count);
    SCR_ASSERT(!writer.overflow);
    scr_blake2b(joined, writer.used, digest, DIGEST_BYTES);
}

enum scr_err scr_codec_class_probe(struct scr_render_state *state,
                                   struct scr_codec_class *codec_class)
{
    struct scr_params params;
    uint8_t digest[DIGEST_BYTES] = {0};
    uint8_t packet[SCR_PACKET_BYTES_MAX];
    float block[SCR_BLOCK_SAMPLES * SCR_CHANNELS_MAX];
    size_t packet_bytes = scr_opus_packet_bytes(SCR_BITRATE_DEFAULT);

    absorb(digest, ARCHITECTURE, strlen(ARCHITECTURE));
    absorb(digest, scr_opus_version(), strlen(scr_opus_version()));
    absorb(digest, scr_opus_search(), strlen(scr_opus_search()));
    scr_preset_params(SCR_PRESET_GLITCH, 0, &params);
    SCR_TRY(scr_opus_encoder_reset(state->encoder, SCR_BITRATE_DEFAULT));
    scr_scream_init(&state->scream, &params);
    for (int i = 0; i < PROBE_BLOCKS; i += 1) {
        (void)scr_scream_pull(&state->scream, block);
        SCR_TRY(scr_opus_encoder_encode(state->encoder, block, packet, packet_bytes));
        absorb(digest, packet, packet_bytes);
    }
    memcpy(codec_class->bytes, digest, sizeof codec_class->bytes);
    return SCR_OK;
}
