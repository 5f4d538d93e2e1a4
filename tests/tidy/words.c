/*
 * tests/tidy/words.c - words that have no place in a tracked file.
 * Why:    notes of unfinished work, paths of one machine and private folders leak easily.
 * Reads:  the words are written in two halves here, so that this file does not find itself.
 */
#include <string.h>

#include "tests/tidy/tidy.h"

static const char *const left_over_words[] = {"FIX"
                                              "ME",
                                              "TO"
                                              "DO",
                                              "X"
                                              "XX"};
static const char *const machine_paths[] = {"/wo"
                                            "rk/",
                                            "/fa"
                                            "rm/",
                                            "/ro"
                                            "ot/",
                                            "/ho"
                                            "me/"};
static const char *const private_paths[] = {"../sha"
                                            "red"};

static void check_left_over(const struct file *file)
{
    for (size_t i = 0; i < sizeof left_over_words / sizeof left_over_words[0]; i++) {
        const char *word = left_over_words[i];
        for (const char *at = strstr(file->text, word); at != NULL; at = strstr(at + 1, word)) {
            bool whole = (at == file->text || !is_identifier_char(at[-1])) &&
                         !is_identifier_char(at[strlen(word)]);
            if (whole) {
                report(RULE_LEFT_OVER, file->path, line_at(file->text, at), word);
            }
        }
    }
}

static void check_machine_paths(const struct file *file)
{
    for (size_t i = 0; i < sizeof machine_paths / sizeof machine_paths[0]; i++) {
        const char *path = machine_paths[i];
        for (const char *at = strstr(file->text, path); at != NULL; at = strstr(at + 1, path)) {
            bool absolute = at == file->text ||
                            !(is_identifier_char(at[-1]) || strchr("./}*$~", at[-1]) != NULL);
            if (absolute && is_identifier_char(at[strlen(path)])) {
                report(RULE_MACHINE_PATH, file->path, line_at(file->text, at), path);
            }
        }
    }
}

static void check_private_paths(const struct file *file)
{
    if (!ends_with(file->path, ".md") && !ends_with(file->path, ".yaml")) {
        return;
    }
    for (size_t i = 0; i < sizeof private_paths / sizeof private_paths[0]; i++) {
        const char *at = strstr(file->text, private_paths[i]);
        if (at != NULL) {
            report(RULE_PRIVATE_PATH, file->path, line_at(file->text, at), private_paths[i]);
        }
    }
}

void check_words(const struct file *file)
{
    check_left_over(file);
    check_machine_paths(file);
    check_private_paths(file);
}
