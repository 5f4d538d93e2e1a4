/*
 * bench/load/answer.h - follows one HTTP answer through the pieces in which it arrives.
 * Why:    the client shares two cores with the server; it looks at the head once, skips the body,
 *         and must still know exactly when the first audio came and whether the answer was whole.
 * Flow:   HEAD -> (LENGTH | CHUNK_SIZE <-> CHUNK -> CHUNK_END) -> DONE, or BROKEN at any time.
 * Audio:  of an Ogg file what follows its first two pages (OpusHead and OpusTags), of a WAV file
 *         what follows 44 bytes, of anything else the fourth byte.
 * Limits: heads of ANSWER_HEAD_BYTES; answers framed by the end of the connection are BROKEN.
 * Source: RFC 9112 section 7.1 (chunks); RFC 3533 section 6 (page heads); RFC 7845 section 3.
 */
#ifndef SCR_BENCH_LOAD_ANSWER_H
#define SCR_BENCH_LOAD_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ANSWER_HEAD_BYTES 4096
/* A page's head with all its lacing values. */
#define ANSWER_PAGE_HEAD_BYTES 282

enum answer_state {
    ANSWER_HEAD,
    ANSWER_LENGTH,
    ANSWER_CHUNK_SIZE,
    ANSWER_CHUNK,
    ANSWER_CHUNK_END,
    ANSWER_DONE,
    ANSWER_BROKEN
};

struct answer {
    enum answer_state state;
    int status;
    bool to_head;    /* the request was HEAD: no body follows */
    bool closes;     /* the server said that it will close */
    bool is_chunked; /* the length was not known when it began */
    bool has_begun;  /* a byte of the body has come */
    bool has_audio;  /* a byte of sound has come */
    bool knows_kind; /* Ogg, WAV or neither */
    bool is_last;    /* the chunk of no bytes */
    uint64_t left;   /* of the body, or of the chunk */
    uint64_t length; /* Content-Length; 0 without */
    uint64_t body_bytes;
    /* Before the audio: bytes to pass over, then perhaps a page head. */
    uint64_t skip_bytes;
    uint32_t pages_left;
    uint32_t page_bytes; /* of the page head, so far */
    uint32_t head_bytes;
    uint8_t page[ANSWER_PAGE_HEAD_BYTES];
    char head[ANSWER_HEAD_BYTES + 1];
};

/** Waits for a new answer. */
void answer_begin(struct answer *answer, bool to_head);

/** Takes what has come; returns how many bytes belonged to this answer. */
size_t answer_feed(struct answer *answer, const char *bytes, size_t count);

/** Passes over bytes of the body without a look at them: at most `left`, in LENGTH or CHUNK. */
void answer_skip(struct answer *answer, size_t count);

/** The answer can get no more: it is done, or else broken. */
void answer_end(struct answer *answer);

#endif
