/*
 * tests/unit/container/ogg_page_test.c - whole files, judged by libogg and libopus.
 * Aim:    the bytes written are the bytes the layout promised, and a player finds RFC 3533 and
 *         RFC 7845 kept to the letter: checksums, sequence, BOS, EOS, granules, exact length.
 * Method: tests/support/ogg_file.h builds files with our pages and walks them with libogg; packets
 *         are cheap filler where only pages matter and real Opus where the sound does. Damage is
 *         tried to see that the oracle would notice.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/death.h"
#include "tests/support/ogg_file.h"

static struct ogg_file_spec spec_of(uint32_t samples, uint32_t bitrate, uint32_t channels)
{
    return (struct ogg_file_spec){
        .samples = samples,
        .packet_bytes = bitrate / SCR_BITRATE_STEP,
        .channels = channels,
        .serial = 0x80000001u + bitrate,
        .tags = {.preset = "death-metal", .seed = UINT64_MAX, .engine = SCR_ENGINE_EPOCH},
    };
}

static void assert_right(const struct ogg_file *file, bool decode)
{
    const char *wrong = ogg_file_check(file, decode);
    if (wrong != NULL) {
        print_error("samples %u, packet %u bytes, channels %u: not so: %s\n",
                    file->spec.samples,
                    file->spec.packet_bytes,
                    file->spec.channels,
                    wrong);
        fail();
    }
}

static void check_filler(uint32_t samples, uint32_t bitrate, uint32_t channels)
{
    struct ogg_file file;
    struct ogg_file_spec spec = spec_of(samples, bitrate, channels);
    ogg_file_make(&file, &spec, ogg_file_filler, NULL);
    assert_right(&file, false);
    ogg_file_free(&file);
}

/* Samples with which the file ends exactly at packet number `packets`. */
static uint32_t last_of(uint32_t packets)
{
    return packets * SCR_BLOCK_SAMPLES - SCR_OPUS_PRESKIP_SAMPLES;
}

/* The shortest scream and every edge of the packet count up to the second full page. */
static void test_every_bitrate_short(void **state)
{
    (void)state;
    for (uint32_t rate = SCR_BITRATE_MIN; rate <= SCR_BITRATE_MAX; rate += SCR_BITRATE_STEP) {
        for (uint32_t channels = 1; channels <= SCR_CHANNELS_MAX; channels += 1) {
            check_filler(2400, rate, channels);
            for (uint32_t packets = 3; packets <= 16; packets += packets < 9 ? 1 : 6) {
                check_filler(last_of(packets), rate, channels);
                check_filler(last_of(packets) + 1, rate, channels);
            }
        }
    }
}

static void test_every_bitrate_60_s(void **state)
{
    (void)state;
    for (uint32_t rate = SCR_BITRATE_MIN; rate <= SCR_BITRATE_MAX; rate += SCR_BITRATE_STEP) {
        check_filler(60 * SCR_SAMPLE_RATE_HZ, rate, 1);
        check_filler(60 * SCR_SAMPLE_RATE_HZ, rate, 2);
    }
}

static void test_longest_file(void **state)
{
    (void)state;
    check_filler(SCR_SAMPLES_MAX, SCR_BITRATE_MAX, 2);
}

/* Below what a scream may last: one page that is first and last at once. */
static void test_one_page(void **state)
{
    (void)state;
    check_filler(1, SCR_BITRATE_MIN, 1);
    check_filler(last_of(1), SCR_BITRATE_MAX, 2);
    check_filler(last_of(1) + 1, SCR_BITRATE_MAX, 2);
}

/* Packets whose lacing needs one, two and three values, and an exact multiple of 255. */
static void test_lacing_edges(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {1, 2, 254, 255, 256, 509, 510, 511, SCR_PACKET_BYTES_MAX};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i += 1) {
        check_filler(last_of(24), sizes[i] * SCR_BITRATE_STEP, 2);
    }
}

static void encode_tone(void *context, uint32_t index, uint8_t *packet, uint32_t packet_bytes)
{
    float block[SCR_BLOCK_SAMPLES];
    for (uint32_t i = 0; i < SCR_BLOCK_SAMPLES; i += 1) {
        block[i] = (float)(0.5 * sin(0.11 * (double)(index * SCR_BLOCK_SAMPLES + i)));
    }
    opus_int32 made =
        opus_encode_float(context, block, SCR_BLOCK_SAMPLES, packet, (opus_int32)packet_bytes);
    assert_int_equal(made, packet_bytes);
}

/* Real mono packets, under a header of one and of two channels, decoded to the last sample. */
static void check_opus(OpusEncoder *encoder, uint32_t samples, uint32_t bitrate, uint32_t channels)
{
    struct ogg_file file;
    struct ogg_file_spec spec = spec_of(samples, bitrate, channels);
    assert_int_equal(opus_encoder_ctl(encoder, OPUS_RESET_STATE), OPUS_OK);
    assert_int_equal(opus_encoder_ctl(encoder, OPUS_SET_BITRATE((opus_int32)bitrate)), OPUS_OK);
    ogg_file_make(&file, &spec, encode_tone, encoder);
    assert_right(&file, true);
    ogg_file_free(&file);
}

static void test_decodes_to_the_exact_length(void **state)
{
    (void)state;
    int failed = OPUS_OK;
    OpusEncoder *encoder =
        opus_encoder_create(SCR_SAMPLE_RATE_HZ, 1, OPUS_APPLICATION_RESTRICTED_LOWDELAY, &failed);
    assert_int_equal(failed, OPUS_OK);
    assert_int_equal(opus_encoder_ctl(encoder, OPUS_SET_VBR(0)), OPUS_OK);
    assert_int_equal(opus_encoder_ctl(encoder, OPUS_SET_COMPLEXITY(0)), OPUS_OK);
    for (uint32_t rate = SCR_BITRATE_MIN; rate <= SCR_BITRATE_MAX; rate += SCR_BITRATE_STEP) {
        check_opus(encoder, 2400, rate, 1);
        check_opus(encoder, 2400, rate, 2);
        check_opus(encoder, last_of(7), rate, 2);
        check_opus(encoder, last_of(7) + 1, rate, 1);
    }
    check_opus(encoder, 144000, SCR_BITRATE_DEFAULT, 2);
    check_opus(encoder, 60 * SCR_SAMPLE_RATE_HZ, SCR_BITRATE_MIN, 1);
    check_opus(encoder, 60 * SCR_SAMPLE_RATE_HZ, SCR_BITRATE_MAX, 2);
    opus_encoder_destroy(encoder);
}

/* The oracle is worth something only if it sees one wrong bit anywhere. */
static void test_oracle_sees_damage(void **state)
{
    (void)state;
    struct ogg_file file;
    struct ogg_file_spec spec = spec_of(2400, SCR_BITRATE_MIN, 2);
    ogg_file_make(&file, &spec, ogg_file_filler, NULL);
    assert_right(&file, false);
    for (uint64_t i = 0; i < file.layout.file_bytes; i += 1) {
        file.bytes[i] ^= (uint8_t)(1u << (i % 8));
        assert_non_null(ogg_file_check(&file, false));
        file.bytes[i] ^= (uint8_t)(1u << (i % 8));
    }
    assert_right(&file, false);
    ogg_file_free(&file);
}

/* Header pages as whole bytes but for the checksums, which libogg checks elsewhere. */
static void test_header_pages(void **state)
{
    (void)state;
    uint8_t bytes[SCR_OGG_HEADER_BYTES_MAX];
    struct scr_opus_tags tags = {.preset = "classic", .seed = 5, .engine = 1};
    uint32_t used = scr_ogg_header_write(&tags, 2, 120, 0x04030201, bytes);
    assert_int_equal(used, scr_ogg_header_bytes(&tags));
    memset(bytes + 22, 0, 4);
    memset(bytes + 47 + 22, 0, 4);
    assert_memory_equal(
        bytes, "OggS\0\2\0\0\0\0\0\0\0\0\1\2\3\4\0\0\0\0\0\0\0\0\1\x13OpusHead", 36);
    assert_memory_equal(bytes + 47, "OggS\0\0\0\0\0\0\0\0\0\0\1\2\3\4\1\0\0\0\0\0\0\0\1", 27);
    assert_int_equal(bytes[47 + 27], used - 47 - 28);
    assert_memory_equal(bytes + 47 + 28, "OpusTags", 8);
}

/* Header size depends on tags alone, fits its bound, and crosses the 255-byte lacing edge well. */
static void test_header_bounds(void **state)
{
    (void)state;
    char name[SCR_PRESET_NAME_BYTES_MAX + 1];
    for (size_t length = 1; length <= SCR_PRESET_NAME_BYTES_MAX; length += 1) {
        memset(name, 'x', length);
        name[length] = '\0';
        struct ogg_file file;
        struct ogg_file_spec spec = spec_of(2400, SCR_BITRATE_MIN, 2);
        spec.tags = (struct scr_opus_tags){name, UINT64_MAX, UINT32_MAX};
        uint8_t exact[SCR_OGG_HEADER_BYTES_MAX];
        uint32_t header_bytes = scr_ogg_header_bytes(&spec.tags);
        assert_true(header_bytes <= SCR_OGG_HEADER_BYTES_MAX);
        memset(exact, 0xa5, sizeof exact);
        assert_int_equal(scr_ogg_header_write(&spec.tags, 1, 65535, 0, exact), header_bytes);
        for (size_t i = header_bytes; i < sizeof exact; i += 1) {
            assert_int_equal(exact[i], 0xa5);
        }
        ogg_file_make(&file, &spec, ogg_file_filler, NULL);
        assert_right(&file, false);
        ogg_file_free(&file);
    }
}

/* The same page twice is the same bytes, whatever stood where the head comes. */
static void test_finish_ignores_what_was_there(void **state)
{
    (void)state;
    struct scr_ogg_layout layout;
    scr_ogg_layout_init(&layout, 144000, 120, 240, 200);
    struct scr_ogg_place place = scr_ogg_layout_page(&layout, 7);
    uint8_t clean[SCR_PAGE_BYTES_MAX];
    uint8_t dirty[SCR_PAGE_BYTES_MAX];
    memset(clean, 0x00, sizeof clean);
    memset(dirty, 0xff, sizeof dirty);
    memset(clean + place.head_bytes, 0x55, place.page_bytes - place.head_bytes);
    memset(dirty + place.head_bytes, 0x55, place.page_bytes - place.head_bytes);
    scr_ogg_page_finish(clean, &place, 240, 77);
    scr_ogg_page_finish(dirty, &place, 240, 77);
    assert_memory_equal(clean, dirty, place.page_bytes);
    assert_int_equal(dirty[place.page_bytes], 0xff);
}

static void finish_with_another_size(void *context)
{
    (void)context;
    struct scr_ogg_layout layout;
    scr_ogg_layout_init(&layout, 144000, 120, 240, 200);
    struct scr_ogg_place place = scr_ogg_layout_page(&layout, 7);
    uint8_t page[SCR_PAGE_BYTES_MAX] = {0};
    scr_ogg_page_finish(page, &place, 241, 77);
}

static void test_mistakes_die(void **state)
{
    (void)state;
    assert_dies(finish_with_another_size, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_bitrate_short),
        cmocka_unit_test(test_every_bitrate_60_s),
        cmocka_unit_test(test_longest_file),
        cmocka_unit_test(test_one_page),
        cmocka_unit_test(test_lacing_edges),
        cmocka_unit_test(test_decodes_to_the_exact_length),
        cmocka_unit_test(test_oracle_sees_damage),
        cmocka_unit_test(test_header_pages),
        cmocka_unit_test(test_header_bounds),
        cmocka_unit_test(test_finish_ignores_what_was_there),
        cmocka_unit_test(test_mistakes_die),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
