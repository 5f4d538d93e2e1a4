/*
 * server/http/raw_head.c - line by line to the empty one.
 * Why:    see raw_head.h. Only what ends lines and heads is looked at: names and values have a gate
 *         of their own (api/header_gate.h).
 */
#include "server/http/raw_head.h"

#include <stddef.h>
#include <string.h>

#include "core/base/assert.h"
#include "core/base/limits.h"

/* What malloc promises on every machine of ours. */
#define BUFFER_ALIGNMENT 16

/* Empty lines before the request are counted as arrived but stand before the method. As many as
 * fill the alignment are not noticed here (the sums differ later), and make us look behind the end
 * of what was read: at most as far again, which is still inside the pool. */
#define ARRIVED_BYTES_MAX (SCR_HTTP_POOL_BYTES / 2)

/* The version and its CR LF, which the library has overwritten. */
#define VERSION_BYTES 10

/* How many bytes stand before the target in "GET /", "HEAD /", "OPTIONS /"; 0 for all else. */
static size_t measure_method(const char *target)
{
    static const char *const methods[] = {"GET", "HEAD", "OPTIONS"};
    size_t before = (uintptr_t)target % BUFFER_ALIGNMENT;
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        size_t bytes = strlen(methods[i]) + 1;
        /* With its zero byte. */
        if (before == bytes && memcmp(target - before, methods[i], bytes) == 0) {
            return bytes;
        }
    }
    return 0;
}

static bool is_version(const char *version)
{
    return memcmp(version, "HTTP/1.1\0", VERSION_BYTES) == 0 ||
           memcmp(version, "HTTP/1.0\0", VERSION_BYTES) == 0;
}

static bool is_plain_line(const char *line, size_t bytes)
{
    const char *colon = memchr(line, ':', bytes);
    /* A line that begins with a blank is folded; one without a name ends the head. */
    return colon != NULL && colon != line && line[0] != ' ' && line[0] != '\t' &&
           memchr(line, '\0', bytes) == NULL && memchr(line, '\r', bytes) == NULL;
}

/* The bytes of plain lines and the empty one behind them; 0 when these are not all there. */
static size_t measure_lines(const char *lines, size_t bytes_max)
{
    const char *at = lines;
    size_t left = bytes_max;
    for (;;) {
        const char *end = memchr(at, '\n', left);
        if (end == NULL || end == at || end[-1] != '\r') {
            return 0;
        }
        size_t bytes = (size_t)(end - at) - 1;
        if (bytes == 0) {
            return (size_t)(end + 1 - lines);
        }
        if (!is_plain_line(at, bytes)) {
            return 0;
        }
        left -= bytes + 2;
        at = end + 1;
    }
}

const char *scr_raw_head_begin(const char *target)
{
    SCR_ASSERT(target != NULL);
    size_t method_bytes = measure_method(target);
    return method_bytes == 0 ? NULL : target - method_bytes;
}

size_t scr_raw_head_measure(const char *target, size_t bytes_max)
{
    size_t method_bytes = measure_method(target);
    SCR_ASSERT(method_bytes > 0);
    if (bytes_max <= method_bytes) {
        return 0;
    }
    size_t left = bytes_max - method_bytes;
    size_t target_bytes = strnlen(target, left);
    if (left < target_bytes + 1 + VERSION_BYTES || !is_version(target + target_bytes + 1)) {
        return 0;
    }
    size_t line_bytes = target_bytes + 1 + VERSION_BYTES;
    size_t lines_bytes = measure_lines(target + line_bytes, left - line_bytes);
    return lines_bytes == 0 ? 0 : method_bytes + line_bytes + lines_bytes;
}

bool scr_raw_head_is_plain(const char *target, uint64_t arrived_bytes)
{
    if (arrived_bytes > ARRIVED_BYTES_MAX || scr_raw_head_begin(target) == NULL) {
        return false;
    }
    size_t bytes = scr_raw_head_measure(target, (size_t)arrived_bytes);
    return bytes > 0 && bytes == arrived_bytes;
}
