/*
 * tests/load/server_test.c - the program of this build under a crowd, and a stop in its midst.
 * Aim:    with every kind of client at once it answers, ends with 0 when asked to, and the
 *         sanitizer it was built with has nothing to say; afterwards nothing is left open.
 * Method: the real program (under ThreadSanitizer in the preset tsan), small limits so that refusal
 *         and eviction happen, addresses told by a trusted proxy; a crowd, then its books; a second
 *         crowd while SIGTERM arrives.
 */
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "server/exit_code.h"
#include "tests/support/http_client.h"
#include "tests/support/load.h"
#include "tests/support/program.h"

#define SETTLE_STEPS 2000

static struct program program;
static uint64_t seed;

static int set_up(void **state)
{
    (void)state;
    static const char *const words[] = {
        "scream", "serve", "--log-level=debug", "--drain-timeout=2s", NULL};
    static const char *const environment[] = {"SCREAM_HTTP_PORT=0",
                                              "SCREAM_ARENA_BYTES=4MiB",
                                              "SCREAM_MAX_CONNECTIONS=24",
                                              "SCREAM_TRUSTED_PROXIES=127.0.0.1",
                                              "SCREAM_RATE=200",
                                              "SCREAM_MAX_PER_ADDRESS=8",
                                              "TSAN_OPTIONS=halt_on_error=1",
                                              NULL};
    const char *given = getenv("SCREAM_TEST_SEED");
    seed = given != NULL ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    print_message("seed %llu (repeat with SCREAM_TEST_SEED)\n", (unsigned long long)seed);
    program_start(&program, words, environment);
    return program_listens(&program) ? 0 : -1;
}

static long gauge(const char *name)
{
    struct http_answer answer;
    char pattern[96];
    http_get(program.port, "/metrics", "", &answer);
    assert_int_equal(answer.status, 200);
    answer.body = realloc(answer.body, answer.body_bytes + 1);
    assert_non_null(answer.body);
    answer.body[answer.body_bytes] = '\0';
    (void)snprintf(pattern, sizeof pattern, "\n%s ", name);
    const char *at = strstr((const char *)answer.body, pattern);
    assert_non_null(at);
    long value = strtol(at + strlen(pattern), NULL, 10);
    http_answer_free(&answer);
    return value;
}

static void wait_for(const char *name, long wanted)
{
    long value = gauge(name);
    /* The connection of the last look may still be counted in this one. */
    for (int i = 0; i < SETTLE_STEPS && value != wanted; i += 1) {
        (void)poll(NULL, 0, 10);
        value = gauge(name);
    }
    assert_int_equal(value, wanted);
}

static void a_crowd_is_served(void **state)
{
    (void)state;
    const struct load load = {.port = program.port, .clients = 16, .acts = 60, .seed = seed};
    struct load_result result;
    load_run(&load, &result);
    assert_true(result.answered > 0);
    assert_true(result.left > 0);
    wait_for("scream_http_connections", 1);
    wait_for("http_requests_in_flight", 1);
    wait_for("scream_arena_readers", 0);
    wait_for("scream_pcm_streams_used", 0);
    wait_for("scream_render_states_used", 0);
}

static void *load_in_background(void *context)
{
    struct load_result result;
    load_run(context, &result);
    return NULL;
}

static void a_stop_in_its_midst_is_clean(void **state)
{
    (void)state;
    struct load load = {.port = program.port, .clients = 8, .acts = 300, .seed = seed + 1};
    struct program_end end;
    pthread_t crowd;
    assert_int_equal(pthread_create(&crowd, NULL, load_in_background, &load), 0);
    (void)poll(NULL, 0, 200);
    assert_int_equal(kill(program.pid, SIGTERM), 0);
    program_wait(&program, &end);
    assert_int_equal(pthread_join(crowd, NULL), 0);
    if (end.hung || end.signal != 0 || end.code != SCR_EXIT_OK) {
        print_error("%s signal %d, code %d, said \"%s\"\n",
                    end.hung ? "hung," : "",
                    end.signal,
                    end.code,
                    end.said);
        fail();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_crowd_is_served),
        cmocka_unit_test(a_stop_in_its_midst_is_clean),
    };
    (void)signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, set_up, NULL);
}
