/*
 * server/config_value.c - one parser per kind of setting, and the sentence when it fails.
 * Why:    see config_value.h. A secret is never repeated in a sentence.
 */
#include "server/config_value.h"

#include <arpa/inet.h>
#include <string.h>

#include "api/number.h"
#include "core/base/assert.h"
#include "core/synth/preset.h"
#include "server/config_networks.h"

static enum scr_err
parse_count(const struct scr_setting_info *info, const char *given, int64_t *integer)
{
    uint64_t number;
    SCR_TRY(scr_number_unsigned(given, &number));
    if ((double)number < info->minimum || (double)number > info->maximum) {
        return SCR_ERR_PARAM_RANGE;
    }
    *integer = (int64_t)number;
    return SCR_OK;
}

static enum scr_err
parse_size(const struct scr_setting_info *info, const char *given, int64_t *integer)
{
    static const struct {
        const char *suffix;
        unsigned shift;
    } units[] = {{"", 0},
                 {"B", 0},
                 {"KiB", 10},
                 {"MiB", 20},
                 {"GiB", 30},
                 {"Ki", 10},
                 {"Mi", 20},
                 {"Gi", 30}};
    /* More digits than these are out of every range; so the buffer holds all that matter. */
    char digits[20];
    size_t count = strspn(given, "0123456789");
    uint64_t number;
    if (count >= sizeof digits) {
        return SCR_ERR_PARAM_RANGE;
    }
    memcpy(digits, given, count);
    digits[count] = '\0';
    SCR_TRY(scr_number_unsigned(digits, &number));
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i += 1) {
        if (strcmp(given + count, units[i].suffix) == 0) {
            double bytes = (double)number * (double)(UINT64_C(1) << units[i].shift);
            if (bytes < info->minimum || bytes > info->maximum) {
                return SCR_ERR_PARAM_RANGE;
            }
            *integer = (int64_t)(number << units[i].shift);
            return SCR_OK;
        }
    }
    return SCR_ERR_PARAM_SYNTAX;
}

static enum scr_err
parse_duration(const struct scr_setting_info *info, const char *given, int64_t *integer)
{
    int64_t duration_ns;
    SCR_TRY(scr_number_duration(given, &duration_ns));
    double seconds = (double)duration_ns / 1e9;
    if (seconds < info->minimum || seconds > info->maximum) {
        return SCR_ERR_PARAM_RANGE;
    }
    *integer = duration_ns;
    return SCR_OK;
}

static enum scr_err parse_real(const struct scr_setting_info *info, const char *given, double *real)
{
    double number;
    SCR_TRY(scr_number_real(given, &number));
    if (!(number >= info->minimum && number <= info->maximum)) {
        return SCR_ERR_PARAM_RANGE;
    }
    *real = number;
    return SCR_OK;
}

static bool is_one_of(const char *given, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i += 1) {
        if (strcmp(given, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* The words of go-scream's parser, and those YAML users write. */
static enum scr_err parse_bool(const char *given, int64_t *integer)
{
    static const char *const yes[] = {"1", "t", "T", "TRUE", "true", "True", "yes", "on"};
    static const char *const no[] = {"0", "f", "F", "FALSE", "false", "False", "no", "off"};
    if (is_one_of(given, yes, sizeof yes / sizeof yes[0])) {
        *integer = 1;
        return SCR_OK;
    }
    if (is_one_of(given, no, sizeof no / sizeof no[0])) {
        *integer = 0;
        return SCR_OK;
    }
    return SCR_ERR_PARAM_SYNTAX;
}

/* The index of a word between the bars of "ogg|wav". */
static enum scr_err parse_choice(const char *allowed, const char *given, int64_t *integer)
{
    size_t length = strlen(given);
    int64_t index = 0;
    for (const char *word = allowed; *word != '\0'; index += 1) {
        size_t bytes = strcspn(word, "|");
        if (length == bytes && memcmp(given, word, bytes) == 0) {
            *integer = index;
            return SCR_OK;
        }
        word += bytes;
        word += *word == '|' ? 1 : 0;
    }
    return SCR_ERR_PARAM_SYNTAX;
}

static enum scr_err parse_preset(const char *given, int64_t *integer)
{
    enum scr_preset preset;
    if (!scr_preset_find(given, strlen(given), &preset)) {
        return SCR_ERR_PARAM_SYNTAX;
    }
    *integer = (int64_t)preset;
    return SCR_OK;
}

/* A Discord id: a decimal 64-bit number, not 0. */
static enum scr_err parse_guild(const char *given)
{
    size_t count = strlen(given);
    bool small = count < 20 || (count == 20 && strcmp(given, "18446744073709551615") <= 0);
    if (count == 0 || !small || strspn(given, "0123456789") != count || given[0] == '0') {
        return SCR_ERR_PARAM_SYNTAX;
    }
    return SCR_OK;
}

static enum scr_err parse_address(const char *given)
{
    struct in6_addr address;
    if (strcmp(given, "*") == 0 || inet_pton(AF_INET, given, &address) == 1 ||
        inet_pton(AF_INET6, given, &address) == 1) {
        return SCR_OK;
    }
    return SCR_ERR_PARAM_SYNTAX;
}

/* A token is printable and has no blanks; anything else is a file's line end or a mistake. */
static enum scr_err parse_secret(const char *given)
{
    for (const char *at = given; *at != '\0'; at += 1) {
        if (*at <= ' ' || *at > '~') {
            return SCR_ERR_PARAM_SYNTAX;
        }
    }
    return SCR_OK;
}

static enum scr_err
parse_kind(const struct scr_setting_info *info, const char *given, int64_t *integer, double *real)
{
    switch (info->kind) {
    case SCR_SETTING_KIND_SECRET:
        return parse_secret(given);
    case SCR_SETTING_KIND_TEXT:
        return SCR_OK;
    case SCR_SETTING_KIND_GUILD:
        return parse_guild(given);
    case SCR_SETTING_KIND_CHOICE:
        return parse_choice(info->allowed, given, integer);
    case SCR_SETTING_KIND_PRESET:
        return parse_preset(given, integer);
    case SCR_SETTING_KIND_DURATION:
        return parse_duration(info, given, integer);
    case SCR_SETTING_KIND_REAL:
        return parse_real(info, given, real);
    case SCR_SETTING_KIND_COUNT:
        return parse_count(info, given, integer);
    case SCR_SETTING_KIND_SIZE:
        return parse_size(info, given, integer);
    case SCR_SETTING_KIND_BOOL:
        return parse_bool(given, integer);
    case SCR_SETTING_KIND_ADDRESS:
        return parse_address(given);
    case SCR_SETTING_KIND_NETWORKS:
        /* Judged before, with a sentence of its own. */
        return SCR_OK;
    }
    SCR_UNREACHABLE();
}

/* Help beyond "what is allowed", for the mistakes that have a story. */
static void put_hint(struct scr_text *text, enum scr_setting setting, const char *given)
{
    if (setting == SCR_SETTING_BACKEND && strcmp(given, "ffmpeg") == 0) {
        scr_text_put(text,
                     ". ffmpeg's noise ignores its seed, so a seed could not name a sound; leave "
                     "the setting out, the native engine needs no other program");
    }
    bool is_admin = setting == SCR_SETTING_ADMIN_PORT;
    if ((is_admin || setting == SCR_SETTING_HTTP_PORT) && strncmp(given, "tcp://", 6) == 0) {
        scr_text_put(text, ". Kubernetes writes such a value for a Service called scream-");
        scr_text_put(text, is_admin ? "admin" : "http");
        scr_text_put(text, ": set enableServiceLinks: false in the pod, or ");
        scr_text_put(text, scr_setting_info(setting)->environment);
    }
    if (setting == SCR_SETTING_PRESET) {
        const char *nearest = scr_preset_nearest(given, strlen(given));
        if (nearest != NULL) {
            scr_text_put(text, ". Did you mean ");
            scr_text_put(text, nearest);
            scr_text_put(text, "?");
        }
    }
}

enum scr_err scr_setting_parse(enum scr_setting setting,
                               const char *where,
                               const char *given,
                               struct scr_setting_value *value,
                               struct scr_text *sentence)
{
    const struct scr_setting_info *info = scr_setting_info(setting);
    int64_t integer = 0;
    double real = 0.0;
    enum scr_err err = SCR_ERR_PARAM_RANGE;
    bool fits = strlen(given) <= SCR_CONFIG_TEXT_BYTES_MAX;
    if (fits && info->kind == SCR_SETTING_KIND_NETWORKS) {
        SCR_TRY(scr_config_judge_networks(where, given, sentence));
    }
    if (fits) {
        err = parse_kind(info, given, &integer, &real);
    }
    if (err == SCR_OK) {
        value->integer = integer;
        value->real = real;
        value->is_set = true;
        memcpy(value->text, given, strlen(given) + 1);
        return SCR_OK;
    }
    scr_text_put(sentence, where);
    scr_text_put(sentence, " is ");
    if (info->kind == SCR_SETTING_KIND_SECRET) {
        scr_text_put(sentence, "set to something else");
    } else {
        scr_put_quoted(sentence, given);
    }
    scr_text_put(sentence, " but must be ");
    scr_setting_put_allowed(sentence, setting);
    if (!fits) {
        scr_text_put(sentence, " of at most ");
        scr_text_put_u64(sentence, SCR_CONFIG_TEXT_BYTES_MAX);
        scr_text_put(sentence, " bytes");
    }
    put_hint(sentence, setting, given);
    return err;
}
