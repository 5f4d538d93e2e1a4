/*
 * core/base/address.h - addresses of clients and networks of them.
 * Why:    limits per client and trusted proxies need addresses that can be compared, not texts.
 * Layout: 16 bytes, network order; IPv4 is mapped into IPv6 (::ffff:a.b.c.d), so that one client
 *         has one form however the listening socket was opened.
 * Thread: any; alloc none.
 * Source: RFC 4291 section 2.5.5.2 (mapped addresses); RFC 4632 (prefixes).
 */
#ifndef SCR_BASE_ADDRESS_H
#define SCR_BASE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/limits.h"
#include "core/base/text.h"

struct scr_address {
    uint8_t bytes[16];
};

/* The addresses whose first prefix_bits bits (of 128) are those of `address`. */
struct scr_network {
    struct scr_address address;
    uint8_t prefix_bits;
};

struct scr_network_list {
    size_t count;
    struct scr_network networks[SCR_NETWORKS_MAX];
};

/**
 * Reads a numeric IPv4 or IPv6 address, without brackets, port or zone.
 * in      chars[bytes]  untrusted, need not be terminated
 * out     address       untouched on error
 * errors  SCR_ERR_PARAM_SYNTAX
 */
SCR_MUST_USE enum scr_err
scr_address_parse(const char *chars, size_t bytes, struct scr_address *address);

/** Appends the usual text form; IPv4 as IPv4. At most 45 characters. */
void scr_address_put(struct scr_text *text, const struct scr_address *address);

/** Whether two addresses are the same. */
bool scr_address_equal(const struct scr_address *one, const struct scr_address *other);

/**
 * What limits count as one client: an IPv4 address, or the first 64 bits of an IPv6 one, because
 * that is the least a provider gives to one customer.
 */
struct scr_address scr_address_client(const struct scr_address *address);

/**
 * Reads networks divided by commas, blanks around them allowed: "10.0.0.0/8, 2001:db8::/32,
 * 192.0.2.7". Without a prefix it is one address. "" is the empty list.
 * out     list  the networks are appended; untouched on error
 * errors  SCR_ERR_PARAM_SYNTAX (also bits set behind the prefix), SCR_ERR_NO_SPACE
 */
SCR_MUST_USE enum scr_err scr_network_list_parse(const char *text, struct scr_network_list *list);

/** Whether one of the networks has the address. */
bool scr_network_list_has(const struct scr_network_list *list, const struct scr_address *address);

#endif
