/*
 * api/negotiate.c - media ranges and their weights.
 * Why:    see negotiate.h. For each candidate the most specific range that names it gives its
 *         weight; the heaviest wins. A malformed element is stepped over: Accept is a wish.
 */
#include "api/negotiate.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "core/base/assert.h"

#define WEIGHT_MAX 1000

/* How precisely a range names a candidate; the higher beats the lower. */
enum precision {
    NOT_NAMED,
    BY_ANYTHING,
    BY_KIND,
    BY_TYPE,
    BY_PARAMETER
};

/* One element of the header: type/subtype;codecs=...;q=... */
struct element {
    const char *type;
    size_t type_bytes;
    const char *codecs; /* NULL when absent */
    size_t codecs_bytes;
    unsigned weight; /* thousandths */
};

struct choice {
    const struct scr_candidate *candidates;
    size_t count;
    bool present; /* at least one well-formed element */
    enum precision precision[SCR_NEGOTIATE_CANDIDATES_MAX];
    unsigned weight[SCR_NEGOTIATE_CANDIDATES_MAX];
};

/* Length of a token (RFC 9110 section 5.6.2) or of type/subtype, which adds the slash. */
static size_t token_bytes(const char *at)
{
    return strspn(at,
                  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                  "!#$%&'*+-.^_`|~/");
}

static const char *skip_blanks(const char *at)
{
    return at + strspn(at, " \t");
}

/* Reads a weight: 0 to 1 with at most three decimals. false when it is malformed. */
static bool read_weight(const char *bytes, size_t count, unsigned *weight)
{
    if (count == 0 || count > 5 || (bytes[0] != '0' && bytes[0] != '1') ||
        (count > 1 && bytes[1] != '.')) {
        return false;
    }
    unsigned sum = (unsigned)(bytes[0] - '0');
    for (size_t i = 2; i < 5; i += 1) {
        char digit = i < count ? bytes[i] : '0';
        if (digit < '0' || digit > '9') {
            return false;
        }
        sum = sum * 10 + (unsigned)(digit - '0');
    }
    *weight = sum;
    return sum <= WEIGHT_MAX;
}

/* Reads one parameter behind a semicolon. NULL when it is malformed. */
static const char *read_parameter(const char *at, struct element *element)
{
    const char *name = skip_blanks(at);
    size_t name_bytes = token_bytes(name);
    if (name_bytes == 0 || name[name_bytes] != '=') {
        return NULL;
    }
    const char *value = name + name_bytes + 1;
    const char *end;
    size_t value_bytes;
    if (*value == '"') {
        value += 1;
        value_bytes = strcspn(value, "\"\\");
        end = value + value_bytes;
        if (*end != '"') {
            return NULL;
        }
        end += 1;
    } else {
        value_bytes = token_bytes(value);
        end = value + value_bytes;
    }
    if (name_bytes == 1 && (name[0] == 'q' || name[0] == 'Q')) {
        return read_weight(value, value_bytes, &element->weight) ? end : NULL;
    }
    if (name_bytes == 6 && strncasecmp(name, "codecs", 6) == 0) {
        element->codecs = value;
        element->codecs_bytes = value_bytes;
    }
    return end;
}

/* Reads one element up to its comma or the end. NULL when it is malformed. */
static const char *read_element(const char *at, struct element *element)
{
    *element = (struct element){.type = at, .type_bytes = token_bytes(at), .weight = WEIGHT_MAX};
    if (element->type_bytes == 0) {
        return NULL;
    }
    at = skip_blanks(at + element->type_bytes);
    while (*at == ';') {
        at = read_parameter(at + 1, element);
        if (at == NULL) {
            return NULL;
        }
        at = skip_blanks(at);
    }
    return *at == ',' || *at == '\0' ? at : NULL;
}

static bool same(const char *bytes, size_t count, const char *string)
{
    return strlen(string) == count && strncasecmp(bytes, string, count) == 0;
}

/* Whether the range is kind + slash + star of this type. */
static bool same_kind(const struct element *element, const char *type)
{
    size_t kind_bytes = strcspn(type, "/") + 1;
    return element->type_bytes == kind_bytes + 1 && element->type[kind_bytes] == '*' &&
           strncasecmp(element->type, type, kind_bytes) == 0;
}

static enum precision precision_of(const struct element *element,
                                   const struct scr_candidate *candidate)
{
    enum precision best = NOT_NAMED;
    if (element->codecs != NULL &&
        (candidate->codecs == NULL ||
         !same(element->codecs, element->codecs_bytes, candidate->codecs))) {
        return NOT_NAMED;
    }
    if (same(element->type, element->type_bytes, "*/*")) {
        return BY_ANYTHING;
    }
    for (const char *const *type = candidate->types; *type != NULL; type += 1) {
        if (same(element->type, element->type_bytes, *type)) {
            return element->codecs != NULL ? BY_PARAMETER : BY_TYPE;
        }
        if (same_kind(element, *type)) {
            best = BY_KIND;
        }
    }
    return best;
}

static void weigh(struct choice *choice, const struct element *element)
{
    for (size_t i = 0; i < choice->count; i += 1) {
        enum precision precision = precision_of(element, &choice->candidates[i]);
        bool better = precision > choice->precision[i];
        bool heavier = precision == choice->precision[i] && element->weight > choice->weight[i];
        if (precision != NOT_NAMED && (better || heavier)) {
            choice->precision[i] = precision;
            choice->weight[i] = element->weight;
        }
    }
}

static void weigh_line(void *visitor, const char *value)
{
    struct choice *choice = visitor;
    const char *at = value;
    while (*at != '\0') {
        struct element element;
        at = skip_blanks(at);
        const char *end = read_element(at, &element);
        if (end != NULL) {
            choice->present = true;
            weigh(choice, &element);
        } else {
            end = at + strcspn(at, ",");
        }
        at = *end == ',' ? end + 1 : end;
    }
}

size_t scr_negotiate(const struct scr_request *request,
                     const struct scr_candidate *candidates,
                     size_t count)
{
    SCR_ASSERT(count >= 1 && count <= SCR_NEGOTIATE_CANDIDATES_MAX);
    struct choice choice = {.candidates = candidates, .count = count};
    request->headers(request->headers_source, "Accept", weigh_line, &choice);
    if (!choice.present) {
        return 0;
    }
    size_t best = count;
    for (size_t i = 0; i < count; i += 1) {
        if (choice.weight[i] > (best < count ? choice.weight[best] : 0)) {
            best = i;
        }
    }
    return best;
}
