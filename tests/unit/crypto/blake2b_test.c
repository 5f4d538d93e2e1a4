/*
 * tests/unit/crypto/blake2b_test.c - the hash that names every sound.
 * Aim:    the digests are BLAKE2b's, of every length asked for, around every block edge; a library
 *         that cannot start is an error.
 * Method: RFC 7693 appendix A, and digests by two other implementations (coreutils' b2sum and
 *         CPython's hashlib, which agree) of the bytes (7 i + 3) mod 256. sodium_init stands in
 *         this file, so that its failure can be played.
 */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/text.h"
#include "core/crypto/blake2b.h"
#include "tests/support/death.h"

static bool sodium_refuses;

int sodium_init(void);

/* Found before the library's own, which it asks unless it is to fail. */
int sodium_init(void)
{
    if (sodium_refuses) {
        return -1;
    }
    int (*real)(void);
    void *found = dlsym(RTLD_NEXT, "sodium_init");
    assert_non_null(found);
    memcpy(&real, &found, sizeof real);
    return real();
}

static int begin(void **state)
{
    (void)state;
    return scr_crypto_init() == SCR_OK ? 0 : -1;
}

static void assert_digest(const void *bytes, size_t count, size_t digest_bytes, const char *hex)
{
    uint8_t digest[64 + 1];
    char chars[2 * 64 + 1];
    struct scr_text text;
    memset(digest, 0xa5, sizeof digest);
    scr_blake2b(bytes, count, digest, digest_bytes);
    assert_int_equal(digest[digest_bytes], 0xa5);
    scr_text_init(&text, chars, sizeof chars);
    scr_text_put_hex(&text, digest, digest_bytes);
    assert_string_equal(chars, hex);
}

static void test_init(void **state)
{
    (void)state;
    assert_int_equal(scr_crypto_init(), SCR_OK);
    sodium_refuses = true;
    assert_int_equal(scr_crypto_init(), SCR_ERR_CRYPTO);
    sodium_refuses = false;
    assert_int_equal(scr_crypto_init(), SCR_OK);
    assert_true(strlen(scr_crypto_version()) > 0);
}

static void test_rfc_7693(void **state)
{
    (void)state;
    assert_digest("abc",
                  3,
                  64,
                  "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
                  "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
}

static void test_lengths_of_digest(void **state)
{
    (void)state;
    assert_digest("abc", 3, 16, "cf4ab791c62b8d2b2109c90275287816");
    assert_digest("abc", 3, 17, "658fb5b767c736b82b1a7fa7050454344c");
    assert_digest("abc", 3, 20, "384264f676f39536840523f284921cdc68b6846b");
    assert_digest("abc", 3, 31, "fad360cbce716b6d3ee8de0f04fc6f80ed0cb7cbe6a00e0fa8c42d29833262");
    assert_digest("abc", 3, 32, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    assert_digest("abc",
                  3,
                  63,
                  "eb5324bb0b0f9ca27381f22f5e49604d7c341b77371fe5bf61fb643c8ab481c7"
                  "555ef17c9b9e7c92f0daafff6c0d748cab97d2b267bf53f8225c173ea26f3e");
}

static void test_lengths_of_input(void **state)
{
    (void)state;
    static const struct {
        size_t count;
        const char *hex;
    } rows[] = {
        {0, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"},
        {1, "e88bd757ad5b9bedf372d8d3f0cf6c962a469db61a265f6418e1ffed86da29ec"},
        {3, "9facd640130c81e7f318a8d5c660bc1b0f5d03861ffbd4cc1358e0e904593c28"},
        {64, "586c0dd87616ec042093edc5f87f880d37ca73618e99b03d5850ce9be478721f"},
        {127, "c9ae3859964b35f04c54b36d33cf299d7290ee621005d28e51598a943560aaaa"},
        {128, "f0501d06597880592bc49234eef100ec1ff349058d0e9d9b753504e24af86dd6"},
        {129, "a34a4e1e03c541dfbf3099c4b6c143c022ced65c28bd7e8a10e0a098461aecf0"},
        {255, "f2d64a40e9412a3414161ff6250075225418fd7c271c1123e162e1bca0de9f93"},
        {256, "d93ebb9c802f5630ab22516fd82b6c21bc8bd551d531349b715f046ed11ed871"},
        {257, "4ce481b24d387422d2bc2baa03d1afd55a1327939ff537c71eb9b38709268649"},
        {1000, "d62b6c768ce1afc8367e0498ab2f8e3f7c178c35b1429f14c4604b545d200f52"},
        {4096, "3b7dcca5dcb409b9ee1d33ac58a03966d5e86581278891945e3d2fd80e3aad58"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i += 1) {
        /* A block of the exact size, so that a sanitizer sees a read beyond its end. */
        uint8_t *bytes = malloc(rows[i].count > 0 ? rows[i].count : 1);
        assert_non_null(bytes);
        for (size_t j = 0; j < rows[i].count; j += 1) {
            bytes[j] = (uint8_t)(7 * j + 3);
        }
        assert_digest(bytes, rows[i].count, 32, rows[i].hex);
        free(bytes);
    }
    assert_digest(NULL, 0, 32, rows[0].hex);
}

/* One bit of the input changes about half of the digest; never nothing. */
static void test_one_bit(void **state)
{
    (void)state;
    uint8_t bytes[40] = {0};
    uint8_t base[32];
    scr_blake2b(bytes, sizeof bytes, base, sizeof base);
    for (size_t bit = 0; bit < 8 * sizeof bytes; bit += 1) {
        uint8_t digest[32];
        int changed = 0;
        bytes[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        scr_blake2b(bytes, sizeof bytes, digest, sizeof digest);
        bytes[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        for (size_t i = 0; i < sizeof digest; i += 1) {
            changed += __builtin_popcount((unsigned)(digest[i] ^ base[i]));
        }
        assert_in_range(changed, 80, 176);
    }
}

static void hash_to(void *context)
{
    uint8_t digest[128];
    scr_blake2b("abc", 3, digest, *(const size_t *)context);
}

static void test_mistakes_die(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 15, 65, 128};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i += 1) {
        size_t digest_bytes = sizes[i];
        assert_dies(hash_to, &digest_bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_init),
        cmocka_unit_test(test_rfc_7693),
        cmocka_unit_test(test_lengths_of_digest),
        cmocka_unit_test(test_lengths_of_input),
        cmocka_unit_test(test_one_bit),
        cmocka_unit_test(test_mistakes_die),
    };
    return cmocka_run_group_tests(tests, begin, NULL);
}
