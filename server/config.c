/*
 * server/config.c - the settings of all sources, weakest first.
 * Why:    see config.h. Later sources overwrite earlier ones value by value; every source is
 *         judged, so a wrong variable is found even when a flag would have won.
 */
#include "server/config.h"

#include <string.h>

#include "core/base/assert.h"
#include "server/config_environment.h"
#include "server/config_file.h"
#include "server/config_value.h"

static const struct scr_setting_info setting_rows[SCR_SETTING_COUNT] = {
#define X(id, env, key, flag, letter, kind, allowed, fallback, min, max, commands, sentence)       \
    [SCR_SETTING_##id] = {env,                                                                     \
                          key,                                                                     \
                          flag,                                                                    \
                          letter,                                                                  \
                          SCR_SETTING_KIND_##kind,                                                 \
                          allowed,                                                                 \
                          fallback,                                                                \
                          (double)(min),                                                           \
                          (double)(max),                                                           \
                          (unsigned)(commands),                                                    \
                          sentence},
#include "server/config_table.h"
#undef X
};

const struct scr_setting_info *scr_setting_info(enum scr_setting setting)
{
    SCR_ASSERT((unsigned)setting < SCR_SETTING_COUNT);
    return &setting_rows[setting];
}

bool scr_setting_find_key(const char *key, enum scr_setting *setting)
{
    for (unsigned i = 0; i < SCR_SETTING_COUNT; i += 1) {
        if (strcmp(setting_rows[i].key, key) == 0) {
            *setting = (enum scr_setting)i;
            return true;
        }
    }
    return false;
}

void scr_config_warn(struct scr_config_report *report, const struct scr_text *sentence)
{
    if (report->warning_count < SCR_CONFIG_WARNINGS_MAX) {
        char *place = report->warnings[report->warning_count];
        SCR_ASSERT(sentence->used < sizeof report->warnings[0]);
        memcpy(place, scr_text_view(sentence), sentence->used + 1);
        report->warning_count += 1;
        return;
    }
    struct scr_text more;
    scr_text_init(&more, report->warnings[SCR_CONFIG_WARNINGS_MAX], sizeof report->warnings[0]);
    report->warnings_lost += 1;
    report->warning_count = SCR_CONFIG_WARNINGS_MAX + 1;
    scr_text_put(&more, "and ");
    scr_text_put_u64(&more, report->warnings_lost);
    scr_text_put(&more, report->warnings_lost == 1 ? " more warning" : " more warnings");
    scr_text_put(&more, " about the configuration, not shown");
}

/* The table's own defaults pass through the same parser: a wrong row cannot hide. */
static void set_defaults(struct scr_config *config)
{
    char unused[SCR_CONFIG_SENTENCE_BYTES_MAX];
    struct scr_text sentence;
    scr_text_init(&sentence, unused, sizeof unused);
    for (unsigned i = 0; i < SCR_SETTING_COUNT; i += 1) {
        struct scr_setting_value *value = &config->values[i];
        value->origin = SCR_ORIGIN_DEFAULT;
        value->is_set = false;
        value->integer = 0;
        value->real = 0.0;
        value->text[0] = '\0';
        if (setting_rows[i].fallback[0] != '\0') {
            enum scr_err err = scr_setting_parse(
                (enum scr_setting)i, "default", setting_rows[i].fallback, value, &sentence);
            SCR_ASSERT(err == SCR_OK);
        }
    }
}

static enum scr_err read_flags(const struct scr_config_sources *sources,
                               struct scr_config *config,
                               struct scr_text *error)
{
    for (unsigned i = 0; i < SCR_SETTING_COUNT; i += 1) {
        const char *given = sources->flags[i];
        if (given == NULL) {
            continue;
        }
        char chars[64];
        struct scr_text where;
        scr_text_init(&where, chars, sizeof chars);
        scr_text_put(&where, "--");
        scr_text_put(&where, setting_rows[i].flag);
        /* go-scream's only way to random parameters was --preset "". */
        bool empty_preset = i == SCR_SETTING_PRESET && given[0] == '\0';
        SCR_TRY(scr_setting_parse((enum scr_setting)i,
                                  scr_text_view(&where),
                                  empty_preset ? "random" : given,
                                  &config->values[i],
                                  error));
        config->values[i].origin = SCR_ORIGIN_FLAG;
    }
    return SCR_OK;
}

enum scr_err scr_config_load(const struct scr_config_sources *sources,
                             struct scr_config *config,
                             struct scr_config_report *report)
{
    struct scr_text error;
    report->warning_count = 0;
    report->warnings_lost = 0;
    scr_text_init(&error, report->error, sizeof report->error);
    set_defaults(config);
    report->error_origin = SCR_ORIGIN_FILE;
    if (sources->file_path != NULL) {
        SCR_TRY(scr_config_read_file(sources->file_path, config, report, &error));
    }
    report->error_origin = SCR_ORIGIN_ENVIRONMENT;
    if (sources->environment != NULL) {
        SCR_TRY(scr_config_read_environment(sources->environment, config, report, &error));
    }
    report->error_origin = SCR_ORIGIN_FLAG;
    return read_flags(sources, config, &error);
}

const struct scr_setting_value *scr_config_value(const struct scr_config *config,
                                                 enum scr_setting setting)
{
    SCR_ASSERT((unsigned)setting < SCR_SETTING_COUNT);
    return &config->values[setting];
}

const char *scr_config_text(const struct scr_config *config, enum scr_setting setting)
{
    return scr_config_value(config, setting)->text;
}

int64_t scr_config_integer(const struct scr_config *config, enum scr_setting setting)
{
    const struct scr_setting_value *value = scr_config_value(config, setting);
    SCR_ASSERT(value->is_set);
    return value->integer;
}

double scr_config_real(const struct scr_config *config, enum scr_setting setting)
{
    const struct scr_setting_value *value = scr_config_value(config, setting);
    SCR_ASSERT(value->is_set && setting_rows[setting].kind == SCR_SETTING_KIND_REAL);
    return value->real;
}

const char *scr_origin_name(enum scr_origin origin)
{
    static const char *const names[] = {"default", "file", "env", "flag"};
    SCR_ASSERT((unsigned)origin < sizeof names / sizeof names[0]);
    return names[origin];
}
