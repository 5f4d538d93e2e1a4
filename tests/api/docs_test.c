/*
 * tests/api/docs_test.c - the pages say what the tables say.
 * Aim:    docs/operations.md lists every metric with its kind and sentence; docs/http.md every
 *         status that an error can have; README.md every address; and no page names a setting or a
 *         metric that is none, nor the example of a configuration file a key.
 * Method: rows are written from the tables, or from what the program itself prints, and compared;
 *         names are picked out of the pages and looked up.
 */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/observe.h"
#include "api/problem.h"
#include "api/routes.h"
#include "tests/support/api_loopback.h"
#include "tests/support/markdown.h"

static const char *const pages[] = {
    "README.md", "ARCHITECTURE.md", "docs/http.md", "docs/operations.md", "docs/sound.md"};
#define PAGE_COUNT (sizeof pages / sizeof pages[0])

static struct loopback loopback;
static char rows_chars[MARKDOWN_ROWS_BYTES_MAX];
static char exposition[SCR_METRICS_BYTES_MAX];

static void use_nothing(struct scr_process_usage *usage)
{
    *usage = (struct scr_process_usage){.threads = 1};
}

static int begin(void **state)
{
    (void)state;
    struct scr_text text;
    loopback_init(&loopback, 16, 4);
    loopback.service->process_usage = use_nothing;
    scr_text_init(&text, exposition, sizeof exposition);
    return scr_metrics_write(loopback.service, &text) == SCR_OK ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    loopback_deinit(&loopback);
    return 0;
}

/* ---- Metrics ---- */

/* "# HELP name sentence" and "# TYPE name kind", which follow one another, to one row. */
static void put_metric_row(struct scr_text *rows, const char *help, const char *type)
{
    char name[128];
    char kind[16];
    assert_int_equal(sscanf(type, "# TYPE %127s %15s", name, kind), 2);
    assert_int_equal(strncmp(help + strlen("# HELP "), name, strlen(name)), 0);
    const char *sentence = help + strlen("# HELP ") + strlen(name) + 1;
    markdown_put_code(rows, "", name);
    markdown_put_cell(rows, kind);
    scr_text_put(rows, "| ");
    scr_text_put_bytes(rows, sentence, strcspn(sentence, "\n"));
    scr_text_put(rows, " |\n");
}

static void every_metric_is_in_operations(void **state)
{
    (void)state;
    struct scr_text rows;
    scr_text_init(&rows, rows_chars, sizeof rows_chars);
    for (const char *help = strstr(exposition, "# HELP "); help != NULL;
         help = strstr(help + 1, "# HELP ")) {
        put_metric_row(&rows, help, strchr(help, '\n') + 1);
    }
    markdown_assert_rows("docs/operations.md", "Metrics", &rows);
}

/* ---- Statuses ---- */

#define STATUS_MAX 600

static void note_documented(bool documented[STATUS_MAX])
{
    struct scr_text rows;
    scr_text_init(&rows, rows_chars, sizeof rows_chars);
    markdown_rows("docs/http.md", "Errors", "| ", &rows);
    for (const char *at = scr_text_view(&rows); *at != '\0'; at = strchr(at, '\n') + 1) {
        /* The first cell: "| 405, 501 |"; the heading of the table holds no number. */
        const char *cell_end = strchr(at + 1, '|');
        assert_non_null(cell_end);
        for (const char *digit = at; digit < cell_end; digit += 1) {
            if (isdigit((unsigned char)digit[0])) {
                char *after = NULL;
                long status = strtol(digit, &after, 10);
                assert_true(status >= 400 && status < STATUS_MAX);
                documented[status] = true;
                digit = after;
            }
        }
    }
}

static void every_status_is_in_http(void **state)
{
    (void)state;
    static bool documented[STATUS_MAX];
    static bool possible[STATUS_MAX];
    note_documented(documented);
    for (unsigned i = SCR_OK + 1; i < SCR_ERR_COUNT; i += 1) {
        enum scr_err err = (enum scr_err)i;
        uint16_t status = scr_problem_status(err);
        possible[status] = true;
        if (!documented[status]) {
            fail_msg("docs/http.md, \"Errors\" has no %u (%s)", status, scr_err_name(err));
        }
        if (scr_status_code(scr_status_index(status)) != status) {
            fail_msg("metrics count %u (%s) as \"other\"", status, scr_err_name(err));
        }
    }
    for (unsigned status = 0; status < STATUS_MAX; status += 1) {
        if (documented[status] && !possible[status]) {
            fail_msg("docs/http.md, \"Errors\" has %u, which no error has", status);
        }
    }
}

/* ---- Addresses ---- */

static void every_address_is_in_readme(void **state)
{
    (void)state;
    struct scr_text rows;
    scr_text_init(&rows, rows_chars, sizeof rows_chars);
    markdown_rows("README.md", "HTTP", "| `/", &rows);
    unsigned named = 0;
    for (unsigned route = SCR_ROUTE_NONE + 1; route < SCR_ROUTE_COUNT; route += 1) {
        char quoted[64];
        (void)snprintf(quoted, sizeof quoted, "`%s`", scr_route_info((enum scr_route)route)->path);
        if (strstr(scr_text_view(&rows), quoted) == NULL) {
            fail_msg("README.md, \"HTTP\" does not name %s", quoted);
        }
    }
    for (const char *at = strstr(scr_text_view(&rows), "`/"); at != NULL;
         at = strstr(at + 1, "`/")) {
        named += 1;
    }
    assert_int_equal(named, SCR_ROUTE_COUNT - 1);
}

/* ---- Names ---- */

static bool is_setting(const char *name, size_t bytes)
{
    static const char *const known[] = {
#define X(id, env, key, flag, letter, kind, allowed, fallback, min, max, commands, sentence) env,
#include "server/config_table.h"
#undef X
        /* Of the test suite, not of the program. */
        "SCREAM_CACHE",
        "SCREAM_VECTORS",
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i += 1) {
        if (scr_text_equal(name, bytes, known[i])) {
            return true;
        }
    }
    return false;
}

static bool is_key(const char *name, size_t bytes)
{
    static const char *const keys[] = {
#define X(id, env, key, flag, letter, kind, allowed, fallback, min, max, commands, sentence) key,
#include "server/config_table.h"
#undef X
    };
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i += 1) {
        if (scr_text_equal(name, bytes, keys[i])) {
            return true;
        }
    }
    return false;
}

static bool is_metric(const char *name, size_t bytes)
{
    char type_line[160];
    (void)snprintf(type_line, sizeof type_line, "# TYPE %.*s ", (int)bytes, name);
    return strstr(exposition, type_line) != NULL;
}

static void no_setting_is_invented(void **state)
{
    (void)state;
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    for (size_t i = 0; i < PAGE_COUNT; i += 1) {
        const char *at = markdown_read(pages[i]);
        while ((at = strstr(at, "SCREAM_")) != NULL) {
            size_t bytes = strspn(at, letters);
            /* "SCREAM_" alone speaks of the names in general. */
            if (bytes > strlen("SCREAM_") && !is_setting(at, bytes)) {
                fail_msg("%s names %.*s, which is no setting", pages[i], (int)bytes, at);
            }
            at += bytes;
        }
    }
}

/* The example of a configuration file, line by line. */
static void keys_of_the_example_exist(void **state)
{
    (void)state;
    static const char opening[] = "```yaml\n";
    const char *at = strstr(markdown_read("docs/operations.md"), opening);
    assert_non_null(at);
    unsigned lines = 0;
    at += strlen(opening);
    while (strncmp(at, "```", 3) != 0) {
        size_t bytes = strcspn(at, ":\n");
        if (!is_key(at, bytes)) {
            fail_msg("docs/operations.md configures %.*s, which is no key", (int)bytes, at);
        }
        lines += 1;
        at = strchr(at, '\n');
        assert_non_null(at);
        at += 1;
    }
    assert_true(lines > 0);
}

static void no_metric_is_invented(void **state)
{
    (void)state;
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz_";
    static const char *const openings[] = {"`scream_", "`http_", "`process_"};
    for (size_t i = 0; i < PAGE_COUNT; i += 1) {
        for (size_t opening = 0; opening < 3; opening += 1) {
            const char *at = markdown_read(pages[i]);
            while ((at = strstr(at, openings[opening])) != NULL) {
                size_t bytes = strspn(at + 1, letters);
                if (!is_metric(at + 1, bytes) && !is_key(at + 1, bytes)) {
                    fail_msg("%s names %.*s, which is no metric", pages[i], (int)bytes, at + 1);
                }
                at += bytes;
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_metric_is_in_operations),
        cmocka_unit_test(every_status_is_in_http),
        cmocka_unit_test(every_address_is_in_readme),
        cmocka_unit_test(no_setting_is_invented),
        cmocka_unit_test(keys_of_the_example_exist),
        cmocka_unit_test(no_metric_is_invented),
    };
    return cmocka_run_group_tests_name("docs", tests, begin, end);
}
