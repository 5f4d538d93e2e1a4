/*
 * server/command_version.c - `scream version`, `scream --version`.
 * Why:    one line that go-scream's users know, then what a bug report needs; as JSON the very
 *         document of GET /version.
 */
#include "api/handlers.h"
#include "core/base/assert.h"
#include "core/base/limits.h"
#include "core/crypto/blake2b.h"
#include "server/build_info.h"
#include "server/command.h"
#include "server/console.h"
#include "server/exit_code.h"
#include "server/flags.h"

/* The codec class takes an encoder to find out, so a smallest arena is made for it. */
static int print_json(const struct scr_command_call *call)
{
    static struct scr_service service;
    struct scr_arena_config config = {
        .arena_bytes = SCR_EXTENT_BYTES, .readers_max = 1, .clock = scr_clock_monotonic()};
    bool made = scr_crypto_init() == SCR_OK && scr_arena_create(&config, &service.arena) == SCR_OK;
    if (made) {
        service.build = scr_build_info();
        made = scr_version_write(&service) == SCR_OK;
        scr_arena_destroy(&service.arena);
    }
    if (!made) {
        scr_command_complain(call, "the version document cannot be made");
        return SCR_EXIT_INTERNAL;
    }
    scr_console_put_bytes(call->out, service.version.chars, service.version.bytes);
    scr_console_put(call->out, "\n");
    return SCR_EXIT_OK;
}

static void put_row(struct scr_console *out, const char *name, const char *value)
{
    scr_console_put(out, "  ");
    scr_console_put_column(out, name, 15);
    scr_console_put(out, value);
    scr_console_put(out, "\n");
}

int scr_command_version(const struct scr_command_call *call)
{
    struct scr_build build = scr_build_info();
    if (call->invocation->switches[SCR_SWITCH_JSON]) {
        return print_json(call);
    }
    scr_console_put(call->out, "scream ");
    scr_console_put(call->out, build.version);
    scr_console_put(call->out, " (commit: ");
    scr_console_put(call->out, build.commit);
    scr_console_put(call->out, ", built: ");
    scr_console_put(call->out, build.built);
    scr_console_put(call->out, ")\n");
    /* `scream --version` is the one line; `scream version` tells more. */
    if (!call->invocation->switches[SCR_SWITCH_VERSION]) {
        put_row(call->out, "compiler", build.compiler);
        put_row(call->out, "instructions", build.isa);
        put_row(call->out, "libopus", build.opus);
        put_row(call->out, "libogg", build.ogg);
        put_row(call->out, "libsodium", build.sodium);
        put_row(call->out, "libmicrohttpd", build.microhttpd);
    }
    return SCR_EXIT_OK;
}
