/*
 * server/command_generate.c - `scream generate -o FILE`: one scream, without a server.
 * Why:    the same engine at the terminal, and the same bytes as over HTTP.
 * Flow:   settings and flags -> parameters -> file beside the file -> rendered -> renamed -> told.
 */
#include <errno.h>
#include <string.h>

#include "api/query.h"
#include "core/base/assert.h"
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/crypto/blake2b.h"
#include "core/synth/preset.h"
#include "server/command.h"
#include "server/config.h"
#include "server/config_value.h"
#include "server/console.h"
#include "server/exit_code.h"
#include "server/flags.h"
#include "server/generate_order.h"
#include "server/log_setup.h"
#include "server/output.h"
#include "server/render_file.h"

#define URL_BYTES_MAX 4096

static void put_failure(struct scr_text *sentence, const char *what, const char *path, int reason)
{
    scr_text_put(sentence, what);
    scr_text_put(sentence, " ");
    scr_put_quoted(sentence, path);
    scr_text_put(sentence, ": ");
    scr_text_put(sentence, strerror(reason));
}

/* "scream.ogg: banshee, seed 42, 4s, Ogg Opus, 48720 bytes", and how to hear it again. */
static void
tell(const struct scr_command_call *call, const struct scr_generate_order *order, uint64_t bytes)
{
    static char chars[URL_BYTES_MAX];
    struct scr_text text;
    scr_text_init(&text, chars, sizeof chars);
    scr_text_put(&text, strcmp(order->path, "-") == 0 ? "standard output" : order->path);
    scr_text_put(&text, ": ");
    scr_text_put(&text, scr_preset_name((enum scr_preset)order->params.preset));
    scr_text_put(&text, ", seed ");
    scr_text_put_u64(&text, order->params.seed);
    scr_text_put(&text, ", ");
    /* Random durations have nanoseconds; people do not. */
    scr_put_duration(&text, (order->params.duration_ns + 500000) / 1000000 * 1000000);
    scr_text_put(&text, order->format == SCR_FORMAT_WAV ? ", WAV, " : ", Ogg Opus, ");
    scr_text_put_u64(&text, bytes);
    scr_text_put(&text, " bytes\nthe same from a server: /scream.");
    scr_text_put(&text, scr_format_name(order->format));
    scr_text_put(&text, "?");
    scr_query_write(&order->order, &order->params, &text);
    scr_text_put(&text, "\n");
    SCR_ASSERT(!text.overflow);
    scr_console_put(call->err, scr_text_view(&text));
    (void)scr_console_flush(call->err);
}

/* Renders into an open output and settles it. */
static enum scr_exit write_file(const struct scr_command_call *call,
                                const struct scr_generate_order *order,
                                struct scr_output *output,
                                struct scr_text *sentence)
{
    bool quiet = call->invocation->switches[SCR_SWITCH_QUIET];
    struct scr_progress progress;
    uint64_t bytes = 0;
    scr_progress_start(&progress, call->err, scr_clock_monotonic(), !quiet);
    enum scr_err err = scr_render_file(&order->params, order->format, output, &progress, &bytes);
    scr_progress_end(&progress);
    if (err == SCR_OK) {
        err = scr_output_commit(output);
    } else {
        scr_output_abandon(output);
    }
    if (err == SCR_ERR_IO) {
        put_failure(sentence, "cannot write", order->path, output->error);
        return SCR_EXIT_IO;
    }
    if (err != SCR_OK) {
        scr_text_put(sentence, "cannot render: ");
        scr_text_put(sentence, scr_err_sentence(err));
        return err == SCR_ERR_MEMORY ? SCR_EXIT_UNAVAILABLE : SCR_EXIT_INTERNAL;
    }
    if (!quiet) {
        tell(call, order, bytes);
    }
    return SCR_EXIT_OK;
}

static enum scr_exit generate(const struct scr_command_call *call, struct scr_text *sentence)
{
    static struct scr_generate_order order;
    static struct scr_output output;
    if (scr_crypto_init() != SCR_OK) {
        scr_text_put(sentence, "libsodium refuses to start");
        return SCR_EXIT_INTERNAL;
    }
    enum scr_exit code = scr_generate_order_read(call, &order, sentence);
    if (code != SCR_EXIT_OK) {
        return code;
    }
    if (scr_output_open(order.path, &output) != SCR_OK) {
        put_failure(sentence, "cannot create", order.path, output.error);
        return SCR_EXIT_CANNOT_CREATE;
    }
    if (output.is_terminal) {
        scr_output_abandon(&output);
        scr_text_put(sentence,
                     "audio is not for a terminal: name a file (-o scream.ogg), or pipe "
                     "it on (scream generate -o - | ffplay -)");
        return SCR_EXIT_USAGE;
    }
    SCR_LOG_EVENT(INFO,
                  "generating scream",
                  scr_log_text("output", order.path),
                  scr_log_text("format", scr_format_name(order.format)),
                  scr_log_text("preset", scr_preset_name((enum scr_preset)order.params.preset)),
                  scr_log_u64("seed", order.params.seed));
    return write_file(call, &order, &output, sentence);
}

int scr_command_generate(const struct scr_command_call *call)
{
    char chars[SCR_CONFIG_SENTENCE_BYTES_MAX];
    struct scr_text sentence;
    struct scr_log_sink *sink = NULL;
    scr_command_show_warnings(call);
    if (scr_log_setup(call, false, &sink) != SCR_OK) {
        scr_command_complain(call, "the log cannot be started: no memory, or no thread");
        return SCR_EXIT_UNAVAILABLE;
    }
    scr_text_init(&sentence, chars, sizeof chars);
    enum scr_exit code = generate(call, &sentence);
    if (code != SCR_EXIT_OK) {
        scr_command_complain(call, scr_text_view(&sentence));
    }
    scr_log_sink_stop(&sink);
    return (int)code;
}
