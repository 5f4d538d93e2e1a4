/*
 * server/output.h - where `scream generate` puts its bytes: a file that appears whole, or a stream.
 * Why:    a file that stands under its name is complete. It grows beside it under another name and
 *         takes its place at the end; on any failure, or when interrupted, nothing stays.
 * Reads:  "-" is standard output; what is no regular file (a pipe, a device) or only a way to an
 *         open one (/dev/stdout, /proc/self/fd) is written directly.
 * Thread: main.
 */
#ifndef SCR_SERVER_OUTPUT_H
#define SCR_SERVER_OUTPUT_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"

struct scr_output {
    int fd;
    bool is_terminal; /* nobody wants audio bytes there */
    bool is_direct;   /* no temporary file */
    int error;        /* errno of what failed */
    char final[PATH_MAX];
    char temporary[PATH_MAX];
};

/**
 * Opens an output; a link to nothing is refused. While a temporary file exists, SIGINT, SIGTERM,
 * SIGHUP, SIGQUIT and SIGXCPU remove it.
 * errors  SCR_ERR_IO  output->error says why
 */
SCR_MUST_USE enum scr_err scr_output_open(const char *path, struct scr_output *output);

/** Appends bytes. errors SCR_ERR_IO: disk full, pipe closed */
SCR_MUST_USE enum scr_err
scr_output_write(struct scr_output *output, const void *bytes, size_t count);

/** Ends the writing: the file is there under its name. errors SCR_ERR_IO; then nothing is there */
SCR_MUST_USE enum scr_err scr_output_commit(struct scr_output *output);

/** Gives up: nothing stays. After a failed open or a commit it does nothing. */
void scr_output_abandon(struct scr_output *output);

#endif
