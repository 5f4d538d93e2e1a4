/*
 * tests/support/markdown.h - reads our own pages, so that tests can hold them against the tables.
 * Why:    a page that repeats a table is right as long as a test compares them.
 * Flow:   markdown_read -> markdown_rows or markdown_assert_rows; any failure fails the test.
 * Memory: one page at a time, in a static buffer.
 */
#ifndef SCR_TESTS_SUPPORT_MARKDOWN_H
#define SCR_TESTS_SUPPORT_MARKDOWN_H

#include "core/base/text.h"

/* Rows of one section. */
#define MARKDOWN_ROWS_BYTES_MAX ((size_t)32768)

/** The text of a page, by its path in the repository; valid until the next call. */
const char *markdown_read(const char *path);

/** Appends the lines of a section ("## title") that open with `opening`. */
void markdown_rows(const char *path, const char *title, const char *opening, struct scr_text *rows);

/**
 * Fails unless the rows of a section that open with a name in back quotes are the wanted ones; on
 * a difference all wanted rows are printed, ready to be pasted.
 */
void markdown_assert_rows(const char *path, const char *title, const struct scr_text *wanted);

/** Appends a cell whose text is code ("" leaves it empty), and one of plain text. */
void markdown_put_code(struct scr_text *row, const char *before, const char *code);
void markdown_put_cell(struct scr_text *row, const char *cell);

#endif
