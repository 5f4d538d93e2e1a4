/*
 * server/command_serve.c - `scream serve`: the life of a server on one page.
 * Why:    what happens when, from the first check to the last line of the log, is read here.
 * Life:   what was inherited is closed -> log -> checks -> self-test -> rooms (so far a signal ends
 *         it at once) -> sealed -> accepting, ready -> a signal -> not ready, drain delay -> no new
 *         connections, responses end -> the admin side ends -> rooms taken apart -> log flushed.
 */
#include <stdatomic.h>

#include <poll.h>
#include <unistd.h>

#include "core/base/assert.h"
#include "core/base/limits.h"
#include "core/base/log.h"
#include "core/base/version.h"
#include "core/dsp/isa.h"
#include "core/memory/boot.h"
#include "core/synth/preset.h"
#include "server/budget.h"
#include "server/command.h"
#include "server/config_value.h"
#include "server/console.h"
#include "server/exit_code.h"
#include "server/log_setup.h"
#include "server/process.h"
#include "server/self_test.h"
#include "server/signals.h"
#include "server/wire.h"

/* More than any duration has. */
#define DURATION_CHARS 32

/* Room for one sentence about a failed start. */
struct sentence {
    struct scr_text text;
    char chars[SCR_CONFIG_SENTENCE_BYTES_MAX];
};

static void log_warnings(const struct scr_command_call *call)
{
    for (size_t i = 0; i < call->report->warning_count; i += 1) {
        SCR_LOG_EVENT(WARN, "configuration", scr_log_text("detail", call->report->warnings[i]));
    }
}

/* The longest scream at the highest rate must fit, or such requests would never be served. */
static void warn_small_arena(const struct scr_config *config)
{
    struct scr_params params;
    scr_preset_params(SCR_PRESET_CLASSIC, 0, &params);
    params.duration_ns = scr_config_integer(config, SCR_SETTING_MAX_DURATION);
    params.bitrate = SCR_BITRATE_MAX;
    uint64_t needed = scr_job_file_bytes(&params);
    uint64_t arena = (uint64_t)scr_config_integer(config, SCR_SETTING_ARENA_BYTES);
    if (arena < needed + SCR_EXTENT_BYTES) {
        SCR_LOG_EVENT(WARN,
                      "the longest scream at the highest bit rate does not fit in the arena",
                      scr_log_u64("arena_bytes", arena),
                      scr_log_u64("needed_bytes", needed));
    }
}

/* Memory and descriptors, before anything is taken. */
static int check_limits(const struct scr_command_call *call, struct scr_text *sentence)
{
    const struct scr_config *config = call->config;
    struct scr_budget budget;
    struct scr_memory_room room = scr_memory_room("");
    uint64_t allowed = scr_open_files_raise(scr_budget_files(config));
    scr_budget_of(config, &budget);
    scr_budget_log(&budget, scr_log_is_for_terminal(call, true));
    if (scr_budget_check_memory(&budget, &room, sentence) != SCR_OK ||
        scr_budget_check_files(config, allowed, sentence) != SCR_OK) {
        return SCR_EXIT_CONFIG;
    }
    warn_small_arena(config);
    return SCR_EXIT_OK;
}

static int
boot(const struct scr_command_call *call, struct scr_wire *wire, struct scr_text *sentence)
{
    /* Gigabytes take seconds to be there, and nothing is lost yet. */
    scr_signals_end_at_once();
    int code = check_limits(call, sentence);
    if (code != SCR_EXIT_OK) {
        return code;
    }
    if (!scr_self_test()) {
        scr_text_put(sentence,
                     "the self-test rendered another sound than it must: this build or "
                     "this machine computes wrongly, and must not serve");
        return SCR_EXIT_INTERNAL;
    }
    enum scr_err err = scr_wire_create(call->config, wire, sentence);
    if (err != SCR_OK) {
        bool not_there = err == SCR_ERR_IO || err == SCR_ERR_MEMORY;
        return not_there ? SCR_EXIT_UNAVAILABLE : SCR_EXIT_INTERNAL;
    }
    /* From here on nothing of ours is allocated. */
    scr_boot_enter(SCR_BOOT_SEALED);
    if (scr_wire_start(wire) != SCR_OK) {
        scr_text_put(sentence,
                     "cannot start to accept connections: no thread or no open file to be had "
                     "(ulimit -u, ulimit -n)");
        return SCR_EXIT_UNAVAILABLE;
    }
    return SCR_EXIT_OK;
}

/* Whether a line can be written without waiting for a reader, who may never come. */
static bool takes_bytes(int fd)
{
    struct pollfd descriptor = {.fd = fd, .events = POLLOUT};
    return poll(&descriptor, 1, 0) == 1 && (descriptor.revents & POLLOUT) != 0;
}

/* With the limits for each client that are in force. */
static void log_listening(const struct scr_config *config, const struct scr_wire *wire)
{
    const char *proxies = scr_config_text(config, SCR_SETTING_TRUSTED_PROXIES);
    double rate = scr_config_real(config, SCR_SETTING_RATE);
    int64_t open_max = scr_config_integer(config, SCR_SETTING_MAX_PER_ADDRESS);
    struct scr_log_field fields[10] = {
        scr_log_text("address", scr_config_text(config, SCR_SETTING_HTTP_ADDR)),
        scr_log_u64("port", scr_http_port(wire->http)),
        scr_log_text("version", scr_version),
        scr_log_text("commit", scr_version_commit),
        scr_log_text("isa", scr_isa_name(scr_isa_current()))};
    size_t count = 5;
    if (wire->admin != NULL) {
        fields[count++] = scr_log_u64("admin_port", scr_http_port(wire->admin));
    }
    if (rate > 0.0) {
        fields[count++] = scr_log_real("rate", rate);
        fields[count++] =
            scr_log_i64("rate_burst", scr_config_integer(config, SCR_SETTING_RATE_BURST));
    }
    if (open_max > 0) {
        fields[count++] = scr_log_i64("max_per_address", open_max);
    }
    /* The longest comes last: it is what a full line cuts. */
    if (proxies[0] != '\0') {
        fields[count++] = scr_log_text("trusted_proxies", proxies);
    }
    scr_log(SCR_LOG_INFO, "listening", fields, count);
}

static void announce(const struct scr_command_call *call, const struct scr_wire *wire)
{
    char chars[256];
    struct scr_text url;
    const char *address = scr_config_text(call->config, SCR_SETTING_HTTP_ADDR);
    scr_text_init(&url, chars, sizeof chars);
    scr_put_example_url(&url, address, scr_http_port(wire->http));
    log_listening(call->config, wire);
    if (!takes_bytes(call->out->fd)) {
        return;
    }
    scr_console_put(call->out, "Open ");
    scr_console_put(call->out, scr_text_view(&url));
    scr_console_put(call->out, "\n");
    /* A closed standard output is no reason not to serve. */
    (void)scr_console_flush(call->out);
}

static void log_stopping(const struct scr_config *config, const struct scr_wire *wire, int number)
{
    char delay_chars[DURATION_CHARS];
    char timeout_chars[DURATION_CHARS];
    struct scr_text delay;
    struct scr_text timeout;
    scr_text_init(&delay, delay_chars, sizeof delay_chars);
    scr_text_init(&timeout, timeout_chars, sizeof timeout_chars);
    scr_put_duration(&delay, scr_config_integer(config, SCR_SETTING_DRAIN_DELAY));
    scr_put_duration(&timeout, scr_config_integer(config, SCR_SETTING_DRAIN_TIMEOUT));
    SCR_LOG_EVENT(INFO,
                  "stopping",
                  scr_log_text("signal", scr_signal_name(number)),
                  scr_log_u64("connections", scr_http_connections(wire->http)),
                  scr_log_text("drain_delay", scr_text_view(&delay)),
                  scr_log_text("drain_timeout", scr_text_view(&timeout)));
}

static void log_second_signal(void)
{
    SCR_LOG_EVENT(INFO, "second signal", scr_log_text("detail", "nothing is waited for any more"));
}

/* What the access log left out since it last said so is told here: nothing else follows. */
static void log_drained(const struct scr_wire *wire, uint32_t cut_off, bool hurried)
{
    bool lossy = cut_off > 0;
    const char *reason = hurried ? "second signal" : "drain_timeout";
    uint64_t suppressed = scr_log_quota_collect(&wire->service->refused_lines);
    const struct scr_log_field fields[] = {
        scr_log_u64("cut_off", cut_off),
        scr_log_text("reason", lossy ? reason : NULL),
        scr_log_u64("suppressed", suppressed),
    };
    size_t count = sizeof fields / sizeof fields[0] - (suppressed > 0 ? 0 : 1);
    scr_log(lossy ? SCR_LOG_WARN : SCR_LOG_INFO, "drained", fields, count);
}

/* From the first signal to the last response. */
static void drain(const struct scr_config *config, struct scr_wire *wire)
{
    int number = scr_signals_wait();
    int64_t timeout_ns = scr_config_integer(config, SCR_SETTING_DRAIN_TIMEOUT);
    atomic_store(&wire->service->draining, true);
    log_stopping(config, wire, number);
    bool hurried = scr_signals_pause(scr_config_integer(config, SCR_SETTING_DRAIN_DELAY));
    if (hurried) {
        /* Asked twice already: nothing is waited for. */
        timeout_ns = 0;
        log_second_signal();
    }
    const volatile bool *hurry = scr_signals_hurry();
    int64_t deadline_ns = scr_clock_now_ns(wire->service->clock) + timeout_ns;
    uint32_t cut_off = scr_wire_drain(wire, deadline_ns, hurry);
    if (!hurried && *hurry) {
        hurried = true;
        log_second_signal();
    }
    log_drained(wire, cut_off, hurried);
}

int scr_command_serve(const struct scr_command_call *call)
{
    struct scr_wire wire = {0};
    struct scr_log_sink *sink = NULL;
    struct sentence failure;
    scr_text_init(&failure.text, failure.chars, sizeof failure.chars);
    scr_signals_block();
    /* The configuration is read: it may have come from such a descriptor. */
    scr_process_close_inherited();
    if (scr_log_setup(call, true, &sink) != SCR_OK) {
        scr_signals_end_at_once();
        scr_command_complain(call, "the log cannot be started: no memory, or no thread");
        return SCR_EXIT_UNAVAILABLE;
    }
    log_warnings(call);
    int code = boot(call, &wire, &failure.text);
    if (code == SCR_EXIT_OK) {
        announce(call, &wire);
        drain(call->config, &wire);
    }
    scr_boot_enter(SCR_BOOT_TEARDOWN);
    scr_wire_destroy(&wire);
    if (code == SCR_EXIT_OK) {
        SCR_LOG_EVENT(INFO, "stopped", scr_log_i64("exit_code", code));
    }
    scr_log_sink_stop(&sink);
    if (code != SCR_EXIT_OK) {
        /* Whoever should read the sentence may be stuck; a signal must end that wait. */
        scr_signals_end_at_once();
        scr_command_complain(call, scr_text_view(&failure.text));
    }
    return code;
}
