/*
 * tests/torture/request_test.c - a request is answered or its connection closed, whatever fails.
 * Aim:    each allocation made for one request fails once, kind by kind: the server lives, what it
 *         sends is right or visibly broken off, the same request works afterwards, and nothing is
 *         left: connections, requests, readers, render and PCM states, descriptors, heap blocks.
 * Method: the real server; call number 1 of a request fails, then number 2, and so on until several
 *         requests in a row had fewer calls. Bodies of whole answers are compared with an answer
 *         nobody disturbed. Afterwards all memory is gone for a while, for everybody.
 */
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/limits.h"
#include "server/exit_code.h"
#include "tests/support/http_client.h"
#include "tests/torture/victim.h"

/* Threads allocate in their own order: so many requests without a failure end a kind. */
#define MISSES_MAX 3
#define CALLS_MAX 1000
/* A connection that neither answers nor closes for this long hangs. */
#define HANG_S 20
#define SETTLE_STEPS 10000

struct kind {
    const char *name;
    const char *request; /* %u stands for a new seed */
    int status;
    unsigned repeats; /* times on one connection */
};

static const struct kind kinds[] = {
    {"ogg",
     "GET /scream.ogg?preset=robot&duration=0.4&seed=%u HTTP/1.1\r\nHost: a\r\n\r\n",
     200,
     1},
    {"cached",
     "GET /scream.ogg?preset=robot&duration=1&seed=7 HTTP/1.1\r\nHost: a\r\n\r\n",
     200,
     1},
    {"stream", "GET /scream.ogg?duration=20&seed=%u HTTP/1.1\r\nHost: a\r\n\r\n", 200, 1},
    {"wav",
     "GET /scream.wav?preset=robot&duration=0.4&seed=%u HTTP/1.1\r\nHost: a\r\n\r\n",
     200,
     1},
    {"head", "HEAD /scream.ogg?seed=%u HTTP/1.1\r\nHost: a\r\n\r\n", 200, 1},
    {"range",
     "GET /scream.ogg?preset=robot&duration=1&seed=%u HTTP/1.1\r\nHost: a\r\n"
     "Range: bytes=3000-4999\r\n\r\n",
     206,
     1},
    {"unsatisfiable",
     "GET /scream.ogg?preset=robot&duration=1&seed=7 HTTP/1.1\r\nHost: a\r\n"
     "Range: bytes=99999999-\r\n\r\n",
     416,
     1},
    {"not-modified",
     "GET /scream.ogg?seed=7 HTTP/1.1\r\nHost: a\r\nIf-None-Match: *\r\n\r\n",
     304,
     1},
    {"metrics", "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n", 200, 1},
    {"document", "GET /openapi.yaml HTTP/1.1\r\nHost: a\r\n\r\n", 200, 1},
    {"problem", "GET /scream.ogg?duration=nan HTTP/1.1\r\nHost: a\r\n\r\n", 400, 1},
    {"missing", "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n", 404, 1},
    {"body", "POST /scream.ogg HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", 0, 1},
    {"malformed", "GET /livez HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", 0, 1},
    {"kept", "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n", 200, 3},
};

struct level {
    unsigned descriptors;
    int64_t live;
};

struct tally {
    unsigned failed;    /* failures that were injected */
    unsigned answered;  /* as if nothing had happened */
    unsigned erred;     /* with a status of 500 or more */
    unsigned broken;    /* begun, and visibly broken off */
    unsigned closed;    /* without a word */
    int64_t longest_ms; /* of all requests */
};

static struct victim victim;
static struct level rest; /* what an idle server holds */
static unsigned next_seed = 1000;

static int64_t now_ms(void)
{
    struct timespec now;
    assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- One request ---- */

static bool open_client(struct http_client *client)
{
    const struct timeval wait = {.tv_sec = HANG_S};
    if (!http_client_open(client, victim.program.port)) {
        return false;
    }
    assert_int_equal(setsockopt(client->fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait), 0);
    return true;
}

/* Sends the request `repeats` times on one connection; the last answer there was comes back. */
static int64_t ask(const struct kind *kind, unsigned seed, struct http_answer *answer)
{
    char text[512];
    struct http_client client;
    int64_t began_ms = now_ms();
    memset(answer, 0, sizeof *answer);
    /* NOLINTNEXTLINE(clang-diagnostic-format-nonliteral): the table above holds the formats. */
    int bytes = snprintf(text, sizeof text, "%s", kind->request);
    char *place = strstr(text, "%u");
    if (place != NULL) {
        const char *behind = strstr(kind->request, "%u") + 2;
        bytes = snprintf(place, sizeof text - (size_t)(place - text), "%u%s", seed, behind);
    }
    assert_true(bytes > 0);
    assert_true(open_client(&client));
    for (unsigned i = 0; i < kind->repeats; i += 1) {
        http_answer_free(answer);
        if (!http_client_send(&client, text)) {
            memset(answer, 0, sizeof *answer);
            break;
        }
        http_client_head(&client, strncmp(text, "HEAD", 4) == 0, answer);
        http_client_body(&client, answer);
        if (!answer->whole) {
            break;
        }
    }
    http_client_close(&client);
    int64_t took_ms = now_ms() - began_ms;
    if (took_ms >= HANG_S * 1000) {
        print_error("%s: no answer and no end; failed: %s\n", kind->name, victim.control->where);
        fail();
    }
    return took_ms;
}

/* ---- What an idle server holds ---- */

/* Each daemon keeps answers to answer with again (server/http/kept.h). What it keeps is made what
 * it was before: a connection to each, and on it one answer of as many kinds as places. */
static void settle_kept_answers(void)
{
    static struct http_client clients[SCR_HTTP_DAEMONS_MAX];
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    long count = cores < SCR_HTTP_DAEMONS_MAX ? cores : SCR_HTTP_DAEMONS_MAX;
    for (long c = 0; c < count; c += 1) {
        assert_true(open_client(&clients[c]));
        for (unsigned i = 1; i <= SCR_KEPT_ANSWERS; i += 1) {
            char text[128];
            struct http_answer answer;
            (void)snprintf(text,
                           sizeof text,
                           "HEAD /scream.ogg?preset=robot&seed=7&duration=%u HTTP/1.1\r\n"
                           "Host: a\r\n\r\n",
                           i);
            assert_true(http_client_send(&clients[c], text));
            http_client_head(&clients[c], true, &answer);
            assert_int_equal(answer.status, 200);
            http_answer_free(&answer);
        }
    }
    for (long c = 0; c < count; c += 1) {
        http_client_close(&clients[c]);
    }
}

static struct level level_now(void)
{
    return (struct level){program_descriptors(&victim.program), atomic_load(&victim.control->live)};
}

static bool at_rest(struct level level)
{
    return level.descriptors == rest.descriptors && level.live == rest.live;
}

static void wait_for_rest(const char *what)
{
    settle_kept_answers();
    struct level level = level_now();
    for (int i = 0; i < SETTLE_STEPS && !at_rest(level); i += 1) {
        (void)poll(NULL, 0, 1);
        level = level_now();
    }
    if (!at_rest(level)) {
        print_error("%s left %d descriptors and %d heap blocks; failed: %s\n",
                    what,
                    (int)level.descriptors - (int)rest.descriptors,
                    (int)(level.live - rest.live),
                    victim.control->where);
        fail();
    }
}

static long gauge(const struct http_answer *metrics, const char *name)
{
    char pattern[96];
    (void)snprintf(pattern, sizeof pattern, "\n%s ", name);
    const char *at = strstr((const char *)metrics->body, pattern);
    assert_non_null(at);
    return strtol(at + strlen(pattern), NULL, 10);
}

/* The server's own books: only the one who reads them is there. */
static bool books_are_clean(bool with_renders)
{
    static const struct kind metrics = {
        "books", "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n", 200, 1};
    struct http_answer answer;
    (void)ask(&metrics, 0, &answer);
    assert_int_equal(answer.status, 200);
    answer.body = realloc(answer.body, answer.body_bytes + 1);
    assert_non_null(answer.body);
    answer.body[answer.body_bytes] = '\0';
    bool clean = gauge(&answer, "scream_http_connections") == 1 &&
                 gauge(&answer, "http_requests_in_flight") == 1 &&
                 gauge(&answer, "scream_arena_readers") == 0 &&
                 gauge(&answer, "scream_pcm_streams_used") == 0;
    clean = clean && (!with_renders || (gauge(&answer, "scream_render_states_used") == 0 &&
                                        gauge(&answer, "scream_arena_jobs_unfinished") == 0));
    http_answer_free(&answer);
    return clean;
}

static void wait_for_clean_books(const char *what, bool with_renders)
{
    for (int i = 0; i < SETTLE_STEPS / 10; i += 1) {
        if (books_are_clean(with_renders)) {
            return;
        }
        (void)poll(NULL, 0, 10);
    }
    print_error("%s left something in the books; failed: %s\n", what, victim.control->where);
    fail();
}

/* ---- Torture ---- */

static void check_undisturbed(const struct kind *kind, unsigned seed, struct http_answer *answer)
{
    (void)ask(kind, seed, answer);
    if (kind->status != 0) {
        assert_int_equal(answer->status, kind->status);
        assert_true(answer->whole);
    }
}

static void
book(const struct http_answer *got, const struct http_answer *right, struct tally *tally)
{
    if (got->status == 0) {
        tally->closed += 1;
    } else if (!got->whole) {
        tally->broken += 1;
    } else if (got->status >= 500) {
        tally->erred += 1;
    } else {
        assert_int_equal(got->status, right->status);
        if (got->status < 300) { /* problems carry the request's own id */
            assert_int_equal(got->body_bytes, right->body_bytes);
            assert_memory_equal(got->body, right->body, right->body_bytes);
        }
        tally->answered += 1;
    }
}

/* One request in which `count` calls from the nth on fail; false when it had fewer calls. */
static bool disturb(const struct kind *kind, uint64_t nth, uint64_t count, struct tally *tally)
{
    struct http_answer got;
    struct http_answer right;
    unsigned seed = next_seed;
    next_seed += 1;
    wait_for_rest(kind->name);
    victim_arm(&victim, nth, count);
    int64_t took_ms = ask(kind, seed, &got);
    uint64_t failed = victim_disarm(&victim);
    tally->longest_ms = took_ms > tally->longest_ms ? took_ms : tally->longest_ms;
    tally->failed += (unsigned)failed;
    check_undisturbed(kind, seed, &right);
    if (failed > 0 && strcmp(kind->name, "metrics") != 0) {
        book(&got, &right, tally);
    }
    http_answer_free(&got);
    http_answer_free(&right);
    wait_for_clean_books(kind->name, false);
    return failed > 0;
}

static void torture(const struct kind *kind, uint64_t count)
{
    struct tally tally = {0};
    unsigned misses = 0;
    for (uint64_t nth = 1; misses < MISSES_MAX; nth += 1) {
        misses = disturb(kind, nth, count, &tally) ? 0 : misses + 1;
        assert_true(nth < CALLS_MAX);
    }
    wait_for_clean_books(kind->name, true);
    wait_for_rest(kind->name);
    print_message("torture %s: %u allocations failed (%u in a row): %u answered all the same, %u "
                  "with 5xx, %u broken off, %u closed; longest %u ms\n",
                  kind->name,
                  tally.failed,
                  (unsigned)count,
                  tally.answered,
                  tally.erred,
                  tally.broken,
                  tally.closed,
                  (unsigned)tally.longest_ms);
}

static void requests_survive(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i += 1) {
        torture(&kinds[i], 1);
        if (torture_is_long()) {
            torture(&kinds[i], 2);
            torture(&kinds[i], 5);
        }
    }
}

/* No memory at all for whole requests, one kind after the other; then all is well again. */
static void famine_is_survived(void **state)
{
    (void)state;
    struct http_answer answer;
    for (unsigned round = 0; round < 20; round += 1) {
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i += 1) {
            victim_arm(&victim, 1 + round, 1000000);
            (void)ask(&kinds[i], next_seed, &answer);
            (void)victim_disarm(&victim);
            http_answer_free(&answer);
            check_undisturbed(&kinds[i], next_seed, &answer);
            http_answer_free(&answer);
            next_seed += 1;
        }
    }
    wait_for_clean_books("the famine", true);
    wait_for_rest("the famine");
}

/* ---- The server ---- */

static int set_up(void **state)
{
    (void)state;
    static const char *const words[] = {"scream", "serve", "--log-level=debug", NULL};
    struct http_answer answer;
    victim_start(&victim, words, 0, 0);
    assert_true(program_listens(&victim.program));
    /* Whatever is made once is made now: three rounds reach every daemon. */
    for (unsigned round = 0; round < 3; round += 1) {
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i += 1) {
            check_undisturbed(&kinds[i], round, &answer);
            http_answer_free(&answer);
        }
    }
    wait_for_clean_books("the first requests", true);
    settle_kept_answers();
    (void)poll(NULL, 0, 500);
    rest = level_now();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    struct victim_end end;
    assert_int_equal(kill(victim.program.pid, SIGTERM), 0);
    victim_wait(&victim, &end);
    assert_false(end.program.hung);
    assert_int_equal(end.program.signal, 0);
    assert_int_equal(end.program.code, SCR_EXIT_OK);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_survive),
        cmocka_unit_test(famine_is_survived),
    };
    (void)signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
