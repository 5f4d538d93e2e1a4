/*
 * tests/unit/http/peer_test.c - the kernel's forms of an address become ours.
 * Aim:    one client has one form, whichever kind of socket it came through.
 * Method: addresses as accept() fills them, compared with what the parser makes of their texts.
 */
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <arpa/inet.h>

#include <cmocka.h>

#include "server/http/peer.h"

static struct scr_address parsed(const char *text)
{
    struct scr_address address;
    assert_int_equal(scr_address_parse(text, strlen(text), &address), SCR_OK);
    return address;
}

static struct scr_address of_four(const char *text)
{
    struct sockaddr_storage storage;
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(1234)};
    assert_int_equal(inet_pton(AF_INET, text, &four.sin_addr), 1);
    memset(&storage, 0, sizeof storage);
    memcpy(&storage, &four, sizeof four);
    return scr_peer_address(&storage);
}

static struct scr_address of_six(const char *text, uint32_t zone)
{
    struct sockaddr_storage storage;
    struct sockaddr_in6 six = {
        .sin6_family = AF_INET6, .sin6_port = htons(1234), .sin6_scope_id = zone};
    assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
    memset(&storage, 0, sizeof storage);
    memcpy(&storage, &six, sizeof six);
    return scr_peer_address(&storage);
}

static void expect_same(struct scr_address made, const char *text)
{
    struct scr_address expected = parsed(text);
    assert_true(scr_address_equal(&made, &expected));
}

static void test_forms(void **state)
{
    (void)state;
    expect_same(of_four("192.0.2.7"), "192.0.2.7");
    expect_same(of_four("255.255.255.255"), "255.255.255.255");
    expect_same(of_six("2001:db8::1", 0), "2001:db8::1");
    expect_same(of_six("::ffff:192.0.2.7", 0), "192.0.2.7");
    expect_same(of_six("fe80::1", 2), "fe80::1");
    expect_same(of_six("::1", 0), "::1");
}

static void test_nobody(void **state)
{
    (void)state;
    struct sockaddr_storage storage;
    memset(&storage, 0xff, sizeof storage);
    storage.ss_family = AF_UNIX;
    expect_same(scr_peer_address(&storage), "::");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
