/*
 * server/output.c - a temporary file, renamed when it is whole.
 * Why:    see output.h. A signal handler may only unlink and end the program, so the path it
 *         removes is copied to a place of its own before the handler is there.
 */
#include "server/output.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/assert.h"
#include "core/base/text.h"
#include "core/crypto/random.h"
#include "server/console.h"

static char path_to_remove[PATH_MAX];

static const int stop_signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXCPU};

/* Removes the half-written file and ends as if there had been no handler. */
static void on_stop(int number)
{
    (void)unlink(path_to_remove);
    (void)signal(number, SIG_DFL);
    (void)raise(number);
}

static void guard(const char *path)
{
    struct sigaction action = {.sa_handler = on_stop};
    (void)sigemptyset(&action.sa_mask);
    memcpy(path_to_remove, path, strlen(path) + 1);
    for (size_t i = 0; i < sizeof stop_signals / sizeof stop_signals[0]; i += 1) {
        struct sigaction before;
        /* Who started us ignoring a signal (nohup) keeps it so. */
        if (sigaction(stop_signals[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN) {
            (void)sigaction(stop_signals[i], &action, NULL);
        }
    }
}

static void unguard(void)
{
    for (size_t i = 0; i < sizeof stop_signals / sizeof stop_signals[0]; i += 1) {
        struct sigaction before;
        if (sigaction(stop_signals[i], NULL, &before) == 0 && before.sa_handler == on_stop) {
            (void)signal(stop_signals[i], SIG_DFL);
        }
    }
}

static enum scr_err fail(struct scr_output *output, int reason)
{
    output->error = reason;
    return SCR_ERR_IO;
}

/* "folder/.scream-0123456789abcdef.part" for "folder/name". */
static bool name_temporary(struct scr_output *output)
{
    uint8_t noise[8];
    struct scr_text text;
    const char *slash = strrchr(output->final, '/');
    size_t folder_bytes = slash == NULL ? 0 : (size_t)(slash - output->final) + 1;
    scr_random_bytes(noise, sizeof noise);
    scr_text_init(&text, output->temporary, sizeof output->temporary);
    scr_text_put_bytes(&text, output->final, folder_bytes);
    scr_text_put(&text, ".scream-");
    scr_text_put_hex(&text, noise, sizeof noise);
    scr_text_put(&text, ".part");
    return !text.overflow;
}

static enum scr_err use_standard_output(struct scr_output *output)
{
    output->is_direct = true;
    output->fd = STDOUT_FILENO;
    output->is_terminal = isatty(output->fd) == 1;
    return SCR_OK;
}

/* /dev/stdout and its like. To open it anew would forget where >> stands, and fail on a socket. */
static bool is_standard_output(const struct stat *status)
{
    struct stat standard;
    int flags = fcntl(STDOUT_FILENO, F_GETFL);
    return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY && fstat(STDOUT_FILENO, &standard) == 0 &&
           standard.st_dev == status->st_dev && standard.st_ino == status->st_ino;
}

/* What the kernel shows below these is a way to an open file; a new one would not be that file. */
static bool is_kernels(const char *path)
{
    bool is_shared_memory = strncmp(path, "/dev/shm/", 9) == 0;
    return strncmp(path, "/proc/", 6) == 0 || (strncmp(path, "/dev/", 5) == 0 && !is_shared_memory);
}

static enum scr_err open_direct(const char *path, struct scr_output *output)
{
    output->is_direct = true;
    /* Only a regular file is made shorter by O_TRUNC. */
    output->fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOCTTY);
    if (output->fd < 0) {
        return fail(output, errno);
    }
    output->is_terminal = isatty(output->fd) == 1;
    return SCR_OK;
}

static enum scr_err open_temporary(struct scr_output *output, const struct stat *existing)
{
    if (!name_temporary(output)) {
        return fail(output, ENAMETOOLONG);
    }
    guard(output->temporary);
    output->fd = open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (output->fd < 0) {
        int reason = errno;
        unguard();
        return fail(output, reason);
    }
    if (existing != NULL) {
        /* The new file keeps the rights of the one it replaces, where we may set them. */
        (void)fchmod(output->fd, existing->st_mode & 0777);
    }
    return SCR_OK;
}

enum scr_err scr_output_open(const char *path, struct scr_output *output)
{
    struct stat status;
    memset(output, 0, sizeof *output);
    output->fd = -1;
    if (strcmp(path, "-") == 0) {
        return use_standard_output(output);
    }
    bool exists = stat(path, &status) == 0;
    int reason = errno;
    if (!exists && lstat(path, &status) == 0) {
        /* A link to nothing: neither it nor a name somebody else may choose is written. */
        return fail(output, reason);
    }
    if (exists && S_ISDIR(status.st_mode)) {
        return fail(output, EISDIR);
    }
    if (exists && is_standard_output(&status)) {
        return use_standard_output(output);
    }
    if (strlen(path) >= sizeof output->final) {
        return fail(output, ENAMETOOLONG);
    }
    if (!exists) {
        memcpy(output->final, path, strlen(path) + 1);
        return open_temporary(output, NULL);
    }
    /* Through a symbolic link its target is replaced, not the link. */
    if (!S_ISREG(status.st_mode) || is_kernels(path) || realpath(path, output->final) == NULL ||
        is_kernels(output->final)) {
        return open_direct(path, output);
    }
    return open_temporary(output, &status);
}

enum scr_err scr_output_write(struct scr_output *output, const void *bytes, size_t count)
{
    SCR_ASSERT(output->fd >= 0);
    int reason = scr_write_all(output->fd, bytes, count);
    return reason == 0 ? SCR_OK : fail(output, reason);
}

/* Standard output stays open: its owner closes it. */
static int close_file(struct scr_output *output)
{
    int fd = output->fd;
    output->fd = -1;
    return fd == STDOUT_FILENO ? 0 : close(fd);
}

enum scr_err scr_output_commit(struct scr_output *output)
{
    SCR_ASSERT(output->fd >= 0);
    if (output->is_direct) {
        return close_file(output) == 0 ? SCR_OK : fail(output, errno);
    }
    if (fsync(output->fd) != 0) {
        int reason = errno;
        scr_output_abandon(output);
        return fail(output, reason);
    }
    if (close_file(output) != 0 || rename(output->temporary, output->final) != 0) {
        int reason = errno;
        (void)unlink(output->temporary);
        unguard();
        return fail(output, reason);
    }
    unguard();
    return SCR_OK;
}

void scr_output_abandon(struct scr_output *output)
{
    if (output->fd < 0) {
        return;
    }
    (void)close_file(output);
    if (!output->is_direct) {
        (void)unlink(output->temporary);
        unguard();
    }
}
