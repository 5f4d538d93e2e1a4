/*
 * tests/unit/base/address_test.c - addresses and networks of strangers and of the configuration.
 * Aim:    what is an address is read and written in one form, IPv4 and its mapped form are one
 *         client, everything else is refused without touching the output.
 * Method: tables of texts; every truncation of good ones; random addresses there and back; prefixes
 *         against a comparison bit by bit. The seed is printed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "core/base/address.h"

static struct scr_address address_of(const char *text)
{
    struct scr_address address;
    if (scr_address_parse(text, strlen(text), &address) != SCR_OK) {
        fail_msg("%s is refused", text);
    }
    return address;
}

static void assert_text(const struct scr_address *address, const char *expected)
{
    char chars[46];
    struct scr_text text;
    scr_text_init(&text, chars, sizeof chars);
    scr_address_put(&text, address);
    assert_false(text.overflow);
    assert_string_equal(chars, expected);
}

static void there_and_back(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"0.0.0.0", "0.0.0.0"},
        {"127.0.0.1", "127.0.0.1"},
        {"255.255.255.255", "255.255.255.255"},
        {"::", "::"},
        {"::1", "::1"},
        {"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
        {"2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff"},
        {"::ffff:192.0.2.1", "192.0.2.1"},
        {"::ffff:c000:201", "192.0.2.1"},
        {"0000:0000:0000:0000:0000:ffff:255.255.255.255", "255.255.255.255"},
        {"64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i += 1) {
        struct scr_address address = address_of(rows[i][0]);
        assert_text(&address, rows[i][1]);
    }
}

static void what_is_no_address(void **state)
{
    (void)state;
    static const char *const rows[] = {"",
                                       " ",
                                       "1",
                                       "1.2.3",
                                       "1.2.3.4.5",
                                       "256.0.0.1",
                                       "1.2.3.-4",
                                       "1.2.3.4 ",
                                       " 1.2.3.4",
                                       "01.2.3.4",
                                       "1.2.3.0x4",
                                       "1.2.3.4:80",
                                       "[::1]",
                                       "::1%lo",
                                       "fe80::1%1",
                                       ":::",
                                       "1:2:3:4:5:6:7:8:9",
                                       "12345::",
                                       "::g",
                                       "1::2::3",
                                       "::1.2.3",
                                       "unknown",
                                       "_hidden",
                                       "localhost",
                                       "1.2.3.4/24",
                                       "::1/128",
                                       "1,2,3,4",
                                       "1.2.3.4\n",
                                       "0000:0000:0000:0000:0000:ffff:255.255.255.2555"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i += 1) {
        struct scr_address address;
        struct scr_address before;
        memset(&address, 0xa5, sizeof address);
        before = address;
        if (scr_address_parse(rows[i], strlen(rows[i]), &address) != SCR_ERR_PARAM_SYNTAX) {
            fail_msg("%s is taken", rows[i]);
        }
        assert_memory_equal(&address, &before, sizeof address);
    }
    /* A zero byte ends nothing: "1.2.3.4" with more behind it is another text. */
    struct scr_address address;
    assert_int_equal(scr_address_parse("1.2.3.4\0x", 9, &address), SCR_ERR_PARAM_SYNTAX);
    assert_int_equal(scr_address_parse("1.2.3.4\0", 8, &address), SCR_ERR_PARAM_SYNTAX);
}

/* A block of the exact size, so that a sanitizer sees a read beyond its end. */
static void every_truncation(void **state)
{
    (void)state;
    static const char *const rows[] = {"192.168.100.200", "2001:db8:aaaa:bbbb:cccc::ffff:1.2.3.4"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i += 1) {
        for (size_t bytes = 0; bytes <= strlen(rows[i]); bytes += 1) {
            struct scr_address address;
            char *chars = malloc(bytes > 0 ? bytes : 1);
            assert_non_null(chars);
            memcpy(chars, rows[i], bytes);
            enum scr_err err = scr_address_parse(chars, bytes, &address);
            assert_true(err == SCR_OK || err == SCR_ERR_PARAM_SYNTAX);
            free(chars);
        }
    }
}

static void clients_are_addresses_or_64_bits(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"192.0.2.7", "192.0.2.7"},
        {"::ffff:192.0.2.7", "192.0.2.7"},
        {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"},
        {"2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::"},
        {"2001:db8:1:3::", "2001:db8:1:3::"},
        {"::1", "::"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i += 1) {
        struct scr_address address = address_of(rows[i][0]);
        struct scr_address client = scr_address_client(&address);
        struct scr_address expected = address_of(rows[i][1]);
        assert_text(&client, rows[i][1]);
        assert_true(scr_address_equal(&client, &expected));
        /* A client's client is itself. */
        struct scr_address again = scr_address_client(&client);
        assert_true(scr_address_equal(&client, &again));
    }
    struct scr_address one = address_of("192.0.2.7");
    struct scr_address other = address_of("192.0.2.8");
    assert_false(scr_address_equal(&one, &other));
}

static bool has(const char *networks, const char *address)
{
    struct scr_network_list list = {.count = 0};
    struct scr_address read = address_of(address);
    assert_int_equal(scr_network_list_parse(networks, &list), SCR_OK);
    return scr_network_list_has(&list, &read);
}

static void networks_hold_their_addresses(void **state)
{
    (void)state;
    static const char list[] = "10.0.0.0/8, 2001:db8::/32 ,192.0.2.7,172.16.0.0/12";
    assert_true(has(list, "10.0.0.0"));
    assert_true(has(list, "10.255.255.255"));
    assert_true(has(list, "::ffff:10.1.2.3"));
    assert_false(has(list, "9.255.255.255"));
    assert_false(has(list, "11.0.0.0"));
    assert_true(has(list, "2001:db8::"));
    assert_true(has(list, "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"));
    assert_false(has(list, "2001:db9::"));
    assert_false(has(list, "2001:db7:ffff::"));
    assert_true(has(list, "192.0.2.7"));
    assert_false(has(list, "192.0.2.6"));
    assert_true(has(list, "172.16.0.0"));
    assert_true(has(list, "172.31.255.255"));
    assert_false(has(list, "172.32.0.0"));
    assert_false(has(list, "::"));
    assert_false(has("", "10.0.0.0"));
    assert_false(has(" \t ", "10.0.0.0"));
    /* Everything of IPv4 is a network of its own; everything at all holds it. */
    assert_true(has("0.0.0.0/0", "203.0.113.9"));
    assert_false(has("0.0.0.0/0", "2001:db8::1"));
    assert_true(has("::/0", "203.0.113.9"));
    assert_true(has("::/0", "2001:db8::1"));
    assert_true(has("::ffff:10.0.0.0/104", "10.9.9.9"));
}

static void what_is_no_list(void **state)
{
    (void)state;
    static const char *const rows[] = {",",
                                       "10.0.0.0/8,",
                                       ",10.0.0.0/8",
                                       "10.0.0.0/8,,::1",
                                       "10.0.0.0/33",
                                       "::/129",
                                       "10.0.0.0/",
                                       "10.0.0.0/08",
                                       "10.0.0.0/+8",
                                       "10.0.0.0/8/8",
                                       "10.0.0.0/-1",
                                       "10.0.0.1/8",
                                       "::1/127",
                                       "10.0.0.0 /8",
                                       "10.0.0.0/ 8",
                                       "10.0.0.0;::1",
                                       "10.0.0.0 ::1",
                                       "10.0.0.0/0",
                                       "*",
                                       "localhost",
                                       "10.0.0.0/1000",
                                       "10.0.0.0/8.0",
                                       "/8",
                                       "::/4294967296"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i += 1) {
        struct scr_network_list list = {.count = 0};
        assert_int_equal(scr_network_list_parse("192.0.2.0/24", &list), SCR_OK);
        struct scr_network_list before = list;
        if (scr_network_list_parse(rows[i], &list) != SCR_ERR_PARAM_SYNTAX) {
            fail_msg("%s is taken", rows[i]);
        }
        assert_memory_equal(&list, &before, sizeof list);
    }
}

static void lists_are_appended_until_they_are_full(void **state)
{
    (void)state;
    struct scr_network_list list = {.count = 0};
    for (size_t i = 0; i < SCR_NETWORKS_MAX; i += 1) {
        assert_int_equal(list.count, i);
        assert_int_equal(scr_network_list_parse(i % 2 == 0 ? "10.0.0.0/8" : "::1", &list), SCR_OK);
    }
    struct scr_network_list before = list;
    assert_int_equal(scr_network_list_parse("10.0.0.0/8", &list), SCR_ERR_NO_SPACE);
    assert_int_equal(scr_network_list_parse("", &list), SCR_OK);
    assert_memory_equal(&list, &before, sizeof list);
    /* All or nothing. */
    list.count -= 1;
    assert_int_equal(scr_network_list_parse("192.0.2.1,192.0.2.2", &list), SCR_ERR_NO_SPACE);
    assert_int_equal(list.count, SCR_NETWORKS_MAX - 1);
    assert_int_equal(scr_network_list_parse("192.0.2.1", &list), SCR_OK);
    struct scr_address last = address_of("192.0.2.1");
    assert_true(scr_network_list_has(&list, &last));
}

static unsigned bit_of(const struct scr_address *address, size_t bit)
{
    return (unsigned)address->bytes[bit / 8] >> (7 - bit % 8) & 1u;
}

static void random_addresses(void **state)
{
    (void)state;
    unsigned seed = (unsigned)time(NULL);
    print_message("seed %u\n", seed);
    srand(seed);
    for (int round = 0; round < 20000; round += 1) {
        struct scr_network_list list = {.count = 1};
        struct scr_address address = {{0}};
        struct scr_address read;
        char chars[46];
        struct scr_text text;
        for (size_t i = 0; i < sizeof address.bytes; i += 1) {
            address.bytes[i] = (uint8_t)(rand() % 4 == 0 ? 0 : rand());
        }
        scr_text_init(&text, chars, sizeof chars);
        scr_address_put(&text, &address);
        assert_false(text.overflow);
        assert_int_equal(scr_address_parse(chars, text.used, &read), SCR_OK);
        assert_true(scr_address_equal(&address, &read));

        size_t same = (size_t)(rand() % 129);
        size_t prefix = (size_t)(rand() % 129);
        list.networks[0] = (struct scr_network){address, (uint8_t)prefix};
        if (same < 128) {
            read.bytes[same / 8] ^= (uint8_t)(0x80u >> (same % 8));
        }
        bool expected = true;
        for (size_t bit = 0; bit < prefix; bit += 1) {
            expected = expected && bit_of(&address, bit) == bit_of(&read, bit);
        }
        assert_int_equal(scr_network_list_has(&list, &read), expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_and_back),
        cmocka_unit_test(what_is_no_address),
        cmocka_unit_test(every_truncation),
        cmocka_unit_test(clients_are_addresses_or_64_bits),
        cmocka_unit_test(networks_hold_their_addresses),
        cmocka_unit_test(what_is_no_list),
        cmocka_unit_test(lists_are_appended_until_they_are_full),
        cmocka_unit_test(random_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
