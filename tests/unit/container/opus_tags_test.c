/*
 * tests/unit/container/opus_tags_test.c - the two header packets, byte by byte.
 * Aim:    OpusHead and OpusTags are what RFC 7845 sections 5.1 and 5.2 describe, for every edge
 *         of their fields, and the longest tags stay inside their bound.
 * Method: known packets as whole bytes; a small parser that walks the comment lengths.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/container/opus_tags.h"
#include "tests/support/death.h"

static uint32_t load32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void test_head(void **state)
{
    (void)state;
    uint8_t bytes[SCR_OPUS_HEAD_BYTES];
    scr_opus_head_write(2, 120, bytes);
    assert_memory_equal(bytes, "OpusHead\x01\x02\x78\x00\x80\xbb\x00\x00\x00\x00\x00", 19);
    scr_opus_head_write(1, 65535, bytes);
    assert_memory_equal(bytes, "OpusHead\x01\x01\xff\xff\x80\xbb\x00\x00\x00\x00\x00", 19);
    scr_opus_head_write(1, 0, bytes);
    assert_memory_equal(bytes, "OpusHead\x01\x01\x00\x00\x80\xbb\x00\x00\x00\x00\x00", 19);
}

static void test_known_tags(void **state)
{
    (void)state;
    static const char expected[] = "OpusTags"
                                   "\x06\0\0\0scream"
                                   "\x04\0\0\0"
                                   "\x1d\0\0\0TITLE=Scream: classic, seed 5"
                                   "\x0e\0\0\0PRESET=classic"
                                   "\x06\0\0\0SEED=5"
                                   "\x08\0\0\0ENGINE=1";
    uint8_t bytes[SCR_OPUS_TAGS_BYTES_MAX];
    uint32_t used = scr_opus_tags_write(&(struct scr_opus_tags){"classic", 5, 1}, bytes);
    assert_int_equal(used, sizeof expected - 1);
    assert_memory_equal(bytes, expected, used);
}

/* Walks the packet as a player does; every length must land exactly, the last at the end. */
static uint32_t check_comments(const uint8_t *bytes, uint32_t used)
{
    assert_true(used >= 8 + 4 + 6 + 4);
    assert_memory_equal(bytes, "OpusTags", 8);
    assert_int_equal(load32(bytes + 8), 6);
    assert_memory_equal(bytes + 12, "scream", 6);
    uint32_t count = load32(bytes + 18);
    uint32_t at = 22;
    for (uint32_t i = 0; i < count; i += 1) {
        assert_true(at + 4 <= used);
        uint32_t length = load32(bytes + at);
        at += 4;
        assert_true(length <= used - at);
        const uint8_t *equals = memchr(bytes + at, '=', length);
        assert_non_null(equals);
        assert_true(equals > bytes + at && equals + 1 < bytes + at + length);
        for (const uint8_t *name = bytes + at; name < equals; name += 1) {
            assert_in_range(*name, 'A', 'Z');
        }
        at += length;
    }
    assert_int_equal(at, used);
    return count;
}

static void test_edges_of_tags(void **state)
{
    (void)state;
    char name[SCR_PRESET_NAME_BYTES_MAX + 1];
    uint8_t bytes[SCR_OPUS_TAGS_BYTES_MAX];
    static const uint64_t seeds[] = {0, 9, 10, UINT64_C(1) << 63, UINT64_MAX};
    for (size_t length = 1; length <= SCR_PRESET_NAME_BYTES_MAX; length += 1) {
        memset(name, 'n', length);
        name[length] = '\0';
        for (size_t i = 0; i < sizeof seeds / sizeof seeds[0]; i += 1) {
            struct scr_opus_tags tags = {name, seeds[i], UINT32_MAX};
            uint32_t used = scr_opus_tags_write(&tags, bytes);
            assert_int_equal(check_comments(bytes, used), 4);
            assert_true(used <= SCR_OPUS_TAGS_BYTES_MAX);
        }
    }
    assert_non_null(memchr(bytes, '8', sizeof bytes)); /* of 18446744073709551615 */
}

enum mistake {
    NO_CHANNEL,
    THREE_CHANNELS,
    PRESKIP_TOO_LONG,
    NAME_TOO_LONG,
    MISTAKE_COUNT
};

static void make_mistake(void *context)
{
    enum mistake mistake = *(const enum mistake *)context;
    uint8_t bytes[SCR_OPUS_TAGS_BYTES_MAX];
    if (mistake == NAME_TOO_LONG) {
        char name[SCR_PRESET_NAME_BYTES_MAX + 2];
        memset(name, 'n', sizeof name - 1);
        name[sizeof name - 1] = '\0';
        (void)scr_opus_tags_write(&(struct scr_opus_tags){name, 0, 1}, bytes);
        return;
    }
    scr_opus_head_write(mistake == NO_CHANNEL       ? 0
                        : mistake == THREE_CHANNELS ? 3
                                                    : 1,
                        mistake == PRESKIP_TOO_LONG ? 65536 : 120,
                        bytes);
}

static void test_mistakes_die(void **state)
{
    (void)state;
    for (int i = 0; i < MISTAKE_COUNT; i += 1) {
        enum mistake mistake = (enum mistake)i;
        assert_dies(make_mistake, &mistake);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_head),
        cmocka_unit_test(test_known_tags),
        cmocka_unit_test(test_edges_of_tags),
        cmocka_unit_test(test_mistakes_die),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
