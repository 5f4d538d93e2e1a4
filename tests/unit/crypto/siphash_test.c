/*
 * tests/unit/crypto/siphash_test.c - the hash of tables whose keys strangers choose.
 * Aim:    the numbers are those of SipHash-2-4, for every length around its blocks, and depend on
 *         every bit of key and message.
 * Method: the value printed in the paper's appendix A; and a second implementation, written here
 *         from the paper, for the paper's pattern (key 00 01 .. 0f, message 00 01 ..) in all
 *         lengths and for random keys and messages. The seed is printed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "core/crypto/blake2b.h"
#include "core/crypto/siphash.h"

static int begin(void **state)
{
    (void)state;
    return scr_crypto_init() == SCR_OK ? 0 : -1;
}

static uint64_t rotate(uint64_t value, unsigned bits)
{
    return value << bits | value >> (64 - bits);
}

/* Section 2.1, figure 2.1 of the paper. */
static void sip_rounds(uint64_t v[4], int rounds)
{
    for (int i = 0; i < rounds; i += 1) {
        v[0] += v[1];
        v[2] += v[3];
        v[1] = rotate(v[1], 13) ^ v[0];
        v[3] = rotate(v[3], 16) ^ v[2];
        v[0] = rotate(v[0], 32);
        v[2] += v[1];
        v[0] += v[3];
        v[1] = rotate(v[1], 17) ^ v[2];
        v[3] = rotate(v[3], 21) ^ v[0];
        v[2] = rotate(v[2], 32);
    }
}

static uint64_t word_at(const uint8_t *bytes, size_t count)
{
    uint64_t word = 0;
    for (size_t i = 0; i < count; i += 1) {
        word |= (uint64_t)bytes[i] << (8 * i);
    }
    return word;
}

static uint64_t by_the_paper(const uint8_t key[16], const uint8_t *bytes, size_t count)
{
    uint64_t k0 = word_at(key, 8);
    uint64_t k1 = word_at(key + 8, 8);
    uint64_t v[4] = {k0 ^ UINT64_C(0x736f6d6570736575),
                     k1 ^ UINT64_C(0x646f72616e646f6d),
                     k0 ^ UINT64_C(0x6c7967656e657261),
                     k1 ^ UINT64_C(0x7465646279746573)};
    for (size_t at = 0; at <= count; at += 8) {
        size_t left = count - at;
        uint64_t word = word_at(bytes + at, left < 8 ? left : 8);
        word |= left < 8 ? (uint64_t)(count & 0xff) << 56 : 0;
        v[3] ^= word;
        sip_rounds(v, 2);
        v[0] ^= word;
    }
    v[2] ^= 0xff;
    sip_rounds(v, 4);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static void the_papers_value(void **state)
{
    (void)state;
    uint8_t key[SCR_SIPHASH_KEY_BYTES];
    uint8_t message[15];
    for (size_t i = 0; i < sizeof key; i += 1) {
        key[i] = (uint8_t)i;
    }
    for (size_t i = 0; i < sizeof message; i += 1) {
        message[i] = (uint8_t)i;
    }
    assert_true(scr_siphash(key, message, sizeof message) == UINT64_C(0xa129ca6149be45e5));
    assert_true(by_the_paper(key, message, sizeof message) == UINT64_C(0xa129ca6149be45e5));
}

static void the_papers_pattern_in_every_length(void **state)
{
    (void)state;
    uint8_t key[SCR_SIPHASH_KEY_BYTES];
    for (size_t i = 0; i < sizeof key; i += 1) {
        key[i] = (uint8_t)i;
    }
    for (size_t count = 0; count <= 600; count += 1) {
        /* A block of the exact size, so that a sanitizer sees a read beyond its end. */
        uint8_t *message = malloc(count > 0 ? count : 1);
        assert_non_null(message);
        for (size_t i = 0; i < count; i += 1) {
            message[i] = (uint8_t)i;
        }
        assert_true(scr_siphash(key, message, count) == by_the_paper(key, message, count));
        free(message);
    }
}

static void random_keys_and_every_bit(void **state)
{
    (void)state;
    unsigned seed = (unsigned)time(NULL);
    print_message("seed %u\n", seed);
    srand(seed);
    for (int round = 0; round < 200; round += 1) {
        uint8_t key[SCR_SIPHASH_KEY_BYTES];
        uint8_t message[24];
        size_t count = (size_t)rand() % (sizeof message + 1);
        for (size_t i = 0; i < sizeof key; i += 1) {
            key[i] = (uint8_t)rand();
        }
        for (size_t i = 0; i < sizeof message; i += 1) {
            message[i] = (uint8_t)rand();
        }
        uint64_t hash = scr_siphash(key, message, count);
        assert_true(hash == by_the_paper(key, message, count));
        for (size_t bit = 0; bit < 8 * sizeof key; bit += 1) {
            key[bit / 8] ^= (uint8_t)(1u << (bit % 8));
            assert_true(scr_siphash(key, message, count) != hash);
            key[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        }
        for (size_t bit = 0; bit < 8 * count; bit += 1) {
            message[bit / 8] ^= (uint8_t)(1u << (bit % 8));
            assert_true(scr_siphash(key, message, count) != hash);
            message[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_papers_value),
        cmocka_unit_test(the_papers_pattern_in_every_length),
        cmocka_unit_test(random_keys_and_every_bit),
    };
    return cmocka_run_group_tests(tests, begin, NULL);
}
