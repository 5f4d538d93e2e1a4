/*
 * tests/unit/server/console_test.c - text for people, the progress bar, the log's settings.
 * Aim:    everything put is written once and in order; the first failure is kept; colour only on a
 *         terminal that wants it; a bar only after half a second on a terminal.
 * Method: unnamed files, /dev/full, a fake clock; `is_terminal` set by hand for the bar.
 */
#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "server/console.h"
#include "server/log_setup.h"
#include "server/progress.h"
#include "tests/support/command_bench.h"

static struct scr_console console;
static char text[3 * SCR_CONSOLE_BUFFER_BYTES];

static FILE *open_console(void)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    scr_console_init(&console, fileno(file));
    return file;
}

static size_t close_console(FILE *file)
{
    assert_true(scr_console_flush(&console));
    rewind(file);
    size_t bytes = fread(text, 1, sizeof text - 1, file);
    text[bytes] = '\0';
    fclose(file);
    return bytes;
}

static void everything_is_written_in_order(void **state)
{
    (void)state;
    FILE *file = open_console();
    scr_console_put(&console, "a");
    scr_console_put_u64(&console, UINT64_MAX);
    scr_console_put_real(&console, 0.5);
    scr_console_put_column(&console, "abc", 5);
    scr_console_put_column(&console, "abcdef", 5);
    scr_console_put(&console, "|");
    close_console(file);
    assert_string_equal(text, "a184467440737095516150.5abc  abcdef |");
}

static void more_than_the_buffer_is_written(void **state)
{
    (void)state;
    static char many[2 * SCR_CONSOLE_BUFFER_BYTES + 17];
    memset(many, 'x', sizeof many);
    FILE *file = open_console();
    scr_console_put(&console, "y");
    scr_console_put_bytes(&console, many, sizeof many);
    assert_int_equal(close_console(file), 1 + sizeof many);
    assert_true(text[0] == 'y' && text[sizeof many] == 'x');
}

/* The reader begins only once the pipe is full, and a non-blocking write has been refused. */
static void a_full_pipe_is_waited_for(void **state)
{
    (void)state;
    static char many[256 * 1024];
    int ends[2];
    memset(many, 'x', sizeof many);
    assert_int_equal(pipe2(ends, O_NONBLOCK | O_CLOEXEC), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ends[0]);
        _exit(scr_write_all(ends[1], many, sizeof many));
    }
    close(ends[1]);
    size_t seen = 0;
    struct pollfd descriptor = {.fd = ends[0], .events = POLLIN};
    while (poll(&descriptor, 1, -1) == 1) {
        ssize_t got = read(ends[0], many, sizeof many);
        if (got == 0) {
            break;
        }
        seen += got > 0 ? (size_t)got : 0;
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(seen, sizeof many);
    close(ends[0]);
}

static void the_first_failure_is_kept(void **state)
{
    (void)state;
    int fd = open("/dev/full", O_WRONLY);
    scr_console_init(&console, fd);
    assert_true(scr_console_flush(&console));
    scr_console_put(&console, "a");
    assert_false(scr_console_flush(&console));
    assert_int_equal(console.error, ENOSPC);
    close(fd);
    scr_console_put(&console, "b");
    assert_false(scr_console_flush(&console));
    assert_int_equal(console.error, ENOSPC);
    assert_int_equal(scr_write_all(-1, "a", 1), EBADF);
}

static void a_file_is_no_terminal(void **state)
{
    (void)state;
    assert_int_equal(setenv("TERM", "xterm", 1), 0);
    assert_int_equal(unsetenv("NO_COLOR"), 0);
    FILE *file = open_console();
    assert_false(console.is_terminal);
    assert_false(console.colour);
    close_console(file);
}

static void a_terminal_is_asked_for_colour(void **state)
{
    (void)state;
    int controller = posix_openpt(O_RDWR | O_NOCTTY);
    if (controller < 0 || grantpt(controller) != 0 || unlockpt(controller) != 0) {
        print_message("SKIP: no pseudo-terminals here\n");
        skip();
    }
    int fd = open(ptsname(controller), O_RDWR | O_NOCTTY);
    assert_true(fd >= 0);
    assert_int_equal(setenv("TERM", "xterm", 1), 0);
    scr_console_init(&console, fd);
    assert_true(console.is_terminal && console.colour);
    assert_int_equal(setenv("NO_COLOR", "1", 1), 0);
    scr_console_init(&console, fd);
    assert_true(console.is_terminal && !console.colour);
    assert_int_equal(setenv("NO_COLOR", "", 1), 0);
    scr_console_init(&console, fd);
    assert_true(console.colour);
    assert_int_equal(setenv("TERM", "dumb", 1), 0);
    scr_console_init(&console, fd);
    assert_false(console.colour);
    close(fd);
    close(controller);
}

static int64_t fake_now_ns;

static int64_t read_fake(void *context)
{
    (void)context;
    return fake_now_ns;
}

static void a_bar_comes_after_half_a_second(void **state)
{
    (void)state;
    static const struct scr_clock clock = {read_fake, NULL};
    struct scr_progress progress;
    FILE *file = open_console();
    console.is_terminal = true;
    fake_now_ns = 7;
    scr_progress_start(&progress, &console, &clock, true);
    fake_now_ns += 499999999;
    scr_progress_update(&progress, 1, 4);
    assert_false(progress.shown);
    fake_now_ns += 1;
    scr_progress_update(&progress, 1, 4);
    assert_true(progress.shown);
    /* Not more often than ten times a second. */
    fake_now_ns += 99999999;
    scr_progress_update(&progress, 2, 4);
    fake_now_ns += 1;
    scr_progress_update(&progress, 4, 4);
    scr_progress_end(&progress);
    scr_progress_end(&progress);
    close_console(file);
    assert_int_equal(strncmp(text, "\r[########......................]  25 %\r[####", 45), 0);
    assert_non_null(strstr(text, "] 100 %\r   "));
    assert_null(strstr(text, " 50 %"));
}

static void no_bar_without_a_terminal_or_when_quiet(void **state)
{
    (void)state;
    static const struct scr_clock clock = {read_fake, NULL};
    struct scr_progress progress;
    for (unsigned i = 0; i < 2; i += 1) {
        FILE *file = open_console();
        console.is_terminal = i == 1;
        scr_progress_start(&progress, &console, &clock, i == 0);
        fake_now_ns += INT64_C(10000000000);
        scr_progress_update(&progress, 1, 4);
        scr_progress_end(&progress);
        assert_int_equal(close_console(file), 0);
    }
}

static void the_log_level_is_set_verbose_or_default(void **state)
{
    (void)state;
    static struct command_bench bench;
    static const struct {
        const char *line;
        enum scr_log_level command;
        enum scr_log_level server;
    } cases[] = {{"serve", SCR_LOG_WARN, SCR_LOG_INFO},
                 {"serve -v", SCR_LOG_INFO, SCR_LOG_DEBUG},
                 {"serve -v --log-level error", SCR_LOG_ERROR, SCR_LOG_ERROR},
                 {"serve --log-level debug", SCR_LOG_DEBUG, SCR_LOG_DEBUG}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i += 1) {
        command_bench_load(&bench, cases[i].line, NULL);
        assert_int_equal(scr_log_level_of(&bench.config, false), cases[i].command);
        assert_int_equal(scr_log_level_of(&bench.config, true), cases[i].server);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_is_written_in_order),
        cmocka_unit_test(more_than_the_buffer_is_written),
        cmocka_unit_test(a_full_pipe_is_waited_for),
        cmocka_unit_test(the_first_failure_is_kept),
        cmocka_unit_test(a_file_is_no_terminal),
        cmocka_unit_test(a_terminal_is_asked_for_colour),
        cmocka_unit_test(a_bar_comes_after_half_a_second),
        cmocka_unit_test(no_bar_without_a_terminal_or_when_quiet),
        cmocka_unit_test(the_log_level_is_set_verbose_or_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
