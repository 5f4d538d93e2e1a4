/*
 * bench/load/answer.c - heads, lengths, chunks, and where the sound begins.
 * Why:    see answer.h.
 */
#include "bench/load/answer.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define WAV_HEAD_BYTES 44
#define MAGIC_BYTES 4
#define PAGE_FIXED_BYTES 27
/* Digits of a chunk's size that we believe. */
#define CHUNK_LINE_CHARS 32

void answer_begin(struct answer *answer, bool to_head)
{
    /* All but the two buffers. */
    memset(answer, 0, offsetof(struct answer, page));
    answer->to_head = to_head;
}

/* ---- Where the sound begins ---- */

/* The first four bytes of the body tell what it is; those of a page are the begin of its head. */
static size_t tell_kind(struct answer *answer, const char *bytes, size_t count)
{
    size_t used = 0;
    while (used < count && answer->page_bytes < MAGIC_BYTES) {
        answer->page[answer->page_bytes] = (uint8_t)bytes[used];
        answer->page_bytes += 1;
        used += 1;
    }
    if (answer->page_bytes < MAGIC_BYTES) {
        return used;
    }
    answer->knows_kind = true;
    if (memcmp(answer->page, "OggS", MAGIC_BYTES) == 0) {
        answer->pages_left = 2;
    } else if (memcmp(answer->page, "RIFF", MAGIC_BYTES) == 0) {
        answer->skip_bytes = WAV_HEAD_BYTES - MAGIC_BYTES;
    } else {
        answer->has_audio = true;
    }
    return used;
}

/* Gathers a page head; once it is whole, its segments are passed over. */
static size_t gather_page(struct answer *answer, const char *bytes, size_t count)
{
    size_t used = 0;
    uint32_t wanted = PAGE_FIXED_BYTES;
    while (used < count) {
        answer->page[answer->page_bytes] = (uint8_t)bytes[used];
        answer->page_bytes += 1;
        used += 1;
        if (answer->page_bytes >= PAGE_FIXED_BYTES) {
            wanted = PAGE_FIXED_BYTES + answer->page[PAGE_FIXED_BYTES - 1];
        }
        if (answer->page_bytes == wanted) {
            for (uint32_t i = PAGE_FIXED_BYTES; i < wanted; i += 1) {
                answer->skip_bytes += answer->page[i];
            }
            answer->page_bytes = 0;
            answer->pages_left -= 1;
            break;
        }
    }
    return used;
}

static void look_for_audio(struct answer *answer, const char *bytes, size_t count)
{
    size_t at = 0;
    answer->has_begun = true;
    while (!answer->has_audio && at < count) {
        if (!answer->knows_kind) {
            at += tell_kind(answer, bytes + at, count - at);
        } else if (answer->skip_bytes > 0) {
            uint64_t rest = count - at;
            uint64_t step = answer->skip_bytes < rest ? answer->skip_bytes : rest;
            answer->skip_bytes -= step;
            at += (size_t)step;
        } else if (answer->pages_left > 0) {
            at += gather_page(answer, bytes + at, count - at);
        } else {
            answer->has_audio = true;
        }
    }
}

/* ---- Head ---- */

static bool has_no_body(const struct answer *answer)
{
    return answer->to_head || answer->status == 304 || answer->status == 204;
}

static void read_field(struct answer *answer, const char *line)
{
    if (strncasecmp(line, "content-length:", 15) == 0) {
        answer->length = strtoull(line + 15, NULL, 10);
    } else if (strncasecmp(line, "transfer-encoding: chunked", 26) == 0) {
        answer->is_chunked = true;
    } else if (strncasecmp(line, "connection: close", 17) == 0) {
        answer->closes = true;
    }
}

static void read_head(struct answer *answer)
{
    const char *line = strstr(answer->head, "\r\n");
    if (strncmp(answer->head, "HTTP/1.", 7) != 0 || line == NULL) {
        answer->state = ANSWER_BROKEN;
        return;
    }
    answer->status = atoi(answer->head + 9);
    for (; line != NULL; line = strstr(line + 2, "\r\n")) {
        read_field(answer, line + 2);
    }
    if (has_no_body(answer)) {
        answer->state = ANSWER_DONE;
    } else if (answer->is_chunked) {
        answer->state = ANSWER_CHUNK_SIZE;
        answer->head_bytes = 0;
    } else {
        answer->left = answer->length;
        answer->state = answer->left == 0 ? ANSWER_DONE : ANSWER_LENGTH;
    }
}

static size_t feed_head(struct answer *answer, const char *bytes, size_t count)
{
    uint32_t before = answer->head_bytes;
    size_t room = ANSWER_HEAD_BYTES - before;
    size_t taken = count < room ? count : room;
    memcpy(answer->head + before, bytes, taken);
    answer->head_bytes += (uint32_t)taken;
    answer->head[answer->head_bytes] = '\0';
    /* The blank line may have begun in the piece before. */
    uint32_t from = before < 3 ? 0 : before - 3;
    char *end = strstr(answer->head + from, "\r\n\r\n");
    if (end == NULL) {
        answer->state = answer->head_bytes == ANSWER_HEAD_BYTES ? ANSWER_BROKEN : ANSWER_HEAD;
        return taken;
    }
    size_t head_bytes = (size_t)(end - answer->head) + 4;
    end[2] = '\0';
    read_head(answer);
    return head_bytes - before;
}

/* ---- Body ---- */

void answer_skip(struct answer *answer, size_t count)
{
    answer->left -= count;
    answer->body_bytes += count;
    if (answer->left == 0) {
        answer->state = answer->state == ANSWER_LENGTH ? ANSWER_DONE : ANSWER_CHUNK_END;
        answer->head_bytes = 0;
    }
}

static size_t feed_body(struct answer *answer, const char *bytes, size_t count)
{
    size_t taken = count < answer->left ? count : (size_t)answer->left;
    if (!answer->has_audio) {
        look_for_audio(answer, bytes, taken);
    }
    answer_skip(answer, taken);
    return taken;
}

/* A line of the chunk framing, gathered where the head was; true once it is whole. */
static bool gather_line(struct answer *answer, const char *bytes, size_t count, size_t *used)
{
    for (*used = 0; *used < count;) {
        char c = bytes[*used];
        *used += 1;
        if (answer->head_bytes == CHUNK_LINE_CHARS) {
            answer->state = ANSWER_BROKEN;
            return false;
        }
        answer->head[answer->head_bytes] = c;
        answer->head_bytes += 1;
        if (c == '\n') {
            answer->head[answer->head_bytes] = '\0';
            return true;
        }
    }
    return false;
}

static size_t feed_chunk_size(struct answer *answer, const char *bytes, size_t count)
{
    size_t used = 0;
    if (gather_line(answer, bytes, count, &used)) {
        char *end = answer->head;
        answer->left = strtoull(answer->head, &end, 16);
        answer->is_last = answer->left == 0;
        answer->head_bytes = 0;
        answer->state = end == answer->head ? ANSWER_BROKEN
                                            : (answer->is_last ? ANSWER_CHUNK_END : ANSWER_CHUNK);
    }
    return used;
}

/* The empty line behind a chunk, or behind all of them. */
static size_t feed_chunk_end(struct answer *answer, const char *bytes, size_t count)
{
    size_t used = 0;
    if (gather_line(answer, bytes, count, &used)) {
        answer->head_bytes = 0;
        if (answer->head[0] != '\r') {
            answer->state = ANSWER_BROKEN;
        } else {
            answer->state = answer->is_last ? ANSWER_DONE : ANSWER_CHUNK_SIZE;
        }
    }
    return used;
}

size_t answer_feed(struct answer *answer, const char *bytes, size_t count)
{
    size_t at = 0;
    while (at < count && answer->state != ANSWER_DONE && answer->state != ANSWER_BROKEN) {
        switch (answer->state) {
        case ANSWER_HEAD:
            at += feed_head(answer, bytes + at, count - at);
            break;
        case ANSWER_LENGTH:
        case ANSWER_CHUNK:
            at += feed_body(answer, bytes + at, count - at);
            break;
        case ANSWER_CHUNK_SIZE:
            at += feed_chunk_size(answer, bytes + at, count - at);
            break;
        case ANSWER_CHUNK_END:
            at += feed_chunk_end(answer, bytes + at, count - at);
            break;
        case ANSWER_DONE:
        case ANSWER_BROKEN:
            break;
        }
    }
    return at;
}

void answer_end(struct answer *answer)
{
    if (answer->state != ANSWER_DONE) {
        answer->state = ANSWER_BROKEN;
    }
}
