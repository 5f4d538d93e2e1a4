/*
 * server/wire.h - builds the rooms of a server and hands each its neighbours.
 * Why:    the order in which rooms come and go stands in one place.
 * Flow:   create (boot phase) -> start -> drain -> destroy (teardown phase), all on main. The admin
 *         side is the first to accept and the last to end, so that probes see what happens.
 */
#ifndef SCR_SERVER_WIRE_H
#define SCR_SERVER_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "api/service.h"
#include "core/job/finisher.h"
#include "server/config.h"
#include "server/http/http.h"

struct scr_wire {
    struct scr_service *service;
    struct scr_arena *arena;
    struct scr_pcm_pool *pcm;
    struct scr_finisher *finisher;
    struct scr_http *http;
    struct scr_http *admin; /* health and metrics; NULL: they are on http */
};

/**
 * Makes all rooms; nothing is accepted yet.
 * out     wire      destroy it, also on error
 * out     sentence  what went wrong; written on error only
 * errors  SCR_ERR_MEMORY, SCR_ERR_CODEC, SCR_ERR_CRYPTO, SCR_ERR_INTERNAL, SCR_ERR_NO_SPACE,
 *         SCR_ERR_IO (the address cannot be bound; the reason is logged)
 */
SCR_MUST_USE enum scr_err
scr_wire_create(const struct scr_config *config, struct scr_wire *wire, struct scr_text *sentence);

/** Accepts connections and is ready. errors SCR_ERR_IO */
SCR_MUST_USE enum scr_err scr_wire_start(struct scr_wire *wire);

/**
 * Lets the public side's responses end, while the admin side goes on telling that; then ends that.
 * in      deadline_ns, hurry   as scr_http_drain has them
 * returns how many responses of the public side were cut off
 */
uint32_t scr_wire_drain(struct scr_wire *wire, int64_t deadline_ns, const volatile bool *hurry);

/** Takes apart what stands, the last first. Phase TEARDOWN, after a drain. */
void scr_wire_destroy(struct scr_wire *wire);

/** Appends the URL of a scream, to be opened by a person: http://127.0.0.1:8080/scream.ogg?... */
void scr_put_example_url(struct scr_text *text, const char *address, uint16_t port);

#endif
