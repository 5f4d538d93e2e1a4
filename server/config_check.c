/*
 * server/config_check.c - settings that are right alone and wrong together.
 * Why:    see config_check.h. A limit that cannot act is worse than none: somebody relies on it.
 */
#include "server/config_check.h"

#include <string.h>

#include "core/base/address.h"
#include "core/base/assert.h"
#include "core/dsp/isa.h"

void scr_put_given_name(struct scr_text *text,
                        const struct scr_config *config,
                        enum scr_setting setting)
{
    const struct scr_setting_info *info = scr_setting_info(setting);
    switch (scr_config_value(config, setting)->origin) {
    case SCR_ORIGIN_FLAG:
        scr_text_put(text, "--");
        scr_text_put(text, info->flag);
        return;
    case SCR_ORIGIN_ENVIRONMENT:
        scr_text_put(text, info->environment);
        return;
    case SCR_ORIGIN_FILE:
    case SCR_ORIGIN_DEFAULT:
        scr_text_put(text, info->key);
        scr_text_put(text, " (");
        scr_text_put(text, scr_origin_name(scr_config_value(config, setting)->origin));
        scr_text_put(text, ")");
        return;
    }
    SCR_UNREACHABLE();
}

static enum scr_err check_ports(const struct scr_config *config, struct scr_config_report *report)
{
    int64_t port = scr_config_integer(config, SCR_SETTING_HTTP_PORT);
    struct scr_text sentence;
    if (!scr_config_value(config, SCR_SETTING_ADMIN_PORT)->is_set || port == 0 ||
        port != scr_config_integer(config, SCR_SETTING_ADMIN_PORT)) {
        return SCR_OK;
    }
    report->error_origin = scr_config_value(config, SCR_SETTING_ADMIN_PORT)->origin;
    scr_text_init(&sentence, report->error, sizeof report->error);
    scr_put_given_name(&sentence, config, SCR_SETTING_HTTP_PORT);
    scr_text_put(&sentence, " and ");
    scr_put_given_name(&sentence, config, SCR_SETTING_ADMIN_PORT);
    scr_text_put(&sentence, " are both ");
    scr_text_put_i64(&sentence, port);
    scr_text_put(&sentence, ", but each side needs a port of its own; leave ");
    scr_put_given_name(&sentence, config, SCR_SETTING_ADMIN_PORT);
    scr_text_put(&sentence, " out to have health and metrics on the public one");
    return SCR_ERR_PARAM_REPEATED;
}

static bool is_in(const struct scr_network_list *list, const char *address, size_t bytes)
{
    struct scr_address read;
    return scr_address_parse(address, bytes, &read) == SCR_OK && scr_network_list_has(list, &read);
}

/* Whether nobody but loopback can connect, and nobody there is believed to speak for others. */
static bool meets_loopback_alone(const struct scr_config *config)
{
    const char *address = scr_config_text(config, SCR_SETTING_HTTP_ADDR);
    struct scr_network_list loopback = {.count = 0};
    struct scr_network_list proxies = {.count = 0};
    enum scr_err err = scr_network_list_parse("127.0.0.0/8, ::1", &loopback);
    SCR_ASSERT(err == SCR_OK);
    err = scr_network_list_parse(scr_config_text(config, SCR_SETTING_TRUSTED_PROXIES), &proxies);
    SCR_ASSERT(err == SCR_OK);
    for (size_t i = 0; i < proxies.count; i += 1) {
        if (scr_network_list_has(&loopback, &proxies.networks[i].address)) {
            return false;
        }
    }
    bool speaks_for_others = is_in(&proxies, "127.0.0.1", 9) || is_in(&proxies, "::1", 3);
    return is_in(&loopback, address, strlen(address)) && !speaks_for_others;
}

static void warn_loopback(const struct scr_config *config, struct scr_config_report *report)
{
    char chars[SCR_CONFIG_SENTENCE_BYTES_MAX];
    struct scr_text sentence;
    bool is_limited = scr_config_real(config, SCR_SETTING_RATE) > 0.0 ||
                      scr_config_integer(config, SCR_SETTING_MAX_PER_ADDRESS) > 0;
    if (!is_limited || !meets_loopback_alone(config)) {
        return;
    }
    scr_text_init(&sentence, chars, sizeof chars);
    scr_text_put(&sentence,
                 "limits are set, but every client comes from loopback, which is never limited; "
                 "name the proxy in SCREAM_TRUSTED_PROXIES");
    scr_config_warn(report, &sentence);
}

static void warn_idle_places(const struct scr_config *config, struct scr_config_report *report)
{
    int64_t each = scr_config_integer(config, SCR_SETTING_MAX_PER_ADDRESS);
    int64_t all = scr_config_integer(config, SCR_SETTING_MAX_CONNECTIONS);
    char chars[SCR_CONFIG_SENTENCE_BYTES_MAX];
    struct scr_text sentence;
    if (each < all) {
        return;
    }
    scr_text_init(&sentence, chars, sizeof chars);
    scr_put_given_name(&sentence, config, SCR_SETTING_MAX_PER_ADDRESS);
    scr_text_put(&sentence, " is ");
    scr_text_put_i64(&sentence, each);
    scr_text_put(&sentence, ", which has no effect: ");
    scr_put_given_name(&sentence, config, SCR_SETTING_MAX_CONNECTIONS);
    scr_text_put(&sentence, " allows only ");
    scr_text_put_i64(&sentence, all);
    scr_text_put(&sentence, " connections in all");
    scr_config_warn(report, &sentence);
}

static void warn_idle_burst(const struct scr_config *config, struct scr_config_report *report)
{
    char chars[SCR_CONFIG_SENTENCE_BYTES_MAX];
    struct scr_text sentence;
    if (scr_config_value(config, SCR_SETTING_RATE_BURST)->origin == SCR_ORIGIN_DEFAULT ||
        scr_config_real(config, SCR_SETTING_RATE) > 0.0) {
        return;
    }
    scr_text_init(&sentence, chars, sizeof chars);
    scr_put_given_name(&sentence, config, SCR_SETTING_RATE_BURST);
    scr_text_put(&sentence, " has no effect without a rate (SCREAM_RATE)");
    scr_config_warn(report, &sentence);
}

static void put_isa_names(struct scr_text *text)
{
    for (uint32_t i = 0; i < SCR_ISA_COUNT; i += 1) {
        if (scr_isa_runs((enum scr_isa)i)) {
            scr_text_put(text, i == 0 ? "" : ", ");
            scr_text_put(text, scr_isa_name((enum scr_isa)i));
        }
    }
}

enum scr_err scr_config_use_isa(const struct scr_config *config, struct scr_config_report *report)
{
    const char *name = scr_config_text(config, SCR_SETTING_ISA);
    enum scr_isa isa = scr_isa_best();
    struct scr_text sentence;
    if (strcmp(name, "auto") == 0 ||
        (scr_isa_find(name, strlen(name), &isa) && scr_isa_runs(isa))) {
        scr_isa_use(isa);
        return SCR_OK;
    }
    report->error_origin = scr_config_value(config, SCR_SETTING_ISA)->origin;
    scr_text_init(&sentence, report->error, sizeof report->error);
    scr_put_given_name(&sentence, config, SCR_SETTING_ISA);
    scr_text_put(&sentence, " is ");
    scr_text_put(&sentence, name);
    scr_text_put(&sentence, ", which this machine does not run; it runs ");
    put_isa_names(&sentence);
    return SCR_ERR_PARAM_RANGE;
}

enum scr_err scr_config_check(const struct scr_config *config, struct scr_config_report *report)
{
    SCR_TRY(check_ports(config, report));
    warn_idle_burst(config, report);
    warn_idle_places(config, report);
    warn_loopback(config, report);
    return SCR_OK;
}
