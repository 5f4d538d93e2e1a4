/*
 * server/budget.h - what the server will take, term by term, and whether it can have it.
 * Why:    a server that cannot have its memory says so at once, not under load.
 * Flow:   configuration -> terms -> sum -> compared with the machine, the container, the limits.
 */
#ifndef SCR_SERVER_BUDGET_H
#define SCR_SERVER_BUDGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/clients.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/job/arena.h"
#include "server/config.h"
#include "server/http/http.h"
#include "server/process.h"

#define SCR_BUDGET_TERMS_MAX 12

struct scr_budget_term {
    const char *name;
    uint64_t bytes;
};

struct scr_budget {
    size_t count;
    struct scr_budget_term terms[SCR_BUDGET_TERMS_MAX];
    uint64_t total;
    /* What the kernel takes for our sockets when all clients stall. It is not in the process, so
     * neither in total; but a container pays for it too. */
    uint64_t socket_buffers;
};

/** The settings of the arena and of the public HTTP side. */
struct scr_arena_config scr_arena_settings(const struct scr_config *config);
struct scr_http_config scr_http_settings(const struct scr_config *config,
                                         struct scr_service *service);

/** Whether there is an admin side; its settings, if so. */
bool scr_has_admin(const struct scr_config *config);
struct scr_http_config scr_admin_settings(const struct scr_config *config,
                                          struct scr_service *service);

/** Whether clients have limits; those, if so. Loopback and trusted proxies are exempt. */
bool scr_has_client_limits(const struct scr_config *config);
struct scr_clients_config scr_clients_settings(const struct scr_config *config);

/** Adds up what a server of this configuration takes at most. */
void scr_budget_of(const struct scr_config *config, struct scr_budget *budget);

/**
 * Logs the total, its terms and the socket buffers as one event.
 * in      brief  for a reader: the two sums in MiB alone; all of it in an event of level debug
 */
void scr_budget_log(const struct scr_budget *budget, bool brief);

/**
 * Whether the memory is there: the total everywhere; with the socket buffers where a limit counts
 * them.
 * out     sentence  what is missing and what to do; written on error only
 * errors  SCR_ERR_MEMORY
 */
SCR_MUST_USE enum scr_err scr_budget_check_memory(const struct scr_budget *budget,
                                                  const struct scr_memory_room *room,
                                                  struct scr_text *sentence);

/** How many files may be open at once: connections of both sides, and everything beside them. */
uint64_t scr_budget_files(const struct scr_config *config);

/**
 * Whether so many files may be open; `allowed` is the limit after raising it.
 * errors  SCR_ERR_POOL_FULL, with a sentence that says how many connections would fit, if any
 */
SCR_MUST_USE enum scr_err scr_budget_check_files(const struct scr_config *config,
                                                 uint64_t allowed,
                                                 struct scr_text *sentence);

#endif
