/*
 * core/crypto/random.h - randomness from the system: fresh seeds and request ids.
 */
#ifndef SCR_CRYPTO_RANDOM_H
#define SCR_CRYPTO_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/** 64 unpredictable bits. After scr_crypto_init; any thread; alloc none. */
uint64_t scr_random_u64(void);

/** Fills bytes[count]. After scr_crypto_init; any thread; alloc none. */
void scr_random_bytes(uint8_t *bytes, size_t count);

#endif
