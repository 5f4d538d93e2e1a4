/*
 * tests/support/markdown.c - reads our own pages, so that tests can hold them against the tables.
 */
#include "tests/support/markdown.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define PAGE_BYTES_MAX ((size_t)262144)

static char page[PAGE_BYTES_MAX];

const char *markdown_read(const char *path)
{
    char whole_path[512];
    (void)snprintf(whole_path, sizeof whole_path, "%s/%s", SCR_SOURCE_DIR, path);
    FILE *file = fopen(whole_path, "rb");
    if (file == NULL) {
        fail_msg("%s cannot be opened", path);
        return "";
    }
    size_t bytes = fread(page, 1, sizeof page - 1, file);
    page[bytes] = '\0';
    (void)fclose(file);
    assert_true(bytes > 0 && bytes < sizeof page - 1);
    return page;
}

void markdown_rows(const char *path, const char *title, const char *opening, struct scr_text *rows)
{
    char heading[64];
    (void)snprintf(heading, sizeof heading, "\n## %s\n", title);
    const char *at = strstr(markdown_read(path), heading);
    if (at == NULL) {
        fail_msg("%s has no section \"%s\"", path, title);
        return;
    }
    at += strlen(heading);
    while (*at != '\0' && strncmp(at, "## ", 3) != 0) {
        size_t bytes = strcspn(at, "\n");
        if (strncmp(at, opening, strlen(opening)) == 0) {
            scr_text_put_bytes(rows, at, bytes);
            scr_text_put(rows, "\n");
        }
        at += bytes + (at[bytes] == '\n' ? 1 : 0);
    }
    assert_false(rows->overflow);
}

void markdown_assert_rows(const char *path, const char *title, const struct scr_text *wanted)
{
    static char found_chars[MARKDOWN_ROWS_BYTES_MAX];
    struct scr_text found;
    scr_text_init(&found, found_chars, sizeof found_chars);
    markdown_rows(path, title, "| `", &found);
    assert_false(wanted->overflow);
    if (strcmp(scr_text_view(&found), scr_text_view(wanted)) != 0) {
        /* Too long for cmocka's own messages. */
        (void)fputs(scr_text_view(wanted), stdout);
        fail_msg("%s differs from the table above (section \"%s\")", path, title);
    }
}

void markdown_put_code(struct scr_text *row, const char *before, const char *code)
{
    scr_text_put(row, "| ");
    if (code[0] != '\0') {
        scr_text_put(row, "`");
        scr_text_put(row, before);
        scr_text_put(row, code);
        scr_text_put(row, "` ");
    }
}

void markdown_put_cell(struct scr_text *row, const char *cell)
{
    scr_text_put(row, "| ");
    scr_text_put(row, cell);
    scr_text_put(row, " ");
}
