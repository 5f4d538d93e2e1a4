/*
 * tests/unit/server/command_test.c - presets, config, version, help: what they print.
 * Aim:    go-scream's text forms, valid JSON, secrets masked, origins told, help that names every
 *         flag with its range.
 * Method: commands run in this process (tests/support/command_bench.h); JSON judged by jansson.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "core/memory/boot.h"
#include "core/synth/preset.h"
#include "server/exit_code.h"
#include "server/help.h"
#include "tests/support/command_bench.h"

static struct command_bench bench;

static int run(const char *line)
{
    scr_boot_enter(SCR_BOOT_OPEN);
    return command_bench_run(&bench, line, NULL);
}

static void presets_are_listed_as_go_scream_did(void **state)
{
    (void)state;
    assert_int_equal(run("presets"), SCR_EXIT_OK);
    assert_true(strncmp(bench.out_text, "Available presets:\n  classic ", 29) == 0);
    for (unsigned i = 0; i < SCR_PRESET_COUNT; i += 1) {
        char row[64];
        snprintf(row, sizeof row, "\n  %s ", scr_preset_name((enum scr_preset)i));
        assert_non_null(strstr(bench.out_text, row));
    }
}

static void presets_as_json_are_the_document_of_http(void **state)
{
    (void)state;
    assert_int_equal(run("presets --json"), SCR_EXIT_OK);
    json_t *root = json_loads(bench.out_text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    assert_non_null(strstr(bench.out_text, "\"death-metal\""));
    json_decref(root);
}

static void config_tells_value_and_origin(void **state)
{
    (void)state;
    char volume[] = "SCREAM_VOLUME=0.5";
    char token[] = "DISCORD_TOKEN=s3cr3t";
    char *environment[] = {volume, token, NULL};
    assert_int_equal(command_bench_run(&bench, "config --http-port 9", environment), SCR_EXIT_OK);
    assert_non_null(strstr(bench.out_text, "volume           0.5            env\tSCREAM_VOLUME\n"));
    assert_non_null(strstr(bench.out_text, "http_port        9              flag\t"));
    assert_non_null(strstr(bench.out_text, "preset           classic        default\t"));
    assert_non_null(strstr(bench.out_text, "duration         (unset)        default\t"));
    assert_non_null(strstr(bench.out_text, "token            ********       env\t"));
    assert_null(strstr(bench.out_text, "s3cr3t"));
    assert_int_equal(command_bench_run(&bench, "config --json", environment), SCR_EXIT_OK);
    json_t *root = json_loads(bench.out_text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    assert_int_equal(json_object_size(root), SCR_SETTING_COUNT);
    json_t *value = json_object_get(root, "volume");
    assert_string_equal(json_string_value(json_object_get(value, "value")), "0.5");
    assert_string_equal(json_string_value(json_object_get(value, "origin")), "env");
    assert_true(json_is_null(json_object_get(json_object_get(root, "guild_id"), "value")));
    assert_null(strstr(bench.out_text, "s3cr3t"));
    json_decref(root);
}

static void config_shows_what_was_misspelt(void **state)
{
    (void)state;
    char row[] = "SCREAM_VOLUM=0.5";
    char *environment[] = {row, NULL};
    assert_int_equal(command_bench_run(&bench, "config", environment), SCR_EXIT_OK);
    assert_non_null(strstr(bench.err_text, "did you mean SCREAM_VOLUME?"));
}

static void version_has_one_line_that_go_scream_had(void **state)
{
    (void)state;
    assert_int_equal(run("version --version"), SCR_EXIT_OK);
    assert_true(strncmp(bench.out_text, "scream ", 7) == 0);
    assert_non_null(strstr(bench.out_text, " (commit: "));
    assert_non_null(strstr(bench.out_text, ", built: "));
    assert_ptr_equal(strchr(bench.out_text, '\n'), bench.out_text + strlen(bench.out_text) - 1);
    assert_int_equal(run("version"), SCR_EXIT_OK);
    assert_non_null(strstr(bench.out_text, "libmicrohttpd  "));
    assert_int_equal(run("version --json"), SCR_EXIT_OK);
    json_t *root = json_loads(bench.out_text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    assert_true(json_string_length(json_object_get(root, "codecClass")) > 0);
    json_decref(root);
    assert_int_equal(scr_boot_bytes(), 0);
}

static void help_names_every_command(void **state)
{
    (void)state;
    assert_int_equal(run("help"), SCR_EXIT_OK);
    for (unsigned i = 0; i < SCR_COMMAND_COUNT; i += 1) {
        char row[64];
        snprintf(row, sizeof row, "\n  %s ", scr_command_info((enum scr_command)i)->name);
        assert_non_null(strstr(bench.out_text, row));
    }
    assert_int_equal(run("help generat"), SCR_EXIT_USAGE);
    assert_non_null(strstr(bench.err_text, "did you mean generate?"));
}

static void help_names_every_flag_of_a_command(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SCR_COMMAND_COUNT; i += 1) {
        char line[64];
        struct scr_flag flags[SCR_FLAGS_MAX];
        size_t count = scr_flags_list((enum scr_command)i, flags);
        snprintf(line, sizeof line, "help %s", scr_command_info((enum scr_command)i)->name);
        assert_int_equal(run(line), SCR_EXIT_OK);
        for (size_t j = 0; j < count; j += 1) {
            char name[64];
            snprintf(name, sizeof name, "--%s ", flags[j].name);
            if (strstr(bench.out_text, name) == NULL) {
                fail_msg("%s says nothing of %s", line, name);
            }
        }
        /* Lines stay within the width of a wide terminal and end without blanks. */
        for (const char *at = bench.out_text; *at != '\0'; at += strcspn(at, "\n") + 1) {
            size_t bytes = strcspn(at, "\n");
            assert_true(bytes <= 100);
            assert_true(bytes == 0 || at[bytes - 1] != ' ');
        }
    }
}

static void help_tells_units_ranges_and_defaults(void **state)
{
    (void)state;
    assert_int_equal(run("help generate"), SCR_EXIT_OK);
    assert_non_null(strstr(bench.out_text, "[0 to 200 Hz]"));
    assert_non_null(strstr(bench.out_text, "default 96000]"));
    assert_non_null(strstr(bench.out_text, "[smooth|raw; default smooth]"));
    assert_non_null(strstr(bench.out_text, "SCREAM_DURATION]"));
    assert_null(strchr(bench.out_text, '\033'));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(presets_are_listed_as_go_scream_did),
        cmocka_unit_test(presets_as_json_are_the_document_of_http),
        cmocka_unit_test(config_tells_value_and_origin),
        cmocka_unit_test(config_shows_what_was_misspelt),
        cmocka_unit_test(version_has_one_line_that_go_scream_had),
        cmocka_unit_test(help_names_every_command),
        cmocka_unit_test(help_names_every_flag_of_a_command),
        cmocka_unit_test(help_tells_units_ranges_and_defaults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
