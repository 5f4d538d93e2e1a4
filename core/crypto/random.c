/*
 * core/crypto/random.c - system randomness by libsodium.
 * Why:    see random.h.
 */
#include "core/crypto/random.h"

#include <sodium.h>

uint64_t scr_random_u64(void)
{
    uint64_t value;
    randombytes_buf(&value, sizeof value);
    return value;
}

void scr_random_bytes(uint8_t *bytes, size_t count)
{
    randombytes_buf(bytes, count);
}
