/*
 * core/base/address.c - texts to addresses and back; networks.
 * Why:    see address.h. The numeric forms are read and written by the C library; what it does not
 *         say no to by itself (a zero byte, an end that is not there) is settled before.
 */
#include "core/base/address.h"

#include <assert.h>
#include <string.h>

#include <arpa/inet.h>
#include <sys/socket.h>

#include "core/base/assert.h"

/* The longest numeric form has 45 characters: an IPv6 address that ends like an IPv4 one. */
#define ADDRESS_CHARS_MAX 45
static_assert(INET6_ADDRSTRLEN > ADDRESS_CHARS_MAX, "every address the library writes fits");

/* "128": more digits are no prefix. */
#define PREFIX_DIGITS_MAX 3

#define BITS 128
/* Where the four bytes of an IPv4 address begin. */
#define MAPPED_BYTES 12
#define MAPPED_BITS (8 * MAPPED_BYTES)
/* What a provider gives to one customer at the least. */
#define CLIENT_BYTES 8

static const uint8_t mapped[MAPPED_BYTES] = {[10] = 0xff, [11] = 0xff};

static bool is_mapped(const struct scr_address *address)
{
    return memcmp(address->bytes, mapped, sizeof mapped) == 0;
}

enum scr_err scr_address_parse(const char *chars, size_t bytes, struct scr_address *address)
{
    char text[ADDRESS_CHARS_MAX + 1];
    struct scr_address read = {{0}};
    if (bytes == 0 || bytes > ADDRESS_CHARS_MAX || memchr(chars, '\0', bytes) != NULL) {
        return SCR_ERR_PARAM_SYNTAX;
    }
    memcpy(text, chars, bytes);
    text[bytes] = '\0';
    bool good;
    if (memchr(chars, ':', bytes) != NULL) {
        good = inet_pton(AF_INET6, text, read.bytes) == 1;
    } else {
        memcpy(read.bytes, mapped, sizeof mapped);
        good = inet_pton(AF_INET, text, read.bytes + MAPPED_BYTES) == 1;
    }
    if (!good) {
        return SCR_ERR_PARAM_SYNTAX;
    }
    *address = read;
    return SCR_OK;
}

void scr_address_put(struct scr_text *text, const struct scr_address *address)
{
    char chars[INET6_ADDRSTRLEN];
    bool is_four = is_mapped(address);
    const char *written = inet_ntop(is_four ? AF_INET : AF_INET6,
                                    address->bytes + (is_four ? MAPPED_BYTES : 0),
                                    chars,
                                    sizeof chars);
    SCR_ASSERT(written != NULL);
    scr_text_put(text, chars);
}

bool scr_address_equal(const struct scr_address *one, const struct scr_address *other)
{
    return memcmp(one->bytes, other->bytes, sizeof one->bytes) == 0;
}

struct scr_address scr_address_client(const struct scr_address *address)
{
    struct scr_address client = *address;
    if (!is_mapped(address)) {
        memset(client.bytes + CLIENT_BYTES, 0, sizeof client.bytes - CLIENT_BYTES);
    }
    return client;
}

/* Whether the first `bits` bits are the same. */
static bool same_prefix(const struct scr_address *one, const struct scr_address *other, size_t bits)
{
    size_t whole = bits / 8;
    unsigned rest = (unsigned)(bits % 8);
    SCR_ASSERT(bits <= BITS);
    if (memcmp(one->bytes, other->bytes, whole) != 0) {
        return false;
    }
    return rest == 0 || (one->bytes[whole] ^ other->bytes[whole]) >> (8 - rest) == 0;
}

/* Whether nothing is set behind the prefix: "10.0.0.1/8" is more likely a slip than a network. */
static bool ends_at_prefix(const struct scr_network *network)
{
    for (size_t bit = network->prefix_bits; bit < BITS; bit += 1) {
        if ((network->address.bytes[bit / 8] >> (7 - bit % 8) & 1) != 0) {
            return false;
        }
    }
    return true;
}

/* Decimal without leading zeros, at most `most`. */
static enum scr_err parse_prefix(const char *chars, size_t bytes, unsigned most, unsigned *bits)
{
    unsigned number = 0;
    if (bytes == 0 || bytes > PREFIX_DIGITS_MAX || (chars[0] == '0' && bytes > 1)) {
        return SCR_ERR_PARAM_SYNTAX;
    }
    for (size_t i = 0; i < bytes; i += 1) {
        if (chars[i] < '0' || chars[i] > '9') {
            return SCR_ERR_PARAM_SYNTAX;
        }
        number = 10 * number + (unsigned)(chars[i] - '0');
    }
    if (number > most) {
        return SCR_ERR_PARAM_SYNTAX;
    }
    *bits = number;
    return SCR_OK;
}

/* One element of a list: an address, or an address and a prefix. */
static enum scr_err parse_network(const char *chars, size_t bytes, struct scr_network *network)
{
    const char *slash = memchr(chars, '/', bytes);
    size_t address_bytes = slash == NULL ? bytes : (size_t)(slash - chars);
    bool is_four = memchr(chars, ':', address_bytes) == NULL;
    unsigned bits = is_four ? BITS - MAPPED_BITS : BITS;
    SCR_TRY(scr_address_parse(chars, address_bytes, &network->address));
    if (slash != NULL) {
        SCR_TRY(parse_prefix(slash + 1, bytes - address_bytes - 1, bits, &bits));
    }
    network->prefix_bits = (uint8_t)(bits + (is_four ? MAPPED_BITS : 0));
    return ends_at_prefix(network) ? SCR_OK : SCR_ERR_PARAM_SYNTAX;
}

enum scr_err scr_network_list_parse(const char *text, struct scr_network_list *list)
{
    static const char blanks[] = " \t";
    struct scr_network_list read = *list;
    const char *at = text + strspn(text, blanks);
    if (*at == '\0') {
        return SCR_OK;
    }
    for (;;) {
        at += strspn(at, blanks);
        size_t bytes = strcspn(at, ",");
        const char *next = at + bytes;
        while (bytes > 0 && strchr(blanks, at[bytes - 1]) != NULL) {
            bytes -= 1;
        }
        struct scr_network network;
        SCR_TRY(parse_network(at, bytes, &network));
        if (read.count == SCR_NETWORKS_MAX) {
            return SCR_ERR_NO_SPACE;
        }
        read.networks[read.count] = network;
        read.count += 1;
        if (*next == '\0') {
            break;
        }
        at = next + 1;
    }
    *list = read;
    return SCR_OK;
}

bool scr_network_list_has(const struct scr_network_list *list, const struct scr_address *address)
{
    SCR_ASSERT(list->count <= SCR_NETWORKS_MAX);
    for (size_t i = 0; i < list->count; i += 1) {
        const struct scr_network *network = &list->networks[i];
        if (same_prefix(&network->address, address, network->prefix_bits)) {
            return true;
        }
    }
    return false;
}
