/*
 * server/config_networks.h - a list of networks, judged item by item.
 * Why:    a list of sixty is not corrected by reading "this is wrong" behind all of it.
 */
#ifndef SCR_SERVER_CONFIG_NETWORKS_H
#define SCR_SERVER_CONFIG_NETWORKS_H

#include "core/base/error.h"
#include "core/base/text.h"

/**
 * Judges the value of trusted_proxies.
 * in      where     what the sentence calls the setting
 * in      given     terminated; untrusted
 * out     sentence  the first wrong item and its cause; written on error only
 * errors  SCR_ERR_PARAM_SYNTAX, SCR_ERR_PARAM_RANGE (too many; a network of everybody)
 * thread  any; alloc none
 */
SCR_MUST_USE enum scr_err
scr_config_judge_networks(const char *where, const char *given, struct scr_text *sentence);

#endif
