/*
 * api/range.c - the grammar of byte ranges.
 * Why:    see range.h. A recipient may ignore a Range it does not like, which is always safe;
 *         so everything unusual is the whole file, and only a well-formed range that begins beyond
 *         the end is refused.
 */
#include "api/range.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "core/base/assert.h"

/* One range-spec: first-last, first-, or -suffix. */
struct spec {
    bool has_first;
    bool has_last;
    uint64_t first;
    uint64_t last; /* the suffix length when there is no first */
};

static const char *skip_blanks(const char *at)
{
    return at + strspn(at, " \t");
}

/* Reads digits; more than 64 bits count as the largest number, which is beyond every end. */
static const char *read_digits(const char *at, bool *present, uint64_t *value)
{
    uint64_t sum = 0;
    *present = *at >= '0' && *at <= '9';
    for (; *at >= '0' && *at <= '9'; at += 1) {
        uint64_t digit = (uint64_t)(*at - '0');
        sum = sum > (UINT64_MAX - digit) / 10 ? UINT64_MAX : sum * 10 + digit;
    }
    *value = sum;
    return at;
}

/* Reads one spec; NULL when it is malformed. */
static const char *read_spec(const char *at, struct spec *spec)
{
    at = read_digits(at, &spec->has_first, &spec->first);
    if (*at != '-') {
        return NULL;
    }
    at = read_digits(at + 1, &spec->has_last, &spec->last);
    if (!spec->has_first && !spec->has_last) {
        return NULL;
    }
    if (spec->has_first && spec->has_last && spec->last < spec->first) {
        return NULL;
    }
    at = skip_blanks(at);
    return *at == ',' || *at == '\0' ? at : NULL;
}

/* Reads the list; true for exactly one spec. Empty elements are allowed (RFC 9110 5.6.1). */
static bool read_single(const char *at, struct spec *spec)
{
    unsigned count = 0;
    for (;;) {
        at = skip_blanks(at);
        if (*at == ',') {
            at += 1;
            continue;
        }
        if (*at == '\0') {
            return count == 1;
        }
        count += 1;
        at = count == 1 ? read_spec(at, spec) : NULL;
        if (at == NULL) {
            return false;
        }
    }
}

static struct scr_range part_of(const struct spec *spec, uint64_t file_bytes)
{
    struct scr_range range = {.kind = SCR_RANGE_PART};
    if (!spec->has_first) {
        range.length = spec->last < file_bytes ? spec->last : file_bytes;
        range.first = file_bytes - range.length;
    } else if (spec->first < file_bytes) {
        uint64_t last = spec->has_last && spec->last < file_bytes ? spec->last : file_bytes - 1;
        range.first = spec->first;
        range.length = last - spec->first + 1;
    }
    if (range.length == 0) {
        return (struct scr_range){.kind = SCR_RANGE_UNSATISFIABLE};
    }
    return range;
}

struct scr_range scr_range_read(const char *header, uint64_t file_bytes)
{
    SCR_ASSERT(file_bytes > 0);
    static const char unit[] = "bytes=";
    struct spec spec = {.has_first = false};
    if (header == NULL || strncasecmp(header, unit, sizeof unit - 1) != 0 ||
        !read_single(header + sizeof unit - 1, &spec)) {
        return (struct scr_range){.kind = SCR_RANGE_WHOLE, .length = file_bytes};
    }
    struct scr_range range = part_of(&spec, file_bytes);
    SCR_ASSERT(range.first + range.length <= file_bytes);
    return range;
}

bool scr_range_allowed(const char *if_range, const char *etag)
{
    /* A weak tag begins with W/ and a date with a letter, so neither can equal a quoted tag. */
    SCR_ASSERT(etag[0] == '"');
    return if_range == NULL || strcmp(if_range, etag) == 0;
}
