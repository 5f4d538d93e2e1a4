/*
 * server/console.h - text for people: standard output and standard error.
 * Why:    commands write line by line and ask once, at the end, whether all of it arrived: a closed
 *         pipe or a full disk is an exit code, not a lost line.
 * Memory: one buffer per console; no stdio.
 * Thread: the main thread's.
 */
#ifndef SCR_SERVER_CONSOLE_H
#define SCR_SERVER_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SCR_CONSOLE_BUFFER_BYTES 4096

struct scr_console {
    int fd;
    bool is_terminal;
    bool colour; /* a terminal, NO_COLOR is empty, TERM is not dumb */
    int error;   /* errno of the first write that failed; nothing is written after it */
    size_t used;
    char bytes[SCR_CONSOLE_BUFFER_BYTES];
};

/** A console on a descriptor, which stays the caller's. */
void scr_console_init(struct scr_console *console, int fd);

/** Append text; it leaves when the buffer is full or flushed. */
void scr_console_put(struct scr_console *console, const char *string);
void scr_console_put_bytes(struct scr_console *console, const char *bytes, size_t count);
void scr_console_put_u64(struct scr_console *console, uint64_t value);
void scr_console_put_real(struct scr_console *console, double value);

/** Appends a string and pads it with spaces to a width; at least one space follows. */
void scr_console_put_column(struct scr_console *console, const char *string, size_t width);

/** Writes what is buffered. returns whether everything so far was written */
bool scr_console_flush(struct scr_console *console);

/**
 * Writes bytes[count] at once, past partial writes, interruptions and full pipes.
 * returns 0, or the errno that stopped it
 */
int scr_write_all(int fd, const void *bytes, size_t count);

#endif
