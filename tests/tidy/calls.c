/*
 * tests/tidy/calls.c - functions that may be called from one home only.
 * Flow:   every identifier followed by a parenthesis -> call_table.h -> the path's beginning.
 */
#include <stdio.h>
#include <string.h>

#include "tests/tidy/tidy.h"

struct call {
    const char *name;
    const char *homes;
    const char *reason;
};

static const struct call calls[] = {
#define X(name, homes, reason) {name, homes, reason},
#include "tests/tidy/call_table.h"
#undef X
};

static bool is_home(const char *homes, const char *path)
{
    const char *at = homes;
    while (*at != '\0') {
        size_t bytes = strcspn(at, " ");
        if (strncmp(path, at, bytes) == 0) {
            return true;
        }
        at += bytes;
        at += strspn(at, " ");
    }
    return false;
}

/* A member called free, as in ops->free(x), is not the function free. */
static bool is_member(const char *code, const char *at)
{
    while (at > code && (at[-1] == ' ' || at[-1] == '\n')) {
        at -= 1;
    }
    return at > code && (at[-1] == '.' || (at[-1] == '>' && at > code + 1 && at[-2] == '-'));
}

static void check_name(const struct file *file, const char *at, size_t bytes)
{
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        if (strlen(calls[i].name) == bytes && memcmp(calls[i].name, at, bytes) == 0 &&
            !is_home(calls[i].homes, file->path) && !is_member(file->code, at)) {
            char detail[256];
            snprintf(detail, sizeof detail, "%s (%s)", calls[i].name, calls[i].reason);
            report(RULE_BANNED_CALL, file->path, line_at(file->code, at), detail);
        }
    }
}

void check_calls(const struct file *file)
{
    const char *at = file->code;
    while (*at != '\0') {
        size_t bytes = 0;
        while (is_identifier_char(at[bytes])) {
            bytes += 1;
        }
        if (bytes > 0 && at[bytes + strspn(at + bytes, " \n")] == '(') {
            check_name(file, at, bytes);
        }
        at += bytes > 0 ? bytes : 1;
    }
}
