/*
 * tests/tidy/includes.c - includes against the floor plan, foreign headers in their one room.
 * Flow:   every #include of a file -> our own (quotes) by plan_table.h, others by foreign_table.h.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/tidy/tidy.h"

struct room {
    const char *folder;
    const char *allowed;
};

static const struct room plan[] = {
#define X(folder, allowed) {folder, allowed},
#include "tests/tidy/plan_table.h"
#undef X
};

static const struct room foreign[] = {
#define X(header, folders) {header, folders},
#include "tests/tidy/foreign_table.h"
#undef X
};

/* The folder part of a path, as bytes before its last slash. */
static size_t folder_bytes(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? 0 : (size_t)(slash - path);
}

static const struct room *room_of(const char *path)
{
    for (size_t i = 0; i < sizeof plan / sizeof plan[0]; i++) {
        if (strlen(plan[i].folder) == folder_bytes(path) && starts_with(path, plan[i].folder)) {
            return &plan[i];
        }
    }
    return NULL;
}

static bool is_suite(const char *path)
{
    return starts_with(path, "tests/") || starts_with(path, "bench/");
}

static void check_own(const struct file *file, size_t line, const char *name)
{
    if (access(name, F_OK) != 0) {
        report(RULE_INCLUDE_ROOT, file->path, line, name);
        return;
    }
    if (is_suite(file->path)) {
        return;
    }
    const struct room *room = room_of(file->path);
    size_t bytes = folder_bytes(name);
    bool same = bytes == folder_bytes(file->path) && memcmp(name, file->path, bytes) == 0;
    if (same) {
        return;
    }
    if (room == NULL || !has_word(room->allowed, name, bytes) || ends_with(name, "_internal.h")) {
        report(RULE_INCLUDE_PLAN, file->path, line, name);
    }
}

static void check_foreign(const struct file *file, size_t line, const char *name)
{
    if (is_suite(file->path)) {
        return;
    }
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
        if (starts_with(name, foreign[i].folder) &&
            !has_word(foreign[i].allowed, file->path, folder_bytes(file->path))) {
            report(RULE_FOREIGN_HEADER, file->path, line, name);
        }
    }
}

void check_includes(const struct file *file)
{
    size_t line = 0;
    for (const char *at = file->text; *at != '\0'; at += strcspn(at, "\n"), at += *at == '\n') {
        line += 1;
        char open;
        char name[512];
        if (sscanf(at, " # include %c%511[^\">\n]", &open, name) != 2) {
            continue;
        }
        if (open == '"') {
            check_own(file, line, name);
        } else if (open == '<') {
            check_foreign(file, line, name);
        }
    }
}
