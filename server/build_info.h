/*
 * server/build_info.h - who this program is, for /version, /metrics, logs and `scream version`.
 */
#ifndef SCR_SERVER_BUILD_INFO_H
#define SCR_SERVER_BUILD_INFO_H

#include "api/service.h"

/** Version, commit, date, compiler and libraries; all strings are valid for ever. */
struct scr_build scr_build_info(void);

#endif
