/*
 * core/crypto/blake2b.c - BLAKE2b by libsodium.
 * Why:    see blake2b.h.
 */
#include "core/crypto/blake2b.h"

#include <sodium.h>

#include "core/base/assert.h"

enum scr_err scr_crypto_init(void)
{
    return sodium_init() < 0 ? SCR_ERR_CRYPTO : SCR_OK;
}

void scr_blake2b(const void *bytes, size_t count, uint8_t *digest, size_t digest_bytes)
{
    SCR_ASSERT(digest_bytes >= crypto_generichash_BYTES_MIN);
    SCR_ASSERT(digest_bytes <= crypto_generichash_BYTES_MAX);
    int failed = crypto_generichash(digest, digest_bytes, bytes, count, NULL, 0);
    SCR_ASSERT(failed == 0);
}

const char *scr_crypto_version(void)
{
    return sodium_version_string();
}
