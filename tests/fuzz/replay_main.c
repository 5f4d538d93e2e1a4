/*
 * tests/fuzz/replay_main.c - runs a fuzz target over kept inputs, without libFuzzer.
 * Why:    what the fuzzer once found stays found with every compiler and sanitizer of the suite.
 * Flow:   each argument is a file, or a folder whose files are read; then every truncation of
 *         each small file is tried, because parsers fail at the end of their input. Files named by
 *         their hash were found by libFuzzer, which has tried that already.
 * Limits: 1 MiB an input; folders inside a folder are left alone; no input at all is a failure.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define INPUT_BYTES_MAX ((size_t)1 << 20)
#define TRUNCATED_BYTES_MAX ((size_t)512)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Each input lies in a block of its exact size, so that a sanitizer sees a read beyond its end. */
static void run_input(const uint8_t *data, size_t size)
{
    uint8_t *exact = malloc(size > 0 ? size : 1);
    if (exact == NULL) {
        abort();
    }
    if (size > 0) {
        memcpy(exact, data, size);
    }
    (void)LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

static int is_named_by_hash(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    return strlen(name) == 40 && strspn(name, "0123456789abcdef") == 40;
}

static unsigned long run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fprintf(stderr, "replay: cannot open %s\n", path);
        exit(EXIT_FAILURE);
    }
    uint8_t *data = malloc(INPUT_BYTES_MAX);
    if (data == NULL) {
        abort();
    }
    size_t size = fread(data, 1, INPUT_BYTES_MAX, file);
    fclose(file);
    run_input(data, size);
    if (size <= TRUNCATED_BYTES_MAX && !is_named_by_hash(path)) {
        for (size_t shorter = 0; shorter < size; shorter++) {
            run_input(data, shorter);
        }
    }
    free(data);
    return 1;
}

static unsigned long run_folder(const char *path)
{
    DIR *folder = opendir(path);
    if (folder == NULL) {
        return 0;
    }
    unsigned long count = 0;
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        char name[4096];
        int length = snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        struct stat status;
        if (entry->d_name[0] != '.' && length < (int)sizeof name && stat(name, &status) == 0 &&
            S_ISREG(status.st_mode)) {
            count += run_file(name);
        }
    }
    closedir(folder);
    return count;
}

int main(int argc, char **argv)
{
    unsigned long count = 0;
    for (int i = 1; i < argc; i++) {
        struct stat status;
        if (stat(argv[i], &status) == 0 && S_ISDIR(status.st_mode)) {
            count += run_folder(argv[i]);
        } else {
            count += run_file(argv[i]);
        }
    }
    printf("replayed %lu inputs\n", count);
    return count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
