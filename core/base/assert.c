/*
 * core/base/assert.c - the last words before abort.
 * Why:    written with write(2) only, so that they appear even when the heap or stdio is broken.
 */
#include "core/base/assert.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void say(const char *text)
{
    size_t left = strlen(text);
    while (left > 0) {
        ssize_t done = write(STDERR_FILENO, text, left);
        if (done <= 0) {
            return;
        }
        text += done;
        left -= (size_t)done;
    }
}

static void say_number(int number)
{
    char digits[12];
    char *at = digits + sizeof digits - 1;
    *at = '\0';
    do {
        at -= 1;
        *at = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    say(at);
}

_Noreturn void scr_assert_failed(const char *condition, const char *file, int line)
{
    say("scream: assertion failed: ");
    say(condition);
    say(" at ");
    say(file);
    say(":");
    say_number(line);
    say("\n");
    abort();
}
