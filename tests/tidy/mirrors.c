/*
 * tests/tidy/mirrors.c - every file of core and api has its mirror test; the repository is whole.
 * Flow:   core/ROOM/FILE.c -> tests/unit/ROOM/FILE_test.c; api/FILE.c -> tests/api/FILE_test.c;
 *         exceptions stand in mirror_table.h with the test that covers them, and may not go stale.
 */
#include <stdio.h>
#include <string.h>

#include "tests/tidy/tidy.h"

struct exception {
    const char *path;
    const char *test;
    const char *reason;
};

/* The last row is a sentinel, so that the table may be empty. */
static const struct exception exceptions[] = {
#define X(path, test, reason) {path, test, reason},
#include "tests/tidy/mirror_table.h"
#undef X
    {NULL, NULL, NULL},
};

static const char *const required_files[] = {
    "README.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "LICENSE",
    "NOTICE",
    "openapi.yaml",
};

static bool mirror_of(const char *path, char *mirror, size_t mirror_bytes)
{
    const char *folder = "tests/";
    const char *rest = path;
    if (starts_with(path, "core/")) {
        folder = "tests/unit/";
        rest = path + strlen("core/");
    } else if (!starts_with(path, "api/")) {
        return false;
    }
    if (!ends_with(path, ".c")) {
        return false;
    }
    int stem_bytes = (int)(strlen(rest) - strlen(".c"));
    snprintf(mirror, mirror_bytes, "%s%.*s_test.c", folder, stem_bytes, rest);
    return true;
}

static const struct exception *exception_of(const char *path)
{
    for (size_t i = 0; exceptions[i].path != NULL; i++) {
        if (strcmp(exceptions[i].path, path) == 0) {
            return &exceptions[i];
        }
    }
    return NULL;
}

static void check_mirror(const struct tree *tree, const char *path)
{
    char mirror[512];
    if (!mirror_of(path, mirror, sizeof mirror)) {
        return;
    }
    bool has_mirror = tree_has(tree, mirror);
    const struct exception *exception = exception_of(path);
    if (exception != NULL && (has_mirror || !tree_has(tree, exception->test))) {
        report(RULE_MIRROR_STALE, path, 1, "");
    } else if (exception == NULL && !has_mirror) {
        report(RULE_MIRROR, path, 1, mirror);
    }
}

void check_mirrors(const struct tree *tree)
{
    for (size_t i = 0; i < tree->count; i++) {
        check_mirror(tree, tree->files[i].path);
    }
    for (size_t i = 0; i < sizeof required_files / sizeof required_files[0]; i++) {
        if (!tree_has(tree, required_files[i])) {
            report(RULE_MISSING_FILE, required_files[i], 1, "");
        }
    }
}
