/*
 * tests/api/forwarded_test.c - who stands behind the proxies.
 * Aim:    the first hop from the right that is no trusted proxy is the client; nothing a client
 *         writes itself is believed; what is no address ends the chain at the hop before it.
 * Method: a table of header lines, each with the peer and the client it must give; every table row
 *         also in every other way its list can be cut into lines; then random lists against a model
 *         that walks an array from its end. The seed is printed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include <cmocka.h>

#include "api/forwarded.h"

/* 10.0.0.0/8 and 2001:db8:f::/48 are ours. */
static const char trusted_text[] = "10.0.0.0/8, 2001:db8:f::/48";

enum {
    LINES_MAX = 40
};

struct lines {
    size_t count;
    const char *values[LINES_MAX];
};

static void find_lines(void *source, const char *name, scr_header_visit_fn *visit, void *visitor)
{
    const struct lines *lines = source;
    if (strcasecmp(name, "x-forwarded-for") == 0) {
        for (size_t i = 0; i < lines->count; i += 1) {
            visit(visitor, lines->values[i]);
        }
    }
}

static void check(const struct lines *lines, const char *peer, const char *client)
{
    struct scr_network_list trusted = {.count = 0};
    struct scr_request request = {.headers = find_lines};
    char chars[46];
    struct scr_text text;
    /* Only read. */
    struct lines copy = *lines;
    request.headers_source = &copy;
    assert_int_equal(scr_network_list_parse(trusted_text, &trusted), SCR_OK);
    assert_int_equal(scr_address_parse(peer, strlen(peer), &request.peer), SCR_OK);
    struct scr_address found = scr_forwarded_client(&request, &trusted);
    scr_text_init(&text, chars, sizeof chars);
    scr_address_put(&text, &found);
    if (strcmp(chars, client) != 0) {
        fail_msg("%s, \"%s\" and %zu more lines: %s, not %s",
                 peer,
                 lines->count > 0 ? lines->values[0] : "",
                 lines->count,
                 chars,
                 client);
    }
}

struct row {
    const char *line;
    const char *client;
};

/* Behind 10.0.0.1. */
static const struct row rows[] = {
    {"192.0.2.1", "192.0.2.1"},
    {" \t192.0.2.1 ", "192.0.2.1"},
    {"2001:db8::7", "2001:db8::7"},
    {"::ffff:192.0.2.1", "192.0.2.1"},
    /* What the client wrote itself stands left of what the proxy saw. */
    {"198.51.100.9, 192.0.2.1", "192.0.2.1"},
    {"127.0.0.1,192.0.2.1", "192.0.2.1"},
    {"10.0.0.7, 192.0.2.1", "192.0.2.1"},
    {"nonsense, 192.0.2.1", "192.0.2.1"},
    {",,, , 192.0.2.1", "192.0.2.1"},
    /* Proxies of ours are skipped. */
    {"192.0.2.1, 10.1.1.1", "192.0.2.1"},
    {"192.0.2.1, 10.1.1.1, 2001:db8:f::1 , 10.2.2.2", "192.0.2.1"},
    {"198.51.100.9, 192.0.2.1, 10.1.1.1", "192.0.2.1"},
    {"10.3.3.3, 10.2.2.2", "10.3.3.3"},
    {"10.3.3.3", "10.3.3.3"},
    /* Ports. */
    {"192.0.2.1:5", "192.0.2.1"},
    {"192.0.2.1:65535", "192.0.2.1"},
    {"[2001:db8::1]:443", "2001:db8::1"},
    {"[2001:db8::1]", "2001:db8::1"},
    {"192.0.2.1:99, 10.1.1.1:80, [2001:db8:f::1]:8080", "192.0.2.1"},
    /* What is no address: the hop before it is the last that can be believed. */
    {"", "10.0.0.1"},
    {" ", "10.0.0.1"},
    {"unknown", "10.0.0.1"},
    {"192.0.2.1, unknown", "10.0.0.1"},
    {"192.0.2.1, unknown, 10.1.1.1", "10.1.1.1"},
    {"192.0.2.1, _hidden, 10.1.1.1, 10.2.2.2", "10.1.1.1"},
    {"192.0.2.1,", "10.0.0.1"},
    {"192.0.2.1,,10.1.1.1", "10.1.1.1"},
    {"192.0.2.1:", "10.0.0.1"},
    {"192.0.2.1:123456", "10.0.0.1"},
    {"192.0.2.1:8x", "10.0.0.1"},
    {"192.0.2.1 10.1.1.1", "10.0.0.1"},
    {"192.0.2.1;10.1.1.1", "10.0.0.1"},
    {"[2001:db8::1", "10.0.0.1"},
    {"2001:db8::1]", "10.0.0.1"},
    {"[2001:db8::1]443", "10.0.0.1"},
    {"[2001:db8::1]:", "10.0.0.1"},
    {"[]", "10.0.0.1"},
    {"[]:80", "10.0.0.1"},
    {"[", "10.0.0.1"},
    {"]", "10.0.0.1"},
    {":", "10.0.0.1"},
    {":80", "10.0.0.1"},
    {"[192.0.2.1]", "10.0.0.1"},
    {"[192.0.2.1]:80", "10.0.0.1"},
    {"\"192.0.2.1\"", "10.0.0.1"},
    {"for=192.0.2.1", "10.0.0.1"},
    {"192.0.2.1%1", "10.0.0.1"},
    {"fe80::1%eth0", "10.0.0.1"},
    {"192.0.2.256", "10.0.0.1"},
    {"192.0.2.1/32", "10.0.0.1"},
    {"http://192.0.2.1/", "10.0.0.1"},
};

static void behind_a_trusted_proxy(void **state)
{
    (void)state;
    struct lines none = {.count = 0};
    check(&none, "10.0.0.1", "10.0.0.1");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i += 1) {
        struct lines lines = {.count = 1, .values = {rows[i].line}};
        check(&lines, "10.0.0.1", rows[i].client);
    }
}

/* Every way of cutting a list at its commas into lines is the same list. */
static void lines_are_one_list(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i += 1) {
        size_t commas = 0;
        for (const char *at = rows[i].line; *at != '\0'; at += 1) {
            commas += *at == ',' ? 1 : 0;
        }
        for (uint32_t cuts = 0; cuts < 1u << commas; cuts += 1) {
            char chars[128];
            size_t comma = 0;
            struct lines lines = {.count = 1, .values = {chars}};
            assert_true(strlen(rows[i].line) < sizeof chars);
            memcpy(chars, rows[i].line, strlen(rows[i].line) + 1);
            size_t bytes = strlen(chars);
            for (size_t at = 0; at < bytes; at += 1) {
                bool is_comma = chars[at] == ',';
                if (is_comma && (cuts >> comma & 1u) != 0) {
                    chars[at] = '\0';
                    lines.values[lines.count] = &chars[at + 1];
                    lines.count += 1;
                }
                comma += is_comma ? 1 : 0;
            }
            check(&lines, "10.0.0.1", rows[i].client);
        }
    }
}

static void nobody_else_is_believed(void **state)
{
    (void)state;
    static const char *const peers[] = {"192.0.2.200", "127.0.0.1", "::1", "11.0.0.1"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i += 1) {
        for (size_t j = 0; j < sizeof peers / sizeof peers[0]; j += 1) {
            struct lines lines = {.count = 1, .values = {rows[i].line}};
            check(&lines, peers[j], peers[j]);
        }
    }
    /* Nor anybody at all when no proxy is trusted. */
    struct lines lines = {.count = 1, .values = {"192.0.2.1"}};
    struct scr_network_list trusted = {.count = 0};
    struct scr_request request = {.headers = find_lines, .headers_source = &lines};
    assert_int_equal(scr_address_parse("10.0.0.1", 8, &request.peer), SCR_OK);
    struct scr_address found = scr_forwarded_client(&request, &trusted);
    assert_true(scr_address_equal(&found, &request.peer));
}

static void random_chains(void **state)
{
    (void)state;
    static const char *const hops[] = {"192.0.2.1",
                                       "198.51.100.2:80",
                                       "[2001:db8::3]:1",
                                       "10.0.0.4",
                                       "10.0.0.5:6",
                                       "[2001:db8:f::6]",
                                       "unknown",
                                       "",
                                       "10.0.0.7"};
    static const char *const clients[] = {"192.0.2.1",
                                          "198.51.100.2",
                                          "2001:db8::3",
                                          "10.0.0.4",
                                          "10.0.0.5",
                                          "2001:db8:f::6",
                                          NULL,
                                          NULL,
                                          "10.0.0.7"};
    unsigned seed = (unsigned)time(NULL);
    print_message("seed %u\n", seed);
    srand(seed);
    for (int round = 0; round < 20000; round += 1) {
        char chars[1024];
        struct lines lines = {.count = 1, .values = {chars}};
        struct scr_text text;
        size_t chain[12];
        size_t count = 1 + (size_t)rand() % 12;
        scr_text_init(&text, chars, sizeof chars);
        for (size_t i = 0; i < count; i += 1) {
            chain[i] = (size_t)rand() % (sizeof hops / sizeof hops[0]);
            /* Mostly ours, so that the chains are long. */
            chain[i] = rand() % 2 == 0 ? 3 : chain[i];
            if (i > 0 && rand() % 4 == 0) {
                lines.values[lines.count] = scr_text_next(&text);
                lines.count += 1;
            } else {
                scr_text_put(&text, i > 0 ? ", " : "");
            }
            scr_text_put(&text, hops[chain[i]]);
        }
        assert_false(text.overflow);
        const char *client = "10.0.0.1";
        for (size_t i = count; i > 0 && clients[chain[i - 1]] != NULL; i -= 1) {
            client = clients[chain[i - 1]];
            if (chain[i - 1] < 3) {
                break;
            }
        }
        check(&lines, "10.0.0.1", client);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(behind_a_trusted_proxy),
        cmocka_unit_test(lines_are_one_list),
        cmocka_unit_test(nobody_else_is_believed),
        cmocka_unit_test(random_chains),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
