/*
 * server/config_check.h - settings that are right alone and wrong together.
 * Why:    each value is judged where it is read; what two of them mean together can be known only
 *         when all sources are.
 */
#ifndef SCR_SERVER_CONFIG_CHECK_H
#define SCR_SERVER_CONFIG_CHECK_H

#include "server/config.h"

/**
 * Judges a complete configuration of a server.
 * out     report  error: a sentence, on error only; warnings: settings that can have no effect
 * errors  SCR_ERR_PARAM_REPEATED (both sides have one port)
 * thread  main
 */
SCR_MUST_USE enum scr_err scr_config_check(const struct scr_config *config,
                                           struct scr_config_report *report);

/**
 * Makes the kernels use the instruction set that was asked for.
 * out     report  error: a sentence, on error only
 * errors  SCR_ERR_PARAM_RANGE (this machine does not run it)
 * thread  main, before there are others
 */
SCR_MUST_USE enum scr_err scr_config_use_isa(const struct scr_config *config,
                                             struct scr_config_report *report);

/** Appends what the source of a value calls its setting: "--rate", "SCREAM_RATE", "rate (file)". */
void scr_put_given_name(struct scr_text *text,
                        const struct scr_config *config,
                        enum scr_setting setting);

#endif
