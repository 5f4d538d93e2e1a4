/*
 * tests/unit/codec/opus_encoder_test.c - packets of one size, and a reset that forgets.
 * Aim:    the two promises the file arithmetic and the encoder pool stand on: every packet of a
 *         bit rate has scr_opus_packet_bytes(bitrate) bytes whatever it is fed, and after a reset
 *         packets are those of a fresh encoder, whatever was encoded before at whatever rate.
 * Method: all 601 bit rates times kinds of signal times tracks; libopus itself, set up by hand, is
 *         the oracle for bytes (opus_sound_test.c decodes them). The linker turns our calls of
 *         opus_encoder_init to this file (--wrap, cmake/tests.cmake), so that a libopus that
 *         fails, or is another one, can be played.
 */
#include <math.h>
#include <opus/opus.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/codec/opus_encoder.h"
#include "tests/support/death.h"

#define BLOCK_FLOATS_MAX (SCR_BLOCK_SAMPLES * SCR_CHANNELS_MAX)

enum signal {
    SILENCE,
    NOISE,
    SINE,
    IMPULSE,
    LOUD,
    ALL_NAN,
    ONE_NAN,
    INFINITE,
    SIGNAL_COUNT
};

static uint32_t noise_state = 1;

/* xorshift32: full scale white noise. */
static float next_noise(void)
{
    noise_state ^= noise_state << 13;
    noise_state ^= noise_state >> 17;
    noise_state ^= noise_state << 5;
    return (float)((double)noise_state / 2147483648.0 - 1.0);
}

static void fill(enum signal kind, uint32_t tracks, float *block)
{
    for (uint32_t i = 0; i < SCR_BLOCK_SAMPLES * tracks; i += 1) {
        float sine = (float)sin(0.13 * i);
        switch (kind) {
        case SILENCE:
            block[i] = 0.0f;
            break;
        case NOISE:
            block[i] = next_noise();
            break;
        case SINE:
        case ONE_NAN:
            block[i] = 0.5f * sine;
            break;
        case IMPULSE:
            block[i] = i == 480 ? 1.0f : 0.0f;
            break;
        case LOUD:
            block[i] = 100.0f * sine;
            break;
        case ALL_NAN:
            block[i] = NAN;
            break;
        case INFINITE:
            block[i] = i % 2 == 0 ? INFINITY : -INFINITY;
            break;
        case SIGNAL_COUNT:
            fail();
        }
    }
    if (kind == ONE_NAN) {
        block[7] = NAN;
    }
}

static enum {
    PLAY_ITSELF,
    PLAY_FAILING,
    PLAY_LONG_LOOKAHEAD
} libopus_plays;

int __real_opus_encoder_init(OpusEncoder *state, opus_int32 rate_hz, int channels, int application);
int __wrap_opus_encoder_init(OpusEncoder *state, opus_int32 rate_hz, int channels, int application);

/* Asks the library's own unless it is to fail. */
int __wrap_opus_encoder_init(OpusEncoder *state, opus_int32 rate_hz, int channels, int application)
{
    if (libopus_plays == PLAY_FAILING) {
        return OPUS_INTERNAL_ERROR;
    }
    /* For speech libopus looks 6.5 ms ahead. */
    bool is_long = libopus_plays == PLAY_LONG_LOOKAHEAD;
    return __real_opus_encoder_init(
        state, rate_hz, channels, is_long ? OPUS_APPLICATION_VOIP : application);
}

static struct scr_opus_encoder *make_encoder(uint32_t tracks)
{
    size_t size = scr_opus_encoder_size(tracks);
    void *storage = malloc(size);
    assert_non_null(storage);
    struct scr_opus_encoder *encoder = NULL;
    assert_int_equal(scr_opus_encoder_init(storage, size, tracks, &encoder), SCR_OK);
    assert_ptr_equal(encoder, storage);
    return encoder;
}

/* Encodes with room for exactly the packet, canaries behind it. */
static void encode(struct scr_opus_encoder *encoder,
                   const float *block,
                   uint8_t packet[SCR_PACKET_BYTES_MAX + 8],
                   size_t packet_bytes)
{
    memset(packet + packet_bytes, 0xa5, 8);
    assert_int_equal(scr_opus_encoder_encode(encoder, block, packet, packet_bytes), SCR_OK);
    for (size_t i = 0; i < 8; i += 1) {
        assert_int_equal(packet[packet_bytes + i], 0xa5);
    }
}

static void test_size(void **state)
{
    (void)state;
    assert_int_equal(scr_opus_encoder_size(0), 0);
    assert_int_equal(scr_opus_encoder_size(3), 0);
    assert_int_equal(scr_opus_encoder_size(UINT32_MAX), 0);
    assert_true(scr_opus_encoder_size(1) >= (size_t)opus_encoder_get_size(1));
    assert_true(scr_opus_encoder_size(2) > scr_opus_encoder_size(1));
    assert_true(scr_opus_encoder_size(2) <= SCR_OPUS_STATE_BYTES_MAX);
}

static void test_init_refuses(void **state)
{
    (void)state;
    size_t size = scr_opus_encoder_size(2);
    void *storage = malloc(size);
    assert_non_null(storage);
    struct scr_opus_encoder *encoder = NULL;
    assert_int_equal(scr_opus_encoder_init(storage, size, 0, &encoder), SCR_ERR_CODEC);
    assert_int_equal(scr_opus_encoder_init(storage, size, 3, &encoder), SCR_ERR_CODEC);
    assert_int_equal(scr_opus_encoder_init(storage, size - 1, 2, &encoder), SCR_ERR_NO_SPACE);
    assert_int_equal(scr_opus_encoder_init(storage, 0, 1, &encoder), SCR_ERR_NO_SPACE);
    libopus_plays = PLAY_FAILING;
    assert_int_equal(scr_opus_encoder_init(storage, size, 2, &encoder), SCR_ERR_CODEC);
    libopus_plays = PLAY_LONG_LOOKAHEAD;
    assert_int_equal(scr_opus_encoder_init(storage, size, 2, &encoder), SCR_ERR_CODEC);
    libopus_plays = PLAY_ITSELF;
    assert_null(encoder);
    assert_int_equal(scr_opus_encoder_init(storage, size, 2, &encoder), SCR_OK);
    free(storage);
}

static void test_packet_bytes(void **state)
{
    (void)state;
    assert_int_equal(scr_opus_packet_bytes(SCR_BITRATE_MIN), 40);
    assert_int_equal(scr_opus_packet_bytes(SCR_BITRATE_DEFAULT), 240);
    assert_int_equal(scr_opus_packet_bytes(SCR_BITRATE_MAX), SCR_PACKET_BYTES_MAX);
}

static void test_version(void **state)
{
    (void)state;
    assert_string_equal(scr_opus_version(), opus_get_version_string());
#ifdef SCR_OPUS_SEARCH
    assert_string_equal(scr_opus_search(), "scream 1");
#else
    assert_string_equal(scr_opus_search(), "libopus");
#endif
}

/* Every bit rate, both track counts, every kind of signal in a row: the size never moves. */
static void test_every_packet_has_its_size(void **state)
{
    (void)state;
    static const enum signal kinds[] = {SILENCE, NOISE, ALL_NAN, SINE, IMPULSE, NOISE};
    float block[BLOCK_FLOATS_MAX];
    uint8_t packet[SCR_PACKET_BYTES_MAX + 8];
    for (uint32_t tracks = 1; tracks <= SCR_CHANNELS_MAX; tracks += 1) {
        struct scr_opus_encoder *encoder = make_encoder(tracks);
        for (uint32_t rate = SCR_BITRATE_MIN; rate <= SCR_BITRATE_MAX; rate += SCR_BITRATE_STEP) {
            size_t packet_bytes = scr_opus_packet_bytes(rate);
            assert_int_equal(packet_bytes, rate / 400);
            assert_int_equal(scr_opus_encoder_reset(encoder, rate), SCR_OK);
            for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i += 1) {
                fill(kinds[i], tracks, block);
                encode(encoder, block, packet, packet_bytes);
                assert_int_equal(opus_packet_get_nb_samples(
                                     packet, (opus_int32)packet_bytes, SCR_SAMPLE_RATE_HZ),
                                 SCR_BLOCK_SAMPLES);
                /* TOC 16 to 31: CELT only, the mode whose look-ahead is the pre-skip. */
                assert_true(packet[0] >> 3 >= 16);
            }
        }
        free(encoder);
    }
}

/* A long run of everything, hostile floats included, at the edges and in the middle. */
static void test_long_runs_keep_the_size(void **state)
{
    (void)state;
    static const uint32_t rates[] = {SCR_BITRATE_MIN, 16400, 96000, 255600, SCR_BITRATE_MAX};
    float block[BLOCK_FLOATS_MAX];
    uint8_t packet[SCR_PACKET_BYTES_MAX + 8];
    for (uint32_t tracks = 1; tracks <= SCR_CHANNELS_MAX; tracks += 1) {
        struct scr_opus_encoder *encoder = make_encoder(tracks);
        for (size_t r = 0; r < sizeof rates / sizeof rates[0]; r += 1) {
            assert_int_equal(scr_opus_encoder_reset(encoder, rates[r]), SCR_OK);
            for (int i = 0; i < 400; i += 1) {
                fill((enum signal)((i / 7) % SIGNAL_COUNT), tracks, block);
                encode(encoder, block, packet, scr_opus_packet_bytes(rates[r]));
            }
        }
        free(encoder);
    }
}

/* After any past, a reset encoder makes the packets of a fresh one, at any next rate. */
static void test_reset_forgets(void **state)
{
    (void)state;
    static const uint32_t rates[] = {16000, 24000, 40400, 64000, 96000, 128000, 256000};
    enum {
        RATES = sizeof rates / sizeof rates[0],
        PACKETS = 12
    };
    float blocks[PACKETS][BLOCK_FLOATS_MAX];
    for (uint32_t tracks = 1; tracks <= SCR_CHANNELS_MAX; tracks += 1) {
        for (int i = 0; i < PACKETS; i += 1) {
            fill(i % 3 == 0 ? NOISE : SINE, tracks, blocks[i]);
        }
        struct scr_opus_encoder *used = make_encoder(tracks);
        for (int pair = 0; pair < RATES * RATES; pair += 1) {
            uint32_t past = rates[pair / RATES];
            uint32_t next = rates[pair % RATES];
            uint8_t packet[SCR_PACKET_BYTES_MAX + 8];
            uint8_t expected[SCR_PACKET_BYTES_MAX + 8];
            assert_int_equal(scr_opus_encoder_reset(used, past), SCR_OK);
            for (int i = 0; i < 5 + pair % 7; i += 1) {
                float noise[BLOCK_FLOATS_MAX];
                fill((enum signal)(i % SIGNAL_COUNT), tracks, noise);
                encode(used, noise, packet, scr_opus_packet_bytes(past));
            }
            struct scr_opus_encoder *fresh = make_encoder(tracks);
            assert_int_equal(scr_opus_encoder_reset(used, next), SCR_OK);
            assert_int_equal(scr_opus_encoder_reset(fresh, next), SCR_OK);
            for (int i = 0; i < PACKETS; i += 1) {
                size_t packet_bytes = scr_opus_packet_bytes(next);
                encode(used, blocks[i], packet, packet_bytes);
                encode(fresh, blocks[i], expected, packet_bytes);
                assert_memory_equal(packet, expected, packet_bytes);
            }
            free(fresh);
        }
        free(used);
    }
}

/* Our settings are what the header says: libopus set up by hand makes the same bytes. */
static void test_settings_are_those_promised(void **state)
{
    (void)state;
    struct scr_opus_encoder *ours = make_encoder(1);
    assert_int_equal(scr_opus_encoder_reset(ours, 96000), SCR_OK);
    int failed = OPUS_OK;
    OpusEncoder *theirs =
        opus_encoder_create(SCR_SAMPLE_RATE_HZ, 1, OPUS_APPLICATION_RESTRICTED_LOWDELAY, &failed);
    assert_int_equal(failed, OPUS_OK);
    assert_int_equal(opus_encoder_ctl(theirs, OPUS_SET_BITRATE(96000)), OPUS_OK);
    assert_int_equal(opus_encoder_ctl(theirs, OPUS_SET_VBR(0)), OPUS_OK);
    assert_int_equal(opus_encoder_ctl(theirs, OPUS_SET_COMPLEXITY(0)), OPUS_OK);
    /* What libopus' surround encoder uses: 13 of 21 bands are said to be masked. */
    float mask[21];
    for (int i = 0; i < 21; i += 1) {
        mask[i] = i < 8 ? 0.0f : -2.0f;
    }
    assert_int_equal(opus_encoder_ctl(theirs, 10026, mask), OPUS_OK);
    for (int i = 0; i < 50; i += 1) {
        float block[BLOCK_FLOATS_MAX];
        uint8_t packet[SCR_PACKET_BYTES_MAX + 8];
        uint8_t expected[4000];
        fill(i % 2 == 0 ? NOISE : SINE, 1, block);
        encode(ours, block, packet, 240);
        assert_int_equal(
            opus_encode_float(theirs, block, SCR_BLOCK_SAMPLES, expected, sizeof expected), 240);
        assert_memory_equal(packet, expected, 240);
    }
    opus_encoder_destroy(theirs);
    free(ours);
}

static void test_encode_refuses_another_size(void **state)
{
    (void)state;
    struct scr_opus_encoder *encoder = make_encoder(1);
    assert_int_equal(scr_opus_encoder_reset(encoder, 96000), SCR_OK);
    float block[BLOCK_FLOATS_MAX] = {0};
    uint8_t packet[SCR_PACKET_BYTES_MAX + 8];
    static const size_t wrong[] = {0, 1, 239, 241, SCR_PACKET_BYTES_MAX};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i += 1) {
        memset(packet, 0xa5, sizeof packet);
        assert_int_equal(scr_opus_encoder_encode(encoder, block, packet, wrong[i]), SCR_ERR_CODEC);
        for (size_t j = wrong[i]; j < sizeof packet; j += 1) {
            assert_int_equal(packet[j], 0xa5);
        }
    }
    encode(encoder, block, packet, 240);
    free(encoder);
}

struct mistake {
    struct scr_opus_encoder *encoder;
    uint32_t bitrate;
};

static void reset_wrongly(void *context)
{
    struct mistake *mistake = context;
    (void)!scr_opus_encoder_reset(mistake->encoder, mistake->bitrate);
}

static void encode_without_reset(void *context)
{
    float block[BLOCK_FLOATS_MAX] = {0};
    uint8_t packet[SCR_PACKET_BYTES_MAX];
    (void)!scr_opus_encoder_encode(context, block, packet, 240);
}

static void init_unaligned(void *context)
{
    struct scr_opus_encoder *encoder = NULL;
    (void)!scr_opus_encoder_init((char *)context + 1, SIZE_MAX / 2, 1, &encoder);
}

static void test_mistakes_die(void **state)
{
    (void)state;
    struct scr_opus_encoder *encoder = make_encoder(1);
    static const uint32_t rates[] = {0, 15600, 15999, 16001, 96001, 256001, 256400, UINT32_MAX};
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i += 1) {
        assert_dies(reset_wrongly, &(struct mistake){encoder, rates[i]});
    }
    assert_dies(encode_without_reset, encoder);
    assert_dies(init_unaligned, encoder);
    free(encoder);
}

/* No pointers inside: a copied encoder goes on like the original. */
static void test_storage_may_be_copied(void **state)
{
    (void)state;
    size_t size = scr_opus_encoder_size(2);
    struct scr_opus_encoder *first = make_encoder(2);
    void *second = malloc(size);
    assert_non_null(second);
    assert_int_equal(scr_opus_encoder_reset(first, 128000), SCR_OK);
    float block[BLOCK_FLOATS_MAX];
    uint8_t packet[SCR_PACKET_BYTES_MAX + 8];
    uint8_t expected[SCR_PACKET_BYTES_MAX + 8];
    fill(NOISE, 2, block);
    encode(first, block, packet, 320);
    memcpy(second, first, size);
    for (int i = 0; i < 5; i += 1) {
        fill(NOISE, 2, block);
        encode(first, block, expected, 320);
        encode(second, block, packet, 320);
        assert_memory_equal(packet, expected, 320);
    }
    free(second);
    free(first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_size),
        cmocka_unit_test(test_init_refuses),
        cmocka_unit_test(test_packet_bytes),
        cmocka_unit_test(test_version),
        cmocka_unit_test(test_every_packet_has_its_size),
        cmocka_unit_test(test_long_runs_keep_the_size),
        cmocka_unit_test(test_reset_forgets),
        cmocka_unit_test(test_settings_are_those_promised),
        cmocka_unit_test(test_encode_refuses_another_size),
        cmocka_unit_test(test_mistakes_die),
        cmocka_unit_test(test_storage_may_be_copied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
