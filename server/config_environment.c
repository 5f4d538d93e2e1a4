/*
 * server/config_environment.c - environment variables to settings.
 * Why:    see config_environment.h.
 * Source: kubernetes.io, "Accessing the Service", environment variables of service links.
 */
#include "server/config_environment.h"

#include <string.h>

#include "core/base/assert.h"
#include "server/config_nearest.h"
#include "server/config_value.h"

#define NAME_BYTES_MAX 63

static bool find_variable(const char *name, enum scr_setting *setting)
{
    for (unsigned i = 0; i < SCR_SETTING_COUNT; i += 1) {
        if (strcmp(scr_setting_info((enum scr_setting)i)->environment, name) == 0) {
            *setting = (enum scr_setting)i;
            return true;
        }
    }
    return false;
}

static bool ends_with(const char *name, const char *end)
{
    size_t name_bytes = strlen(name);
    size_t end_bytes = strlen(end);
    return name_bytes >= end_bytes && strcmp(name + name_bytes - end_bytes, end) == 0;
}

/* _PORT_ digits _TCP or _UDP or _SCTP, somewhere in the name. */
static bool has_port_and_protocol(const char *name)
{
    for (const char *at = strstr(name, "_PORT_"); at != NULL; at = strstr(at + 1, "_PORT_")) {
        const char *digits = at + strlen("_PORT_");
        size_t count = strspn(digits, "0123456789");
        const char *protocol = digits + count;
        if (count > 0 && (strncmp(protocol, "_TCP", 4) == 0 || strncmp(protocol, "_UDP", 4) == 0 ||
                          strncmp(protocol, "_SCTP", 5) == 0)) {
            return true;
        }
    }
    return false;
}

bool scr_is_service_link(const char *name, const char *value)
{
    if (ends_with(name, "_SERVICE_HOST") || strstr(name, "_SERVICE_PORT") != NULL ||
        has_port_and_protocol(name)) {
        return true;
    }
    /* A person who writes SCREAM_PORT=9000 means our port; Kubernetes writes an address there. */
    return ends_with(name, "_PORT") && strstr(value, "://") != NULL;
}

/* Variables of ./dev and the tests, which share the prefix. */
static bool is_of_our_tools(const char *name)
{
    return strcmp(name, "SCREAM_CACHE") == 0 || strcmp(name, "SCREAM_VECTORS") == 0;
}

static const char *nearest_variable(const char *name)
{
    enum scr_setting nearest = scr_setting_nearest(name + strlen("SCREAM_"), true);
    if (strcmp(name, "SCREAM_PORT") == 0) {
        return "SCREAM_HTTP_PORT";
    }
    return nearest == SCR_SETTING_COUNT ? NULL : scr_setting_info(nearest)->environment;
}

static void warn_unknown(const char *name, struct scr_config_report *report)
{
    char chars[SCR_CONFIG_SENTENCE_BYTES_MAX];
    struct scr_text sentence;
    scr_text_init(&sentence, chars, sizeof chars);
    scr_text_put(&sentence, "the environment variable ");
    scr_put_quoted(&sentence, name);
    scr_text_put(&sentence, " is unknown and ignored");
    const char *nearest = nearest_variable(name);
    if (nearest != NULL) {
        scr_text_put(&sentence, "; did you mean ");
        scr_text_put(&sentence, nearest);
        scr_text_put(&sentence, "?");
    }
    scr_config_warn(report, &sentence);
}

static enum scr_err read_row(const char *row,
                             struct scr_config *config,
                             struct scr_config_report *report,
                             struct scr_text *error)
{
    const char *equals = strchr(row, '=');
    bool ours = strncmp(row, "SCREAM_", 7) == 0 || strncmp(row, "DISCORD_", 8) == 0;
    if (equals == NULL || !ours || (size_t)(equals - row) > NAME_BYTES_MAX) {
        return SCR_OK;
    }
    char name[NAME_BYTES_MAX + 1];
    memcpy(name, row, (size_t)(equals - row));
    name[equals - row] = '\0';
    enum scr_setting setting;
    if (!find_variable(name, &setting)) {
        bool is_scream = strncmp(name, "SCREAM_", 7) == 0;
        if (is_scream && !scr_is_service_link(name, equals + 1) && !is_of_our_tools(name)) {
            warn_unknown(name, report);
        }
        return SCR_OK;
    }
    struct scr_setting_value *value = &config->values[setting];
    if (equals[1] == '\0' || value->origin == SCR_ORIGIN_ENVIRONMENT) {
        return SCR_OK;
    }
    SCR_TRY(scr_setting_parse(setting, name, equals + 1, value, error));
    value->origin = SCR_ORIGIN_ENVIRONMENT;
    return SCR_OK;
}

enum scr_err scr_config_read_environment(char *const *environment,
                                         struct scr_config *config,
                                         struct scr_config_report *report,
                                         struct scr_text *error)
{
    for (size_t i = 0; environment[i] != NULL; i += 1) {
        SCR_TRY(read_row(environment[i], config, report, error));
    }
    return SCR_OK;
}
