/*
 * server/console.c - buffered text on a descriptor.
 * Why:    see console.h.
 * Source: no-color.org for NO_COLOR.
 */
#include "server/console.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <poll.h>
#include <unistd.h>

#include "core/base/assert.h"
#include "core/base/text.h"

static bool wants_colour(void)
{
    const char *refused = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    if (refused != NULL && refused[0] != '\0') {
        return false;
    }
    return terminal != NULL && strcmp(terminal, "dumb") != 0;
}

void scr_console_init(struct scr_console *console, int fd)
{
    console->fd = fd;
    console->is_terminal = isatty(fd) == 1;
    console->colour = console->is_terminal && wants_colour();
    console->error = 0;
    console->used = 0;
}

/* Somebody else made the pipe or terminal non-blocking; to us it is the same one. */
static void wait_writable(int fd)
{
    struct pollfd descriptor = {.fd = fd, .events = POLLOUT};
    (void)poll(&descriptor, 1, -1);
}

int scr_write_all(int fd, const void *bytes, size_t count)
{
    const char *rest = bytes;
    while (count > 0) {
        ssize_t written = write(fd, rest, count);
        if (written < 0) {
            if (errno == EINTR) {
                continue;
            }
            if (errno == EAGAIN) {
                wait_writable(fd);
                continue;
            }
            return errno;
        }
        SCR_ASSERT((size_t)written <= count);
        rest += written;
        count -= (size_t)written;
    }
    return 0;
}

bool scr_console_flush(struct scr_console *console)
{
    if (console->error == 0 && console->used > 0) {
        console->error = scr_write_all(console->fd, console->bytes, console->used);
    }
    console->used = 0;
    return console->error == 0;
}

void scr_console_put_bytes(struct scr_console *console, const char *bytes, size_t count)
{
    while (count > 0) {
        size_t room = sizeof console->bytes - console->used;
        size_t piece = count < room ? count : room;
        memcpy(console->bytes + console->used, bytes, piece);
        console->used += piece;
        bytes += piece;
        count -= piece;
        if (console->used == sizeof console->bytes) {
            (void)scr_console_flush(console);
        }
    }
}

void scr_console_put(struct scr_console *console, const char *string)
{
    scr_console_put_bytes(console, string, strlen(string));
}

void scr_console_put_u64(struct scr_console *console, uint64_t value)
{
    char chars[24];
    struct scr_text text;
    scr_text_init(&text, chars, sizeof chars);
    scr_text_put_u64(&text, value);
    scr_console_put(console, scr_text_view(&text));
}

void scr_console_put_real(struct scr_console *console, double value)
{
    char chars[SCR_REAL_CHARS_MAX + 1];
    struct scr_text text;
    scr_text_init(&text, chars, sizeof chars);
    scr_text_put_real(&text, value);
    scr_console_put(console, scr_text_view(&text));
}

void scr_console_put_column(struct scr_console *console, const char *string, size_t width)
{
    scr_console_put(console, string);
    size_t length = strlen(string);
    do {
        scr_console_put(console, " ");
        length += 1;
    } while (length < width);
}
