/*
 * server/budget.h - what the server will take, term by term, and whether it can have it.
 * Why:    a server that cannot have its memory says so at once, not under load.
 * Flow:   configuration -> terms -> sum -> compared with the machine, the container, the limits.
 */
#ifndef SCR_SERVER_BUDGET_H
#define SCR_SERVER_BUDGET_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/job/arena.h"
#include "server/config.h"
#include "server/http/http.h"
#include "server/process.h"

#define SCR_BUDGET_TERMS_MAX 10

struct scr_budget_term {
    const char *name;
    uint64_t bytes;
};

struct scr_budget {
    size_t count;
    struct scr_budget_term terms[SCR_BUDGET_TERMS_MAX];
    uint64_t total;
};

/** The settings of the arena and of the HTTP side. */
struct scr_arena_config scr_arena_settings(const struct scr_config *config);
struct scr_http_config scr_http_settings(const struct scr_config *config,
                                         struct scr_service *service);

/** Adds up what a server of this configuration takes at most. */
void scr_budget_of(const struct scr_config *config, struct scr_budget *budget);

/**
 * Logs the total and its terms as one event.
 * in      brief  for a reader: the total in MiB alone; its terms in an event of level debug
 */
void scr_budget_log(const struct scr_budget *budget, bool brief);

/**
 * Whether the memory is there.
 * out     sentence  what is missing and what to do; written on error only
 * errors  SCR_ERR_MEMORY
 */
SCR_MUST_USE enum scr_err scr_budget_check_memory(const struct scr_budget *budget,
                                                  const struct scr_memory_room *room,
                                                  struct scr_text *sentence);

/**
 * Whether enough files may be open for max_connections; `allowed` is the limit after raising it.
 * errors  SCR_ERR_POOL_FULL, with a sentence
 */
SCR_MUST_USE enum scr_err scr_budget_check_files(const struct scr_config *config,
                                                 uint64_t allowed,
                                                 struct scr_text *sentence);

#endif
