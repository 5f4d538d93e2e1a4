/*
 * server/config_nearest.h - what a wrong name of a setting may have meant.
 * Why:    a misspelt limit is no limit; the warning should hold the name to write.
 */
#ifndef SCR_SERVER_CONFIG_NEAREST_H
#define SCR_SERVER_CONFIG_NEAREST_H

#include "server/config.h"

/**
 * The setting whose key is nearest to a name: by letters (few wrong ones), else by words that are
 * the same or begin alike (rate_limit, max_conn, drain).
 * in      name      untrusted; case and dashes do not matter
 * in      variable  settings without an environment variable are left out
 * returns SCR_SETTING_COUNT when none is near
 */
enum scr_setting scr_setting_nearest(const char *name, bool variable);

#endif
