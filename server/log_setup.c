/*
 * server/log_setup.c - settings to a sink's configuration.
 * Why:    see log_setup.h.
 */
#include "server/log_setup.h"

#include <string.h>

#include "server/config.h"
#include "server/console.h"

enum scr_log_level scr_log_level_of(const struct scr_config *config, bool is_server)
{
    if (scr_config_value(config, SCR_SETTING_LOG_LEVEL)->is_set) {
        /* The words of the table stand in the order of the enum. */
        return (enum scr_log_level)scr_config_integer(config, SCR_SETTING_LOG_LEVEL);
    }
    if (scr_config_integer(config, SCR_SETTING_VERBOSE) != 0) {
        return is_server ? SCR_LOG_DEBUG : SCR_LOG_INFO;
    }
    return is_server ? SCR_LOG_INFO : SCR_LOG_WARN;
}

enum scr_err
scr_log_setup(const struct scr_command_call *call, bool is_server, struct scr_log_sink **sink)
{
    const char *form = scr_config_text(call->config, SCR_SETTING_LOG_FORMAT);
    bool is_auto = strcmp(form, "auto") == 0;
    struct scr_log_sink_config config = {.fd = call->err->fd,
                                         .json = is_auto ? is_server && !call->err->is_terminal
                                                         : strcmp(form, "json") == 0,
                                         .colour = call->err->colour,
                                         .threaded = is_server,
                                         .level_min = scr_log_level_of(call->config, is_server)};
    return scr_log_sink_start(&config, sink);
}
