/*
 * api/forwarded.c - X-Forwarded-For, from the right.
 * Why:    see forwarded.h.
 * Flow:   lines come in order, the last hop stands at the end of the last one. So each line is read
 *         from its right on its own, and says either "here it ends" or "all of mine are trusted";
 *         a line that ends overrules all lines before it.
 * Limits: a line is left at its first hop that is not trusted: what a client puts in front of the
 *         proxy's word costs nothing.
 */
#include "api/forwarded.h"

#include <string.h>

#include "core/base/assert.h"

/* Where the reading of a hop ends. */
enum hop {
    HOP_TRUSTED,
    HOP_CLIENT,
    HOP_UNREADABLE
};

struct chain {
    const struct scr_network_list *trusted;
    bool is_named; /* `client` was named by a hop; else it is the peer */
    struct scr_address client;
};

static bool is_port(const char *chars, size_t bytes)
{
    for (size_t i = 0; i < bytes; i += 1) {
        if (chars[i] < '0' || chars[i] > '9') {
            return false;
        }
    }
    return bytes >= 1 && bytes <= 5;
}

/* "192.0.2.1", "192.0.2.1:5", "2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:443" */
static bool parse_hop(const char *chars, size_t bytes, struct scr_address *address)
{
    const char *colon = memchr(chars, ':', bytes);
    const char *bracket = memchr(chars, ']', bytes);
    if (bytes > 0 && chars[0] == '[') {
        if (bracket == NULL || colon == NULL || colon > bracket) {
            return false;
        }
        size_t inside = (size_t)(bracket - chars) - 1;
        size_t behind = bytes - inside - 2;
        if (behind > 0 && (bracket[1] != ':' || !is_port(bracket + 2, behind - 1))) {
            return false;
        }
        return scr_address_parse(chars + 1, inside, address) == SCR_OK;
    }
    if (colon != NULL) {
        size_t host = (size_t)(colon - chars);
        bool is_only = memchr(colon + 1, ':', bytes - host - 1) == NULL;
        if (is_only && !is_port(colon + 1, bytes - host - 1)) {
            return false;
        }
        bytes = is_only ? host : bytes;
    }
    return scr_address_parse(chars, bytes, address) == SCR_OK;
}

static bool is_blank(char character)
{
    return character == ' ' || character == '\t';
}

/* The last hop of chars[*bytes]; *bytes becomes what is left of its comma. */
static enum hop take_hop(const struct chain *chain,
                         const char *chars,
                         size_t *bytes,
                         bool *more,
                         struct scr_address *address)
{
    size_t end = *bytes;
    size_t start = end;
    while (start > 0 && chars[start - 1] != ',') {
        start -= 1;
    }
    *more = start > 0;
    *bytes = start > 0 ? start - 1 : 0;
    while (end > start && is_blank(chars[end - 1])) {
        end -= 1;
    }
    while (start < end && is_blank(chars[start])) {
        start += 1;
    }
    if (!parse_hop(chars + start, end - start, address)) {
        return HOP_UNREADABLE;
    }
    return scr_network_list_has(chain->trusted, address) ? HOP_TRUSTED : HOP_CLIENT;
}

static void read_line(void *visitor, const char *value)
{
    struct chain *chain = visitor;
    struct chain line = {.trusted = chain->trusted, .is_named = false};
    size_t bytes = strlen(value);
    bool more = true;
    while (more) {
        struct scr_address address;
        enum hop hop = take_hop(chain, value, &bytes, &more, &address);
        if (hop == HOP_UNREADABLE) {
            /* The hop to the right of it is the client; of the last one that is in the next line,
             * or the peer: both find nobody named. */
            *chain = line.is_named ? line : (struct chain){.trusted = chain->trusted};
            return;
        }
        line.is_named = true;
        line.client = address;
        if (hop == HOP_CLIENT) {
            *chain = line;
            return;
        }
    }
    /* All of this line are trusted: whoever stands before them is the client, if there is one. */
    if (!chain->is_named) {
        *chain = line;
    }
}

struct scr_address scr_forwarded_client(const struct scr_request *request,
                                        const struct scr_network_list *trusted)
{
    struct chain chain = {.trusted = trusted, .is_named = false};
    SCR_ASSERT(request->headers != NULL);
    if (trusted->count > 0 && scr_network_list_has(trusted, &request->peer)) {
        request->headers(request->headers_source, "X-Forwarded-For", read_line, &chain);
    }
    return chain.is_named ? chain.client : request->peer;
}
