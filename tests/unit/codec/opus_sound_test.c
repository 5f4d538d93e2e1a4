/*
 * tests/unit/codec/opus_sound_test.c - what comes out of the packets.
 * Aim:    the sound that went in, delayed by exactly the pre-skip every layout is built on; a NaN
 *         silences its block and nothing after it.
 * Method: encode, decode with libopus, compare with what went in.
 */
#include <math.h>
#include <opus/opus.h>
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/codec/opus_encoder.h"

enum {
    PACKETS = 25,
    SAMPLES = PACKETS * SCR_BLOCK_SAMPLES,
    TRACKS_MAX = SCR_CHANNELS_MAX
};

static float sound_in[SAMPLES * TRACKS_MAX];
static float sound_out[SAMPLES * TRACKS_MAX];

/* Encodes and decodes all of sound_in, interleaved. */
static void travel(uint32_t tracks, uint32_t bitrate)
{
    alignas(max_align_t) static uint8_t storage[SCR_OPUS_STATE_BYTES_MAX];
    struct scr_opus_encoder *encoder = NULL;
    assert_int_equal(scr_opus_encoder_init(storage, sizeof storage, tracks, &encoder), SCR_OK);
    assert_int_equal(scr_opus_encoder_reset(encoder, bitrate), SCR_OK);
    int failed = OPUS_OK;
    OpusDecoder *decoder = opus_decoder_create(SCR_SAMPLE_RATE_HZ, (int)tracks, &failed);
    assert_int_equal(failed, OPUS_OK);
    for (uint32_t i = 0; i < PACKETS; i += 1) {
        uint8_t packet[SCR_PACKET_BYTES_MAX];
        size_t packet_bytes = scr_opus_packet_bytes(bitrate);
        size_t at = (size_t)i * SCR_BLOCK_SAMPLES * tracks;
        assert_int_equal(scr_opus_encoder_encode(encoder, sound_in + at, packet, packet_bytes),
                         SCR_OK);
        int decoded = opus_decode_float(
            decoder, packet, (opus_int32)packet_bytes, sound_out + at, SCR_BLOCK_SAMPLES, 0);
        assert_int_equal(decoded, SCR_BLOCK_SAMPLES);
    }
    opus_decoder_destroy(decoder);
}

/* Signal to noise of one track, the output moved by `delay` samples against the input. */
static double snr_db(uint32_t tracks, uint32_t track, uint32_t delay)
{
    double signal = 0;
    double error = 0;
    for (uint32_t i = 2 * SCR_BLOCK_SAMPLES; i < SAMPLES - 2 * SCR_OPUS_PRESKIP_SAMPLES; i += 1) {
        double in = (double)sound_in[i * tracks + track];
        double out = (double)sound_out[(i + delay) * tracks + track];
        signal += in * in;
        error += (out - in) * (out - in);
    }
    return 10.0 * log10(signal / error);
}

static void test_same_sound_later_by_the_preskip(void **state)
{
    (void)state;
    for (uint32_t tracks = 1; tracks <= TRACKS_MAX; tracks += 1) {
        for (uint32_t i = 0; i < SAMPLES * tracks; i += 1) {
            double at = (double)(i / tracks) * (i % tracks == 0 ? 1.0 : 1.3);
            sound_in[i] = (float)(0.4 * sin(0.1 * at) + 0.3 * sin(0.0371 * at));
        }
        travel(tracks, 128000);
        for (uint32_t track = 0; track < tracks; track += 1) {
            double right_db = snr_db(tracks, track, SCR_OPUS_PRESKIP_SAMPLES);
            print_message("track %u of %u: %.1f dB\n", track, tracks, right_db);
            assert_true(right_db > 20.0);
            assert_true(snr_db(tracks, track, SCR_OPUS_PRESKIP_SAMPLES - 1) < right_db - 3.0);
            assert_true(snr_db(tracks, track, SCR_OPUS_PRESKIP_SAMPLES + 1) < right_db - 3.0);
        }
    }
}

static void test_nan_does_not_poison(void **state)
{
    (void)state;
    for (int i = 0; i < SAMPLES; i += 1) {
        sound_in[i] = i < 5 * SCR_BLOCK_SAMPLES ? NAN : (float)(0.5 * sin(0.13 * i));
    }
    travel(1, 96000);
    double energy = 0;
    for (int i = 0; i < SAMPLES; i += 1) {
        assert_true(isfinite(sound_out[i]));
        assert_true(i >= 5 * SCR_BLOCK_SAMPLES || fabsf(sound_out[i]) < 1e-3f);
        energy += (double)sound_out[i] * (double)sound_out[i];
    }
    assert_true(energy / (SAMPLES - 5 * SCR_BLOCK_SAMPLES) > 0.1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_sound_later_by_the_preskip),
        cmocka_unit_test(test_nan_does_not_poison),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
