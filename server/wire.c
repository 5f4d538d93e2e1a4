/*
 * server/wire.c - arena, PCM pool, finisher, service, HTTP: in this order, and back.
 * Why:    see wire.h.
 */
#include "server/wire.h"

#include <errno.h>
#include <string.h>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/assert.h"
#include "core/crypto/blake2b.h"
#include "core/memory/boot.h"
#include "server/budget.h"
#include "server/build_info.h"
#include "server/process.h"
#include "server/signals.h"

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
    /* The long part is over: from here on there are threads, which must inherit the mask. */
    scr_signals_block();
    *step = "the finisher";
    SCR_TRY(scr_finisher_start(wire->arena, &wire->finisher));
    *step = "the documents";
    SCR_TRY(make_service(config, wire));
    struct scr_http_config http = scr_http_settings(config, wire->service);
    *step = "the HTTP side";
    return scr_http_create(&http, &wire->http);
}

/* Listens once more for a moment, to learn why it is refused; 0 when it no longer is. */
static int refusal_of(const char *address, uint16_t port)
{
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    const int yes = 1;
    const int no = 0;
    bool everywhere = strcmp(address, "*") == 0;
    bool is_six = everywhere || inet_pton(AF_INET6, address, &six.sin6_addr) == 1;
    int fd = is_six ? socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0) : -1;
    if (!is_six || (fd < 0 && everywhere)) {
        is_six = false;
        (void)inet_pton(AF_INET, everywhere ? "0.0.0.0" : address, &four.sin_addr);
        fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    }
    if (fd < 0) {
        return errno;
    }
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (is_six) {
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
    }
    const struct sockaddr *where =
        is_six ? (const struct sockaddr *)&six : (const struct sockaddr *)&four;
    bool bound = bind(fd, where, is_six ? sizeof six : sizeof four) == 0 && listen(fd, 1) == 0;
    int reason = bound ? 0 : errno;
    (void)close(fd);
    return reason;
}

/* "cannot listen on 127.0.0.1 port 8080: Address already in use. Another one: ..." */
static void put_listen_failure(struct scr_text *sentence, const struct scr_config *config)
{
    const char *address = scr_config_text(config, SCR_SETTING_HTTP_ADDR);
    int64_t port = scr_config_integer(config, SCR_SETTING_HTTP_PORT);
    int reason = refusal_of(address, (uint16_t)port);
    scr_text_put(sentence, "cannot listen on ");
    scr_text_put(sentence, address);
    scr_text_put(sentence, " port ");
    scr_text_put_i64(sentence, port);
    scr_text_put(sentence, ": ");
    scr_text_put(sentence, reason != 0 ? strerror(reason) : "it was taken a moment ago");
    scr_text_put(sentence, ". Another one: --http-addr, --http-port (0 takes any)");
}

enum scr_err
scr_wire_create(const struct scr_config *config, struct scr_wire *wire, struct scr_text *sentence)
{
    const char *step = "";
    memset(wire, 0, sizeof *wire);
    enum scr_err err = make_rooms(config, wire, &step);
    if (err == SCR_ERR_IO) {
        put_listen_failure(sentence, config);
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
