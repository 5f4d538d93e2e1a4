/*
 * server/config.h - the settings: from four sources to one struct.
 * Why:    a start either has a complete, valid configuration or ends with a sentence that says
 *         which setting is wrong, what it is and what is allowed.
 * Flow:   defaults < YAML file (--config only) < environment < flags; the last one given wins.
 * Memory: struct scr_config holds all texts itself; no pointers into argv or the environment.
 * Thread: loaded on main; read by all afterwards.
 * Source: config_table.h; the names of go-scream's nine variables and eleven YAML keys.
 */
#ifndef SCR_SERVER_CONFIG_H
#define SCR_SERVER_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "server/command.h"

enum scr_setting {
#define X(id, env, key, flag, letter, kind, allowed, fallback, min, max, commands, sentence)       \
    SCR_SETTING_##id,
#include "server/config_table.h"
#undef X
    SCR_SETTING_COUNT
};

enum scr_setting_kind {
    SCR_SETTING_KIND_SECRET,
    SCR_SETTING_KIND_TEXT,
    SCR_SETTING_KIND_GUILD,
    SCR_SETTING_KIND_CHOICE,
    SCR_SETTING_KIND_PRESET,
    SCR_SETTING_KIND_DURATION,
    SCR_SETTING_KIND_REAL,
    SCR_SETTING_KIND_COUNT,
    SCR_SETTING_KIND_SIZE,
    SCR_SETTING_KIND_BOOL,
    SCR_SETTING_KIND_ADDRESS,
    SCR_SETTING_KIND_NETWORKS
};

/* What the table says of one setting. */
struct scr_setting_info {
    const char *environment; /* "" when there is none; likewise flag */
    const char *key;
    const char *flag;
    char letter;
    enum scr_setting_kind kind;
    const char *allowed;
    const char *fallback;
    double minimum;
    double maximum;
    unsigned commands;
    const char *sentence;
};

enum scr_origin {
    SCR_ORIGIN_DEFAULT,
    SCR_ORIGIN_FILE,
    SCR_ORIGIN_ENVIRONMENT,
    SCR_ORIGIN_FLAG
};

struct scr_setting_value {
    enum scr_origin origin;
    bool is_set;     /* false: no default and nothing given */
    int64_t integer; /* DURATION ns, SIZE bytes, COUNT, BOOL, CHOICE index, PRESET enum */
    double real;     /* REAL */
    char text[SCR_CONFIG_TEXT_BYTES_MAX + 1]; /* as written */
};

struct scr_config {
    struct scr_setting_value values[SCR_SETTING_COUNT];
};

/* What loading has to say: one sentence on failure, some warnings always. */
struct scr_config_report {
    char error[SCR_CONFIG_SENTENCE_BYTES_MAX];
    enum scr_origin error_origin; /* the source with the error */
    size_t warning_count;
    size_t warnings_lost; /* beyond the maximum; the row behind the others says how many */
    char warnings[SCR_CONFIG_WARNINGS_MAX + 1][SCR_CONFIG_SENTENCE_BYTES_MAX];
};

/* Where the values come from; all of it is only read. */
struct scr_config_sources {
    const char *file_path;                /* of --config; NULL: none */
    char *const *environment;             /* "NAME=value" rows ended by NULL; or NULL */
    const char *flags[SCR_SETTING_COUNT]; /* values of flags; NULL: not given */
};

/** The table row. Any thread. */
const struct scr_setting_info *scr_setting_info(enum scr_setting setting);

/** Finds a setting by its YAML key. */
bool scr_setting_find_key(const char *key, enum scr_setting *setting);

/**
 * Reads all sources, weakest first.
 * out     config   complete on success, undefined on error
 * out     report   error: a sentence without line end, "" on success
 * errors  SCR_ERR_PARAM_SYNTAX, SCR_ERR_PARAM_RANGE, SCR_ERR_PARAM_REPEATED (a key twice),
 *         SCR_ERR_IO (the file cannot be read), SCR_ERR_NO_SPACE (the file is too large)
 * thread  main
 */
SCR_MUST_USE enum scr_err scr_config_load(const struct scr_config_sources *sources,
                                          struct scr_config *config,
                                          struct scr_config_report *report);

/** The value of a setting. */
const struct scr_setting_value *scr_config_value(const struct scr_config *config,
                                                 enum scr_setting setting);

/** The name of a CHOICE as given or by default: "ogg"; "" when unset. */
const char *scr_config_text(const struct scr_config *config, enum scr_setting setting);

/** The number of a DURATION (ns), SIZE, COUNT, BOOL, CHOICE or PRESET; it must be set. */
int64_t scr_config_integer(const struct scr_config *config, enum scr_setting setting);

/** The number of a REAL. */
double scr_config_real(const struct scr_config *config, enum scr_setting setting);

/** "default", "file", "env", "flag". */
const char *scr_origin_name(enum scr_origin origin);

/** Keeps a warning, or counts it when there is no room; the last row then says how many. */
void scr_config_warn(struct scr_config_report *report, const struct scr_text *sentence);

#endif
