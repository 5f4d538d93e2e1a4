/*
 * server/log_setup.h - the log as the configuration wants it.
 * Why:    serve and the one-shot commands differ in two defaults only.
 */
#ifndef SCR_SERVER_LOG_SETUP_H
#define SCR_SERVER_LOG_SETUP_H

#include "server/command.h"
#include "server/log_sink.h"

/**
 * Starts the sink on standard error.
 * in      is_server  with ring and thread; level info by default, and JSON unless on a terminal;
 *                    else level warn and text
 * errors  SCR_ERR_MEMORY, SCR_ERR_INTERNAL
 */
SCR_MUST_USE enum scr_err
scr_log_setup(const struct scr_command_call *call, bool is_server, struct scr_log_sink **sink);

/** Whether the log is text that somebody reads at a terminal. */
bool scr_log_is_for_terminal(const struct scr_command_call *call, bool is_server);

/** The least level to log: set one > verbose > the default. */
enum scr_log_level scr_log_level_of(const struct scr_config *config, bool is_server);

#endif
