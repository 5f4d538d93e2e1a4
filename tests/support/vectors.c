/*
 * tests/support/vectors.c - reference data: where it lies, and how it is read.
 * Limits: lines of 511 bytes, 16 fields.
 */
#include "tests/support/vectors.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

const char *vectors_sound_path(const char *name)
{
    static char path[1024];
    const char *folder = getenv("SCREAM_VECTORS");
    int bytes;
    if (folder != NULL && folder[0] != '\0') {
        bytes = snprintf(path, sizeof path, "%s/sound/%s", folder, name);
    } else {
        bytes = snprintf(path, sizeof path, "%s/../shared/vectors/sound/%s", SCR_SOURCE_DIR, name);
    }
    assert_true(bytes > 0 && (size_t)bytes < sizeof path);
    return path;
}

void vectors_need_sound(void)
{
    FILE *file = fopen(vectors_sound_path("f32-model.csv"), "r");
    if (file == NULL) {
        print_message("SKIP: no reference data; SCREAM_VECTORS can name its folder\n");
        skip();
    }
    fclose(file);
}

size_t vectors_read_f32(const char *path, float *values, size_t capacity)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fail_msg("cannot open %s: %s", path, strerror(errno));
    }
    size_t count = 0;
    unsigned char bytes[4];
    while (count < capacity && fread(bytes, 1, sizeof bytes, file) == sizeof bytes) {
        uint32_t bits = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
                        (uint32_t)bytes[3] << 24;
        memcpy(&values[count], &bits, sizeof bits);
        count += 1;
    }
    fclose(file);
    return count;
}

void csv_open(struct csv *csv, const char *path)
{
    *csv = (struct csv){.file = fopen(path, "r")};
    if (csv->file == NULL) {
        fail_msg("cannot open %s: %s", path, strerror(errno));
    }
}

static void split(struct csv *csv)
{
    csv->count = 0;
    char *at = csv->line;
    at[strcspn(at, "\r\n")] = '\0';
    while (csv->count < CSV_FIELDS_MAX) {
        csv->fields[csv->count] = at;
        csv->count += 1;
        char *comma = strchr(at, ',');
        if (comma == NULL) {
            return;
        }
        *comma = '\0';
        at = comma + 1;
    }
}

bool csv_next(struct csv *csv)
{
    while (fgets(csv->line, sizeof csv->line, csv->file) != NULL) {
        if (csv->line[0] == '#' || csv->line[0] == '\n') {
            continue;
        }
        if (!csv->names_seen) {
            csv->names_seen = true;
            continue;
        }
        split(csv);
        return true;
    }
    fclose(csv->file);
    csv->file = NULL;
    return false;
}

static const char *field_of(const struct csv *csv, size_t field)
{
    assert_true(field < csv->count);
    return csv->fields[field];
}

static void assert_number(const char *text, const char *end)
{
    if (end == text || *end != '\0') {
        fail_msg("not a number: %s", text);
    }
}

int64_t csv_i64(const struct csv *csv, size_t field)
{
    char *end;
    const char *text = field_of(csv, field);
    int64_t value = strtoll(text, &end, 10);
    assert_number(text, end);
    return value;
}

uint64_t csv_u64(const struct csv *csv, size_t field)
{
    char *end;
    const char *text = field_of(csv, field);
    uint64_t value = strtoull(text, &end, 10);
    assert_number(text, end);
    return value;
}

uint64_t csv_hex(const struct csv *csv, size_t field)
{
    char *end;
    const char *text = field_of(csv, field);
    uint64_t value = strtoull(text, &end, 16);
    assert_number(text, end);
    return value;
}

double csv_real(const struct csv *csv, size_t field)
{
    char *end;
    const char *text = field_of(csv, field);
    double value = strtod(text, &end);
    assert_number(text, end);
    return value;
}
