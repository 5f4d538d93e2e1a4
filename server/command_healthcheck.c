/*
 * server/command_healthcheck.c - `scream healthcheck`: GET /readyz of the configured address, on
 *         the admin port where there is one.
 * Why:    an image without a shell can still say whether its server is ready.
 */
#include <string.h>

#include "core/base/text.h"
#include "server/command.h"
#include "server/config.h"
#include "server/exit_code.h"
#include "server/probe.h"

#define TIMEOUT_NS INT64_C(3000000000)

/* Where a server that listens everywhere can be reached from its own machine. */
static const char *reachable(const char *address)
{
    if (strcmp(address, "*") == 0 || strcmp(address, "0.0.0.0") == 0) {
        return "127.0.0.1";
    }
    return strcmp(address, "::") == 0 ? "::1" : address;
}

int scr_command_healthcheck(const struct scr_command_call *call)
{
    const char *address = reachable(scr_config_text(call->config, SCR_SETTING_HTTP_ADDR));
    bool apart = scr_config_value(call->config, SCR_SETTING_ADMIN_PORT)->is_set;
    int64_t port =
        scr_config_integer(call->config, apart ? SCR_SETTING_ADMIN_PORT : SCR_SETTING_HTTP_PORT);
    char chars[256];
    struct scr_text sentence;
    const char *reason = "";
    unsigned status = 0;
    scr_text_init(&sentence, chars, sizeof chars);
    if (port == 0) {
        scr_command_complain(call, "port 0 takes any free port, so there is none to ask");
        return SCR_EXIT_CONFIG;
    }
    enum scr_err err = scr_probe(address, (uint16_t)port, "/readyz", TIMEOUT_NS, &status, &reason);
    if (err == SCR_OK && status == 200) {
        return SCR_EXIT_OK;
    }
    scr_text_put(&sentence, "not ready: ");
    scr_text_put(&sentence, address);
    scr_text_put(&sentence, " port ");
    scr_text_put_i64(&sentence, port);
    if (err == SCR_OK) {
        scr_text_put(&sentence, " answers ");
        scr_text_put_u64(&sentence, status);
        scr_text_put(&sentence,
                     status == 404 && !apart ? "; is there an admin port? --admin-port" : "");
    } else {
        scr_text_put(&sentence, ": ");
        scr_text_put(&sentence, reason);
    }
    scr_command_complain(call, scr_text_view(&sentence));
    return SCR_EXIT_UNAVAILABLE;
}
