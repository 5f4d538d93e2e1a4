/*
 * server/config_environment.h - settings from environment variables.
 * Why:    containers are configured by their environment, where a misspelt name would otherwise
 *         be silence, and where Kubernetes writes names of its own.
 */
#ifndef SCR_SERVER_CONFIG_ENVIRONMENT_H
#define SCR_SERVER_CONFIG_ENVIRONMENT_H

#include "server/config.h"

/**
 * Reads every variable of the table; an empty one is unset. A SCREAM_ variable of no setting
 * is warned about, with the nearest name, unless Kubernetes wrote it.
 * in      environment  "NAME=value" rows ended by NULL; of a repeated name the first counts
 * errors  SCR_ERR_PARAM_SYNTAX, SCR_ERR_PARAM_RANGE; the sentence is appended to *error
 */
SCR_MUST_USE enum scr_err scr_config_read_environment(char *const *environment,
                                                      struct scr_config *config,
                                                      struct scr_config_report *report,
                                                      struct scr_text *error);

/**
 * Whether Kubernetes wrote this variable: for a Service called scream, or scream-x, every pod of
 * the namespace gets SCREAM_SERVICE_HOST, SCREAM_PORT=tcp://..., SCREAM_PORT_8080_TCP_ADDR, ...
 */
bool scr_is_service_link(const char *name, const char *value);

#endif
