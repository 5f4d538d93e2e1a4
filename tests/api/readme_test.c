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
#include <stdint.h>

#include <cmocka.h>

#include "api/query.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/synth/preset.h"
#include "tests/support/markdown.h"

static char table_chars[MARKDOWN_ROWS_BYTES_MAX];

static void parameters(void **state)
{
    (void)state;
    struct scr_order_bounds bounds = {.duration_ns_max = SCR_DURATION_MAX_DEFAULT_NS,
                                      .volume_max = 1.0};
    struct scr_text table;
    scr_text_init(&table, table_chars, sizeof table_chars);
    for (unsigned i = 0; i < SCR_PARAM_COUNT; i += 1) {
        const struct scr_param_info *info = scr_param_info((enum scr_param)i);
        markdown_put_code(&table, "", info->name);
        scr_text_put(&table, "| ");
        scr_query_allowed((enum scr_param)i, &bounds, &table);
        scr_text_put(&table, " ");
        markdown_put_cell(&table, info->fallback[0] != '\0' ? info->fallback : "the preset's");
        markdown_put_cell(&table, info->sentence);
        scr_text_put(&table, "|\n");
    }
    markdown_assert_rows("README.md", "Parameters", &table);
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
        markdown_put_code(&table, "", scr_preset_name(preset));
        scr_text_put(&table, "| ");
        if (preset == SCR_PRESET_RANDOM) {
            scr_text_put(&table, "2.5 to 4");
        } else {
            scr_text_put_real(&table, (double)params.duration_ns / 1e9);
        }
        scr_text_put(&table, " s ");
        markdown_put_cell(&table, scr_preset_sentence(preset));
        scr_text_put(&table, "|\n");
    }
    markdown_assert_rows("README.md", "Presets", &table);
}

static void settings(void **state)
{
    (void)state;
    struct scr_text table;
    scr_text_init(&table, table_chars, sizeof table_chars);
#define X(id, env, key, flag, letter, kind, allowed, fallback, min, max, commands, sentence)       \
    markdown_put_code(&table, "", key);                                                            \
    markdown_put_code(&table, "", env);                                                            \
    markdown_put_code(&table, "--", flag);                                                         \
    markdown_put_cell(&table, (fallback)[0] != '\0' ? (fallback) : "unset");                       \
    markdown_put_cell(&table, sentence);                                                           \
    scr_text_put(&table, "|\n");
#include "server/config_table.h"
#undef X
    markdown_assert_rows("README.md", "Configuration", &table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameters),
        cmocka_unit_test(presets),
        cmocka_unit_test(settings),
    };
    return cmocka_run_group_tests_name("readme", tests, NULL, NULL);
}
