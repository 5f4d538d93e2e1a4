/*
 * tests/alloc/server_test.c - no heap allocation by our code while requests are served.
 * Aim:    between the first connection and the end of the process the program itself never calls
 *         the allocator, directly or through the C library; what libmicrohttpd takes is bounded by
 *         requests and connections, and all of it is freed.
 * Method: the real program with tests/alloc/interposer.c preloaded; a workload over all routes,
 *         methods, errors, job states and hang-ups; then SIGTERM, and the books are read. That the
 *         interposer sees anything at all is shown by the boot and by `scream generate`.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/alloc/interposer.h"
#include "tests/support/http_client.h"

#define PROGRAM SCR_BINARY_DIR "/scream"
#define INTERPOSER SCR_BINARY_DIR "/tests/alloc/interposer.so"

/* libmicrohttpd takes its connection (2 KiB), its pool of 16 KiB, and a response of a few KiB. */
#define LIBRARY_BYTES_PER_CONNECTION ((size_t)48 * 1024)
/* Measured: about 40 small blocks for a response with 15 headers. */
#define LIBRARY_CALLS_PER_REQUEST 80

#define TOGETHER 16

struct book {
    unsigned long long boot_calls;
    unsigned long long calls;
    unsigned long long frees;
    unsigned long long live_blocks;
    unsigned long long live_bytes;
    unsigned long long live_bytes_max;
};

struct report {
    unsigned long long accepted;
    struct book ours;
    struct book library;
    struct book other;
    struct book system;
};

struct program {
    pid_t pid;
    uint16_t port;
    char report_path[64];
    unsigned requests;
};

/* ---- The program ---- */

static void exec_program(const struct program *program, const char *const arguments[], int out)
{
    char report[128];
    (void)snprintf(report, sizeof report, SCR_INTERPOSER_REPORT "=%s", program->report_path);
    char *environment[] = {
        (char[]){"LD_PRELOAD=" INTERPOSER},
        report,
        (char[]){"SCREAM_HTTP_PORT=0"},
        (char[]){"SCREAM_ARENA_BYTES=1MiB"},
        (char[]){"SCREAM_LOG_LEVEL=debug"},
        (char[]){"SCREAM_LOG_FORMAT=json"},
        (char[]){"SCREAM_MAX_CONNECTIONS=32"},
        (char[]){"SCREAM_RATE=1"},
        (char[]){"SCREAM_MAX_PER_ADDRESS=8"},
        (char[]){"SCREAM_TRUSTED_PROXIES=127.0.0.1"},
        strcmp(arguments[1], "generate") == 0 ? (char[]){SCR_INTERPOSER_ARMED "=1"} : NULL,
        NULL};
    FILE *nothing = freopen("/dev/null", "w", stderr);
    if (nothing == NULL || dup2(out, STDOUT_FILENO) < 0) {
        _exit(126);
    }
    char *words[8] = {NULL};
    for (size_t i = 0; i < 7 && arguments[i] != NULL; i += 1) {
        words[i] = strdup(arguments[i]);
    }
    (void)execve(PROGRAM, words, environment);
    _exit(127);
}

/* Starts the program; its standard output comes back as a file to read from. */
static FILE *start(struct program *program, const char *const arguments[])
{
    int ends[2];
    (void)snprintf(program->report_path, sizeof program->report_path, "/tmp/scream-alloc-XXXXXX");
    int report = mkstemp(program->report_path);
    assert_true(report >= 0);
    (void)close(report);
    assert_int_equal(pipe(ends), 0);
    program->requests = 0;
    program->pid = fork();
    assert_true(program->pid >= 0);
    if (program->pid == 0) {
        exec_program(program, arguments, ends[1]);
    }
    (void)close(ends[1]);
    FILE *output = fdopen(ends[0], "r");
    assert_non_null(output);
    return output;
}

static void start_server(struct program *program)
{
    static const char *const arguments[] = {"scream", "serve", NULL};
    char line[256];
    unsigned port = 0;
    FILE *output = start(program, arguments);
    assert_non_null(fgets(line, sizeof line, output));
    const char *address = strstr(line, "http://127.0.0.1:");
    assert_non_null(address);
    assert_int_equal(sscanf(address, "http://127.0.0.1:%u", &port), 1);
    program->port = (uint16_t)port;
    (void)fclose(output);
}

static void read_book(FILE *file, const char *name, struct book *book)
{
    char found[16];
    int count = fscanf(file,
                       "%15s %llu %llu %llu %llu %llu %llu",
                       found,
                       &book->boot_calls,
                       &book->calls,
                       &book->frees,
                       &book->live_blocks,
                       &book->live_bytes,
                       &book->live_bytes_max);
    assert_int_equal(count, 7);
    assert_string_equal(found, name);
    print_message("%-8s boot %llu, then %llu allocations, %llu frees; alive %llu (%llu bytes), "
                  "at most %llu bytes\n",
                  name,
                  book->boot_calls,
                  book->calls,
                  book->frees,
                  book->live_blocks,
                  book->live_bytes,
                  book->live_bytes_max);
}

/* Waits for the end, which must be a good one, and reads the books. */
static void finish(struct program *program, struct report *report)
{
    int status = 0;
    assert_int_equal(waitpid(program->pid, &status, 0), program->pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    FILE *file = fopen(program->report_path, "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "accepted %llu", &report->accepted), 1);
    read_book(file, "ours", &report->ours);
    read_book(file, "library", &report->library);
    read_book(file, "other", &report->other);
    read_book(file, "system", &report->system);
    (void)fclose(file);
    (void)unlink(program->report_path);
}

/* ---- The workload ---- */

static void ask(struct program *program, const char *target, const char *headers, int status)
{
    struct http_answer answer;
    http_get(program->port, target, headers, &answer);
    assert_int_equal(answer.status, status);
    assert_true(answer.whole);
    http_answer_free(&answer);
    program->requests += 1;
}

static void ask_raw(struct program *program, const char *request, int status)
{
    struct http_client client;
    struct http_answer answer;
    assert_true(http_client_open(&client, program->port));
    assert_true(http_client_send(&client, request));
    http_client_head(&client, true, &answer);
    assert_int_equal(answer.status, status);
    http_answer_free(&answer);
    http_client_close(&client);
    program->requests += 1;
}

static void ask_documents(struct program *program)
{
    static const char *const paths[] = {"/presets",
                                        "/parameters",
                                        "/openapi.yaml",
                                        "/version",
                                        "/problems/arena-full",
                                        "/livez",
                                        "/livez?verbose",
                                        "/readyz",
                                        "/startupz",
                                        "/metrics"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i += 1) {
        ask(program, paths[i], "", 200);
        ask(program, paths[i], "Accept: text/html, */*\r\nX-Request-Id: me\r\n", 200);
        char request[256];
        static const char *const methods[] = {"HEAD", "OPTIONS", "POST", "BREW"};
        static const int statuses[] = {200, 204, 405, 501};
        for (size_t j = 0; j < sizeof methods / sizeof methods[0]; j += 1) {
            (void)snprintf(request,
                           sizeof request,
                           "%s %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                           methods[j],
                           paths[i]);
            ask_raw(program, request, statuses[j]);
        }
    }
}

static void ask_sounds(struct program *program)
{
    char target[256];
    static const char *const formats[] = {"ogg", "wav"};
    for (unsigned i = 0; i < 48; i += 1) {
        /* More than the arena holds: admission, eviction and hits take their turns. */
        (void)snprintf(target,
                       sizeof target,
                       "/scream.%s?preset=robot&seed=%u&duration=0.%u",
                       formats[i % 3 == 2],
                       i / 2,
                       5 + i % 4);
        ask(program, target, "", 200);
        ask(program, target, "Range: bytes=1000-1999\r\n", 206);
        ask(program, target, "Range: bytes=-100\r\n", 206);
        ask(program, target, "Range: bytes=99999999-\r\n", 416);
        ask(program, target, "If-None-Match: *\r\n", 304);
        ask(program, target, "If-Match: \"x\"\r\n", 412);
    }
    ask(program, "/scream.ogg", "", 200);
    ask(program, "/scream.wav?duration=0.2", "", 200);
    ask(program, "/scream?preset=glitch", "Accept: audio/wav\r\n", 200);
    ask(program, "/scream?preset=glitch", "Accept: image/png\r\n", 406);
    ask(program, "/scream.ogg?preset=classic&duration=60&bitrate=256000", "", 400);
}

static void ask_wrongly(struct program *program)
{
    static const char *const queries[] = {"x=1",
                                          "seed=1&seed=2",
                                          "duration=nan",
                                          "duration=1e309",
                                          "preset=banshe",
                                          "seed=%00",
                                          "seed=%C0%80",
                                          "volume=2",
                                          "channels=3"};
    char target[4096];
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i += 1) {
        (void)snprintf(target, sizeof target, "/scream.ogg?%s", queries[i]);
        ask(program, target, "", 400);
    }
    memset(target, 'x', 3000);
    target[0] = '/';
    target[3000] = '\0';
    ask(program, target, "", 414);
    ask(program, "/nothing", "", 404);
    ask(program, "/problems/nothing", "", 404);
    ask_raw(program, "GET /livez HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nunexpect.", 400);
}

/* Many on one connection, many connections at once, and clients that go away in the middle. */
static void ask_together(struct program *program)
{
    struct http_client clients[TOGETHER];
    struct http_answer answer;
    for (unsigned round = 0; round < 8; round += 1) {
        for (unsigned i = 0; i < TOGETHER; i += 1) {
            char request[256];
            assert_true(http_client_open(&clients[i], program->port));
            (void)snprintf(request,
                           sizeof request,
                           "GET /scream.%s?preset=banshee&seed=%u&duration=2 HTTP/1.1\r\n"
                           "Host: a\r\n\r\n",
                           i % 4 == 0 ? "wav" : "ogg",
                           round * 3 + i / 8);
            assert_true(http_client_send(&clients[i], request));
        }
        for (unsigned i = 0; i < TOGETHER; i += 1) {
            if (i % 4 == 3) {
                http_client_reset(&clients[i]);
                continue;
            }
            http_client_head(&clients[i], false, &answer);
            assert_int_equal(answer.status, 200);
            if (i % 4 != 2) {
                http_client_body(&clients[i], &answer);
                assert_true(answer.whole);
            }
            http_answer_free(&answer);
            http_client_close(&clients[i]);
        }
        program->requests += TOGETHER;
    }
    assert_true(http_client_open(&clients[0], program->port));
    for (unsigned i = 0; i < 200; i += 1) {
        http_client_get(&clients[0], i % 2 == 0 ? "/livez" : "/metrics", "", &answer);
        assert_int_equal(answer.status, 200);
        http_answer_free(&answer);
    }
    program->requests += 200;
    http_client_close(&clients[0]);
}

/* Behind a proxy: clients are known, remembered, and one of them asks too often. */
static void ask_too_often(struct program *program)
{
    char headers[64];
    unsigned limited = 0;
    for (unsigned i = 0; i < 60; i += 1) {
        struct http_answer answer;
        (void)snprintf(headers, sizeof headers, "X-Forwarded-For: 192.0.2.%u\r\n", i);
        ask(program, "/presets", headers, 200);
        http_get(program->port, "/presets", "X-Forwarded-For: 198.51.100.1\r\n", &answer);
        assert_true(answer.status == 200 || answer.status == 429);
        limited += answer.status == 429 ? 1 : 0;
        http_answer_free(&answer);
        program->requests += 1;
    }
    assert_true(limited > 0);
}

/* Over the limit: the acceptor answers by itself. */
static void ask_crowded(struct program *program)
{
    struct http_client clients[40];
    for (unsigned i = 0; i < 40; i += 1) {
        assert_true(http_client_open(&clients[i], program->port));
    }
    for (unsigned i = 0; i < 40; i += 1) {
        http_client_close(&clients[i]);
    }
    program->requests += 40;
}

/* ---- Tests ---- */

static void our_code_never_allocates_while_it_serves(void **state)
{
    (void)state;
    struct program program;
    struct report report;
    start_server(&program);
    ask_documents(&program);
    ask_sounds(&program);
    ask_wrongly(&program);
    ask_together(&program);
    ask_too_often(&program);
    ask_crowded(&program);
    print_message("%u requests\n", program.requests);
    assert_int_equal(kill(program.pid, SIGTERM), 0);
    finish(&program, &report);

    assert_true(report.accepted > 500);
    assert_true(report.ours.boot_calls > 0);
    assert_int_equal(report.ours.calls, 0);
    assert_int_equal(report.other.calls, 0);
    assert_int_equal(report.system.calls, 0);

    assert_true(report.library.calls > 0);
    assert_true(report.library.calls <= (uint64_t)program.requests * LIBRARY_CALLS_PER_REQUEST);
    assert_int_equal(report.library.live_blocks, 0);
    assert_int_equal(report.library.live_bytes, 0);
    assert_true(report.library.live_bytes_max <= 32 * LIBRARY_BYTES_PER_CONNECTION);
}

/* Armed from the start, the same books show what the program takes at boot, and gives back. */
static void the_interposer_sees_what_our_code_allocates(void **state)
{
    (void)state;
    static const char *const arguments[] = {
        "scream", "generate", "--duration=0.1", "--quiet", "-o", "-", NULL};
    struct program program;
    struct report report;
    char bytes[4096];
    size_t total = 0;
    FILE *output = start(&program, arguments);
    for (size_t count = 1; count > 0; total += count) {
        count = fread(bytes, 1, sizeof bytes, output);
    }
    (void)fclose(output);
    finish(&program, &report);
    assert_true(total > 1000);
    assert_true(report.ours.calls > 0);
    assert_true(report.ours.frees > 0);
    assert_true(report.ours.live_bytes_max > 65536);
    assert_int_equal(report.ours.live_blocks, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_interposer_sees_what_our_code_allocates),
        cmocka_unit_test(our_code_never_allocates_while_it_serves),
    };
    (void)signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
