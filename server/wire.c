/*
 * server/wire.c - arena, PCM pool, finisher, service, HTTP: in this order, and back.
 * Why:    see wire.h.
 */
#include "server/wire.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/crypto/blake2b.h"
#include "core/memory/boot.h"
#include "server/budget.h"
#include "server/build_info.h"
#include "server/process.h"

static enum scr_err make_service(const struct scr_config *config, struct scr_wire *wire)
{
    void *memory = NULL;
    SCR_TRY(scr_boot_allocate(sizeof(struct scr_service), &memory));
    struct scr_service *service = memory;
    wire->service = service;
    service->arena = wire->arena;
    service->pcm = wire->pcm;
    service->clock = scr_clock_monotonic();
    service->bounds.duration_ns_max = scr_config_integer(config, SCR_SETTING_MAX_DURATION);
    service->bounds.volume_max = scr_config_real(config, SCR_SETTING_MAX_VOLUME);
    service->build = scr_build_info();
    service->process_usage = scr_process_usage;
    atomic_init(&service->ready, false);
    atomic_init(&service->draining, false);
    return scr_service_init(service);
}

static enum scr_err
make_rooms(const struct scr_config *config, struct scr_wire *wire, const char **step)
{
    struct scr_arena_config arena = scr_arena_settings(config);
    *step = "libsodium";
    SCR_TRY(scr_crypto_init());
    *step = "the arena";
    SCR_TRY(scr_arena_create(&arena, &wire->arena));
    *step = "the PCM streams";
    SCR_TRY(scr_pcm_pool_create(arena.readers_max, arena.clock, &wire->pcm));
    *step = "the finisher";
    SCR_TRY(scr_finisher_start(wire->arena, &wire->finisher));
    *step = "the documents";
    SCR_TRY(make_service(config, wire));
    struct scr_http_config http = scr_http_settings(config, wire->service);
    *step = "the HTTP side";
    return scr_http_create(&http, &wire->http);
}

enum scr_err
scr_wire_create(const struct scr_config *config, struct scr_wire *wire, struct scr_text *sentence)
{
    const char *step = "";
    memset(wire, 0, sizeof *wire);
    enum scr_err err = make_rooms(config, wire, &step);
    if (err == SCR_ERR_IO) {
        scr_text_put(sentence, "cannot listen on ");
        scr_text_put(sentence, scr_config_text(config, SCR_SETTING_HTTP_ADDR));
        scr_text_put(sentence, " port ");
        scr_text_put_i64(sentence, scr_config_integer(config, SCR_SETTING_HTTP_PORT));
        scr_text_put(sentence,
                     "; the log says why. Another one: --http-addr, --http-port (0 takes any)");
    } else if (err != SCR_OK) {
        scr_text_put(sentence, "cannot make ");
        scr_text_put(sentence, step);
        scr_text_put(sentence, ": ");
        scr_text_put(sentence, scr_err_sentence(err));
    }
    return err;
}

enum scr_err scr_wire_start(struct scr_wire *wire)
{
    SCR_ASSERT(wire->http != NULL);
    SCR_TRY(scr_http_start(wire->http));
    atomic_store(&wire->service->ready, true);
    return SCR_OK;
}

void scr_wire_destroy(struct scr_wire *wire)
{
    if (wire->http != NULL) {
        scr_http_destroy(&wire->http);
    }
    scr_finisher_stop(&wire->finisher);
    if (wire->pcm != NULL) {
        scr_pcm_pool_destroy(&wire->pcm);
    }
    if (wire->arena != NULL) {
        scr_arena_destroy(&wire->arena);
    }
    scr_boot_free(wire->service);
    wire->service = NULL;
}

void scr_put_example_url(struct scr_text *text, const char *address, uint16_t port)
{
    bool everywhere =
        strcmp(address, "*") == 0 || strcmp(address, "0.0.0.0") == 0 || strcmp(address, "::") == 0;
    const char *host = everywhere ? "127.0.0.1" : address;
    bool is_six = strchr(host, ':') != NULL;
    scr_text_put(text, "http://");
    scr_text_put(text, is_six ? "[" : "");
    scr_text_put(text, host);
    scr_text_put(text, is_six ? "]:" : ":");
    scr_text_put_u64(text, port);
    scr_text_put(text, "/scream.ogg?preset=banshee&seed=42");
}
