/*
 * server/command_help.c - `scream help [COMMAND]`.
 * Why:    the same text as `scream COMMAND --help`, for those who ask in words.
 */
#include "core/base/text.h"
#include "server/command.h"
#include "server/config_value.h"
#include "server/exit_code.h"
#include "server/flags.h"
#include "server/help.h"

int scr_command_help(const struct scr_command_call *call)
{
    const struct scr_invocation *invocation = call->invocation;
    enum scr_command command;
    if (invocation->positional_count == 0) {
        scr_help_program(call->out);
        return SCR_EXIT_OK;
    }
    if (!scr_command_find(invocation->positionals[0], &command)) {
        char chars[256];
        struct scr_text sentence;
        scr_text_init(&sentence, chars, sizeof chars);
        scr_command_put_unknown(&sentence, invocation->positionals[0]);
        scr_command_complain(call, scr_text_view(&sentence));
        return SCR_EXIT_USAGE;
    }
    scr_help_command(call->out, command);
    return SCR_EXIT_OK;
}
