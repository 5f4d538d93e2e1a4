/*
 * tests/fuzz/query_fuzz.c - any bytes as a query.
 * Oracle: what is accepted resolves to finite values inside the table's ranges, its canonical query
 *         is accepted and canonical itself, and it is the same sound; what is refused says why.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "api/query.h"
#include "core/crypto/blake2b.h"
#include "core/job/key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct scr_order_bounds bounds = {
    .duration_ns_max = SCR_DURATION_MAX_DEFAULT_NS,
    .volume_max = 1.0,
};

static void must(int holds)
{
    if (!holds) {
        abort();
    }
}

/* Writes the canonical query of a raw one; false when it is refused. */
static int canonical(const char *raw, char *chars, size_t capacity, struct scr_key *key)
{
    struct scr_query query;
    struct scr_query_error error;
    struct scr_params params;
    struct scr_text text;
    enum scr_param culprit;
    if (scr_query_parse(raw, &bounds, &query, &error) != SCR_OK) {
        char sentence[2048];
        scr_text_init(&text, sentence, sizeof sentence);
        scr_query_error_write(&error, &text);
        must(!text.overflow && text.used > 0);
        return 0;
    }
    must(scr_query_resolve(&query.order, &bounds, 1, &params, &error) == SCR_OK);
    must(scr_params_check(&params, &culprit) == SCR_OK);
    must(params.duration_ns <= bounds.duration_ns_max);
    scr_text_init(&text, chars, capacity);
    scr_query_write(&query.order, &params, &text);
    must(!text.overflow);
    *key = scr_key_of(&params);
    return 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char first[4096];
    char second[4096];
    struct scr_key key;
    struct scr_key again;
    if (scr_crypto_init() != SCR_OK) {
        abort();
    }
    char *raw = malloc(size + 1);
    must(raw != NULL);
    if (size > 0) {
        memcpy(raw, data, size);
    }
    raw[size] = '\0';
    if (canonical(raw, first, sizeof first, &key)) {
        must(canonical(first, second, sizeof second, &again));
        must(strcmp(first, second) == 0);
        must(scr_key_equal(&key, &again));
    }
    free(raw);
    return 0;
}
