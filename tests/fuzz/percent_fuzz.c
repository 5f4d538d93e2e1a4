/*
 * tests/fuzz/percent_fuzz.c - any bytes as a component of a query.
 * Oracle: what is accepted is UTF-8 without control characters, and encoding it and decoding that
 *         gives it back; what is refused leaves an empty text.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "api/percent.h"
#include "core/base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DECODED_MAX 1024

static void must(int holds)
{
    if (!holds) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char decoded[DECODED_MAX];
    char encoded[3 * DECODED_MAX];
    char again[DECODED_MAX];
    struct scr_text text;
    if (scr_percent_decode((const char *)data, size, decoded, sizeof decoded) != SCR_OK) {
        must(decoded[0] == '\0');
        return 0;
    }
    size_t count = strlen(decoded);
    must(scr_utf8_valid(decoded, count));
    for (size_t i = 0; i < count; i += 1) {
        must((uint8_t)decoded[i] >= 0x20 && decoded[i] != 0x7f);
    }
    scr_text_init(&text, encoded, sizeof encoded);
    scr_percent_encode(&text, decoded);
    must(!text.overflow);
    must(scr_percent_decode(encoded, text.used, again, sizeof again) == SCR_OK);
    must(strcmp(again, decoded) == 0);
    return 0;
}
