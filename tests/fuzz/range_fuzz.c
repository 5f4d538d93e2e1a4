/*
 * tests/fuzz/range_fuzz.c - any bytes as a Range header.
 * Reads:  the first eight bytes are the size of the file, the rest is the header.
 * Oracle: a part lies inside the file and is not empty; a part asked for again by its own numbers
 *         is the same part.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "api/range.h"
#include "core/base/bytes.h"
#include "core/base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int holds)
{
    if (!holds) {
        abort();
    }
}

static void check(const char *header, uint64_t file_bytes)
{
    struct scr_range range = scr_range_read(header, file_bytes);
    if (range.kind == SCR_RANGE_WHOLE) {
        must(range.first == 0 && range.length == file_bytes);
    }
    if (range.kind == SCR_RANGE_PART) {
        char chars[64];
        struct scr_text text;
        must(range.length >= 1 && range.first < file_bytes);
        must(range.length <= file_bytes - range.first);
        scr_text_init(&text, chars, sizeof chars);
        scr_text_put(&text, "bytes=");
        scr_text_put_u64(&text, range.first);
        scr_text_put_char(&text, '-');
        scr_text_put_u64(&text, range.first + range.length - 1);
        struct scr_range again = scr_range_read(chars, file_bytes);
        must(again.kind == SCR_RANGE_PART);
        must(again.first == range.first && again.length == range.length);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 8) {
        return 0;
    }
    /* Files of ours are below 2^32; far more is allowed, but a file of no bytes is none. */
    uint64_t file_bytes = scr_load_u64le(data) >> 16;
    char *header = malloc(size - 8 + 1);
    must(header != NULL);
    memcpy(header, data + 8, size - 8);
    header[size - 8] = '\0';
    check(header, file_bytes + 1);
    check(header, file_bytes % 1000 + 1);
    (void)scr_range_allowed(header, "\"00112233445566778899aabbccddeeff\"");
    free(header);
    return 0;
}
