/*
 * tests/fuzz/config_fuzz.c - hostile configuration: a YAML file, then environment variables.
 * Aim:    no input crashes, leaks or leaves a setting outside its range; every refusal has a
 *         sentence, every success none; what was accepted is accepted again as a flag.
 * Input:  the bytes up to the first 0x01 are the file; then rows NAME=value parted by 0x01.
 * Memory: fixed; the input is copied, since the environment is made of terminated strings.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/utf8.h"
#include "server/config_environment.h"
#include "server/config_file.h"
#include "server/config_value.h"

#define ROWS_MAX 64

static struct scr_config config;
static struct scr_config_report report;
static char copy[SCR_CONFIG_FILE_BYTES_MAX + 1];

static void must(int holds)
{
    if (!holds) {
        abort();
    }
}

/* Every accepted value is in range, and reads the same a second time. */
static void check_values(void)
{
    for (unsigned i = 0; i < SCR_SETTING_COUNT; i += 1) {
        const struct scr_setting_info *info = scr_setting_info((enum scr_setting)i);
        const struct scr_setting_value *value = scr_config_value(&config, (enum scr_setting)i);
        static struct scr_setting_value again;
        char chars[SCR_CONFIG_SENTENCE_BYTES_MAX];
        struct scr_text sentence;
        scr_text_init(&sentence, chars, sizeof chars);
        if (!value->is_set) {
            continue;
        }
        must(scr_setting_parse((enum scr_setting)i, "x", value->text, &again, &sentence) == SCR_OK);
        must(again.integer == value->integer && again.real == value->real);
        double number = (double)value->integer;
        if (info->kind == SCR_SETTING_KIND_COUNT || info->kind == SCR_SETTING_KIND_SIZE) {
            must(number >= info->minimum && number <= info->maximum);
        } else if (info->kind == SCR_SETTING_KIND_DURATION) {
            must(number >= info->minimum * 1e9 && number <= info->maximum * 1e9);
        } else if (info->kind == SCR_SETTING_KIND_REAL) {
            must(value->real >= info->minimum && value->real <= info->maximum);
        }
    }
}

static void check_sentence(const char *sentence)
{
    must(strlen(sentence) < SCR_CONFIG_SENTENCE_BYTES_MAX);
    must(scr_utf8_valid(sentence, strlen(sentence)));
    for (const char *at = sentence; *at != '\0'; at += 1) {
        must((unsigned char)*at >= ' ' && *at != 127);
    }
}

static void read_all(size_t file_bytes, char *rows)
{
    char *environment[ROWS_MAX + 1];
    struct scr_config_sources none = {0};
    struct scr_text error;
    size_t count = 0;
    while (rows != NULL && count < ROWS_MAX) {
        environment[count] = rows;
        count += 1;
        rows = strchr(rows, 1);
        if (rows != NULL) {
            *rows = '\0';
            rows += 1;
        }
    }
    environment[count] = NULL;
    must(scr_config_load(&none, &config, &report) == SCR_OK);
    scr_text_init(&error, report.error, sizeof report.error);
    enum scr_err err =
        scr_config_read_yaml("fuzz.yaml", copy, file_bytes, &config, &report, &error);
    if (err == SCR_OK) {
        must(report.error[0] == '\0');
        err = scr_config_read_environment(environment, &config, &report, &error);
    }
    must((err == SCR_OK) == (report.error[0] == '\0'));
    check_sentence(report.error);
    for (size_t i = 0; i < report.warning_count; i += 1) {
        check_sentence(report.warnings[i]);
    }
    check_values();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size >= sizeof copy) {
        return 0;
    }
    memcpy(copy, data, size);
    copy[size] = '\0';
    const char *mark = memchr(copy, 1, size);
    size_t file_bytes = mark == NULL ? size : (size_t)(mark - copy);
    read_all(file_bytes, mark == NULL ? NULL : copy + file_bytes + 1);
    return 0;
}
