/*
 * core/crypto/siphash.h - SipHash-2-4: hash tables whose keys strangers choose.
 * Why:    without the key nobody can find inputs that fall into one bucket.
 * Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF"; libsodium's crypto_shorthash.
 */
#ifndef SCR_CRYPTO_SIPHASH_H
#define SCR_CRYPTO_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

#define SCR_SIPHASH_KEY_BYTES 16

/**
 * Hashes bytes[count] under a key of scr_random_bytes. Not for anything secret or signed.
 * thread  any; alloc none
 */
uint64_t scr_siphash(const uint8_t key[SCR_SIPHASH_KEY_BYTES], const void *bytes, size_t count);

#endif
