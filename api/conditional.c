/*
 * api/conditional.c - entity tags in lists.
 * Why:    see conditional.h. Our own tags are always strong, so weak comparison means only that a
 *         W/ in the list does not matter.
 */
#include "api/conditional.h"

#include <stddef.h>
#include <string.h>

#include "core/base/assert.h"

/* Where the tag that begins at the quote ends, behind its second quote; NULL when malformed. */
static const char *tag_end(const char *at)
{
    if (*at != '"') {
        return NULL;
    }
    for (at += 1; *at != '"'; at += 1) {
        unsigned char byte = (unsigned char)*at;
        if (byte <= 0x20 || byte == 0x7f) {
            return NULL;
        }
    }
    return at + 1;
}

bool scr_etag_list_has(const char *list, const char *etag, bool weak)
{
    SCR_ASSERT(etag[0] == '"');
    const char *at = list + strspn(list, " \t,");
    if (at[0] == '*') {
        return at[1 + strspn(at + 1, " \t")] == '\0';
    }
    while (*at != '\0') {
        bool is_weak = strncmp(at, "W/", 2) == 0;
        at += is_weak ? 2 : 0;
        const char *end = tag_end(at);
        if (end == NULL) {
            return false;
        }
        size_t count = (size_t)(end - at);
        if ((weak || !is_weak) && strlen(etag) == count && memcmp(at, etag, count) == 0) {
            return true;
        }
        size_t gap = strspn(end, " \t,");
        if (gap == 0 && *end != '\0') {
            return false;
        }
        at = end + gap;
    }
    return false;
}

struct search {
    const char *etag;
    bool weak;
    bool present;
    bool found;
};

static void search_line(void *visitor, const char *value)
{
    struct search *search = visitor;
    search->present = true;
    search->found = search->found || scr_etag_list_has(value, search->etag, search->weak);
}

enum scr_precondition scr_precondition_of(const struct scr_request *request, const char *etag)
{
    struct search if_match = {.etag = etag};
    request->headers(request->headers_source, "If-Match", search_line, &if_match);
    if (if_match.present && !if_match.found) {
        return SCR_PRECONDITION_FAILED;
    }
    struct search if_none_match = {.etag = etag, .weak = true};
    request->headers(request->headers_source, "If-None-Match", search_line, &if_none_match);
    return if_none_match.found ? SCR_PRECONDITION_NOT_MODIFIED : SCR_PRECONDITION_GO_ON;
}
