/*
 * server/http/kept.c - which object answers, and the exchange of headers that differ.
 * Why:    see kept.h. The library is asked what an object bears, line by line, and the answer's
 *         lines are compared as strings: whatever is not wanted now is taken out, so that nothing
 *         one client was told reaches another.
 */
#include "server/http/kept.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/base/text.h"

/* Names and values of lines that are taken out; more of them are not worth while. */
#define STALE_BYTES 1024
#define STALE_MAX 12

static_assert(SCR_RESPONSE_HEADERS_MAX <= 32, "a bit for each header");

/* One pass over the lines of an object. */
struct comparison {
    const struct scr_response *wanted;
    uint32_t borne; /* a bit for each wanted header that the object bears */
    uint16_t next;  /* where the line after the last one found is looked for */
    uint16_t stale_count;
    struct scr_header stale[STALE_MAX]; /* copies: the library frees its own */
    struct scr_text text;
    bool is_over; /* no room for what is stale */
    char text_chars[STALE_BYTES];
};

void scr_kept_init(struct scr_kept_answers *kept)
{
    *kept = (struct scr_kept_answers){.uses = 0};
}

static void drop(struct scr_kept_answer *answer)
{
    if (answer->made != NULL) {
        MHD_destroy_response(answer->made);
        answer->made = NULL;
    }
}

void scr_kept_deinit(struct scr_kept_answers *kept)
{
    for (size_t i = 0; i < SCR_KEPT_ANSWERS; i += 1) {
        SCR_ASSERT(!kept->answers[i].in_use);
        drop(&kept->answers[i]);
    }
}

/* ---- Headers ---- */

static void note_stale(struct comparison *comparison, const char *name, const char *value)
{
    struct scr_text *text = &comparison->text;
    if (comparison->stale_count == STALE_MAX) {
        comparison->is_over = true;
        return;
    }
    struct scr_header *stale = &comparison->stale[comparison->stale_count];
    stale->name = scr_text_next(text);
    scr_text_put(text, name);
    stale->value = scr_text_next(text);
    scr_text_put(text, value);
    comparison->stale_count += 1;
    comparison->is_over = comparison->is_over || text->overflow;
}

/* The wanted header of this name, looked for from `next` on; their count when there is none. */
static uint16_t find_wanted(const struct comparison *comparison, const char *name)
{
    const struct scr_response *wanted = comparison->wanted;
    uint16_t index = comparison->next;
    for (uint16_t i = 0; i < wanted->header_count; i += 1) {
        index = index < wanted->header_count ? index : 0;
        if (strcmp(wanted->headers[index].name, name) == 0) {
            return index;
        }
        index += 1;
    }
    return wanted->header_count;
}

/* Lines stand in the order of their coming, exchanged ones last: so the next wanted header is
 * mostly the one, and one that stood further back does not lead the search there. Where a name
 * stands twice, in another order than before, both are exchanged. */
static enum MHD_Result
look_at_line(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    struct comparison *comparison = context;
    uint16_t index = find_wanted(comparison, name);
    if (index < comparison->wanted->header_count && (comparison->borne >> index & 1) == 0 &&
        strcmp(comparison->wanted->headers[index].value, value) == 0) {
        comparison->borne |= UINT32_C(1) << index;
    } else {
        note_stale(comparison, name, value);
    }
    comparison->next = index < comparison->next ? comparison->next : (uint16_t)(index + 1);
    return MHD_YES;
}

/* On false the object is of no use any more. */
static bool exchange_headers(struct MHD_Response *made, const struct scr_response *wanted)
{
    struct comparison comparison;
    comparison.wanted = wanted;
    comparison.borne = 0;
    comparison.next = 0;
    comparison.stale_count = 0;
    comparison.is_over = false;
    scr_text_init(&comparison.text, comparison.text_chars, sizeof comparison.text_chars);
    (void)MHD_get_response_headers(made, look_at_line, &comparison);
    bool done = !comparison.is_over;
    for (uint16_t i = 0; done && i < comparison.stale_count; i += 1) {
        const struct scr_header *stale = &comparison.stale[i];
        done = MHD_del_response_header(made, stale->name, stale->value) == MHD_YES;
    }
    for (uint16_t i = 0; done && i < wanted->header_count; i += 1) {
        const struct scr_header *header = &wanted->headers[i];
        done = (comparison.borne >> i & 1) != 0 ||
               MHD_add_response_header(made, header->name, header->value) == MHD_YES;
    }
    return done;
}

/* ---- Choice ---- */

static bool fits(const struct scr_kept_answer *answer,
                 const struct scr_response *response,
                 const uint8_t *bytes)
{
    return answer->made != NULL && !answer->in_use && answer->bytes == bytes &&
           answer->length == response->length && answer->status == response->status &&
           answer->header_count == response->header_count;
}

/* One of the kind, used last; else the one used longest ago, emptied. NULL: all are in use. */
static struct scr_kept_answer *
choose(struct scr_kept_answers *kept, const struct scr_response *response, const uint8_t *bytes)
{
    struct scr_kept_answer *found = NULL;
    struct scr_kept_answer *oldest = NULL;
    for (size_t i = 0; i < SCR_KEPT_ANSWERS; i += 1) {
        struct scr_kept_answer *answer = &kept->answers[i];
        if (fits(answer, response, bytes) && (found == NULL || answer->used_at > found->used_at)) {
            found = answer;
        }
        if (!answer->in_use && (oldest == NULL || answer->used_at < oldest->used_at)) {
            oldest = answer;
        }
    }
    if (found == NULL && oldest != NULL) {
        drop(oldest);
        found = oldest;
    }
    return found;
}

struct scr_kept_answer *scr_kept_take(struct scr_kept_answers *kept,
                                      const struct scr_response *response,
                                      const uint8_t *bytes,
                                      scr_kept_make_fn *make)
{
    if (response->text.used > SCR_KEPT_TEXT_BYTES_MAX) {
        return NULL;
    }
    struct scr_kept_answer *answer = choose(kept, response, bytes);
    if (answer == NULL) {
        return NULL;
    }
    if (answer->made == NULL) {
        answer->made = make(bytes, response->length);
        answer->bytes = bytes;
        answer->status = response->status;
        answer->header_count = response->header_count;
        answer->length = response->length;
    }
    if (answer->made == NULL || !exchange_headers(answer->made, response)) {
        drop(answer);
        return NULL;
    }
    kept->uses += 1;
    answer->used_at = kept->uses;
    answer->in_use = true;
    return answer;
}

void scr_kept_release(struct scr_kept_answer *answer, bool whole)
{
    SCR_ASSERT(answer->in_use && answer->made != NULL);
    answer->in_use = false;
    if (!whole) {
        drop(answer);
    }
}
