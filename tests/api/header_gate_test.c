/*
 * tests/api/header_gate_test.c - which request heads are believed.
 * Aim:    what ordinary programs send passes; each rule of the gate has its good case, its defect
 *         and both edges of its limit.
 * Method: heads as text, cut into lines as the HTTP library cuts them; names and values stand in
 *         blocks of their exact size, so that a sanitizer sees a read beyond them; all bytes in
 *         every place; truncations; flipped bits. Random heads are in header_gate_random_test.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/header_gate.h"
#include "core/base/limits.h"
#include "core/base/text.h"

static char *exact_copy(const char *bytes, size_t count)
{
    char *copy = malloc(count > 0 ? count : 1);
    assert_non_null(copy);
    if (count > 0) {
        memcpy(copy, bytes, count);
    }
    return copy;
}

static void add(struct scr_header_gate *gate,
                const char *name,
                size_t name_bytes,
                const char *value,
                size_t value_bytes)
{
    char *name_copy = exact_copy(name, name_bytes);
    char *value_copy = exact_copy(value, value_bytes);
    scr_header_gate_add(gate, name_copy, name_bytes, value_copy, value_bytes);
    free(name_copy);
    free(value_copy);
}

/* Adds lines parted by "\n"; blanks before a value are none of it. */
static void add_lines(struct scr_header_gate *gate, const char *lines)
{
    while (*lines != '\0') {
        size_t bytes = strcspn(lines, "\n");
        const char *colon = memchr(lines, ':', bytes);
        assert_non_null(colon);
        const char *value = colon + 1 + strspn(colon + 1, " \t");
        add(gate, lines, (size_t)(colon - lines), value, (size_t)(lines + bytes - value));
        lines += bytes + (lines[bytes] == '\n' ? 1 : 0);
    }
}

static struct scr_header_gate gate_of(const char *version, const char *lines, enum scr_err *err)
{
    struct scr_header_gate gate;
    scr_header_gate_init(&gate, "GET", "/scream.ogg?seed=1", version);
    add_lines(&gate, lines);
    *err = scr_header_gate_end(&gate);
    /* Asking again changes nothing. */
    assert_int_equal(scr_header_gate_end(&gate), *err);
    return gate;
}

static void check_in(const char *version, const char *lines, enum scr_err wanted)
{
    enum scr_err err = SCR_OK;
    (void)gate_of(version, lines, &err);
    if (err != wanted) {
        fail_msg("%s %s: %s", version, lines, scr_err_name(err));
    }
}

/* One more line beside a Host. */
static void check(const char *line, enum scr_err wanted)
{
    char lines[512];
    struct scr_text text;
    scr_text_init(&text, lines, sizeof lines);
    scr_text_put(&text, "Host: a\n");
    scr_text_put(&text, line);
    assert_false(text.overflow);
    check_in("HTTP/1.1", lines, wanted);
}

/* Heads that end with each of the values, which are parted by "\n". */
static void check_each(const char *before, const char *values, enum scr_err wanted)
{
    for (;;) {
        char lines[512];
        struct scr_text text;
        size_t bytes = strcspn(values, "\n");
        scr_text_init(&text, lines, sizeof lines);
        scr_text_put(&text, before);
        scr_text_put_bytes(&text, values, bytes);
        assert_false(text.overflow);
        check_in("HTTP/1.1", lines, wanted);
        if (values[bytes] == '\0') {
            break;
        }
        values += bytes + 1;
    }
}

static bool has_body(const char *lines)
{
    enum scr_err err = SCR_OK;
    struct scr_header_gate gate = gate_of("HTTP/1.1", lines, &err);
    return scr_header_gate_has_body(&gate);
}

/* ---- Who must pass ---- */

static void ordinary_clients_pass(void **state)
{
    (void)state;
    static const char *const heads[] = {
        /* curl, wget, Go, Python, Java, .NET */
        "Host: 127.0.0.1:8080\nUser-Agent: curl/7.88.1\nAccept: */*",
        "Host: a\nUser-Agent: Wget/1.21.3\nAccept: */*\nAccept-Encoding: identity\n"
        "Connection: Keep-Alive",
        "Host: a:80\nUser-Agent: Go-http-client/1.1\nAccept-Encoding: gzip",
        "Host: a\nUser-Agent: python-requests/2.28.1\nAccept-Encoding: gzip, deflate\n"
        "Accept: */*\nConnection: keep-alive",
        "Connection: Upgrade, HTTP2-Settings\nContent-Length: 0\nHost: a\n"
        "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\nUpgrade: h2c\n"
        "User-Agent: Java-http-client/17",
        "User-Agent: Java/17.0.9\nHost: a\nAccept: text/html, image/gif, *; q=.2, */*; q=.2\n"
        "Connection: keep-alive",
        /* node's fetch */
        "host: localhost:8080\nconnection: keep-alive\naccept: */*\naccept-language: *\n"
        "sec-fetch-mode: cors\nuser-agent: node\naccept-encoding: gzip, deflate",
        /* Chromium and Firefox, an audio element */
        "Host: scream.example\nConnection: keep-alive\n"
        "sec-ch-ua: \"Chromium\";v=\"120\", \"Not?A_Brand\";v=\"8\"\nsec-ch-ua-mobile: ?0\n"
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64)\nsec-ch-ua-platform: \"Linux\"\n"
        "Accept-Encoding: identity;q=1, *;q=0\nAccept: */*\nDNT: 1\nRange: bytes=0-\n"
        "Referer: http://scream.example/?a={b}|c\nCookie: a=b; c=\"d\"\nIf-Range: \"0011\"",
        "Host: [::1]:8080\nAccept: audio/webm,audio/ogg,audio/wav,audio/*;q=0.9\n"
        "Accept-Language: de,en-US;q=0.7\nRange: bytes=0-\nTE: trailers\nPriority: u=4\n"
        "Sec-Fetch-Dest: audio\nPragma: no-cache",
        /* Envoy and nginx to their upstream, values that are empty or not ASCII */
        "host: scream.svc.cluster.local\nx-forwarded-for: 10.0.0.1\nx-forwarded-proto: http\n"
        "x-envoy-expected-rq-timeout-ms: 15000\nx-request-id: 0af7\ntransfer-encoding: chunked",
        "Host: my_upstream\nX-Real-IP: 10.0.0.1\nX-Forwarded-For: 10.0.0.1, 10.0.0.2\n"
        "X-Empty:\nX-Blank: \t \nX-Name: M\xc3\xbcller\nX-Old: \xe9\xff\x80\nX-Tab: a\tb",
        /* a health check without a name, and an upload that waits */
        "Host:\nUser-Agent: check",
        "Host: a\nExpect: 100-continue\nContent-Length: 1025\nAuthorization: Bearer abc",
    };
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i += 1) {
        check_in("HTTP/1.1", heads[i], SCR_OK);
    }
    /* nginx's default, ab, HAProxy's health check. */
    check_in("HTTP/1.0", "Host: my_upstream\nConnection: close", SCR_OK);
    check_in("HTTP/1.0", "User-Agent: ApacheBench/2.3\nAccept: */*", SCR_OK);
    check_in("HTTP/1.0", "", SCR_OK);
    check_in("HTTP/1.0", "Expect: 100-continue", SCR_OK);
}

static void other_versions_do_not(void **state)
{
    (void)state;
    static const char *const others[] = {"",
                                         "HTTP/1.2",
                                         "HTTP/2.0",
                                         "HTTP/0.9",
                                         "HTTP/1.10",
                                         "HTTP/01.1",
                                         "HTTP/1",
                                         "HTTP/1.",
                                         "http/1.1",
                                         "HTTP/1.1 ",
                                         " HTTP/1.1",
                                         "HTTP/1,1"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i += 1) {
        check_in(others[i], "Host: a", SCR_ERR_VERSION);
    }
}

static void sixty_four_lines_are_the_most(void **state)
{
    (void)state;
    struct scr_header_gate gate;
    scr_header_gate_init(&gate, "GET", "/", "HTTP/1.1");
    add_lines(&gate, "Host: a");
    for (unsigned i = 1; i < SCR_HTTP_HEADERS_MAX; i += 1) {
        add_lines(&gate, "X: y");
    }
    assert_int_equal(gate.lines, SCR_HTTP_HEADERS_MAX);
    assert_int_equal(scr_header_gate_end(&gate), SCR_OK);
    add_lines(&gate, "X: y");
    assert_int_equal(scr_header_gate_end(&gate), SCR_ERR_HEADERS_TOO_MANY);
}

/* ---- Names and values ---- */

static bool is_token_byte(unsigned byte)
{
    static const char token[] = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return memchr(token, (int)byte, sizeof token - 1) != NULL;
}

static enum scr_err
verdict(const char *name, size_t name_bytes, const char *value, size_t value_bytes)
{
    struct scr_header_gate gate;
    scr_header_gate_init(&gate, "GET", "/", "HTTP/1.1");
    add_lines(&gate, "Host: a");
    add(&gate, name, name_bytes, value, value_bytes);
    return scr_header_gate_end(&gate);
}

static void names_are_tokens_and_values_have_no_controls(void **state)
{
    (void)state;
    assert_int_equal(verdict("", 0, "v", 1), SCR_ERR_HEADER_SYNTAX);
    for (unsigned byte = 0; byte < 256; byte += 1) {
        enum scr_err in_name = is_token_byte(byte) ? SCR_OK : SCR_ERR_HEADER_SYNTAX;
        bool control = (byte < 32 && byte != 9) || byte == 127;
        enum scr_err in_value = control ? SCR_ERR_HEADER_SYNTAX : SCR_OK;
        for (size_t at = 0; at < 3; at += 1) {
            char text[3] = {'q', 'r', 's'};
            text[at] = (char)byte;
            assert_int_equal(verdict(text, 3, "v", 1), in_name);
            assert_int_equal(verdict("N", 1, text, 3), in_value);
        }
        const char single = (char)byte;
        assert_int_equal(verdict(&single, 1, "v", 1), in_name);
        assert_int_equal(verdict("N", 1, &single, 1), in_value);
    }
    struct scr_header_gate gate;
    scr_header_gate_init(&gate, "GET", "/", "HTTP/1.0");
    scr_header_gate_add(&gate, "X-Empty", 7, NULL, 0);
    assert_int_equal(scr_header_gate_end(&gate), SCR_OK);
}

static void methods_are_tokens(void **state)
{
    (void)state;
    struct scr_header_gate gate;
    static const char *const good[] = {"GET", "get", "BREW", "M-SEARCH", "*"};
    static const char *const bad[] = {"", "GET\t", "G\rT", "\"", "{}", "GET:", "G,H", "\x16\x03"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i += 1) {
        scr_header_gate_init(&gate, good[i], "/", "HTTP/1.0");
        assert_int_equal(scr_header_gate_end(&gate), SCR_OK);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i += 1) {
        scr_header_gate_init(&gate, bad[i], "/", "HTTP/1.0");
        assert_int_equal(scr_header_gate_end(&gate), SCR_ERR_HEADER_SYNTAX);
    }
}

static void framing_fields_with_blanks_in_their_name_are_refused(void **state)
{
    (void)state;
    check("Content-Length : 5", SCR_ERR_HEADER_SYNTAX);
    check(" Content-Length: 5", SCR_ERR_HEADER_SYNTAX);
    check("\tTransfer-Encoding: chunked", SCR_ERR_HEADER_SYNTAX);
    check("Transfer-Encoding\t: chunked", SCR_ERR_HEADER_SYNTAX);
    check(": v", SCR_ERR_HEADER_SYNTAX);
    assert_int_equal(verdict("Content-Length\0x", 16, "5", 1), SCR_ERR_HEADER_SYNTAX);
    assert_int_equal(verdict("Transfer-Encoding", 17, "chunked\0", 8), SCR_ERR_HEADER_SYNTAX);
    assert_int_equal(verdict("Host\0", 5, "a", 1), SCR_ERR_HEADER_SYNTAX);
}

/* ---- Framing ---- */

static void lengths(void **state)
{
    (void)state;
    static const char good[] = "0\n5\n00\n007\n16384\n9223372036854775807\n0009223372036854775807";
    static const char bad[] =
        "\n-1\n+5\n5 \n5\t\n5,5\n5, 5\n0x5\n5.0\n1e3\nfive\n5;5\n\xd9\xa5\n5\x80\n"
        "9223372036854775808\n18446744073709551616\n18446744073709551621\n"
        "99999999999999999999999999";
    check_each("Host: a\nContent-Length: ", good, SCR_OK);
    check_each("Host: a\ncontent-LENGTH: ", good, SCR_OK);
    check_each("Host: a\nContent-Length: ", bad, SCR_ERR_HEADER_SYNTAX);
    check("Content-Length: 5\nContent-Length: 5", SCR_ERR_HEADER_SYNTAX);
    check("Content-Length: 0\nContent-Length: 0", SCR_ERR_HEADER_SYNTAX);
    check("Content-Length: 5\ncontent-length: 6", SCR_ERR_HEADER_SYNTAX);
}

static void codings(void **state)
{
    (void)state;
    static const char good[] = "chunked\nCHUNKED\nChunked";
    static const char bad[] =
        "\nidentity\ngzip\nxchunked\nchunkedx\nchunke\nchunked \nchunked\t\nchunked,\n"
        ",chunked\ngzip, chunked\nchunked, gzip\n\"chunked\"\nchunked;a=b\nchunke\xc4\x8f\n"
        "chunked, chunked\n'chunked'\nchunked\x80";
    check_each("Host: a\nTransfer-Encoding: ", good, SCR_OK);
    check_each("Host: a\ntransfer-encoding: ", good, SCR_OK);
    check_each("Host: a\nTransfer-Encoding: ", bad, SCR_ERR_HEADER_SYNTAX);
    check("Transfer-Encoding: chunked\nTransfer-Encoding: chunked", SCR_ERR_HEADER_SYNTAX);
    check("Transfer-Encoding: chunked\nTransfer-Encoding: identity", SCR_ERR_HEADER_SYNTAX);
    check_in("HTTP/1.0", "Transfer-Encoding: chunked", SCR_ERR_HEADER_SYNTAX);
    check("Content-Length: 5\nTransfer-Encoding: chunked", SCR_ERR_HEADER_SYNTAX);
    check("Transfer-Encoding: chunked\nX: y\nContent-Length: 0", SCR_ERR_HEADER_SYNTAX);
}

/* Only a change of case leaves it the same word. */
static void one_flipped_bit_is_another_coding(void **state)
{
    (void)state;
    for (unsigned bit = 0; bit < 7 * 8; bit += 1) {
        char word[] = "chunked";
        word[bit / 8] = (char)(word[bit / 8] ^ (1 << bit % 8));
        enum scr_err wanted = bit % 8 == 5 ? SCR_OK : SCR_ERR_HEADER_SYNTAX;
        assert_int_equal(verdict("Transfer-Encoding", 17, word, 7), wanted);
    }
}

static void bodies_are_announced(void **state)
{
    (void)state;
    assert_false(has_body("Host: a"));
    assert_false(has_body("Host: a\nContent-Length: 0"));
    assert_false(has_body("Host: a\nContent-Length: 000"));
    assert_true(has_body("Host: a\nContent-Length: 1"));
    assert_true(has_body("Host: a\nContent-Length: 0001"));
    assert_true(has_body("Host: a\nTransfer-Encoding: chunked"));
    /* In a head that is refused as well, also behind the first defect. */
    assert_true(has_body("Content-Length: 0\nContent-Length: 0"));
    assert_true(has_body("Content-Length: x"));
    assert_true(has_body("Content-Length: 0\nTransfer-Encoding: chunked"));
    assert_true(has_body(": v\nContent-Length: 5"));
}

/* ---- Host, Authorization, Expect ---- */

static void hosts(void **state)
{
    (void)state;
    static const char good[] =
        "\na\na:80\na:\nlocalhost:8080\n127.0.0.1\nEXAMPLE.\na.b-c_d~e\n"
        "xn--mller-kva.example\na%20b:1\n$&'()*+,;=!\n[::]\n[::1]:80\n[::1]:\n[2001:DB8::1]\n"
        "[::ffff:1.2.3.4]:80\na \t\n[fe80::1%eth0]\n[fe80::1%25en0]:80";
    static const char bad[] =
        ":80\na:b\na:80:80\na:-1\na:+1\na: 80\na :80\na b\na, b\na/b\na?b\na#b\nu@a\nu:p@a\n"
        "http://a\na%\na%2\na%zz\nm\xc3\xbcller\n\"a\"\na\\b\n<a>\na|b\n{a}\n::1\n[]\n[a]\n"
        "[1.2.3.4]\n[::1\n::1]\n[::1]80\n[::1]x\n[::1]:x\n[1:2]\n[:::1]\n[::1%]\n[%eth0]\n"
        "[::1%a/b]\n[::1 ]\n[[::1]]\n[v1.a]\na]\n[1:2:3:4:5:6:7:8:9]\n[12345::]\n@";
    check_each("Host: ", good, SCR_OK);
    check_each("Host: ", bad, SCR_ERR_HEADER_SYNTAX);
    check_in("HTTP/1.1", "", SCR_ERR_HEADER_SYNTAX);
    check_in("HTTP/1.1", "Hos: a\nHostx: a", SCR_ERR_HEADER_SYNTAX);
    check_in("HTTP/1.1", "Host: a\nHost: a", SCR_ERR_HEADER_SYNTAX);
    check_in("HTTP/1.1", "Host:\nHOST: a", SCR_ERR_HEADER_SYNTAX);
    check_in("HTTP/1.0", "Host: a\nHost: b", SCR_ERR_HEADER_SYNTAX);
    check_in("HTTP/1.0", "Host: a b", SCR_ERR_HEADER_SYNTAX);
}

static void every_truncation_of_a_host_is_judged(void **state)
{
    (void)state;
    static const char host[] = "[2001:db8::1%25eth0]:8080";
    const size_t closed = sizeof "[2001:db8::1%25eth0]" - 1;
    for (size_t bytes = 0; bytes <= sizeof host - 1; bytes += 1) {
        struct scr_header_gate gate;
        scr_header_gate_init(&gate, "GET", "/", "HTTP/1.1");
        add(&gate, "Host", 4, host, bytes);
        bool whole = bytes == 0 || bytes >= closed;
        assert_int_equal(scr_header_gate_end(&gate), whole ? SCR_OK : SCR_ERR_HEADER_SYNTAX);
    }
}

static void authorization_and_expect(void **state)
{
    (void)state;
    static const char expectations[] = "100-continue\n100-Continue\n100-continue ";
    static const char others[] =
        "\n100\n100-continu\n100-continue1\n200-ok\n100-continue, 100-continue\n"
        "100-continue;a=b\nx 100-continue";
    check_each("Host: a\nExpect: ", expectations, SCR_OK);
    check_each("Host: a\nExpect: ", others, SCR_ERR_EXPECTATION);
    check("Expect: 100-continue\nexpect: 100-continue", SCR_ERR_EXPECTATION);
    check("Authorization: Bearer a", SCR_OK);
    check("Authorization:", SCR_OK);
    check("Authorization: Bearer a\nauthorization: Bearer a", SCR_ERR_HEADER_SYNTAX);
}

static void the_first_defect_wins(void **state)
{
    (void)state;
    check_in("HTTP/2.0", ": v\nExpect: x", SCR_ERR_VERSION);
    check_in("HTTP/1.1", "Expect: x\nContent-Length: x", SCR_ERR_EXPECTATION);
    check_in("HTTP/1.1", "Content-Length: x\nExpect: x", SCR_ERR_HEADER_SYNTAX);
    check_in("HTTP/1.1", "Expect: x", SCR_ERR_EXPECTATION); /* no Host shows at the end only */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ordinary_clients_pass),
        cmocka_unit_test(other_versions_do_not),
        cmocka_unit_test(sixty_four_lines_are_the_most),
        cmocka_unit_test(names_are_tokens_and_values_have_no_controls),
        cmocka_unit_test(methods_are_tokens),
        cmocka_unit_test(framing_fields_with_blanks_in_their_name_are_refused),
        cmocka_unit_test(lengths),
        cmocka_unit_test(codings),
        cmocka_unit_test(one_flipped_bit_is_another_coding),
        cmocka_unit_test(bodies_are_announced),
        cmocka_unit_test(hosts),
        cmocka_unit_test(every_truncation_of_a_host_is_judged),
        cmocka_unit_test(authorization_and_expect),
        cmocka_unit_test(the_first_defect_wins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
