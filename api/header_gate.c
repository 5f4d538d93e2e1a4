/*
 * api/header_gate.c - one pass over the lines of a head.
 * Why:    see header_gate.h. Whatever two programs might read in two ways is refused, not mended:
 *         only fields that decide where a request ends, whom it is for and who sent it have rules
 *         of their own; every other line needs no more than a proper name and no control bytes.
 * Rule:   the first defect is kept. Later lines still count, so that has_body is right for a head
 *         that is refused, too.
 * Source: RFC 9110 sections 5.1, 5.5, 5.6.2 (names, values, tokens), 7.2 (Host), 8.6 (length),
 *         10.1.1 (Expect); RFC 9112 sections 2.3, 3.2, 6.1, 6.3; RFC 3986 section 3.2 (authority).
 */
#include "api/header_gate.h"

#include <string.h>
#include <strings.h>

#include "core/base/address.h"
#include "core/base/assert.h"
#include "core/base/limits.h"

/* ": " and CR LF. */
#define PLAIN_LINE_EXTRA_BYTES 4
/* Two blanks and CR LF in the request line; CR LF behind the last header line. */
#define PLAIN_HEAD_EXTRA_BYTES 6

#define DELETE 0x7f

static void note(struct scr_header_gate *gate, enum scr_err err)
{
    if (gate->defect == SCR_OK) {
        gate->defect = err;
    }
}

/* ---- Characters ---- */

static bool is_digit(char character)
{
    return character >= '0' && character <= '9';
}

static bool is_letter_or_digit(char character)
{
    return is_digit(character) || (character >= 'a' && character <= 'z') ||
           (character >= 'A' && character <= 'Z');
}

static bool is_hex_digit(char character)
{
    return is_digit(character) || (character >= 'a' && character <= 'f') ||
           (character >= 'A' && character <= 'F');
}

/* strchr would find the terminator for a NUL. */
static bool is_one_of(const char *set, char character)
{
    return character != '\0' && strchr(set, character) != NULL;
}

static bool is_token(const char *name, size_t bytes)
{
    for (size_t i = 0; i < bytes; i += 1) {
        if (!is_letter_or_digit(name[i]) && !is_one_of("!#$%&'*+-.^_`|~", name[i])) {
            return false;
        }
    }
    return bytes > 0;
}

/* Bytes from 0x80 on are obs-text: old, opaque and harmless. */
static bool is_field_value(const char *value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i += 1) {
        uint8_t byte = (uint8_t)value[i];
        if ((byte < ' ' && byte != '\t') || byte == DELETE) {
            return false;
        }
    }
    return true;
}

static bool is_word(const char *value, size_t bytes, const char *word)
{
    return bytes == strlen(word) && strncasecmp(value, word, bytes) == 0;
}

/* ---- Host ---- */

static bool is_unreserved(char character)
{
    return is_letter_or_digit(character) || is_one_of("-._~", character);
}

/* How many bytes at the start are a reg-name, which an IPv4 address is as well. */
static size_t measure_name(const char *value, size_t bytes)
{
    size_t at = 0;
    while (at < bytes) {
        if (is_unreserved(value[at]) || is_one_of("!$&'()*+,;=", value[at])) {
            at += 1;
        } else if (value[at] == '%' && bytes - at >= 3 && is_hex_digit(value[at + 1]) &&
                   is_hex_digit(value[at + 2])) {
            at += 3;
        } else {
            break;
        }
    }
    return at;
}

/*
 * What stands between brackets: an IPv6 address. A zone behind it (%eth0 or %25eth0) means
 * something to its sender only, but common clients leave it in. No other kind of literal
 * (IPvFuture) has come into being.
 */
static bool is_address_literal(const char *chars, size_t bytes)
{
    struct scr_address address;
    size_t address_bytes = bytes;
    const char *zone = memchr(chars, '%', bytes);
    if (zone != NULL) {
        address_bytes = (size_t)(zone - chars);
        for (size_t i = address_bytes + 1; i < bytes; i += 1) {
            if (!is_unreserved(chars[i])) {
                return false;
            }
        }
        if (address_bytes + 1 == bytes) {
            return false;
        }
    }
    return memchr(chars, ':', address_bytes) != NULL &&
           scr_address_parse(chars, address_bytes, &address) == SCR_OK;
}

/*
 * host[:port] without userinfo. An empty value passes: RFC 9112 section 3.2 prescribes it for
 * targets without an authority, health checks of proxies send it, and no answer of ours depends on
 * the host. A port without a host is nobody's.
 */
static bool is_host(const char *value, size_t bytes)
{
    size_t at = 0;
    if (bytes > 0 && value[0] == '[') {
        const char *end = memchr(value, ']', bytes);
        if (end == NULL || !is_address_literal(value + 1, (size_t)(end - value - 1))) {
            return false;
        }
        at = (size_t)(end - value) + 1;
    } else {
        at = measure_name(value, bytes);
    }
    if (at == bytes) {
        return true;
    }
    if (at == 0 || value[at] != ':') {
        return false;
    }
    for (at += 1; at < bytes; at += 1) {
        if (!is_digit(value[at])) {
            return false;
        }
    }
    return true;
}

/* ---- Fields with rules of their own ---- */

typedef enum scr_err take_fn(struct scr_header_gate *gate, const char *value, size_t bytes);

/* Digits only, below 2^63; the HTTP library counts in signed numbers of 64 bits. */
static bool read_length(const char *value, size_t bytes, int64_t *length)
{
    *length = 0;
    for (size_t i = 0; i < bytes; i += 1) {
        if (!is_digit(value[i])) {
            return false;
        }
        int64_t digit = value[i] - '0';
        if (*length > (INT64_MAX - digit) / 10) {
            return false;
        }
        *length = *length * 10 + digit;
    }
    return bytes > 0;
}

/* Blanks behind the value would be allowed here; but the library takes them for part of it, and
 * about where a request ends there must be no two opinions. */
static enum scr_err take_length(struct scr_header_gate *gate, const char *value, size_t bytes)
{
    int64_t length = 0;
    bool is_length = read_length(value, bytes, &length);
    gate->lengths += 1;
    gate->length_is_zero = gate->lengths == 1 && is_length && length == 0;
    bool alone = gate->lengths == 1 && gate->codings == 0;
    return is_length && alone ? SCR_OK : SCR_ERR_HEADER_SYNTAX;
}

static enum scr_err take_coding(struct scr_header_gate *gate, const char *value, size_t bytes)
{
    gate->codings += 1;
    bool alone = gate->codings == 1 && gate->lengths == 0;
    /* HTTP/1.0 has no codings: who forwards one for such a client has not understood it. */
    bool fits = gate->is_1_1 && is_word(value, bytes, "chunked");
    return fits && alone ? SCR_OK : SCR_ERR_HEADER_SYNTAX;
}

static void trim(const char **value, size_t *bytes)
{
    while (*bytes > 0 && is_one_of(" \t", (*value)[0])) {
        *value += 1;
        *bytes -= 1;
    }
    while (*bytes > 0 && is_one_of(" \t", (*value)[*bytes - 1])) {
        *bytes -= 1;
    }
}

static enum scr_err take_host(struct scr_header_gate *gate, const char *value, size_t bytes)
{
    gate->hosts += 1;
    trim(&value, &bytes);
    return gate->hosts == 1 && is_host(value, bytes) ? SCR_OK : SCR_ERR_HEADER_SYNTAX;
}

static enum scr_err
take_authorization(struct scr_header_gate *gate, const char *value, size_t bytes)
{
    (void)value;
    (void)bytes;
    gate->authorizations += 1;
    return gate->authorizations == 1 ? SCR_OK : SCR_ERR_HEADER_SYNTAX;
}

/* A list by its grammar, but of one possible member; nobody needs to say it twice. */
static enum scr_err take_expectation(struct scr_header_gate *gate, const char *value, size_t bytes)
{
    gate->expectations += 1;
    trim(&value, &bytes);
    bool fits = gate->expectations == 1 && is_word(value, bytes, "100-continue");
    return fits ? SCR_OK : SCR_ERR_EXPECTATION;
}

static const struct field {
    const char *name;
    take_fn *take;
} fields[] = {
    {"Content-Length", take_length},
    {"Transfer-Encoding", take_coding},
    {"Host", take_host},
    {"Authorization", take_authorization},
    {"Expect", take_expectation},
};

/* ---- The gate ---- */

void scr_header_gate_init(struct scr_header_gate *gate,
                          const char *method,
                          const char *target,
                          const char *version)
{
    SCR_ASSERT(method != NULL && target != NULL && version != NULL);
    *gate = (struct scr_header_gate){.defect = SCR_OK};
    gate->is_1_1 = strcmp(version, "HTTP/1.1") == 0;
    if (!gate->is_1_1 && strcmp(version, "HTTP/1.0") != 0) {
        note(gate, SCR_ERR_VERSION);
    }
    if (!is_token(method, strlen(method))) {
        note(gate, SCR_ERR_HEADER_SYNTAX);
    }
    gate->plain_bytes = strlen(method) + strlen(target) + strlen(version) + PLAIN_HEAD_EXTRA_BYTES;
}

void scr_header_gate_add(struct scr_header_gate *gate,
                         const char *name,
                         size_t name_bytes,
                         const char *value,
                         size_t value_bytes)
{
    SCR_ASSERT(name != NULL);
    if (value == NULL) {
        value = "";
        value_bytes = 0;
    }
    gate->plain_bytes += (uint64_t)name_bytes + value_bytes + PLAIN_LINE_EXTRA_BYTES;
    gate->lines += 1;
    if (gate->lines > SCR_HTTP_HEADERS_MAX) {
        note(gate, SCR_ERR_HEADERS_TOO_MANY);
    }
    if (!is_token(name, name_bytes) || !is_field_value(value, value_bytes)) {
        note(gate, SCR_ERR_HEADER_SYNTAX);
    }
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i += 1) {
        if (is_word(name, name_bytes, fields[i].name)) {
            note(gate, fields[i].take(gate, value, value_bytes));
            return;
        }
    }
}

enum scr_err scr_header_gate_end(struct scr_header_gate *gate)
{
    if (gate->is_1_1 && gate->hosts == 0) {
        note(gate, SCR_ERR_HEADER_SYNTAX);
    }
    return gate->defect;
}

bool scr_header_gate_has_body(const struct scr_header_gate *gate)
{
    return gate->codings > 0 || (gate->lengths > 0 && !gate->length_is_zero);
}
