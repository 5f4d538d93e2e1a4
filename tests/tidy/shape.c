/*
 * tests/tidy/shape.c - head comments, lengths of files, functions and lines, typedefs.
 * Why:    in house format a function's braces stand alone in column one, so lines are enough.
 * Limits: style's: 500 lines a file (tables excepted), 70 a function, 100 columns.
 */
#include <stdio.h>
#include <string.h>

#include "tests/tidy/tidy.h"

#define FILE_LINES_MAX ((size_t)500)
#define FUNCTION_LINES_MAX ((size_t)70)
#define LINE_COLUMNS_MAX ((size_t)100)

static bool is_script(const char *path)
{
    return ends_with(path, ".js") || ends_with(path, ".mjs") || ends_with(path, ".sh") ||
           ends_with(path, ".cmake") || strcmp(path, "dev") == 0;
}

/* C opens with slash, star, newline, " * path - "; scripts say "path - " in their first lines. */
static void check_head(const struct file *file)
{
    char wanted[512];
    int bytes = snprintf(wanted, sizeof wanted, " * %s - ", file->path);
    if (bytes <= 0 || bytes >= (int)sizeof wanted) {
        return;
    }
    bool found;
    if (is_c(file->path)) {
        found = starts_with(file->text, "/*\n") && starts_with(file->text + 3, wanted);
    } else {
        const char *place = strstr(file->text, wanted + 3);
        found = place != NULL && line_at(file->text, place) <= 3;
    }
    if (!found) {
        report(RULE_HEAD_COMMENT, file->path, 1, wanted);
    }
}

static void report_number(enum rule rule, const struct file *file, size_t line, size_t number)
{
    char detail[32];
    snprintf(detail, sizeof detail, "%zu", number);
    report(rule, file->path, line, detail);
}

/* Columns are code points: bytes that do not continue a UTF-8 sequence. */
static size_t columns_of(const char *text, size_t bytes)
{
    size_t columns = 0;
    for (size_t i = 0; i < bytes; i++) {
        columns += ((unsigned char)text[i] & 0xC0U) != 0x80U;
    }
    return columns;
}

static void check_lengths(const struct file *file)
{
    size_t line = 0;
    size_t function_start = 0;
    const char *code = file->code;
    for (const char *at = file->text; *at != '\0';) {
        line += 1;
        size_t bytes = strcspn(at, "\n");
        size_t columns = columns_of(at, bytes);
        if (columns > LINE_COLUMNS_MAX) {
            report_number(RULE_LINE_LENGTH, file, line, columns);
        }
        if (is_c(file->path) && code[0] == '{' && bytes == 1) {
            function_start = line;
        }
        if (is_c(file->path) && code[0] == '}' && bytes == 1 && function_start > 0) {
            size_t lines = line - function_start + 1;
            if (lines > FUNCTION_LINES_MAX) {
                report_number(RULE_FUNCTION_LENGTH, file, function_start, lines);
            }
            function_start = 0;
        }
        at += bytes + (at[bytes] == '\n');
        code = file->code + (at - file->text);
    }
    if (line > FILE_LINES_MAX && !is_table(file->path)) {
        report_number(RULE_FILE_LENGTH, file, line, line);
    }
}

/* As many numbers at once as an instruction set has room for: core/dsp/vector.h, "scr_v...". */
static bool is_vector_type(const struct file *file, const char *statement)
{
    const char *name = strstr(statement, " scr_v");
    if (name == NULL || strcmp(file->path, "core/dsp/vector.h") != 0 ||
        strchr(statement, '{') != NULL) {
        return false;
    }
    name += 1;
    while (is_identifier_char(*name)) {
        name += 1;
    }
    return *name == '\0' || starts_with(name, " __attribute__((vector_size(");
}

static bool is_function_type(const char *statement)
{
    return strstr(statement, "_fn)(") != NULL || strstr(statement, "_fn(") != NULL;
}

static void check_typedefs(const struct file *file)
{
    const char *word = "typedef";
    for (const char *at = strstr(file->code, word); at != NULL; at = strstr(at + 1, word)) {
        if ((at > file->code && is_identifier_char(at[-1])) || is_identifier_char(at[7])) {
            continue;
        }
        char statement[1024];
        size_t bytes = strcspn(at, ";");
        snprintf(statement, sizeof statement, "%.*s", (int)(bytes < 1000 ? bytes : 1000), at);
        if (!is_function_type(statement) && !is_vector_type(file, statement)) {
            report(RULE_TYPEDEF, file->path, line_at(file->code, at), "");
        }
    }
}

void check_shape(const struct file *file)
{
    if (!is_c(file->path) && !is_script(file->path)) {
        return;
    }
    check_head(file);
    check_lengths(file);
    if (is_c(file->path)) {
        check_typedefs(file);
    }
}
