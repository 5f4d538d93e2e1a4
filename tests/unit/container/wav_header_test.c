/*
 * tests/unit/container/wav_header_test.c - 44 bytes, field by field.
 * Aim:    what a strict reader checks: chunk sizes that add up, rates that follow from each other.
 * Method: fields read back with plain shifts, known headers as whole bytes, both edges of samples
 *         and channels.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/container/wav_header.h"
#include "tests/support/death.h"

static uint32_t load16(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8;
}

static uint32_t load32(const uint8_t *at)
{
    return load16(at) | load16(at + 2) << 16;
}

static void check_header(uint32_t samples, uint32_t channels)
{
    uint8_t bytes[SCR_WAV_HEADER_BYTES + 4];
    memset(bytes, 0xa5, sizeof bytes);
    scr_wav_header_write(samples, channels, bytes);
    uint64_t data_bytes = (uint64_t)samples * channels * 2;
    assert_int_equal(scr_wav_file_bytes(samples, channels), 44 + data_bytes);
    assert_memory_equal(bytes, "RIFF", 4);
    assert_int_equal(load32(bytes + 4), 36 + data_bytes);
    assert_memory_equal(bytes + 8, "WAVE", 4);
    assert_memory_equal(bytes + 12, "fmt ", 4);
    assert_int_equal(load32(bytes + 16), 16);
    assert_int_equal(load16(bytes + 20), 1);
    assert_int_equal(load16(bytes + 22), channels);
    assert_int_equal(load32(bytes + 24), 48000);
    assert_int_equal(load32(bytes + 28), 48000 * 2 * channels);
    assert_int_equal(load16(bytes + 32), 2 * channels);
    assert_int_equal(load16(bytes + 34), 16);
    assert_memory_equal(bytes + 36, "data", 4);
    assert_int_equal(load32(bytes + 40), data_bytes);
    assert_memory_equal(bytes + 44, "\xa5\xa5\xa5\xa5", 4);
}

static void test_fields(void **state)
{
    (void)state;
    static const uint32_t samples[] = {
        0, 1, 959, 960, 2400, 144000, 2880000, SCR_SAMPLES_MAX - 1, SCR_SAMPLES_MAX};
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i += 1) {
        check_header(samples[i], 1);
        check_header(samples[i], 2);
    }
}

static void test_known_header(void **state)
{
    (void)state;
    static const uint8_t expected[SCR_WAV_HEADER_BYTES] = {
        'R',  'I',  'F',  'F',  0x24, 0xca, 0x08, 0x00, 'W',  'A',  'V',  'E',  'f',  'm',  't',
        ' ',  0x10, 0x00, 0x00, 0x00, 0x01, 0x00, 0x02, 0x00, 0x80, 0xbb, 0x00, 0x00, 0x00, 0xee,
        0x02, 0x00, 0x04, 0x00, 0x10, 0x00, 'd',  'a',  't',  'a',  0x00, 0xca, 0x08, 0x00};
    uint8_t bytes[SCR_WAV_HEADER_BYTES];
    scr_wav_header_write(144000, 2, bytes);
    assert_memory_equal(bytes, expected, sizeof expected);
}

struct mistake {
    uint32_t samples;
    uint32_t channels;
};

static void write_wrongly(void *context)
{
    const struct mistake *mistake = context;
    uint8_t bytes[SCR_WAV_HEADER_BYTES];
    scr_wav_header_write(mistake->samples, mistake->channels, bytes);
}

static void test_mistakes_die(void **state)
{
    (void)state;
    assert_dies(write_wrongly, &(struct mistake){SCR_SAMPLES_MAX + 1, 2});
    assert_dies(write_wrongly, &(struct mistake){UINT32_MAX, 1});
    assert_dies(write_wrongly, &(struct mistake){48000, 0});
    assert_dies(write_wrongly, &(struct mistake){48000, 3});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_known_header),
        cmocka_unit_test(test_mistakes_die),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
