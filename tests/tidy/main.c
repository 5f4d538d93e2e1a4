/*
 * tests/tidy/main.c - reads the tree and runs every check over it.
 * Use:    tidy ROOT < list        paths relative to ROOT, one a line
 *         tidy --rules            the names of all rules
 * Flow:   list -> files in memory -> checks per file -> checks over the tree -> findings.
 * Limits: 8,192 files of 4 MiB; binary files (with a NUL byte) are known by name only.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/tidy/tidy.h"

#define FILES_MAX ((size_t)8192)
#define FILE_BYTES_MAX ((size_t)4 << 20)

struct rule_text {
    const char *name;
    const char *sentence;
};

static const struct rule_text rule_texts[RULE_COUNT] = {
#define X(id, name, sentence) [RULE_##id] = {name, sentence},
#include "tests/tidy/rule_table.h"
#undef X
};

static unsigned long finding_count;

void report(enum rule rule, const char *path, size_t line, const char *detail)
{
    finding_count += 1;
    printf("%s:%zu: [%s] %s %s\n",
           path,
           line,
           rule_texts[rule].name,
           rule_texts[rule].sentence,
           detail);
}

bool tree_has(const struct tree *tree, const char *path)
{
    for (size_t i = 0; i < tree->count; i++) {
        if (strcmp(tree->files[i].path, path) == 0) {
            return true;
        }
    }
    return false;
}

static void *take(size_t bytes)
{
    void *memory = calloc(1, bytes);
    if (memory == NULL) {
        fprintf(stderr, "tidy: out of memory\n");
        exit(EXIT_FAILURE);
    }
    return memory;
}

/* Reads one file; returns false if it cannot be read or is not text. */
static bool load(struct file *file)
{
    FILE *stream = fopen(file->path, "rb");
    if (stream == NULL) {
        return false;
    }
    char *buffer = take(FILE_BYTES_MAX + 1);
    file->bytes = fread(buffer, 1, FILE_BYTES_MAX, stream);
    fclose(stream);
    if (memchr(buffer, '\0', file->bytes) != NULL) {
        free(buffer);
        return false;
    }
    file->text = take(file->bytes + 1);
    file->code = take(file->bytes + 1);
    memcpy(file->text, buffer, file->bytes);
    memcpy(file->code, buffer, file->bytes);
    free(buffer);
    if (is_c(file->path)) {
        blank_literals(file->code, file->bytes);
    }
    return true;
}

static void read_list(struct tree *tree)
{
    char line[4096];
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '\0') {
            continue;
        }
        if (tree->count == FILES_MAX) {
            fprintf(stderr, "tidy: more than %zu files\n", FILES_MAX);
            exit(EXIT_FAILURE);
        }
        char *path = take(strlen(line) + 1);
        memcpy(path, line, strlen(line));
        tree->files[tree->count].path = path;
        tree->count += 1;
    }
}

static void check_file(const struct file *file)
{
    if (is_c(file->path)) {
        check_includes(file);
        check_calls(file);
    }
    check_shape(file);
    check_words(file);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--rules") == 0) {
        for (size_t i = 0; i < RULE_COUNT; i++) {
            printf("%s\n", rule_texts[i].name);
        }
        return EXIT_SUCCESS;
    }
    if (argc != 2 || chdir(argv[1]) != 0) {
        fprintf(stderr, "usage: tidy ROOT < list of files\n");
        return EXIT_FAILURE;
    }
    struct tree tree = {take(FILES_MAX * sizeof(struct file)), 0};
    read_list(&tree);
    for (size_t i = 0; i < tree.count; i++) {
        if (load(&tree.files[i])) {
            check_file(&tree.files[i]);
        }
    }
    check_mirrors(&tree);
    printf("tidy: %zu files, %lu findings\n", tree.count, finding_count);
    return finding_count == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
