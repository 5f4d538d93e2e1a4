/*
 * server/http/keep_alive.c - whether a connection may be kept after this request.
 * Why:    see keep_alive.h.
 */
#include "server/http/keep_alive.h"

#include <string.h>

#include "core/base/assert.h"

/* CR and LF. */
#define LINE_END_BYTES 2
/* ':' and one blank. */
#define COLON_BYTES 2

void scr_head_places_init(struct scr_head_places *places,
                          const char *method,
                          const char *target,
                          size_t target_bytes,
                          const char *version)
{
    SCR_ASSERT(method != NULL && target != NULL && version != NULL);
    places->begin = method;
    places->is_plain =
        target == method + strlen(method) + 1 && version == target + target_bytes + 1;
    places->next = version + strlen(version) + LINE_END_BYTES;
}

void scr_head_places_add(struct scr_head_places *places,
                         const char *name,
                         size_t name_bytes,
                         const char *value,
                         size_t value_bytes)
{
    if (value == NULL) {
        places->is_plain = false;
        return;
    }
    places->is_plain =
        places->is_plain && name == places->next && value == name + name_bytes + COLON_BYTES;
    places->next = value + value_bytes + LINE_END_BYTES;
}

bool scr_head_places_end(const struct scr_head_places *places, uint64_t head_bytes)
{
    return places->is_plain && places->next + LINE_END_BYTES == places->begin + head_bytes;
}

bool scr_keep_alive_by_head(const struct scr_keep_alive *facts)
{
    SCR_ASSERT(facts->method != NULL);
    bool is_known = strcmp(facts->method, "GET") == 0 || strcmp(facts->method, "HEAD") == 0 ||
                    strcmp(facts->method, "OPTIONS") == 0;
    return is_known && !facts->has_body && facts->defect == SCR_OK && !facts->target_too_long &&
           facts->is_plain && facts->head_bytes == facts->plain_bytes;
}

bool scr_keep_alive_by_bytes(uint64_t heads_bytes, const struct scr_tcp_state *tcp)
{
    return tcp->is_known && tcp->received_bytes == heads_bytes;
}
