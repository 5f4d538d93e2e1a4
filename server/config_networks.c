/*
 * server/config_networks.c - a list of networks, judged item by item.
 * Why:    see config_networks.h. core/base/address.h says yes or no; the causes are found here,
 *         from the text of the item.
 */
#include "server/config_networks.h"

#include <string.h>

#include "core/base/address.h"
#include "core/base/assert.h"
#include "server/config_value.h"

/* As much of an item as is looked at; the longest good one has 49 characters. */
#define ITEM_BYTES_MAX 95
#define MAPPED_BITS 96

static const char blanks[] = " \t";

static bool is_address(const char *chars, size_t bytes)
{
    struct scr_address unused;
    return scr_address_parse(chars, bytes, &unused) == SCR_OK;
}

/* An IPv4 address, or an IPv6 one in brackets, with something behind a colon. */
static bool has_port(const char *item)
{
    const char *colon = strrchr(item, ':');
    if (item[0] == '[') {
        return strstr(item, "]:") != NULL;
    }
    return colon != NULL && is_address(item, (size_t)(colon - item)) &&
           memchr(item, ':', (size_t)(colon - item)) == NULL;
}

/* Whether bits are all that is wrong: then the address and the length are good alone. */
static bool has_bits_behind(const char *item)
{
    char zero[ITEM_BYTES_MAX + 1];
    struct scr_network_list list = {.count = 0};
    const char *slash = strchr(item, '/');
    if (slash == NULL || !is_address(item, (size_t)(slash - item))) {
        return false;
    }
    /* The network of no bits at all takes every length that is one. */
    struct scr_text text;
    scr_text_init(&text, zero, sizeof zero);
    scr_text_put(&text, memchr(item, ':', (size_t)(slash - item)) != NULL ? "::" : "0.0.0.0");
    scr_text_put(&text, slash);
    return !text.overflow && scr_network_list_parse(zero, &list) == SCR_OK;
}

static const char *cause_of(const char *item)
{
    const char *slash = strchr(item, '/');
    if (strpbrk(item, " \t;") != NULL) {
        return " is more than one; items are parted by commas";
    }
    if (has_port(item)) {
        return " has a port; only an address or a network is taken";
    }
    if (has_bits_behind(item)) {
        return " has bits behind the prefix; the network begins with zeros there (10.0.0.0/8)";
    }
    if (slash != NULL && is_address(item, (size_t)(slash - item))) {
        return " has no prefix length from 1 to 32 (IPv4) or 128 (IPv6)";
    }
    return " is no IPv4 or IPv6 address or network; names are not looked up";
}

/* All of IPv4, mapped or not, or all there is. */
static bool has_everybody(const struct scr_network *network)
{
    struct scr_network_list list = {.count = 1};
    struct scr_address first;
    struct scr_address last;
    enum scr_err err = scr_address_parse("0.0.0.0", 7, &first);
    SCR_ASSERT(err == SCR_OK);
    err = scr_address_parse("255.255.255.255", 15, &last);
    SCR_ASSERT(err == SCR_OK);
    list.networks[0] = *network;
    bool is_wide = network->prefix_bits <= MAPPED_BITS;
    bool has_four = scr_network_list_has(&list, &first) && scr_network_list_has(&list, &last);
    return network->prefix_bits == 0 || (is_wide && has_four);
}

static enum scr_err judge_item(const char *item, struct scr_text *problem)
{
    struct scr_network_list list = {.count = 0};
    if (item[0] == '\0') {
        scr_text_put(problem, "an empty item; remove the comma");
        return SCR_ERR_PARAM_SYNTAX;
    }
    bool is_star = strcmp(item, "*") == 0;
    if (!is_star && scr_network_list_parse(item, &list) != SCR_OK) {
        scr_put_quoted(problem, item);
        scr_text_put(problem, cause_of(item));
        return SCR_ERR_PARAM_SYNTAX;
    }
    if (is_star || has_everybody(&list.networks[0])) {
        scr_put_quoted(problem, item);
        scr_text_put(problem, " trusts everybody: every client could choose its address");
        return SCR_ERR_PARAM_RANGE;
    }
    return SCR_OK;
}

/* Copies an item without the blanks around it; a longer one is cut, and wrong all the same. */
static void copy_item(const char *at, size_t bytes, char item[ITEM_BYTES_MAX + 1])
{
    while (bytes > 0 && strchr(blanks, at[bytes - 1]) != NULL) {
        bytes -= 1;
    }
    bytes = bytes < ITEM_BYTES_MAX ? bytes : ITEM_BYTES_MAX;
    memcpy(item, at, bytes);
    item[bytes] = '\0';
}

enum scr_err
scr_config_judge_networks(const char *where, const char *given, struct scr_text *sentence)
{
    char item[ITEM_BYTES_MAX + 1];
    char chars[SCR_CONFIG_SENTENCE_BYTES_MAX];
    struct scr_text problem;
    enum scr_err err = SCR_OK;
    size_t count = 0;
    const char *at = given + strspn(given, blanks);
    bool more = *at != '\0';
    scr_text_init(&problem, chars, sizeof chars);
    while (more && err == SCR_OK) {
        at += strspn(at, blanks);
        size_t bytes = strcspn(at, ",");
        copy_item(at, bytes, item);
        more = at[bytes] == ',';
        at += bytes + (more ? 1 : 0);
        count += 1;
        err = judge_item(item, &problem);
    }
    if (err == SCR_OK && count > SCR_TRUSTED_PROXIES_MAX) {
        scr_text_put_u64(&problem, count);
        scr_text_put(&problem, " items; at most ");
        scr_text_put_u64(&problem, SCR_TRUSTED_PROXIES_MAX);
        scr_text_put(&problem, " are taken, and a network may stand for many");
        err = SCR_ERR_PARAM_RANGE;
    }
    if (err != SCR_OK) {
        scr_text_put(sentence, where);
        scr_text_put(sentence, ": ");
        scr_text_put(sentence, scr_text_view(&problem));
    }
    return err;
}
