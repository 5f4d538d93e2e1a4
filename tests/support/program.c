/*
 * tests/support/program.c - starting, watching and burying the real program.
 * Why:    see program.h.
 */
#define _GNU_SOURCE
#include "tests/support/program.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define PROGRAM SCR_BINARY_DIR "/scream"
#define WORDS_MAX 16
#define STEP_MS 2

/* ---- Start ---- */

/* execve wants words that could be written to. */
static void copy_words(const char *const from[], char *to[WORDS_MAX])
{
    for (size_t i = 0; i < WORDS_MAX; i += 1) {
        to[i] = NULL;
    }
    for (size_t i = 0; i < WORDS_MAX - 1 && from[i] != NULL; i += 1) {
        to[i] = strdup(from[i]);
    }
}

static _Noreturn void exec_program(const struct program *program,
                                   const char *const words[],
                                   const char *const environment[],
                                   int out)
{
    char *word_copies[WORDS_MAX];
    char *row_copies[WORDS_MAX];
    const struct rlimit no_core = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &no_core);
    /* A test that is killed takes the program along. */
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    int error = open(program->error_path, O_WRONLY | O_CLOEXEC);
    if (error < 0 || dup2(error, STDERR_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0) {
        _exit(126);
    }
    copy_words(words, word_copies);
    copy_words(environment, row_copies);
    (void)execve(PROGRAM, word_copies, row_copies);
    _exit(127);
}

void program_start(struct program *program,
                   const char *const words[],
                   const char *const environment[])
{
    int ends[2];
    memset(program, 0, sizeof *program);
    (void)snprintf(program->error_path, sizeof program->error_path, "/tmp/scream-test-XXXXXX");
    int error = mkostemp(program->error_path, O_CLOEXEC);
    assert_true(error >= 0);
    (void)close(error);
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    program->pid = fork();
    assert_true(program->pid >= 0);
    if (program->pid == 0) {
        exec_program(program, words, environment, ends[1]);
    }
    (void)close(ends[1]);
    program->out_fd = ends[0];
}

bool program_listens(struct program *program)
{
    char text[512];
    size_t used = 0;
    while (used < sizeof text - 1) {
        struct pollfd waiting = {.fd = program->out_fd, .events = POLLIN};
        if (poll(&waiting, 1, PROGRAM_WAIT_MS) != 1) {
            return false;
        }
        ssize_t got = read(program->out_fd, text + used, sizeof text - 1 - used);
        if (got <= 0) {
            return false;
        }
        used += (size_t)got;
        text[used] = '\0';
        unsigned port = 0;
        const char *url = strstr(text, "http://127.0.0.1:");
        if (url != NULL && strchr(url, '\n') != NULL) {
            assert_int_equal(sscanf(url, "http://127.0.0.1:%u", &port), 1);
            program->port = (uint16_t)port;
            return true;
        }
    }
    return false;
}

unsigned program_descriptors(const struct program *program)
{
    char path[64];
    unsigned count = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/fd", (int)program->pid);
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        count += entry->d_name[0] != '.';
    }
    (void)closedir(folder);
    return count;
}

/* ---- End ---- */

/* The last line of the file that is a sentence and no event of the log. */
static void read_said(const char *path, char said[PROGRAM_SAID_BYTES])
{
    char line[4096];
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    said[0] = '\0';
    while (fgets(line, sizeof line, file) != NULL) {
        if (line[0] != '{' && line[0] != '\n') {
            (void)snprintf(said, PROGRAM_SAID_BYTES, "%.*s", (int)strcspn(line, "\n"), line);
        }
    }
    (void)fclose(file);
}

/* Takes what it still writes, so that it never waits for its reader; false at the end. */
static bool drink(int fd)
{
    char bytes[65536];
    struct pollfd waiting = {.fd = fd, .events = POLLIN};
    return poll(&waiting, 1, STEP_MS) == 0 || read(fd, bytes, sizeof bytes) > 0;
}

void program_wait(struct program *program, struct program_end *end)
{
    int status = 0;
    bool is_open = true;
    memset(end, 0, sizeof *end);
    pid_t ended = 0;
    for (int waited_ms = 0; ended == 0; waited_ms += STEP_MS) {
        if (is_open) {
            is_open = drink(program->out_fd);
        } else {
            (void)poll(NULL, 0, STEP_MS);
        }
        ended = waitpid(program->pid, &status, WNOHANG);
        if (ended == 0 && waited_ms > PROGRAM_WAIT_MS) {
            end->hung = true;
            (void)kill(program->pid, SIGKILL);
            ended = waitpid(program->pid, &status, 0);
        }
    }
    assert_int_equal(ended, program->pid);
    end->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    end->code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    read_said(program->error_path, end->said);
    (void)close(program->out_fd);
    (void)unlink(program->error_path);
}
