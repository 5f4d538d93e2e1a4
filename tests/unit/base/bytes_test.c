/*
 * tests/unit/base/bytes_test.c - the writing cursor and the byte order.
 * Aim:    every integer lands least significant byte first; nothing is ever written beyond the
 *         capacity, and an overflow is remembered.
 * Method: known bytes, both edges of the capacity for every kind of value, canaries behind it.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/bytes.h"
#include "tests/support/death.h"

static void test_order(void **state)
{
    (void)state;
    uint8_t bytes[32];
    struct scr_writer writer;
    scr_writer_init(&writer, bytes, sizeof bytes);
    scr_writer_put_u8(&writer, 0x01);
    scr_writer_put_u16le(&writer, 0x0302);
    scr_writer_put_u32le(&writer, 0x07060504);
    scr_writer_put_u64le(&writer, UINT64_C(0x0f0e0d0c0b0a0908));
    scr_writer_put(&writer, "\x10\x11", 2);
    assert_false(writer.overflow);
    assert_int_equal(writer.used, 17);
    for (uint8_t i = 0; i < 17; i += 1) {
        assert_int_equal(bytes[i], i + 1);
    }
}

static void test_store_and_load(void **state)
{
    (void)state;
    static const uint64_t values[] = {0,
                                      1,
                                      0x80,
                                      0xff,
                                      0x100,
                                      0x8000,
                                      0xffff,
                                      UINT32_MAX,
                                      UINT64_C(1) << 32,
                                      UINT64_MAX,
                                      UINT64_C(0x8000000000000000),
                                      UINT64_C(0x0123456789abcdef)};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i += 1) {
        uint8_t bytes[9];
        bytes[8] = 0xa5;
        scr_store_u64le(bytes, values[i]);
        assert_int_equal(scr_load_u64le(bytes), values[i]);
        for (unsigned j = 0; j < 8; j += 1) {
            assert_int_equal(bytes[j], values[i] >> (8 * j) & 0xff);
        }
        assert_int_equal(bytes[8], 0xa5);
        bytes[4] = 0xa5;
        scr_store_u32le(bytes, (uint32_t)values[i]);
        assert_int_equal(scr_load_u32le(bytes), (uint32_t)values[i]);
        assert_int_equal(bytes[4], 0xa5);
        bytes[2] = 0xa5;
        scr_store_u16le(bytes, (uint16_t)values[i]);
        assert_int_equal(bytes[0] | bytes[1] << 8, (uint16_t)values[i]);
        assert_int_equal(bytes[2], 0xa5);
    }
}

static void put_kind(struct scr_writer *writer, int kind)
{
    switch (kind) {
    case 0:
        scr_writer_put_u8(writer, 0xff);
        break;
    case 1:
        scr_writer_put_u16le(writer, 0xffff);
        break;
    case 2:
        scr_writer_put_u32le(writer, UINT32_MAX);
        break;
    case 3:
        scr_writer_put_u64le(writer, UINT64_MAX);
        break;
    case 4:
        scr_writer_put_f64le(writer, -1.0);
        break;
    default:
        scr_writer_put(writer, "sixteen bytes...", 16);
        break;
    }
}

/* With exactly enough room everything is written, with one byte less nothing of it. */
static void test_both_edges(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 2, 4, 8, 8, 16};
    for (int kind = 0; kind < 6; kind += 1) {
        uint8_t bytes[24];
        struct scr_writer writer;
        memset(bytes, 0xa5, sizeof bytes);
        scr_writer_init(&writer, bytes, sizes[kind]);
        put_kind(&writer, kind);
        assert_false(writer.overflow);
        assert_int_equal(writer.used, sizes[kind]);
        assert_int_equal(bytes[sizes[kind]], 0xa5);

        memset(bytes, 0xa5, sizeof bytes);
        scr_writer_init(&writer, bytes, sizes[kind] - 1);
        put_kind(&writer, kind);
        assert_true(writer.overflow);
        assert_int_equal(writer.used, 0);
        for (size_t i = 0; i < sizeof bytes; i += 1) {
            assert_int_equal(bytes[i], 0xa5);
        }
    }
}

/* After an overflow even what would fit is refused: half a message is worse than none. */
static void test_overflow_is_remembered(void **state)
{
    (void)state;
    uint8_t bytes[4] = {0};
    struct scr_writer writer;
    scr_writer_init(&writer, bytes, sizeof bytes);
    scr_writer_put_u16le(&writer, 0x0201);
    scr_writer_put_u32le(&writer, 0xffffffff);
    assert_true(writer.overflow);
    scr_writer_put_u8(&writer, 0xff);
    scr_writer_put(&writer, "", 0);
    assert_int_equal(writer.used, 2);
    assert_memory_equal(bytes, "\1\2\0\0", 4);
    scr_writer_init(&writer, bytes, sizeof bytes);
    assert_false(writer.overflow);
    scr_writer_put(&writer, bytes, SIZE_MAX);
    assert_true(writer.overflow);
}

static void test_nothing(void **state)
{
    (void)state;
    struct scr_writer writer;
    scr_writer_init(&writer, NULL, 0);
    scr_writer_put(&writer, NULL, 0);
    assert_false(writer.overflow);
    scr_writer_put_u8(&writer, 1);
    assert_true(writer.overflow);
}

static uint64_t bits_of(double value)
{
    uint8_t bytes[8];
    struct scr_writer writer;
    scr_writer_init(&writer, bytes, sizeof bytes);
    scr_writer_put_f64le(&writer, value);
    assert_false(writer.overflow);
    return scr_load_u64le(bytes);
}

static void test_doubles(void **state)
{
    (void)state;
    assert_int_equal(bits_of(0.0), 0);
    assert_int_equal(bits_of(-0.0), 0);
    assert_int_equal(bits_of(1.0), UINT64_C(0x3ff0000000000000));
    assert_int_equal(bits_of(-2.0), UINT64_C(0xc000000000000000));
    assert_int_equal(bits_of(0.1), UINT64_C(0x3fb999999999999a));
    assert_int_equal(bits_of(4.9406564584124654e-324), 1);
    assert_int_equal(bits_of(-4.9406564584124654e-324), UINT64_C(0x8000000000000001));
    assert_int_equal(bits_of((double)INFINITY), UINT64_C(0x7ff0000000000000));
}

static void init_without_memory(void *context)
{
    (void)context;
    struct scr_writer writer;
    scr_writer_init(&writer, NULL, 1);
}

static void write_with_broken_cursor(void *context)
{
    struct scr_writer writer = {.bytes = context, .capacity = 1, .used = 2};
    scr_writer_put_u8(&writer, 1);
}

static void test_mistakes_die(void **state)
{
    (void)state;
    uint8_t bytes[4];
    assert_dies(init_without_memory, NULL);
    assert_dies(write_with_broken_cursor, bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_store_and_load),
        cmocka_unit_test(test_both_edges),
        cmocka_unit_test(test_overflow_is_remembered),
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_doubles),
        cmocka_unit_test(test_mistakes_die),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
