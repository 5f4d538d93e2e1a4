/*
 * server/command.c - the command table as an array.
 * Why:    see command.h.
 */
#include "server/command.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/base/text.h"
#include "server/config.h"
#include "server/config_value.h"
#include "server/console.h"

static const struct scr_command_info command_rows[SCR_COMMAND_COUNT] = {
#define X(id, name, function, arguments, positionals, sentence)                                    \
    [SCR_COMMAND_##id] = {name, scr_command_##function, arguments, positionals, sentence},
#include "server/command_table.h"
#undef X
};

const struct scr_command_info *scr_command_info(enum scr_command command)
{
    SCR_ASSERT((unsigned)command < SCR_COMMAND_COUNT);
    return &command_rows[command];
}

bool scr_command_find(const char *name, enum scr_command *command)
{
    for (unsigned i = 0; i < SCR_COMMAND_COUNT; i += 1) {
        if (strcmp(command_rows[i].name, name) == 0) {
            *command = (enum scr_command)i;
            return true;
        }
    }
    return false;
}

/* The known command nearest to a wrong name, or NULL. */
static const char *nearest_to(const char *name)
{
    const char *nearest = NULL;
    unsigned least = 4;
    for (unsigned i = 0; i < SCR_COMMAND_COUNT; i += 1) {
        const char *known = command_rows[i].name;
        unsigned distance = scr_text_distance(name, strlen(name), known, strlen(known));
        if (distance < least) {
            least = distance;
            nearest = known;
        }
    }
    return nearest;
}

void scr_command_put_unknown(struct scr_text *sentence, const char *name)
{
    const char *nearest = nearest_to(name);
    /* go-scream's first command, which those who come from there will try. */
    if (strcmp(name, "play") == 0) {
        scr_text_put(sentence,
                     "playing in Discord (play) is not part of this version yet; generate writes "
                     "a scream to a file, serve streams it over HTTP");
        return;
    }
    scr_text_put(sentence, "there is no command ");
    scr_put_quoted(sentence, name);
    if (nearest != NULL) {
        scr_text_put(sentence, "; did you mean ");
        scr_text_put(sentence, nearest);
        scr_text_put(sentence, "?");
    } else {
        scr_text_put(sentence, "; `scream help` lists them");
    }
}

void scr_command_complain(const struct scr_command_call *call, const char *sentence)
{
    scr_console_put(call->err, "scream: ");
    scr_console_put(call->err, sentence);
    scr_console_put(call->err, "\n");
    (void)scr_console_flush(call->err);
}

void scr_command_show_warnings(const struct scr_command_call *call)
{
    for (size_t i = 0; i < call->report->warning_count; i += 1) {
        scr_command_complain(call, call->report->warnings[i]);
    }
}
