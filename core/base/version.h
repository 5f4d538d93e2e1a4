/*
 * core/base/version.h - which source this program was built from.
 * Why:    logs, GET /version, scream_build_info and `scream version` must agree.
 * Flow:   defined by a file the build writes (cmake/stamp_version.cmake).
 */
#ifndef SCR_BASE_VERSION_H
#define SCR_BASE_VERSION_H

/** The version, such as "0.1.0". */
extern const char scr_version[];

/** The commit, 12 hexadecimal digits; "-changed" follows when files differed; or "unknown". */
extern const char scr_version_commit[];

/** The day of the commit, or of SOURCE_DATE_EPOCH, in UTC: "2026-01-31". */
extern const char scr_version_date[];

#endif
