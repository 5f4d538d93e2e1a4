/*
 * server/wire.c - arena, PCM pool, finisher, service, HTTP, admin: in this order, and back.
 * Why:    see wire.h.
 */
#include "server/wire.h"

#include <errno.h>
#include <string.h>

#include "api/plan_table.h"
#include "core/base/assert.h"
#include "core/base/clock.h"
#include "core/crypto/blake2b.h"
#include "core/memory/boot.h"
#include "server/budget.h"
#include "server/build_info.h"
#include "server/process.h"
#include "server/signals.h"

#define ADMIN_DRAIN_NS INT64_C(1000000000)

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
    service->admin_apart = scr_has_admin(config);
    enum scr_err err = scr_network_list_parse(scr_config_text(config, SCR_SETTING_TRUSTED_PROXIES),
                                              &service->trusted_proxies);
    SCR_ASSERT(err == SCR_OK);
    SCR_TRY(scr_plan_table_create(&service->plans));
    if (scr_has_client_limits(config)) {
        struct scr_clients_config clients = scr_clients_settings(config);
        SCR_TRY(scr_clients_create(&clients, &service->clients));
    }
    service->build = scr_build_info();
    service->process_usage = scr_process_usage;
    atomic_init(&service->ready, false);
    atomic_init(&service->draining, false);
    return scr_service_init(service);
}

/* What making the rooms has come to, for the sentence if it fails. */
struct making {
    const char *step;
    const char *refused; /* why an address is; NULL: it was no address */
    bool admin;          /* the admin side's */
};

static enum scr_err
make_sides(const struct scr_config *config, struct scr_wire *wire, struct making *making)
{
    struct scr_http_config http = scr_http_settings(config, wire->service);
    http.refused = &making->refused;
    making->step = "the HTTP side";
    SCR_TRY(scr_http_create(&http, &wire->http));
    if (!scr_has_admin(config)) {
        return SCR_OK;
    }
    struct scr_http_config admin = scr_admin_settings(config, wire->service);
    admin.refused = &making->refused;
    making->step = "the admin side";
    making->admin = true;
    return scr_http_create(&admin, &wire->admin);
}

static enum scr_err
make_rooms(const struct scr_config *config, struct scr_wire *wire, struct making *making)
{
    struct scr_arena_config arena = scr_arena_settings(config);
    making->step = "libsodium";
    SCR_TRY(scr_crypto_init());
    making->step = "the arena";
    SCR_TRY(scr_arena_create(&arena, &wire->arena));
    making->step = "the PCM streams";
    SCR_TRY(scr_pcm_pool_create(arena.readers_max, arena.clock, &wire->pcm));
    /* The long part is over: from here on there are threads, which must inherit the mask. */
    scr_signals_block();
    making->step = "the finisher";
    SCR_TRY(scr_finisher_start(wire->arena, &wire->finisher));
    making->step = "the documents";
    SCR_TRY(make_service(config, wire));
    return make_sides(config, wire, making);
}

/* What a reason of the kernel's means here; the sides report it as text. */
static const char *cause_of(const char *refused, int64_t port)
{
    if (strcmp(refused, strerror(EACCES)) == 0 && port > 0 && port < 1024) {
        return " (ports below 1024 need a privilege)";
    }
    if (strcmp(refused, strerror(EADDRNOTAVAIL)) == 0) {
        return " (no interface here has this address; * listens on all)";
    }
    return "";
}

/* "cannot listen on 127.0.0.1 port 8080: Address already in use. Choose another with ..." */
static void put_listen_failure(struct scr_text *sentence,
                               const struct scr_config *config,
                               const struct making *making)
{
    enum scr_setting side = making->admin ? SCR_SETTING_ADMIN_PORT : SCR_SETTING_HTTP_PORT;
    bool is_foreign = strcmp(making->refused, strerror(EADDRNOTAVAIL)) == 0;
    const struct scr_setting_info *choice =
        scr_setting_info(is_foreign ? SCR_SETTING_HTTP_ADDR : side);
    int64_t port = scr_config_integer(config, side);
    scr_text_put(sentence, "cannot listen on ");
    scr_text_put(sentence, scr_config_text(config, SCR_SETTING_HTTP_ADDR));
    scr_text_put(sentence, " port ");
    scr_text_put_i64(sentence, port);
    scr_text_put(sentence, ": ");
    scr_text_put(sentence, making->refused);
    scr_text_put(sentence, cause_of(making->refused, port));
    scr_text_put(sentence, ". Choose another with --");
    scr_text_put(sentence, choice->flag);
    scr_text_put(sentence, " or ");
    scr_text_put(sentence, choice->environment);
    scr_text_put(sentence, is_foreign ? "" : " (0 takes any)");
}

enum scr_err
scr_wire_create(const struct scr_config *config, struct scr_wire *wire, struct scr_text *sentence)
{
    struct making making = {.step = ""};
    memset(wire, 0, sizeof *wire);
    enum scr_err err = make_rooms(config, wire, &making);
    if (err != SCR_OK && making.refused != NULL) {
        put_listen_failure(sentence, config, &making);
    } else if (err != SCR_OK) {
        scr_text_put(sentence, "cannot make ");
        scr_text_put(sentence, making.step);
        scr_text_put(sentence, ": ");
        scr_text_put(sentence, scr_err_sentence(err));
    }
    return err;
}

enum scr_err scr_wire_start(struct scr_wire *wire)
{
    SCR_ASSERT(wire->http != NULL);
    if (wire->admin != NULL) {
        SCR_TRY(scr_http_start(wire->admin));
    }
    SCR_TRY(scr_http_start(wire->http));
    atomic_store(&wire->service->ready, true);
    return SCR_OK;
}

uint32_t scr_wire_drain(struct scr_wire *wire, int64_t deadline_ns, const volatile bool *hurry)
{
    uint32_t cut_off = scr_http_drain(wire->http, deadline_ns, hurry);
    if (wire->admin != NULL) {
        /* Its answers are short: who has not taken one by then will not. */
        int64_t now_ns = scr_clock_now_ns(wire->service->clock);
        (void)scr_http_drain(wire->admin, now_ns + ADMIN_DRAIN_NS, hurry);
    }
    return cut_off;
}

void scr_wire_destroy(struct scr_wire *wire)
{
    if (wire->http != NULL) {
        scr_http_destroy(&wire->http);
    }
    if (wire->admin != NULL) {
        scr_http_destroy(&wire->admin);
    }
    scr_finisher_stop(&wire->finisher);
    if (wire->pcm != NULL) {
        scr_pcm_pool_destroy(&wire->pcm);
    }
    if (wire->arena != NULL) {
        scr_arena_destroy(&wire->arena);
    }
    if (wire->service != NULL && wire->service->clients != NULL) {
        scr_clients_destroy(&wire->service->clients);
    }
    if (wire->service != NULL && wire->service->plans != NULL) {
        scr_plan_table_destroy(&wire->service->plans);
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
