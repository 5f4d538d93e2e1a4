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

/* JSON is what programs read: a server's log, unless somebody sits in front of it. */
static bool is_json(const struct scr_command_call *call, bool is_server)
{
    const char *form = scr_config_text(call->config, SCR_SETTING_LOG_FORMAT);
    if (strcmp(form, "auto") == 0) {
        return is_server && !call->err->is_terminal;
    }
    return strcmp(form, "json") == 0;
}

bool scr_log_is_for_terminal(const struct scr_command_call *call, bool is_server)
{
    return call->err->is_terminal && !is_json(call, is_server);
}

static enum scr_log_look look_of(const struct scr_console *console)
{
    if (!console->is_terminal) {
        return SCR_LOG_LOOK_PLAIN;
    }
    return console->colour ? SCR_LOG_LOOK_COLOUR : SCR_LOG_LOOK_TERMINAL;
}

enum scr_err
scr_log_setup(const struct scr_command_call *call, bool is_server, struct scr_log_sink **sink)
{
    struct scr_log_sink_config config = {.fd = call->err->fd,
                                         .json = is_json(call, is_server),
                                         .look = look_of(call->err),
                                         .threaded = is_server,
                                         .level_min = scr_log_level_of(call->config, is_server)};
    return scr_log_sink_start(&config, sink);
}
