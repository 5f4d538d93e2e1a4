/*
 * tests/fuzz/headers_gate_fuzz.c - any bytes as the head of a request.
 * Reads:  lines parted by LF; the first is method, target and version, the others are cut at their
 *         first colon. NULs, blanks and stray CRs stay where they are.
 * Oracle: what passes has one meaning by a second, simpler reading: no empty name, no control
 *         character, one length at most, no length beside a coding, one Host. Written plainly it
 *         takes plain_bytes bytes and passes again. A defect, once found, stays; and a gate that is
 *         moved between the lines, which then stand in blocks of their own, comes to the same end.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api/header_gate.h"
#include "core/base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LINES_MAX 96
#define START_BYTES_MAX 256

struct piece {
    const char *bytes;
    size_t count;
};

struct head {
    char method[START_BYTES_MAX];
    char target[START_BYTES_MAX];
    char version[START_BYTES_MAX];
    struct piece names[LINES_MAX];
    struct piece values[LINES_MAX];
    size_t lines;
};

static void must(int holds)
{
    if (!holds) {
        abort();
    }
}

/* ---- Reading ---- */

/* Cuts off what stands before the first such byte, and the byte. */
static struct piece cut(struct piece *rest, char at)
{
    const char *found = rest->count > 0 ? memchr(rest->bytes, at, rest->count) : NULL;
    struct piece before = *rest;
    if (found != NULL) {
        before.count = (size_t)(found - rest->bytes);
        rest->bytes = found + 1;
        rest->count -= before.count + 1;
    } else {
        rest->count = 0;
    }
    return before;
}

static void copy_text(struct piece piece, char text[START_BYTES_MAX])
{
    size_t count = piece.count < START_BYTES_MAX ? piece.count : START_BYTES_MAX - 1;
    if (count > 0) {
        memcpy(text, piece.bytes, count);
    }
    text[count] = '\0';
}

static void read_head(const char *bytes, size_t count, struct head *head)
{
    struct piece rest = {bytes, count};
    struct piece start = cut(&rest, '\n');
    copy_text(cut(&start, ' '), head->method);
    copy_text(cut(&start, ' '), head->target);
    if (start.count > 0 && start.bytes[start.count - 1] == '\r') {
        start.count -= 1;
    }
    copy_text(start, head->version);
    head->lines = 0;
    while (rest.count > 0 && head->lines < LINES_MAX) {
        struct piece value = cut(&rest, '\n');
        if (value.count > 0 && value.bytes[value.count - 1] == '\r') {
            value.count -= 1;
        }
        if (value.count == 0) {
            break;
        }
        head->names[head->lines] = cut(&value, ':');
        while (value.count > 0 && (value.bytes[0] == ' ' || value.bytes[0] == '\t')) {
            value.bytes += 1;
            value.count -= 1;
        }
        head->values[head->lines] = value;
        head->lines += 1;
    }
}

/* ---- Asking ---- */

static enum scr_err ask(const struct head *head, struct scr_header_gate *gate)
{
    scr_header_gate_init(gate, head->method, head->target, head->version);
    enum scr_err defect = gate->defect;
    for (size_t i = 0; i < head->lines; i += 1) {
        scr_header_gate_add(gate,
                            head->names[i].bytes,
                            head->names[i].count,
                            head->values[i].bytes,
                            head->values[i].count);
        must(defect == SCR_OK || gate->defect == defect);
        defect = gate->defect;
    }
    enum scr_err err = scr_header_gate_end(gate);
    must(defect == SCR_OK || err == defect);
    must(scr_header_gate_end(gate) == err);
    return err;
}

static char *block_of(struct piece piece)
{
    char *block = malloc(piece.count > 0 ? piece.count : 1);
    must(block != NULL);
    if (piece.count > 0) {
        memcpy(block, piece.bytes, piece.count);
    }
    return block;
}

static void ask_in_pieces(const struct head *head, const struct scr_header_gate *whole)
{
    struct scr_header_gate gates[2];
    scr_header_gate_init(&gates[0], head->method, head->target, head->version);
    for (size_t i = 0; i < head->lines; i += 1) {
        char *name = block_of(head->names[i]);
        char *value = block_of(head->values[i]);
        struct scr_header_gate *gate = &gates[i % 2];
        scr_header_gate_add(gate, name, head->names[i].count, value, head->values[i].count);
        free(name);
        free(value);
        gates[(i + 1) % 2] = *gate;
        memset(gate, 0xa5, sizeof *gate);
    }
    struct scr_header_gate *last = &gates[head->lines % 2];
    must(scr_header_gate_end(last) == whole->defect);
    must(last->plain_bytes == whole->plain_bytes);
    must(scr_header_gate_has_body(last) == scr_header_gate_has_body(whole));
}

/* ---- The second reading ---- */

static int is_named(const struct head *head, size_t line, const char *name)
{
    return head->names[line].count == strlen(name) &&
           strncasecmp(head->names[line].bytes, name, head->names[line].count) == 0;
}

static unsigned count_of(const struct head *head, const char *name)
{
    unsigned count = 0;
    for (size_t i = 0; i < head->lines; i += 1) {
        count += is_named(head, i, name) ? 1 : 0;
    }
    return count;
}

static void check_line(const struct head *head, size_t line)
{
    struct piece name = head->names[line];
    struct piece value = head->values[line];
    must(name.count > 0);
    for (size_t i = 0; i < name.count; i += 1) {
        uint8_t byte = (uint8_t)name.bytes[i];
        must(byte > 0x20 && byte < 0x7f && strchr("\"(),/:;<=>?@[\\]{}", byte) == NULL);
    }
    for (size_t i = 0; i < value.count; i += 1) {
        uint8_t byte = (uint8_t)value.bytes[i];
        must((byte >= 0x20 && byte != 0x7f) || byte == '\t');
    }
    if (is_named(head, line, "Content-Length")) {
        must(value.count > 0);
        for (size_t i = 0; i < value.count; i += 1) {
            must(value.bytes[i] >= '0' && value.bytes[i] <= '9');
        }
    }
    if (is_named(head, line, "Transfer-Encoding")) {
        must(value.count == 7 && strncasecmp(value.bytes, "chunked", 7) == 0);
    }
    if (is_named(head, line, "Host")) {
        must(value.count == 0 || memchr(value.bytes, '@', value.count) == NULL);
        must(value.count == 0 || memchr(value.bytes, '/', value.count) == NULL);
    }
}

static int has_body(const struct head *head)
{
    for (size_t i = 0; i < head->lines; i += 1) {
        if (is_named(head, i, "Content-Length")) {
            for (size_t j = 0; j < head->values[i].count; j += 1) {
                if (head->values[i].bytes[j] != '0') {
                    return 1;
                }
            }
        }
    }
    return count_of(head, "Transfer-Encoding") > 0;
}

static void check_accepted(const struct head *head, const struct scr_header_gate *gate)
{
    int is_1_1 = strcmp(head->version, "HTTP/1.1") == 0;
    unsigned lengths = count_of(head, "Content-Length");
    unsigned codings = count_of(head, "Transfer-Encoding");
    unsigned hosts = count_of(head, "Host");
    must(is_1_1 || strcmp(head->version, "HTTP/1.0") == 0);
    must(head->lines <= SCR_HTTP_HEADERS_MAX);
    must(lengths <= 1 && codings <= 1 && lengths + codings <= 1);
    must(is_1_1 || codings == 0);
    must(hosts == 1 || (hosts == 0 && !is_1_1));
    must(count_of(head, "Authorization") <= 1 && count_of(head, "Expect") <= 1);
    for (size_t i = 0; i < head->lines; i += 1) {
        check_line(head, i);
    }
    must(scr_header_gate_has_body(gate) == has_body(head));
}

/* ---- Writing plainly ---- */

static size_t put(char *plain, size_t at, const char *bytes, size_t count)
{
    if (count > 0) {
        memcpy(plain + at, bytes, count);
    }
    return at + count;
}

static size_t put_text(char *plain, size_t at, const char *text)
{
    return put(plain, at, text, strlen(text));
}

static size_t write_plainly(const struct head *head, char *plain)
{
    size_t at = put_text(plain, 0, head->method);
    at = put_text(plain, at, " ");
    at = put_text(plain, at, head->target);
    at = put_text(plain, at, " ");
    at = put_text(plain, at, head->version);
    at = put_text(plain, at, "\r\n");
    for (size_t i = 0; i < head->lines; i += 1) {
        at = put(plain, at, head->names[i].bytes, head->names[i].count);
        at = put_text(plain, at, ": ");
        at = put(plain, at, head->values[i].bytes, head->values[i].count);
        at = put_text(plain, at, "\r\n");
    }
    return put_text(plain, at, "\r\n");
}

static void check_plain(const struct head *head, const struct scr_header_gate *gate)
{
    struct head again;
    struct scr_header_gate second;
    must(gate->plain_bytes < (uint64_t)1 << 30);
    /* A few bytes more than it should be: a wrong count must not hide in a fault of the test. */
    char *plain = malloc((size_t)gate->plain_bytes + 4096);
    must(plain != NULL);
    must(write_plainly(head, plain) == gate->plain_bytes);
    read_head(plain, (size_t)gate->plain_bytes, &again);
    must(ask(&again, &second) == SCR_OK);
    must(second.plain_bytes == gate->plain_bytes);
    free(plain);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct head head;
    struct scr_header_gate gate;
    read_head((const char *)data, size, &head);
    enum scr_err err = ask(&head, &gate);
    must(err == SCR_OK || err == SCR_ERR_VERSION || err == SCR_ERR_HEADER_SYNTAX ||
         err == SCR_ERR_HEADERS_TOO_MANY || err == SCR_ERR_EXPECTATION);
    if (err == SCR_OK) {
        check_accepted(&head, &gate);
        check_plain(&head, &gate);
    }
    ask_in_pieces(&head, &gate);
    return 0;
}
