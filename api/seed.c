/*
 * api/seed.c - tells numbers from words.
 * Why:    see seed.h. A number too large is an error and not a word: who writes 20 digits means a
 *         number, and must not get the sound of its hash in silence. "007" is a word: no program
 *         prints a number so.
 */
#include "api/seed.h"

#include <string.h>

#include "api/number.h"
#include "core/base/assert.h"
#include "core/base/bytes.h"
#include "core/base/limits.h"
#include "core/crypto/blake2b.h"

static bool is_plain_number(const char *digits)
{
    if (digits[0] == '0') {
        return digits[1] == '\0';
    }
    return digits[0] != '\0' && strspn(digits, "0123456789") == strlen(digits);
}

static uint64_t hash_of(const char *text, size_t count)
{
    uint8_t digest[32];
    scr_blake2b(text, count, digest, sizeof digest);
    return scr_load_u64le(digest);
}

enum scr_err scr_seed_read(const char *text, uint64_t *seed, bool *fresh)
{
    SCR_ASSERT(text != NULL);
    size_t count = strlen(text);
    if (count == 0) {
        return SCR_ERR_PARAM_SYNTAX;
    }
    if (count > SCR_SEED_TEXT_BYTES_MAX) {
        return SCR_ERR_PARAM_RANGE;
    }
    *fresh = strcmp(text, "random") == 0;
    if (*fresh) {
        return SCR_OK;
    }
    if (is_plain_number(text)) {
        return scr_number_unsigned(text, seed);
    }
    if (text[0] == '-' && is_plain_number(text + 1)) {
        int64_t value = 0;
        SCR_TRY(scr_number_signed(text, &value));
        *seed = (uint64_t)value;
        return SCR_OK;
    }
    *seed = hash_of(text, count);
    return SCR_OK;
}
