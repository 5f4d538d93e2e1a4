/*
 * server/main.c - the program's life: words, settings, one command, one exit code.
 * Why:    what every command has in common happens here, in this order; the life of a server goes
 *         on in command_serve.c.
 * Life:   process made quiet -> command line -> help or version -> configuration -> command ->
 *         everything written? -> exit code.
 */
#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <string.h>

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/dsp/isa.h"
#include "server/command.h"
#include "server/config.h"
#include "server/config_check.h"
#include "server/console.h"
#include "server/exit_code.h"
#include "server/flags.h"
#include "server/help.h"

#define THREAD_STACK_BYTES ((size_t)2 << 20)
static_assert((size_t)SCR_HTTP_STACK_BYTES <= THREAD_STACK_BYTES,
              "the budget counts what is touched");

extern char **environ;

static struct scr_invocation invocation;
static struct scr_config config;
static struct scr_config_report report;
static struct scr_console out;
static struct scr_console err;

/*
 * A standard descriptor that is closed would be taken by the next file opened, and our words would
 * land in it. A null device open the wrong way round makes every use of it an error instead.
 */
static void hold_standard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd += 1) {
        if (fcntl(fd, F_GETFD) < 0) {
            (void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
        }
    }
}

/* What holds for every thread and library from the first moment on. */
static void prepare_process(void)
{
    pthread_attr_t attributes;
    hold_standard_descriptors();
    /* A closed pipe is an error of one write, not the end of the program. */
    (void)signal(SIGPIPE, SIG_IGN);
    /* So is a file that may not grow any more (ulimit -f): EFBIG. */
    (void)signal(SIGXFSZ, SIG_IGN);
    /* One heap for main and one for all libraries' threads: freed memory is found again. */
    (void)mallopt(M_ARENA_MAX, 2);
    /* Threads without a size of their own (finisher, log) need no 8 MiB of address space; what is
     * beyond SCR_HTTP_STACK_BYTES is for the tables of sanitizers and is never touched else. */
    if (pthread_attr_init(&attributes) == 0) {
        (void)pthread_attr_setstacksize(&attributes, THREAD_STACK_BYTES);
        (void)pthread_setattr_default_np(&attributes);
        (void)pthread_attr_destroy(&attributes);
    }
    scr_console_init(&out, STDOUT_FILENO);
    scr_console_init(&err, STDERR_FILENO);
}

/*
 * A wrong flag is a wrong command line; but what configures a server is configuration wherever it
 * is written, so that a service manager sees one number.
 */
static int code_of_bad_value(bool is_server)
{
    bool is_flag = report.error_origin == SCR_ORIGIN_FLAG;
    return is_flag && !is_server ? SCR_EXIT_USAGE : SCR_EXIT_CONFIG;
}

static int load_and_run(const struct scr_command_call *call)
{
    struct scr_config_sources sources = {.file_path = invocation.config_path,
                                         .environment = environ};
    bool is_server =
        invocation.command == SCR_COMMAND_SERVE || invocation.command == SCR_COMMAND_CONFIG;
    memcpy(sources.flags, invocation.settings, sizeof sources.flags);
    enum scr_err result = scr_config_load(&sources, &config, &report);
    if (result == SCR_OK) {
        result = scr_config_use_isa(&config, &report);
    }
    if (result == SCR_OK && is_server) {
        result = scr_config_check(&config, &report);
    }
    if (result != SCR_OK) {
        scr_command_complain(call, report.error);
        return code_of_bad_value(is_server);
    }
    explicit_bzero(invocation.secrets, sizeof invocation.secrets);
    return scr_command_info(invocation.command)->run(call);
}

/* Needs no configuration, but tells the instruction set that would be in use, and what is wrong. */
static int tell_version(const struct scr_command_call *call)
{
    struct scr_config_sources sources = {.file_path = invocation.config_path,
                                         .environment = environ};
    if (scr_config_load(&sources, &config, &report) != SCR_OK ||
        scr_config_use_isa(&config, &report) != SCR_OK) {
        scr_isa_use(scr_isa_best());
        scr_command_complain(call, report.error);
    }
    return scr_command_version(call);
}

static int run(const struct scr_command_call *call)
{
    bool wants_help = invocation.switches[SCR_SWITCH_HELP];
    bool wants_version = invocation.switches[SCR_SWITCH_VERSION];
    if (wants_version && !wants_help) {
        return tell_version(call);
    }
    if (invocation.command == SCR_COMMAND_COUNT) {
        scr_help_program(call->out);
        return SCR_EXIT_OK;
    }
    if (wants_help) {
        scr_help_command(call->out, invocation.command);
        return SCR_EXIT_OK;
    }
    /* What can be told without a configuration is told whatever the configuration is. */
    if (invocation.command == SCR_COMMAND_VERSION) {
        return tell_version(call);
    }
    if (invocation.command == SCR_COMMAND_HELP || invocation.command == SCR_COMMAND_COMPLETION) {
        return scr_command_info(invocation.command)->run(call);
    }
    return load_and_run(call);
}

int main(int argc, char **argv)
{
    char chars[SCR_CONFIG_SENTENCE_BYTES_MAX];
    struct scr_text problem;
    struct scr_command_call call = {&invocation, &config, &report, &out, &err};
    prepare_process();
    scr_text_init(&problem, chars, sizeof chars);
    if (scr_flags_parse(argc, argv, &invocation, &problem) != SCR_OK) {
        scr_command_complain(&call, scr_text_view(&problem));
        return SCR_EXIT_USAGE;
    }
    int code = run(&call);
    if (!scr_console_flush(&out) && code == SCR_EXIT_OK) {
        scr_text_init(&problem, chars, sizeof chars);
        scr_text_put(&problem, "cannot write to standard output: ");
        scr_text_put(&problem, strerror(out.error));
        scr_command_complain(&call, scr_text_view(&problem));
        code = SCR_EXIT_IO;
    }
    (void)scr_console_flush(&err);
    return code;
}
