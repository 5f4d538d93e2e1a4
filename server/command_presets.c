/*
 * server/command_presets.c - `scream presets`.
 * Why:    the names and how they sound; as JSON the very document of GET /presets.
 */
#include "api/handlers.h"
#include "core/crypto/blake2b.h"
#include "core/synth/preset.h"
#include "server/command.h"
#include "server/console.h"
#include "server/exit_code.h"
#include "server/flags.h"

static int print_json(const struct scr_command_call *call)
{
    static struct scr_service service;
    if (scr_crypto_init() != SCR_OK || scr_presets_write(&service) != SCR_OK) {
        scr_command_complain(call, "the list of presets cannot be made");
        return SCR_EXIT_INTERNAL;
    }
    scr_console_put_bytes(call->out, service.presets.chars, service.presets.bytes);
    scr_console_put(call->out, "\n");
    return SCR_EXIT_OK;
}

int scr_command_presets(const struct scr_command_call *call)
{
    scr_command_show_warnings(call);
    if (call->invocation->switches[SCR_SWITCH_JSON]) {
        return print_json(call);
    }
    scr_console_put(call->out, "Available presets:\n");
    /* random, number 0, is listed last: it is no preset but every one that never was. */
    for (unsigned i = 1; i <= SCR_PRESET_COUNT; i += 1) {
        enum scr_preset preset = (enum scr_preset)(i % SCR_PRESET_COUNT);
        scr_console_put(call->out, "  ");
        scr_console_put_column(call->out, scr_preset_name(preset), 13);
        scr_console_put(call->out, scr_preset_sentence(preset));
        scr_console_put(call->out, "\n");
    }
    return SCR_EXIT_OK;
}
