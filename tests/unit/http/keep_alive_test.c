/*
 * tests/unit/http/keep_alive_test.c - which connections are kept, and that nothing is smuggled.
 * Aim:    clients as they are keep their connections; after a head that two programs might read in
 *         two ways, or with anything behind it, the connection closes and no second request is
 *         executed, wherever the bytes were divided.
 * Method: the rule alone, on heads laid out in memory; then real daemons and raw bytes. A request
 *         that was executed is counted by the server itself.
 */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "core/base/limits.h"
#include "core/base/stats.h"
#include "server/http/keep_alive.h"
#include "tests/support/http_bench.h"
#include "tests/support/http_client.h"

/* ---- The rule ---- */

/* "GET /x HTTP/1.1 Host: a", as the library leaves it; the places of its parts. */
static const char plain[] = "GET\0/x\0HTTP/1.1\0\0Host\0 a\0\0\0";
#define TARGET 4
#define VERSION 7
#define NAME 17
#define VALUE 23
#define PLAIN_BYTES 28

static bool is_plain(size_t target, size_t version, size_t name, size_t value, uint64_t bytes)
{
    struct scr_head_places places;
    scr_head_places_init(&places, plain, plain + target, 2, plain + version);
    scr_head_places_add(&places, plain + name, 4, plain + value, 1);
    return scr_head_places_end(&places, bytes);
}

static void test_places(void **state)
{
    (void)state;
    assert_int_equal(sizeof plain, PLAIN_BYTES);
    assert_true(is_plain(TARGET, VERSION, NAME, VALUE, PLAIN_BYTES));
    assert_false(is_plain(TARGET + 1, VERSION, NAME, VALUE, PLAIN_BYTES));
    assert_false(is_plain(TARGET, VERSION + 1, NAME, VALUE, PLAIN_BYTES));
    assert_false(is_plain(TARGET, VERSION, NAME - 1, VALUE, PLAIN_BYTES));
    assert_false(is_plain(TARGET, VERSION, NAME, VALUE - 1, PLAIN_BYTES));
    assert_false(is_plain(TARGET, VERSION, NAME, VALUE, PLAIN_BYTES - 1));
    assert_false(is_plain(TARGET, VERSION, NAME, VALUE, PLAIN_BYTES + 1));
    struct scr_head_places places;
    scr_head_places_init(&places, plain, plain + TARGET, 2, plain + VERSION);
    assert_true(scr_head_places_end(&places, NAME + 2));
    scr_head_places_add(&places, plain + NAME, 4, NULL, 0);
    assert_false(scr_head_places_end(&places, NAME + 8));
}

static void test_head(void **state)
{
    (void)state;
    const struct scr_keep_alive good = {
        .method = "GET", .is_plain = true, .plain_bytes = 100, .head_bytes = 100};
    struct scr_keep_alive facts = good;
    assert_true(scr_keep_alive_by_head(&facts));
    static const struct {
        const char *method;
        bool stays;
    } methods[] = {{"HEAD", true},
                   {"OPTIONS", true},
                   {"POST", false},
                   {"PUT", false},
                   {"DELETE", false},
                   {"TRACE", false},
                   {"get", false},
                   {"", false},
                   {"GETS", false}};
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        facts.method = methods[i].method;
        assert_int_equal(scr_keep_alive_by_head(&facts), methods[i].stays);
    }
    facts = good;
    facts.has_body = true;
    assert_false(scr_keep_alive_by_head(&facts));
    facts = good;
    facts.defect = SCR_ERR_HEADER_SYNTAX;
    assert_false(scr_keep_alive_by_head(&facts));
    facts = good;
    facts.target_too_long = true;
    assert_false(scr_keep_alive_by_head(&facts));
    facts = good;
    facts.is_plain = false;
    assert_false(scr_keep_alive_by_head(&facts));
    for (uint64_t bytes = 99; bytes <= 101; bytes++) {
        facts = good;
        facts.head_bytes = bytes;
        assert_int_equal(scr_keep_alive_by_head(&facts), bytes == 100);
    }
}

static void test_bytes(void **state)
{
    (void)state;
    struct scr_tcp_state tcp = {.is_known = true, .received_bytes = 100};
    assert_false(scr_keep_alive_by_bytes(99, &tcp));
    assert_true(scr_keep_alive_by_bytes(100, &tcp));
    assert_false(scr_keep_alive_by_bytes(101, &tcp));
    tcp.is_known = false;
    assert_false(scr_keep_alive_by_bytes(100, &tcp));
}

/* ---- The server ---- */

static struct http_bench bench;

static int set_up(void **state)
{
    (void)state;
    http_bench_init(&bench, 64, 2 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    http_bench_deinit(&bench);
    return 0;
}

static int64_t executed(void)
{
    int64_t sum = 0;
    for (uint32_t i = 0; i < scr_stat_info(SCR_STAT_HTTP_REQUESTS)->series; i++) {
        sum += scr_stats_read(SCR_STAT_HTTP_REQUESTS, i);
    }
    return sum;
}

static void send_bytes(struct http_client *client, const char *bytes, size_t count)
{
    /* The server may be faster, and gone. */
    (void)send(client->fd, bytes, count, MSG_NOSIGNAL);
}

static void open_client(struct http_client *client)
{
    const int on = 1;
    assert_true(http_client_open(client, bench.port));
    assert_int_equal(setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), 0);
}

#define LINE "GET /livez HTTP/1.1\r\n"
#define HOST "Host: a\r\n"
#define NEXT "GET /presets HTTP/1.1\r\nHost: a\r\n\r\n"

static const char *const kept[] = {
    LINE HOST "\r\n",
    "HEAD /livez HTTP/1.1\r\n" HOST "\r\n",
    "OPTIONS /livez HTTP/1.1\r\n" HOST "\r\n",
    "GET /livez?verbose HTTP/1.1\r\n" HOST "\r\n",
    "GET /nowhere?a=b&c&d=%41+e HTTP/1.1\r\n" HOST "\r\n",
    LINE "host: 127.0.0.1:8080\r\nuser-agent: curl/7.88.1\r\naccept: */*\r\n\r\n",
    LINE HOST "Cookie: a=b; c=\"d e\"\r\nAccept: a;q=0.1, b\r\nX-Long:  two blanks\r\n\r\n",
    LINE HOST "Content-Length: 0\r\n\r\n",
    LINE HOST "X:\tv\r\n\r\n",
    "GET /livez HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
};

/* It has two blanks before a value: not plain, and so not kept. */
#define NOT_PLAIN 6

static void test_kept(void **state)
{
    (void)state;
    struct http_client client;
    struct http_answer answer;
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        open_client(&client);
        for (int turn = 0; turn < 3; turn++) {
            send_bytes(&client, kept[i], strlen(kept[i]));
            http_client_head(&client, kept[i][0] == 'H', &answer);
            http_client_body(&client, &answer);
            http_answer_free(&answer);
            assert_true(answer.whole);
            assert_int_equal(answer.keeps_alive, i != NOT_PLAIN);
            if (i == NOT_PLAIN) {
                break;
            }
        }
        http_client_close(&client);
    }
}

static bool is_kept_after(size_t head_bytes)
{
    static char text[2 * SCR_HTTP_POOL_BYTES];
    struct http_client client;
    struct http_answer answer;
    size_t at = (size_t)snprintf(text, sizeof text, LINE HOST);
    while (at + 210 < head_bytes) {
        at += (size_t)snprintf(text + at, sizeof text - at, "X-Name: %0190d\r\n", 0);
    }
    at += (size_t)snprintf(
        text + at, sizeof text - at, "X: %0*d\r\n\r\n", (int)(head_bytes - at - 7), 0);
    assert_int_equal(at, head_bytes);
    open_client(&client);
    send_bytes(&client, text, at);
    http_client_head(&client, false, &answer);
    http_client_body(&client, &answer);
    http_answer_free(&answer);
    http_client_close(&client);
    assert_int_equal(answer.status, 200);
    return answer.keeps_alive;
}

/* Up to half of the library's pool; what is longer is answered and let go. */
static void test_long_heads(void **state)
{
    (void)state;
    assert_true(is_kept_after(1000));
    assert_true(is_kept_after(SCR_HTTP_POOL_BYTES / 2 - 200));
    assert_false(is_kept_after(SCR_HTTP_POOL_BYTES / 2 + 1));
    assert_false(is_kept_after(10000));
}

struct hostile {
    const char *bytes;
    size_t count;
};
#define HOSTILE(text)                                                                              \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }

/* Each would be followed by a second request, if its bytes were believed. */
static const struct hostile hostile[] = {
    HOSTILE(LINE HOST "\r\n"), /* nothing wrong but what comes behind it */
    HOSTILE("\r\n" LINE HOST "\r\n"),
    HOSTILE("GET  /livez HTTP/1.1\r\n" HOST "\r\n"),
    HOSTILE("GET /livez  HTTP/1.1\r\n" HOST "\r\n"),
    HOSTILE("GET /livez HTTP/1.1 \r\n" HOST "\r\n"),
    HOSTILE("GET /livez HTTP/1.1\n" HOST "\r\n"),
    HOSTILE(LINE "Host: a\n\r\n"),
    HOSTILE(LINE HOST "\n"),
    HOSTILE(LINE HOST ": v\r\n"),
    HOSTILE(LINE HOST ":\n"), /* as long as an empty line, and the same zero bytes */
    HOSTILE(LINE HOST " : v\r\n\r\n"),
    HOSTILE(LINE HOST "X : v\r\n\r\n"),
    HOSTILE(LINE HOST "X:v\r\n\r\n"),
    HOSTILE(LINE HOST "X:  v\r\n\r\n"),
    HOSTILE(LINE HOST "X: v\r\n folded\r\n\r\n"),
    HOSTILE(LINE HOST "X: v\r\n\tfolded\r\n\r\n"),
    HOSTILE(LINE HOST "X: v\0w\r\n\r\n"),
    HOSTILE(LINE HOST "X\0: v\r\n\r\n"),
    HOSTILE(LINE HOST "\0\r\n\r\n"),
    HOSTILE("GET /livez\0x HTTP/1.1\r\n" HOST "\r\n"),
    HOSTILE("GET\0 /livez HTTP/1.1\r\n" HOST "\r\n"),
    HOSTILE(LINE HOST "X\r\n\r\n"),
    /* As many bytes too few as too many: only the places tell. */
    HOSTILE(LINE "Host:a\r\nA:b\r\nC:d\r\n: v\r\n"),
    HOSTILE(LINE "Host:a\r\nA:b\r\nC:d\r\nX: v\r\n w\r\n\r\n"),
    HOSTILE("GET  /livez HTTP/1.1\r\nHost:a\r\n\r\n"),
    HOSTILE(LINE HOST "A:b\r\nC:  d\r\n\r\n"),
    HOSTILE(LINE HOST "Content-Length: 5\r\n\r\nhello"),
    HOSTILE(LINE HOST "Content-Length: 0\r\nContent-Length: 36\r\n\r\n"),
    HOSTILE(LINE HOST "Content-Length : 5\r\n\r\nhello"),
    HOSTILE(LINE HOST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    HOSTILE(LINE HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    HOSTILE(LINE HOST "Transfer-Encoding: xchunked\r\n\r\n"),
    HOSTILE(LINE HOST "Transfer-Encoding\0: chunked\r\n\r\n"),
    HOSTILE("POST /livez HTTP/1.1\r\n" HOST "\r\n"),
    HOSTILE("POST /livez HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello"),
    HOSTILE("DELETE /livez HTTP/1.1\r\n" HOST "\r\n"),
    HOSTILE("BREW /livez HTTP/1.1\r\n" HOST "\r\n"),
    HOSTILE(LINE HOST HOST "\r\n"),
    HOSTILE("GET /livez HTTP/1.1\r\n\r\n"),
    HOSTILE(LINE HOST "Expect: 200-maybe\r\n\r\n"),
};
#define HOSTILE_COUNT (sizeof hostile / sizeof hostile[0])
/* The first is closed for what follows only. */
#define FIRST_MALFORMED 1

/* Reads to the end of the connection; returns how many answers began. */
static int read_to_end(struct http_client *client)
{
    static char bytes[1 << 16];
    size_t all = 0;
    size_t count = 0;
    int answers = 0;
    do {
        assert_true(all < sizeof bytes);
        count = http_client_some(client, bytes + all, sizeof bytes - all);
        all += count;
    } while (count > 0);
    for (const char *at = bytes; at != NULL; answers++) {
        at = memmem(at, all - (size_t)(at - bytes), "HTTP/1.", 7);
        if (at == NULL) {
            break;
        }
        at += 7;
    }
    return answers;
}

/* A plain request with a long head, kept: what it leaves in the library's buffer would complete
 * the head behind it, were it still there. */
static void send_plain(struct http_client *client)
{
    static const char line[] = "GET /livez?";
    static char text[2048];
    struct http_answer answer;
    size_t at = (size_t)snprintf(text, sizeof text, "%s", line);
    memset(text + at, 'x', 400);
    at += 400;
    at += (size_t)snprintf(text + at, sizeof text - at, " HTTP/1.1\r\n" HOST);
    for (int i = 0; i < 40; i++) {
        at += (size_t)snprintf(text + at, sizeof text - at, "X: y\r\n");
    }
    at += (size_t)snprintf(text + at, sizeof text - at, "\r\n");
    send_bytes(client, text, at);
    http_client_head(client, false, &answer);
    http_client_body(client, &answer);
    http_answer_free(&answer);
    assert_int_equal(answer.status, 200);
    assert_true(answer.keeps_alive);
}

/* All at once, or in two pieces at any place: one request is executed at the most. So too when a
 * plain one went before, about whose successors the kernel is asked less. */
static void send_divided(const struct hostile *first, size_t at, bool behind_plain)
{
    static char text[4096];
    struct http_client client;
    size_t bytes = first->count + sizeof NEXT - 1;
    assert_true(bytes <= sizeof text);
    memcpy(text, first->bytes, first->count);
    memcpy(text + first->count, NEXT, sizeof NEXT - 1);
    open_client(&client);
    if (behind_plain) {
        send_plain(&client);
    }
    send_bytes(&client, text, at);
    if (at < bytes) {
        (void)poll(NULL, 0, 1);
        send_bytes(&client, text + at, bytes - at);
    }
    (void)shutdown(client.fd, SHUT_WR);
    (void)read_to_end(&client);
    http_client_close(&client);
}

static void test_second_is_never_executed(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * HOSTILE_COUNT; i++) {
        const struct hostile *first = &hostile[i / 2];
        bool behind_plain = i % 2 == 1;
        int64_t before = executed();
        send_divided(first, first->count + sizeof NEXT - 1, behind_plain);
        http_bench_settle(&bench);
        assert_in_range(executed() - before, 0, behind_plain ? 2 : 1);
    }
}

/* Behind a malformed head also when the next request comes in a piece of its own, or the head in
 * two. Behind a plain head it is then an ordinary next request. */
static void divide_anywhere(bool behind_plain)
{
    for (size_t i = FIRST_MALFORMED; i < HOSTILE_COUNT; i++) {
        int64_t before = executed();
        for (size_t at = 1; at <= hostile[i].count; at++) {
            send_divided(&hostile[i], at, behind_plain);
        }
        http_bench_settle(&bench);
        intmax_t most = (intmax_t)hostile[i].count * (behind_plain ? 2 : 1);
        assert_in_range(executed() - before, 0, most);
    }
}

static void test_divided_anywhere(void **state)
{
    (void)state;
    divide_anywhere(false);
}

static void test_divided_anywhere_behind_plain(void **state)
{
    (void)state;
    divide_anywhere(true);
}

/*
 * Heads of which the library's buffer would show a plain one, if bytes of the head before were
 * left in it: the line, and then in a piece of its own an end of another kind that is as long as
 * what the head before had there. Then the next request, apart.
 */
static void test_nothing_is_left_of_the_head_before(void **state)
{
    (void)state;
    static const char before[] = "GET /livez?a HTTP/1.1\r\n" HOST "AAAAAA: b\r\nC: d\r\n\r\n";
    static const char *const ends[] = {HOST "AAAAAA: b\r\nC: d\r\n:\n",
                                       HOST "AAAAAAA:b\r\nC: d\r\n:\n",
                                       HOST "AAAAAA: b\r\n: d\r\nX\r\n",
                                       HOST "AAAAAA: b\r\nC: d\n\r\n\n"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        static const char line[] = "GET /livez?b HTTP/1.1\r\n";
        struct http_client client;
        struct http_answer answer;
        int64_t executed_before = executed();
        open_client(&client);
        send_bytes(&client, before, sizeof before - 1);
        http_client_head(&client, false, &answer);
        http_client_body(&client, &answer);
        http_answer_free(&answer);
        assert_true(answer.keeps_alive);
        send_bytes(&client, line, sizeof line - 1);
        (void)poll(NULL, 0, 5);
        assert_int_equal(strlen(ends[i]) + sizeof line, sizeof before);
        send_bytes(&client, ends[i], strlen(ends[i]));
        (void)poll(NULL, 0, 5);
        send_bytes(&client, NEXT, sizeof NEXT - 1);
        (void)shutdown(client.fd, SHUT_WR);
        (void)read_to_end(&client);
        http_client_close(&client);
        http_bench_settle(&bench);
        assert_in_range(executed() - executed_before, 1, 2);
    }
}

/* The answer itself says that the connection ends, and it does. */
static void test_malformed_says_close(void **state)
{
    (void)state;
    struct http_client client;
    struct http_answer answer;
    for (size_t i = FIRST_MALFORMED; i < HOSTILE_COUNT; i++) {
        char byte;
        open_client(&client);
        send_bytes(&client, hostile[i].bytes, hostile[i].count);
        http_client_head(&client, false, &answer);
        if (answer.status != 0) {
            http_client_body(&client, &answer);
            assert_false(answer.keeps_alive);
            http_answer_free(&answer);
        }
        while (http_client_some(&client, &byte, 1) > 0) {
        }
        http_client_close(&client);
    }
}

static void test_pipelined_is_told_to_go(void **state)
{
    (void)state;
    struct http_client client;
    struct http_answer answer;
    char byte;
    open_client(&client);
    http_client_get(&client, "/livez", "", &answer);
    http_answer_free(&answer);
    assert_true(answer.keeps_alive);
    send_bytes(&client, NEXT NEXT NEXT, 3 * (sizeof NEXT - 1));
    http_client_head(&client, false, &answer);
    http_client_body(&client, &answer);
    http_answer_free(&answer);
    assert_int_equal(answer.status, 200);
    assert_false(answer.keeps_alive);
    assert_int_equal(http_client_some(&client, &byte, 1), 0);
    http_client_close(&client);
    http_bench_settle(&bench);
    assert_int_equal(executed(), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_head),
        cmocka_unit_test(test_bytes),
        cmocka_unit_test_setup_teardown(test_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_long_heads, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_second_is_never_executed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_divided_anywhere, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_divided_anywhere_behind_plain, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nothing_is_left_of_the_head_before, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_malformed_says_close, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_pipelined_is_told_to_go, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
