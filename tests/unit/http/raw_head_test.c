/*
 * tests/unit/http/raw_head_test.c - heads as they stand in the library's buffer.
 * Aim:    only a head that is whole, alone and plainly written passes, wherever it is cut and
 *         whichever byte is another.
 * Method: a buffer as aligned as the library's; its request line cut up as the library does it.
 */
#include "server/http/raw_head.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/limits.h"
#include "server/http/library.h"

/* Copies a head to where a pool would have it, into a block of exactly its size, so that a
 * sanitizer sees every byte too many; cuts the request line up; asks. */
static bool ask(const char *head, size_t bytes)
{
    char *buffer = malloc(bytes);
    assert_non_null(buffer);
    assert_int_equal((uintptr_t)buffer % 16, 0);
    memcpy(buffer, head, bytes);
    char *target = memchr(buffer, ' ', bytes);
    char *end = memchr(buffer, '\n', bytes);
    bool is_plain = false;
    if (target != NULL && end != NULL && target < end) {
        *target++ = '\0';
        while (*target == ' ') {
            target++;
        }
        char *version = end;
        while (version > target && *version != ' ') {
            version--;
        }
        if (version > target) {
            *version = '\0';
            if (end[-1] == '\r') {
                end[-1] = '\0';
            }
            *end = '\0';
            is_plain = scr_raw_head_is_plain(target, bytes);
        }
    }
    free(buffer);
    return is_plain;
}

static bool is_plain(const char *head)
{
    return ask(head, strlen(head));
}

#define LINE "GET /livez HTTP/1.1\r\n"

static void plain_heads_pass(void **state)
{
    (void)state;
    assert_true(is_plain(LINE "Host: a\r\n\r\n"));
    assert_true(is_plain("HEAD /livez?a=b&c HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_true(is_plain("OPTIONS * HTTP/1.1\r\nHost: a\r\nX: y: z\r\n\r\n"));
    assert_true(is_plain("GET / HTTP/1.0\r\n\r\n"));
    assert_true(is_plain("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
}

static void other_methods_and_versions_do_not(void **state)
{
    (void)state;
    assert_false(is_plain("POST / HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_false(is_plain("GETS / HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_false(is_plain("T / HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_false(is_plain("OPTIONSOPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_false(is_plain("GET / HTTP/1.2\r\nHost: a\r\n\r\n"));
    assert_false(is_plain("GET  / HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_false(is_plain("GET / HTTP/1.1\nHost: a\r\n\r\n"));
}

static void every_other_end_is_seen(void **state)
{
    (void)state;
    static const char *const heads[] = {
        LINE "Host: a\r\n: v\r\n",
        LINE "Host: a\r\n:\n",
        LINE "Host: a\r\n:\r\n\r\n",
        LINE "Host: a\r\n\n",
        LINE "Host: a\n\r\n",
        LINE "Host: a\n\n",
        LINE "Host:  a\n\r\n",
        LINE "Host: a\r\n b\r\n\r\n",
        LINE "Host: a\r\n\tb\r\n\r\n",
        LINE "Host: a\rb\r\n\r\n",
        LINE "Host: a\r\nno colon\r\n\r\n",
        LINE "Host: a\r\r\n\r\n",
    };
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        assert_false(is_plain(heads[i]));
    }
    static const char nul_ends[] = LINE "Host: a\r\n\0\n";
    static const char nul_line[] = LINE "Host: a\n\0\r\n";
    static const char nul_value[] = LINE "Host: a\0\n\r\n";
    static const char nul_target[] = "GET /a\0b HTTP/1.1\r\nHost: a\r\n\r\n";
    assert_false(ask(nul_ends, sizeof nul_ends - 1));
    assert_false(ask(nul_line, sizeof nul_line - 1));
    assert_false(ask(nul_value, sizeof nul_value - 1));
    assert_false(ask(nul_target, sizeof nul_target - 1));
}

static void nothing_may_stand_behind_it(void **state)
{
    (void)state;
    assert_false(is_plain(LINE "Host: a\r\n\r\nG"));
    assert_false(is_plain(LINE "Host: a\r\n\r\n\r\n"));
    assert_false(is_plain(LINE "Host: a\r\n\r\n" LINE "Host: a\r\n\r\n"));
}

static void no_part_of_one_passes(void **state)
{
    (void)state;
    static const char head[] = LINE "Host: a\r\nAccept: */*\r\n\r\n";
    for (size_t bytes = sizeof LINE - 1; bytes < sizeof head - 1; bytes++) {
        assert_false(ask(head, bytes));
    }
}

static void counts_that_cannot_be_are_refused(void **state)
{
    (void)state;
    _Alignas(16) char buffer[32] = "GET\0/\0HTTP/1.1\0\0\r\n";
    for (uint64_t bytes = 0; bytes < 18; bytes++) {
        assert_false(scr_raw_head_is_plain(buffer + 4, bytes));
    }
    assert_true(scr_raw_head_is_plain(buffer + 4, 18));
    assert_false(scr_raw_head_is_plain(buffer + 4, UINT64_MAX));
    assert_false(scr_raw_head_is_plain(buffer + 4, SCR_HTTP_POOL_BYTES / 2 + 1));
}

/* As many empty lines before it as fill the alignment: what is looked at stays inside the pool. */
static void empty_lines_before_lead_nowhere(void **state)
{
    (void)state;
    for (size_t blank = 16; blank < SCR_HTTP_POOL_BYTES; blank += 16) {
        char *pool = calloc(1, SCR_HTTP_POOL_BYTES);
        assert_non_null(pool);
        char *head = pool + blank;
        size_t most = (size_t)SCR_HTTP_POOL_BYTES / 2;
        size_t bytes = blank + 20 < most ? most - blank : 20;
        if (blank + bytes <= SCR_HTTP_POOL_BYTES) {
            memset(head, 'a', bytes);
            memcpy(head, "GET\0/\0HTTP/1.1\0\0", 16);
            (void)scr_raw_head_is_plain(head + 4, blank + bytes);
            memset(head + 16, '\n', (size_t)SCR_HTTP_POOL_BYTES - blank - 16);
            (void)scr_raw_head_is_plain(head + 4, blank + bytes);
        }
        free(pool);
    }
}

/* Behind a kept request: zero bytes follow what was read, and how much that was is not told. */
static void a_head_among_zeros_is_measured(void **state)
{
    (void)state;
    static const char head[] = "GET\0/livez\0HTTP/1.1\0\0Host: a\r\nX: y\r\n\r\n";
    static const size_t whole = sizeof head - 1;
    static _Alignas(16) char buffer[SCR_HTTP_POOL_BYTES / 2];
    for (size_t read = 0; read <= whole; read++) {
        memset(buffer, 0, sizeof buffer);
        memcpy(buffer, head, read);
        if (read < 3) {
            assert_null(scr_raw_head_begin(buffer + 4));
            continue;
        }
        assert_ptr_equal(scr_raw_head_begin(buffer + 4), buffer);
        size_t bytes = scr_raw_head_measure(buffer + 4, sizeof buffer);
        assert_int_equal(bytes, read == whole ? whole : 0);
    }
    /* What comes behind it is found by the sums (keep_alive.h). */
    buffer[whole] = 'G';
    assert_int_equal(scr_raw_head_measure(buffer + 4, sizeof buffer), whole);
    assert_int_equal(scr_raw_head_measure(buffer + 4, whole), whole);
    assert_int_equal(scr_raw_head_measure(buffer + 4, whole - 1), 0);
    assert_int_equal(scr_raw_head_measure(buffer + 4, 4), 0);
    assert_null(scr_raw_head_begin(buffer + 5));
    assert_null(scr_raw_head_begin(buffer + 16));
}

/* The above leans on it; another version has to be read first, and means asking the kernel. */
static void the_library_is_the_known_one(void **state)
{
    (void)state;
    assert_string_equal(scr_http_library_version(), "0.9.75");
    assert_true(scr_http_library_zeroes_pools());
}

/* One byte of a clean head is another: whatever passes has no other line ends than before. */
static void single_bytes_decide_only_within_lines(void **state)
{
    (void)state;
    static const char head[] = LINE "Host: a\r\nX: y\r\n\r\n";
    char other[sizeof head];
    for (size_t at = sizeof LINE - 1; at < sizeof head - 1; at++) {
        for (unsigned byte = 0; byte < 256; byte++) {
            memcpy(other, head, sizeof head);
            other[at] = (char)byte;
            if (ask(other, sizeof head - 1)) {
                assert_true(other[at] == head[at] || (byte != 0 && byte != '\r' && byte != '\n'));
                assert_true(other[at] == head[at] || (head[at] != '\r' && head[at] != '\n'));
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_heads_pass),
        cmocka_unit_test(other_methods_and_versions_do_not),
        cmocka_unit_test(every_other_end_is_seen),
        cmocka_unit_test(nothing_may_stand_behind_it),
        cmocka_unit_test(no_part_of_one_passes),
        cmocka_unit_test(counts_that_cannot_be_are_refused),
        cmocka_unit_test(empty_lines_before_lead_nowhere),
        cmocka_unit_test(a_head_among_zeros_is_measured),
        cmocka_unit_test(the_library_is_the_known_one),
        cmocka_unit_test(single_bytes_decide_only_within_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
