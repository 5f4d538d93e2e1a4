/*
 * tests/api/readme_test.c - the README says what the tables say.
 * Aim:    parameters, presets and settings in README.md are exactly those of param_table.h,
 *         preset_table.h and config_table.h: none missing, none left over, none worded otherwise.
 * Method: the rows a section must hold are written from the table and compared with those it
 *         holds; on a difference the whole right table is printed, ready to be pasted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "api/query.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/synth/preset.h"

#define README_BYTES_MAX ((size_t)262144)
#define TABLE_BYTES_MAX ((size_t)32768)

static char readme[README_BYTES_MAX];
static char table_chars[TABLE_BYTES_MAX];

static int read_readme(void **state)
{
    (void)state;
    FILE *file = fopen(SCR_SOURCE_DIR "/README.md", "rb");
    if (file == NULL) {
        return -1;
    }
    size_t bytes = fread(readme, 1, sizeof readme - 1, file);
    readme[bytes] = '\0';
    (void)fclose(file);
    return bytes > 0 && bytes < sizeof readme - 1 ? 0 : -1;
}

/* Appends the rows of a section that open with a name in back quotes, up to the next heading. */
static void collect_rows(const char *title, struct scr_text *rows)
{
    char heading[64];
    struct scr_text line;
    scr_text_init(&line, heading, sizeof heading);
    scr_text_put(&line, "\n## ");
    scr_text_put(&line, title);
    scr_text_put(&line, "\n");
    assert_false(line.overflow);
    const char *at = strstr(readme, heading);
    if (at == NULL) {
        fail_msg("README.md has no section \"%s\"", title);
        return;
    }
    at += line.used;
    while (*at != '\0' && strncmp(at, "## ", 3) != 0) {
        size_t bytes = strcspn(at, "\n");
        if (strncmp(at, "| `", 3) == 0) {
            scr_text_put_bytes(rows, at, bytes);
            scr_text_put(rows, "\n");
        }
        at += bytes + (at[bytes] == '\n' ? 1 : 0);
    }
}

static void compare(const char *title, const struct scr_text *wanted)
{
    static char found_chars[TABLE_BYTES_MAX];
    struct scr_text found;
    scr_text_init(&found, found_chars, sizeof found_chars);
    collect_rows(title, &found);
    assert_false(found.overflow || wanted->overflow);
    if (strcmp(scr_text_view(&found), scr_text_view(wanted)) != 0) {
        /* Too long for cmocka's own messages. */
        (void)fputs(scr_text_view(wanted), stdout);
        fail_msg("README.md differs from the table above (section \"%s\")", title);
    }
}

/* A cell whose text is code, or an empty one. */
static void put_code(struct scr_text *text, const char *before, const char *code)
{
    scr_text_put(text, "| ");
    if (code[0] != '\0') {
        scr_text_put(text, "`");
        scr_text_put(text, before);
        scr_text_put(text, code);
        scr_text_put(text, "` ");
    }
}

static void put_cell(struct scr_text *text, const char *cell)
{
    scr_text_put(text, "| ");
    scr_text_put(text, cell);
    scr_text_put(text, " ");
}

static void parameters(void **state)
{
    (void)state;
    struct scr_order_bounds bounds = {.duration_ns_max = SCR_DURATION_MAX_DEFAULT_NS,
                                      .volume_max = 1.0};
    struct scr_text table;
    scr_text_init(&table, table_chars, sizeof table_chars);
    for (unsigned i = 0; i < SCR_PARAM_COUNT; i += 1) {
        const struct scr_param_info *info = scr_param_info((enum scr_param)i);
        put_code(&table, "", info->name);
        scr_text_put(&table, "| ");
        scr_query_allowed((enum scr_param)i, &bounds, &table);
        scr_text_put(&table, " ");
        put_cell(&table, info->fallback[0] != '\0' ? info->fallback : "the preset's");
        put_cell(&table, info->sentence);
        scr_text_put(&table, "|\n");
    }
    compare("Parameters", &table);
}

static void presets(void **state)
{
    (void)state;
    struct scr_text table;
    scr_text_init(&table, table_chars, sizeof table_chars);
    for (unsigned i = 0; i < SCR_PRESET_COUNT; i += 1) {
        enum scr_preset preset = (enum scr_preset)i;
        struct scr_params params;
        scr_preset_params(preset, 0, &params);
        put_code(&table, "", scr_preset_name(preset));
        scr_text_put(&table, "| ");
        if (preset == SCR_PRESET_RANDOM) {
            scr_text_put(&table, "2.5 to 4");
        } else {
            scr_text_put_real(&table, (double)params.duration_ns / 1e9);
        }
        scr_text_put(&table, " s ");
        put_cell(&table, scr_preset_sentence(preset));
        scr_text_put(&table, "|\n");
    }
    compare("Presets", &table);
}

static void settings(void **state)
{
    (void)state;
    struct scr_text table;
    scr_text_init(&table, table_chars, sizeof table_chars);
#define X(id, env, key, flag, letter, kind, allowed, fallback, min, max, commands, sentence)       \
    put_code(&table, "", key);                                                                     \
    put_code(&table, "", env);                                                                     \
    put_code(&table, "--", flag);                                                                  \
    put_cell(&table, (fallback)[0] != '\0' ? (fallback) : "unset");                                \
    put_cell(&table, sentence);                                                                    \
    scr_text_put(&table, "|\n");
#include "server/config_table.h"
#undef X
    compare("Configuration", &table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameters),
        cmocka_unit_test(presets),
        cmocka_unit_test(settings),
    };
    return cmocka_run_group_tests_name("readme", tests, read_readme, NULL);
}
