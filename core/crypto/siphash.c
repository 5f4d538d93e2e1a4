/*
 * core/crypto/siphash.c - SipHash-2-4 by libsodium.
 * Why:    see siphash.h.
 */
#include "core/crypto/siphash.h"

#include <assert.h>

#include <sodium.h>

#include "core/base/assert.h"
#include "core/base/bytes.h"

static_assert(SCR_SIPHASH_KEY_BYTES == crypto_shorthash_KEYBYTES, "the key is libsodium's");
static_assert(crypto_shorthash_BYTES == 8, "the hash is one 64-bit number");

uint64_t scr_siphash(const uint8_t key[SCR_SIPHASH_KEY_BYTES], const void *bytes, size_t count)
{
    uint8_t hash[crypto_shorthash_BYTES];
    int failed = crypto_shorthash(hash, bytes, count, key);
    SCR_ASSERT(failed == 0);
    return scr_load_u64le(hash);
}
