/*
 * core/crypto/blake2b.h - BLAKE2b: keys of jobs, ETags, text seeds.
 * Source: RFC 7693; libsodium's crypto_generichash, unkeyed.
 */
#ifndef SCR_CRYPTO_BLAKE2B_H
#define SCR_CRYPTO_BLAKE2B_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

/** Must run once before anything of this room. errors SCR_ERR_CRYPTO. Boot. */
SCR_MUST_USE enum scr_err scr_crypto_init(void);

/** Hashes bytes[count] to digest[digest_bytes], 16..64. Any thread; alloc none. */
void scr_blake2b(const void *bytes, size_t count, uint8_t *digest, size_t digest_bytes);

/** libsodium's version. Valid for ever. */
const char *scr_crypto_version(void);

#endif
