/*
 * tests/unit/server/config_file_test.c - the YAML configuration file.
 * Aim:    go-scream's eleven keys and ours are read; whatever YAML can do beyond a flat map is
 *         refused by name and line; unknown keys warn; files that cannot be read say why.
 * Method: documents in memory, and a few real files in a folder of their own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "server/config_file.h"

static struct scr_config config;
static struct scr_config_report report;

static enum scr_err read_bytes(const char *bytes, size_t count)
{
    struct scr_config_sources none = {0};
    struct scr_text error;
    assert_int_equal(scr_config_load(&none, &config, &report), SCR_OK);
    scr_text_init(&error, report.error, sizeof report.error);
    return scr_config_read_yaml("scream.yaml", bytes, count, &config, &report, &error);
}

static enum scr_err read_text(const char *text)
{
    return read_bytes(text, strlen(text));
}

static void assert_says(const char *word)
{
    if (strstr(report.error, word) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", report.error, word);
    }
}

static void all_keys_of_go_scream_are_read(void **state)
{
    (void)state;
    assert_int_equal(read_text("# a comment\n"
                               "token: \"abc\"\n"
                               "guild_id: '123'\n"
                               "backend: native\n"
                               "preset: death-metal\n"
                               "duration: 500ms\n"
                               "volume: 0\n"
                               "output_file: out.ogg\n"
                               "format: wav\n"
                               "dry_run: true\n"
                               "verbose: false\n"
                               "log_level: debug\n"),
                     SCR_OK);
    assert_int_equal(report.warning_count, 0);
    assert_string_equal(scr_config_text(&config, SCR_SETTING_TOKEN), "abc");
    assert_int_equal(scr_config_integer(&config, SCR_SETTING_DURATION), 500000000);
    assert_true(scr_config_real(&config, SCR_SETTING_VOLUME) == 0.0);
    assert_string_equal(scr_config_text(&config, SCR_SETTING_OUTPUT_FILE), "out.ogg");
    assert_int_equal(scr_config_integer(&config, SCR_SETTING_DRY_RUN), 1);
    assert_int_equal(scr_config_value(&config, SCR_SETTING_FORMAT)->origin, SCR_ORIGIN_FILE);
}

static void nothing_at_all_is_a_file(void **state)
{
    (void)state;
    static const char *const documents[] = {
        "", "\n\n", "# only a comment\n", "---\n", "--- ~\n", "---\n...\n", "{}\n"};
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i += 1) {
        if (read_text(documents[i]) != SCR_OK) {
            fail_msg("\"%s\": %s", documents[i], report.error);
        }
    }
}

static void an_empty_value_is_unset(void **state)
{
    (void)state;
    assert_int_equal(read_text("preset:\nvolume: ~\nformat: null\nlog_level: \"\"\n"), SCR_OK);
    assert_int_equal(scr_config_value(&config, SCR_SETTING_PRESET)->origin, SCR_ORIGIN_DEFAULT);
    assert_int_equal(scr_config_value(&config, SCR_SETTING_VOLUME)->origin, SCR_ORIGIN_DEFAULT);
    /* In quotes it is a word. */
    assert_int_equal(read_text("preset: 'null'\n"), SCR_ERR_PARAM_SYNTAX);
}

static void unknown_keys_warn_and_are_passed_over(void **state)
{
    (void)state;
    assert_int_equal(read_text("volum: 3\nsomething: else\nhttp_port: 9\n"), SCR_OK);
    assert_int_equal(report.warning_count, 2);
    assert_non_null(strstr(report.warnings[0], "\"volum\" (\"scream.yaml\", line 1)"));
    assert_non_null(strstr(report.warnings[0], " is unknown and ignored; did you mean volume?"));
    assert_int_equal(scr_config_integer(&config, SCR_SETTING_HTTP_PORT), 9);
}

static void what_is_not_flat_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *document;
        const char *word;
    } cases[] = {
        {"volume: 1\nhttp:\n  port: 3\n", "line 3: a value is one text"},
        {"preset: [classic]\n", "line 1: lists"},
        {"trusted_proxies: [::1]\n", "write the items in one value: trusted_proxies: \"127."},
        {"- preset\n", "line 1: lists"},
        {"preset: &p classic\n", "line 1: anchors"},
        {"&a preset: classic\n", "line 1: anchors"},
        {"&a {preset: classic}\n", "line 1: anchors"},
        {"preset: *p\n", "aliases"},
        {"<<: *defaults\n", "aliases"},
        {"preset: !!str classic\n", "line 1: tags"},
        {"!map {preset: classic}\n", "line 1: tags"},
        {"classic\n", "line 1: lines of the form key: value"},
        {"volume: 1\n---\nvolume: 0\n", "line 2: a second document"},
        {"volume: 1\n\tformat: wav\n", "line 2: "},
        {"volume: \"unclosed\n", "line 2: "},
        {"volume: \"\\0\"\n", "zero byte"},
        {"? [a]\n: 1\n", "lists"},
        {"{{a: 1}: 2}\n", "nested"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i += 1) {
        assert_int_equal(read_text(cases[i].document), SCR_ERR_PARAM_SYNTAX);
        assert_says("the configuration file \"scream.yaml\", line ");
        assert_says(cases[i].word);
    }
}

static void a_wrong_value_names_key_and_line(void **state)
{
    (void)state;
    assert_int_equal(read_text("preset: banshee\n\nhttp_port: 70000\n"), SCR_ERR_PARAM_RANGE);
    assert_string_equal(report.error,
                        "http_port (\"scream.yaml\", line 3) is \"70000\" but must be a whole "
                        "number from 0 to 65535");
    assert_int_equal(read_text("token: \"with blank\"\n"), SCR_ERR_PARAM_SYNTAX);
    assert_null(strstr(report.error, "with blank"));
}

static void a_key_may_stand_once(void **state)
{
    (void)state;
    assert_int_equal(read_text("volume: 1\nvolume: 1\n"), SCR_ERR_PARAM_REPEATED);
    assert_says("volume (\"scream.yaml\", line 2) is given a second time");
}

static void hostile_bytes_are_refused(void **state)
{
    (void)state;
    assert_int_equal(read_bytes("volume: \xff\xfe\n", 11), SCR_ERR_PARAM_SYNTAX);
    assert_int_equal(read_bytes("\xff\xfev\0:\0 \0001\0", 10), SCR_ERR_PARAM_SYNTAX);
    assert_int_equal(read_bytes("a\0b: 1\n", 7), SCR_ERR_PARAM_SYNTAX);
    static char deep[60000];
    memset(deep, '[', sizeof deep);
    assert_int_equal(read_bytes(deep, sizeof deep), SCR_ERR_PARAM_SYNTAX);
    memset(deep, 'a', sizeof deep);
    memcpy(deep, "output_file: ", 13);
    assert_int_equal(read_bytes(deep, 13 + SCR_CONFIG_TEXT_BYTES_MAX), SCR_OK);
    assert_int_equal(read_bytes(deep, 13 + SCR_CONFIG_TEXT_BYTES_MAX + 1), SCR_ERR_PARAM_SYNTAX);
}

static enum scr_err load_path(const char *path)
{
    struct scr_config_sources sources = {.file_path = path};
    return scr_config_load(&sources, &config, &report);
}

static void files_are_read_up_to_64_kib(void **state)
{
    (void)state;
    char path[] = "/tmp/scream-config-XXXXXX";
    static char content[SCR_CONFIG_FILE_BYTES_MAX + 1];
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    memset(content, '#', sizeof content);
    memcpy(content, "volume: 0.5\n", 12);
    assert_int_equal(write(fd, content, SCR_CONFIG_FILE_BYTES_MAX), SCR_CONFIG_FILE_BYTES_MAX);
    assert_int_equal(load_path(path), SCR_OK);
    assert_true(scr_config_real(&config, SCR_SETTING_VOLUME) == 0.5);
    assert_int_equal(write(fd, "#", 1), 1);
    assert_int_equal(load_path(path), SCR_ERR_NO_SPACE);
    assert_says("larger than 64 KiB");
    assert_int_equal(report.error_origin, SCR_ORIGIN_FILE);
    close(fd);
    unlink(path);
    assert_int_equal(load_path(path), SCR_ERR_IO);
    assert_says("No such file");
    assert_int_equal(load_path("/tmp"), SCR_ERR_IO);
    assert_says("directory");
}

static void the_environment_overrules_the_file(void **state)
{
    (void)state;
    char path[] = "/tmp/scream-config-XXXXXX";
    char row[] = "SCREAM_VOLUME=0.25";
    char *environment[] = {row, NULL};
    struct scr_config_sources sources = {.file_path = path, .environment = environment};
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "volume: 0.5\nformat: wav\n", 24), 24);
    close(fd);
    assert_int_equal(scr_config_load(&sources, &config, &report), SCR_OK);
    unlink(path);
    assert_true(scr_config_real(&config, SCR_SETTING_VOLUME) == 0.25);
    assert_string_equal(scr_config_text(&config, SCR_SETTING_FORMAT), "wav");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_keys_of_go_scream_are_read),
        cmocka_unit_test(nothing_at_all_is_a_file),
        cmocka_unit_test(an_empty_value_is_unset),
        cmocka_unit_test(unknown_keys_warn_and_are_passed_over),
        cmocka_unit_test(what_is_not_flat_is_refused),
        cmocka_unit_test(a_wrong_value_names_key_and_line),
        cmocka_unit_test(a_key_may_stand_once),
        cmocka_unit_test(hostile_bytes_are_refused),
        cmocka_unit_test(files_are_read_up_to_64_kib),
        cmocka_unit_test(the_environment_overrules_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
