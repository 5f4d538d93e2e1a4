/*
 * tests/tidy/text.c - small questions about paths and source text, and the blanking of literals.
 * Why:    a banned word in a comment or a message is not a call.
 */
#include <ctype.h>
#include <string.h>

#include "tests/tidy/tidy.h"

bool starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool ends_with(const char *text, const char *suffix)
{
    size_t text_bytes = strlen(text);
    size_t suffix_bytes = strlen(suffix);
    return text_bytes >= suffix_bytes && strcmp(text + text_bytes - suffix_bytes, suffix) == 0;
}

bool is_c(const char *path)
{
    return ends_with(path, ".c") || ends_with(path, ".h");
}

bool is_table(const char *path)
{
    return ends_with(path, "_table.h");
}

bool is_identifier_char(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

bool has_word(const char *list, const char *word, size_t word_bytes)
{
    const char *at = list;
    while (*at != '\0') {
        size_t bytes = strcspn(at, " ");
        if (bytes == word_bytes && memcmp(at, word, bytes) == 0) {
            return true;
        }
        at += bytes;
        at += strspn(at, " ");
    }
    return false;
}

size_t line_at(const char *text, const char *at)
{
    size_t line = 1;
    for (const char *c = text; c < at; c++) {
        line += *c == '\n';
    }
    return line;
}

static void blank(char *code, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (code[i] != '\n') {
            code[i] = ' ';
        }
    }
}

/* Returns the end of the literal or comment that begins at start, or start if none does. */
static size_t literal_end(const char *code, size_t bytes, size_t start)
{
    size_t i = start;
    if (code[i] == '/' && code[i + 1] == '*') {
        const char *end = strstr(code + i + 2, "*/");
        return end == NULL ? bytes : (size_t)(end - code) + 2;
    }
    if (code[i] == '/' && code[i + 1] == '/') {
        return i + strcspn(code + i, "\n");
    }
    if (code[i] != '"' && code[i] != '\'') {
        return start;
    }
    char quote = code[i];
    for (i += 1; i < bytes && code[i] != quote && code[i] != '\n'; i++) {
        i += code[i] == '\\';
    }
    return i < bytes ? i + 1 : bytes;
}

void blank_literals(char *code, size_t bytes)
{
    size_t i = 0;
    while (i < bytes) {
        size_t end = literal_end(code, bytes, i);
        if (end > i) {
            blank(code, i, end);
            i = end;
        } else {
            i += 1;
        }
    }
}
