/*
 * tests/unit/synth/golden_test.c - the engine against the hashes of its own renders.
 * Aim:    no change of compiler, option or processor changes one bit of one sample, and none
 *         of the code does so unnoticed: that would need a new engine epoch.
 * Method: every row of tests/vectors/sound_hashes.csv is rendered again. With SCREAM_GOLDEN_OUT
 *         the rows are written to that file with fresh hashes instead; see the file's SOURCE note.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/synth/preset.h"
#include "tests/support/sound.h"
#include "tests/support/vectors.h"

#define GOLDEN SCR_SOURCE_DIR "/tests/vectors/sound_hashes.csv"
#define ROWS_MIN 60

enum column {
    FINISH,
    PRESET,
    SEED,
    OVERRIDES,
    SAMPLES,
    HASH_S16,
    HASH_F32,
    COLUMNS
};

/* Lays "name=value" over the parameters. */
static void override_one(const char *text, size_t bytes, struct scr_params *params)
{
    enum scr_param param = SCR_PARAM_COUNT;
    size_t name_bytes = strcspn(text, "=");
    assert_true(name_bytes < bytes);
    if (!scr_param_find(text, name_bytes, &param)) {
        fail_msg("no parameter: %s", text);
    }
    const struct scr_param_info *info = scr_param_info(param);
    char *field = (char *)params + info->offset;
    double real = strtod(text + name_bytes + 1, NULL);
    int64_t whole = strtoll(text + name_bytes + 1, NULL, 10);
    uint32_t count = (uint32_t)whole;
    if (info->kind == SCR_PARAM_KIND_REAL) {
        memcpy(field, &real, sizeof real);
    } else if (info->kind == SCR_PARAM_KIND_COUNT) {
        memcpy(field, &count, sizeof count);
    } else if (info->kind == SCR_PARAM_KIND_SIGNED) {
        memcpy(field, &whole, sizeof whole);
    } else if (info->kind == SCR_PARAM_KIND_DURATION) {
        params->duration_ns = (int64_t)(real * 1e9 + 0.5);
    } else {
        fail_msg("not to be overridden: %s", text);
    }
}

static void override(const char *text, struct scr_params *params)
{
    while (*text != '\0') {
        size_t bytes = strcspn(text, ";");
        override_one(text, bytes, params);
        text += bytes;
        text += *text == ';';
    }
}

static const float *render(const struct csv *csv, size_t *count)
{
    struct scr_params params;
    enum scr_finish finish;
    enum scr_param culprit;
    assert_true(csv->count > OVERRIDES);
    assert_true(scr_finish_find(csv->fields[FINISH], strlen(csv->fields[FINISH]), &finish));
    sound_params(csv->fields[PRESET], csv_u64(csv, SEED), finish, &params);
    override(csv->fields[OVERRIDES], &params);
    assert_int_equal(scr_params_check(&params, &culprit), SCR_OK);
    return sound_render(&params, count);
}

static void write_rows(struct csv *csv, FILE *out)
{
    while (csv_next(csv)) {
        size_t count;
        const float *samples = render(csv, &count);
        fprintf(out,
                "%s,%s,%s,%s,%zu,%016" PRIx64 ",%016" PRIx64 "\n",
                csv->fields[FINISH],
                csv->fields[PRESET],
                csv->fields[SEED],
                csv->fields[OVERRIDES],
                count,
                sound_hash_s16(samples, count),
                sound_hash_f32(samples, count));
    }
}

static void test_hashes(void **state)
{
    (void)state;
    struct csv csv;
    csv_open(&csv, GOLDEN);
    const char *path = getenv("SCREAM_GOLDEN_OUT");
    if (path != NULL) {
        FILE *out = fopen(path, "w");
        assert_non_null(out);
        fprintf(out, "finish,preset,seed,overrides,samples,fnv1a64_s16_mono,fnv1a64_f32_mono\n");
        write_rows(&csv, out);
        assert_int_equal(fclose(out), 0);
        return;
    }
    size_t rows = 0;
    while (csv_next(&csv)) {
        size_t count;
        const float *samples = render(&csv, &count);
        assert_int_equal(csv.count, COLUMNS);
        bool same = count == csv_u64(&csv, SAMPLES) &&
                    sound_hash_s16(samples, count) == csv_hex(&csv, HASH_S16) &&
                    sound_hash_f32(samples, count) == csv_hex(&csv, HASH_F32);
        if (!same) {
            fail_msg("%s %s %s %s sounds different",
                     csv.fields[FINISH],
                     csv.fields[PRESET],
                     csv.fields[SEED],
                     csv.fields[OVERRIDES]);
        }
        rows += 1;
    }
    assert_true(rows >= ROWS_MIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hashes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
