/*
 * server/config_file.h - settings from a YAML file.
 * Why:    a file is read only when --config names it; nothing is searched for.
 */
#ifndef SCR_SERVER_CONFIG_FILE_H
#define SCR_SERVER_CONFIG_FILE_H

#include "server/config.h"

/**
 * Reads a file of key: value lines; an empty value is unset, an unknown key a warning.
 * errors  SCR_ERR_IO (cannot be read), SCR_ERR_NO_SPACE (too large), SCR_ERR_PARAM_SYNTAX,
 *         SCR_ERR_PARAM_RANGE, SCR_ERR_PARAM_REPEATED; the sentence is appended to *error
 * thread  main
 */
SCR_MUST_USE enum scr_err scr_config_read_file(const char *path,
                                               struct scr_config *config,
                                               struct scr_config_report *report,
                                               struct scr_text *error);

/** The same for bytes in memory; path only names them. */
SCR_MUST_USE enum scr_err scr_config_read_yaml(const char *path,
                                               const char *bytes,
                                               size_t count,
                                               struct scr_config *config,
                                               struct scr_config_report *report,
                                               struct scr_text *error);

#endif
