/*
 * tests/support/vectors.h - reference data: where it lies, and how it is read.
 * Why:    the data came from other programs and is not part of this repository; a test that finds
 *         none says SKIP instead of failing.
 * Flow:   the folder that SCREAM_VECTORS names, else one beside the repository; "sound" in it.
 */
#ifndef TESTS_SUPPORT_VECTORS_H
#define TESTS_SUPPORT_VECTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define CSV_FIELDS_MAX 16

/* A file of comma-separated values; its first line (names) and lines that open with # are left
 * out. Fields are never quoted. */
struct csv {
    FILE *file;
    char line[512];
    const char *fields[CSV_FIELDS_MAX];
    size_t count;
    bool names_seen;
};

/** Skips the running test with a word of why unless the reference data of the sound exists. */
void vectors_need_sound(void);

/** Full path of a file of the sound's reference data. Valid until the next call. */
const char *vectors_sound_path(const char *name);

/** Reads little-endian floats, at most capacity; fails the test when the file does not open. */
size_t vectors_read_f32(const char *path, float *values, size_t capacity);

/** Opens a file; fails the test when it cannot. */
void csv_open(struct csv *csv, const char *path);

/** Reads the next line into fields: false at the end, when the file is closed as well. */
bool csv_next(struct csv *csv);

/** Fields as numbers; what is no number fails the test. */
int64_t csv_i64(const struct csv *csv, size_t field);
uint64_t csv_u64(const struct csv *csv, size_t field);
uint64_t csv_hex(const struct csv *csv, size_t field);
double csv_real(const struct csv *csv, size_t field);

#endif
