/*
 * server/config_yaml.h - a flat YAML map of scalars, key by key.
 * Why:    a configuration file is a list of settings; whatever YAML can do beyond that (nesting,
 *         anchors, aliases, tags, several documents) is refused by name instead of guessed at.
 * Flow:   bytes -> libyaml events -> one call per pair.
 * Limits: SCR_CONFIG_FILE_BYTES_MAX; libyaml allocates and frees within the call (boot only).
 */
#ifndef SCR_SERVER_CONFIG_YAML_H
#define SCR_SERVER_CONFIG_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"
#include "core/base/text.h"

/* One pair; value is "" for null and nothing. Whatever it returns but SCR_OK ends the reading. */
typedef enum scr_err
scr_yaml_pair_fn(void *context, const char *key, const char *value, unsigned line);

/**
 * Reads a document.
 * in      bytes[count]   untrusted; nothing at all and comments only are a map without pairs
 * out     sentence       what is wrong, beginning with "line N"; only on errors of our own
 * errors  SCR_ERR_PARAM_SYNTAX; and what `pair` returns
 * thread  main
 */
SCR_MUST_USE enum scr_err scr_yaml_read(const char *bytes,
                                        size_t count,
                                        scr_yaml_pair_fn *pair,
                                        void *context,
                                        struct scr_text *sentence);

#endif
