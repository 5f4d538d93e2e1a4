/*
 * tests/tidy/tidy.h - the house rules as a program: what its parts share.
 * Why:    a rule that only a reader can check is a wish.
 * Flow:   main.c reads the list of files -> each check looks at one file, or at all -> findings.
 * Rules:  rule_table.h; a rule without an example in tests/tidy/bad fails the self test.
 */
#ifndef SCR_TIDY_TIDY_H
#define SCR_TIDY_TIDY_H

#include <stdbool.h>
#include <stddef.h>

enum rule {
#define X(id, name, sentence) RULE_##id,
#include "tests/tidy/rule_table.h"
#undef X
    RULE_COUNT
};

/* One file of the tree. code is text with comments and literals blanked, line for line. */
struct file {
    const char *path;
    char *text;
    char *code;
    size_t bytes;
};

/* The whole tree, for the rules that compare files. */
struct tree {
    struct file *files;
    size_t count;
};

/** Prints one finding; detail completes the rule's sentence and may be empty. */
void report(enum rule rule, const char *path, size_t line, const char *detail);

/** Blanks comments, string and character literals of C source in place; newlines stay. */
void blank_literals(char *code, size_t bytes);

bool starts_with(const char *text, const char *prefix);
bool ends_with(const char *text, const char *suffix);
bool is_c(const char *path);
bool is_table(const char *path);
bool is_identifier_char(char c);

/** True if word is one of the words of list, which are parted by single blanks. */
bool has_word(const char *list, const char *word, size_t word_bytes);

/** Line number, from 1, of a place in text. */
size_t line_at(const char *text, const char *at);

bool tree_has(const struct tree *tree, const char *path);

void check_includes(const struct file *file);
void check_calls(const struct file *file);
void check_shape(const struct file *file);
void check_words(const struct file *file);
void check_mirrors(const struct tree *tree);

#endif
