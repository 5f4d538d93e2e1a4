/*
 * tests/unit/codec/opus_class_test.c - every amd64 machine makes these packets.
 * Aim:    with our own pulse search the bytes are a property of libopus' version alone: not of the
 *         maker of the processor, what its libm is told to use, compiler or optimisation. The
 *         packets of libopus' own search differ here between two makers at three of four settings.
 * Method: 400 packets of noise whose level jumps, made of integers, hashed (FNV-1a) and compared
 *         with what was seen on an AMD processor and on four others under emulation. libopus is
 *         asked directly, at plain settings, so that those of core/codec may change. Whoever
 *         changes the search on purpose changes scr_opus_search() too, and then these.
 */
#include <opus/opus.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/codec/opus_encoder.h"

#define PACKETS 400

static OpusEncoder *make_encoder(uint32_t tracks, uint32_t bitrate)
{
    int status = OPUS_OK;
    OpusEncoder *encoder = opus_encoder_create(
        SCR_SAMPLE_RATE_HZ, (int)tracks, OPUS_APPLICATION_RESTRICTED_LOWDELAY, &status);
    assert_int_equal(status, OPUS_OK);
    assert_int_equal(opus_encoder_ctl(encoder, OPUS_SET_VBR(0)), OPUS_OK);
    assert_int_equal(opus_encoder_ctl(encoder, OPUS_SET_COMPLEXITY(0)), OPUS_OK);
    assert_int_equal(opus_encoder_ctl(encoder, OPUS_SET_BITRATE((opus_int32)bitrate)), OPUS_OK);
    return encoder;
}

static uint64_t hash_of_packets(uint32_t tracks, uint32_t bitrate)
{
    OpusEncoder *encoder = make_encoder(tracks, bitrate);
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    uint32_t noise = 2463534242;
    opus_int32 packet_bytes = (opus_int32)scr_opus_packet_bytes(bitrate);
    for (uint32_t i = 0; i < PACKETS; i += 1) {
        float block[SCR_BLOCK_SAMPLES * SCR_CHANNELS_MAX];
        uint8_t packet[SCR_PACKET_BYTES_MAX];
        for (uint32_t j = 0; j < SCR_BLOCK_SAMPLES * tracks; j += 1) {
            noise ^= noise << 13;
            noise ^= noise >> 17;
            noise ^= noise << 5;
            /* 24 bits fit a float; the level is a power of two. Nothing is rounded. */
            float sample = (float)(int32_t)(noise >> 8) / 8388608.0f - 1.0f;
            block[j] = sample / (float)(1U << (i / 3 + j / 240) % 9);
        }
        assert_int_equal(opus_encode_float(encoder, block, SCR_BLOCK_SAMPLES, packet, packet_bytes),
                         packet_bytes);
        for (opus_int32 j = 0; j < packet_bytes; j += 1) {
            hash = (hash ^ packet[j]) * UINT64_C(0x100000001b3);
        }
    }
    opus_encoder_destroy(encoder);
    return hash;
}

static void test_packets_are_those_of_the_class(void **state)
{
    (void)state;
    static const struct {
        uint32_t tracks;
        uint32_t bitrate;
        uint64_t hash;
    } rows[] = {
        {1, SCR_BITRATE_MIN, UINT64_C(0xae8929a5a17dc384)},
        {1, SCR_BITRATE_DEFAULT, UINT64_C(0xe63883384b34bdf1)},
        {2, SCR_BITRATE_DEFAULT, UINT64_C(0x6902f96662060f45)},
        {1, SCR_BITRATE_MAX, UINT64_C(0x97b108ed14e566d5)},
    };
    if (strcmp(scr_opus_version(), "libopus 1.3.1") != 0 ||
        strcmp(scr_opus_search(), "scream 1") != 0) {
        print_message("SKIP: another libopus (%s), or its own search\n", scr_opus_version());
        skip();
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i += 1) {
        assert_int_equal(hash_of_packets(rows[i].tracks, rows[i].bitrate), rows[i].hash);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_packets_are_those_of_the_class)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
