/*
 * server/config_value.h - one setting's text to its value, or a sentence on what is wrong.
 * Why:    a value is judged in one place, wherever it came from.
 * Thread: any; alloc none.
 */
#ifndef SCR_SERVER_CONFIG_VALUE_H
#define SCR_SERVER_CONFIG_VALUE_H

#include "server/config.h"

/**
 * Reads a value.
 * in      where    what the sentence calls the setting: "SCREAM_VOLUME", "--volume", ...
 * in      given    terminated; untrusted
 * out     value    integer, real and text are written; untouched on error
 * out     sentence what is wrong and what is allowed; written on error only
 * errors  SCR_ERR_PARAM_SYNTAX, SCR_ERR_PARAM_RANGE
 */
SCR_MUST_USE enum scr_err scr_setting_parse(enum scr_setting setting,
                                            const char *where,
                                            const char *given,
                                            struct scr_setting_value *value,
                                            struct scr_text *sentence);

/** Appends what a setting allows: "a whole number from 8 to 16384". */
void scr_setting_put_allowed(struct scr_text *text, enum scr_setting setting);

/** Appends a duration in the largest unit that is exact: "90s", "1500ms", "50us". */
void scr_put_duration(struct scr_text *text, int64_t duration_ns);

/** Appends a size in the largest binary unit that is exact: "32MiB". */
void scr_put_size(struct scr_text *text, uint64_t bytes);

/** Appends untrusted text in quotes; control characters become ?, a cut end becomes "...". */
void scr_put_quoted(struct scr_text *text, const char *untrusted);

#endif
