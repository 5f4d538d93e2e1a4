/*
 * tests/api/header_gate_random_test.c - laws of the header gate that hold for every head.
 * Aim:    no head with a length and a coding passes, whatever else it has; plain_bytes is what a
 *         plain head takes on the wire.
 * Method: random heads from a printed seed, good and bad lines mixed, as a client would write them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "api/header_gate.h"
#include "core/base/limits.h"
#include "core/base/text.h"

static uint64_t random_seed;
static uint64_t random_state;

static size_t draw(size_t below)
{
    random_state = random_state * UINT64_C(6364136223846793005) + 1442695040888963407U;
    return (size_t)(random_state >> 33) % below;
}

static int begin_random(void **state)
{
    (void)state;
    const char *given = getenv("SCREAM_TEST_SEED");
    random_seed = given != NULL ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    random_state = random_seed;
    print_message("seed %llu (repeat with SCREAM_TEST_SEED)\n", (unsigned long long)random_seed);
    return 0;
}

#define DRAW_FROM(list) ((list)[draw(sizeof(list) / sizeof(list)[0])])

/* A head as it is written, and what the gate makes of it. */
struct head {
    struct scr_header_gate gate;
    struct scr_text text;
    char chars[4096];
};

static void
begin_head(struct head *head, const char *method, const char *target, const char *version)
{
    scr_header_gate_init(&head->gate, method, target, version);
    scr_text_init(&head->text, head->chars, sizeof head->chars);
    scr_text_put(&head->text, method);
    scr_text_put(&head->text, " ");
    scr_text_put(&head->text, target);
    scr_text_put(&head->text, " ");
    scr_text_put(&head->text, version);
    scr_text_put(&head->text, "\r\n");
}

static void add_line(struct head *head, const char *name, const char *value)
{
    scr_header_gate_add(&head->gate, name, strlen(name), value, strlen(value));
    scr_text_put(&head->text, name);
    scr_text_put(&head->text, ": ");
    scr_text_put(&head->text, value);
    scr_text_put(&head->text, "\r\n");
}

static enum scr_err end_head(struct head *head)
{
    scr_text_put(&head->text, "\r\n");
    assert_false(head->text.overflow);
    return scr_header_gate_end(&head->gate);
}

static void add_good_line(struct head *head)
{
    static const char *const names[] = {
        "Accept", "user-agent", "X-Empty", "Range", "x_y", "!#$%&'*+-.^_`|~", "Connection"};
    static const char *const values[] = {
        "*/*", "", "a\tb", "bytes=0-", "0123456789abcdef", "\xc3\xbc\xff", "\"x\", (y)"};
    add_line(head, DRAW_FROM(names), DRAW_FROM(values));
}

static void add_any_line(struct head *head)
{
    static const char *const names[] = {
        "Host", "Expect", "Authorization", "", "Content-Length", "Transfer-Encoding", "a b"};
    static const char *const values[] = {
        "a", "100-continue", "", "x y", "5", "chunked", "a\rb", "[::1]:80"};
    if (draw(2) == 0) {
        add_good_line(head);
    } else {
        add_line(head, DRAW_FROM(names), DRAW_FROM(values));
    }
}

/* One Host, and what else is asked for, among lines that are good or are not. */
static enum scr_err mixed_head(struct head *head, bool length, bool coding, bool good)
{
    static const char *const lengths[] = {"0", "5", "00", "9223372036854775807"};
    static const char *const codings[] = {"chunked", "Chunked"};
    size_t count = 3 + draw(12);
    size_t host_at = draw(count);
    size_t length_at = (host_at + 1 + draw(count - 2)) % count;
    size_t coding_at = length_at;
    while (coding_at == length_at || coding_at == host_at) {
        coding_at = draw(count);
    }
    begin_head(head, "GET", "/", "HTTP/1.1");
    for (size_t i = 0; i < count; i += 1) {
        if (i == host_at) {
            add_line(head, "Host", "a");
        } else if (i == length_at && length) {
            add_line(head, draw(2) == 0 ? "Content-Length" : "cOntent-lenGTH", DRAW_FROM(lengths));
        } else if (i == coding_at && coding) {
            add_line(
                head, draw(2) == 0 ? "Transfer-Encoding" : "TRANSFER-Encoding", DRAW_FROM(codings));
        } else if (good) {
            add_good_line(head);
        } else {
            add_any_line(head);
        }
    }
    return end_head(head);
}

static void a_length_and_a_coding_never_pass(void **state)
{
    (void)state;
    struct head head;
    for (unsigned round = 0; round < 20000; round += 1) {
        if (mixed_head(&head, true, true, round % 2 == 0) == SCR_OK ||
            !scr_header_gate_has_body(&head.gate)) {
            fail_msg("seed %llu, round %u: %s", (unsigned long long)random_seed, round, head.chars);
        }
        /* Either alone does pass, so it is the pair that is refused. */
        bool length = draw(2) == 0;
        if (mixed_head(&head, length, !length, true) != SCR_OK) {
            fail_msg("seed %llu, round %u: %s", (unsigned long long)random_seed, round, head.chars);
        }
    }
}

static void plain_heads_take_plain_bytes(void **state)
{
    (void)state;
    static const char *const methods[] = {"GET", "HEAD", "OPTIONS", "BREW", "G"};
    static const char *const targets[] = {"/", "*", "/scream.ogg?seed=1", "http://a/livez", ""};
    static const char *const versions[] = {"HTTP/1.1", "HTTP/1.0", "HTTP/2.0", ""};
    unsigned passed = 0;
    for (unsigned round = 0; round < 20000; round += 1) {
        struct head head;
        bool good = draw(2) == 0;
        begin_head(&head, DRAW_FROM(methods), DRAW_FROM(targets), DRAW_FROM(versions));
        for (size_t i = draw(SCR_HTTP_HEADERS_MAX + 8); i > 0; i -= 1) {
            if (good) {
                add_good_line(&head);
            } else {
                add_any_line(&head);
            }
        }
        passed += end_head(&head) == SCR_OK ? 1 : 0;
        if (head.gate.plain_bytes != head.text.used) {
            fail_msg("seed %llu, round %u: %s", (unsigned long long)random_seed, round, head.chars);
        }
    }
    assert_in_range(passed, 1, 19999);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_length_and_a_coding_never_pass, begin_random),
        cmocka_unit_test_setup(plain_heads_take_plain_bytes, begin_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
