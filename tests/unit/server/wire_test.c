/*
 * tests/unit/server/wire_test.c - a server of all rooms, and the probe that asks it.
 * Aim:    rooms come up ready on a free port and go down without a byte left; a taken port is a
 *         sentence; the probe tells ready, not ready, refused, silent and not-HTTP apart.
 * Method: real sockets on the loopback, port 0; sockets of the test's own for strange servers.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/memory/boot.h"
#include "server/exit_code.h"
#include "server/probe.h"
#include "server/self_test.h"
#include "server/wire.h"
#include "tests/support/command_bench.h"

#define SECOND INT64_C(1000000000)

static struct command_bench bench;
static struct scr_wire wire;
static char chars[SCR_CONFIG_SENTENCE_BYTES_MAX];

static enum scr_err create(const char *flags)
{
    char line[256];
    struct scr_text sentence;
    snprintf(line, sizeof line, "serve --arena-bytes 1MiB --max-connections 8 %s", flags);
    command_bench_load(&bench, line, NULL);
    scr_text_init(&sentence, chars, sizeof chars);
    scr_boot_enter(SCR_BOOT_OPEN);
    return scr_wire_create(&bench.config, &wire, &sentence);
}

static void take_down(void)
{
    static volatile bool hurry = false;
    if (wire.http != NULL) {
        (void)scr_wire_drain(&wire, scr_clock_now_ns(scr_clock_monotonic()) + 5 * SECOND, &hurry);
    }
    scr_boot_enter(SCR_BOOT_TEARDOWN);
    scr_wire_destroy(&wire);
    assert_int_equal(scr_boot_bytes(), 0);
}

static void a_server_comes_up_and_goes_down(void **state)
{
    (void)state;
    unsigned status = 0;
    const char *reason = "";
    assert_int_equal(create("--http-port 0"), SCR_OK);
    uint16_t port = scr_http_port(wire.http);
    assert_true(port != 0);
    scr_boot_enter(SCR_BOOT_SEALED);
    assert_int_equal(scr_wire_start(&wire), SCR_OK);
    assert_int_equal(scr_probe("127.0.0.1", port, "/readyz", 30 * SECOND, &status, &reason),
                     SCR_OK);
    assert_int_equal(status, 200);
    char line[128];
    snprintf(line, sizeof line, "healthcheck --http-port %u --http-addr *", port);
    assert_int_equal(command_bench_run(&bench, line, NULL), SCR_EXIT_OK);
    assert_string_equal(bench.err_text, "");
    atomic_store(&wire.service->draining, true);
    assert_int_equal(scr_probe("127.0.0.1", port, "/readyz", 30 * SECOND, &status, &reason),
                     SCR_OK);
    assert_int_equal(status, 503);
    assert_int_equal(command_bench_run(&bench, line, NULL), SCR_EXIT_UNAVAILABLE);
    assert_non_null(strstr(bench.err_text, "answers 503"));
    take_down();
}

/* Loopback has no limits, and the table of clients goes with the others. */
static void limits_come_and_go_with_the_rooms(void **state)
{
    (void)state;
    unsigned status = 0;
    const char *reason = "";
    assert_int_equal(create("--http-port 0 --rate 0.001 --rate-burst 1 --max-per-address 1 "
                            "--trusted-proxies 10.0.0.0/8"),
                     SCR_OK);
    assert_non_null(wire.service->clients);
    assert_int_equal(wire.service->trusted_proxies.count, 1);
    assert_int_equal(scr_clients_config(wire.service->clients)->exempt.count, 3);
    scr_boot_enter(SCR_BOOT_SEALED);
    assert_int_equal(scr_wire_start(&wire), SCR_OK);
    for (int i = 0; i < 5; i += 1) {
        assert_int_equal(
            scr_probe(
                "127.0.0.1", scr_http_port(wire.http), "/version", 30 * SECOND, &status, &reason),
            SCR_OK);
        assert_int_equal(status, 200);
    }
    take_down();
    assert_int_equal(create("--http-port 0 --trusted-proxies ::1"), SCR_OK);
    assert_null(wire.service->clients);
    assert_int_equal(wire.service->trusted_proxies.count, 1);
    take_down();
}

static unsigned status_of(uint16_t port, const char *path)
{
    unsigned status = 0;
    const char *reason = "";
    assert_int_equal(scr_probe("127.0.0.1", port, path, 30 * SECOND, &status, &reason), SCR_OK);
    return status;
}

static void an_admin_side_has_a_port_of_its_own(void **state)
{
    (void)state;
    assert_int_equal(create("--http-port 0 --admin-port 0"), SCR_OK);
    uint16_t port = scr_http_port(wire.http);
    uint16_t admin = scr_http_port(wire.admin);
    assert_true(port != 0 && admin != 0 && port != admin);
    scr_boot_enter(SCR_BOOT_SEALED);
    assert_int_equal(scr_wire_start(&wire), SCR_OK);
    static const char *const paths[] = {"/livez", "/readyz", "/startupz", "/metrics"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i += 1) {
        assert_int_equal(status_of(port, paths[i]), 404);
        assert_int_equal(status_of(admin, paths[i]), 200);
    }
    assert_int_equal(status_of(port, "/presets"), 200);
    assert_int_equal(status_of(admin, "/presets"), 404);
    char line[128];
    snprintf(line, sizeof line, "healthcheck --http-port %u --admin-port %u", port, admin);
    assert_int_equal(command_bench_run(&bench, line, NULL), SCR_EXIT_OK);
    atomic_store(&wire.service->draining, true);
    assert_int_equal(command_bench_run(&bench, line, NULL), SCR_EXIT_UNAVAILABLE);
    assert_int_equal(status_of(admin, "/livez"), 200);
    take_down();
}

static void a_taken_port_is_a_sentence(void **state)
{
    (void)state;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000001)};
    socklen_t bytes = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &bytes), 0);
    char flags[64];
    snprintf(flags, sizeof flags, "--http-port %u", ntohs(address.sin_port));
    assert_int_equal(create(flags), SCR_ERR_IO);
    assert_non_null(strstr(chars, "cannot listen on 127.0.0.1 port "));
    assert_non_null(strstr(chars, ": Address already in use. "));
    assert_null(wire.http);
    take_down();
    snprintf(flags, sizeof flags, "--http-port 0 --admin-port %u", ntohs(address.sin_port));
    assert_int_equal(create(flags), SCR_ERR_IO);
    assert_non_null(strstr(chars,
                           ": Address already in use. Choose another with --admin-port or "
                           "SCREAM_ADMIN_PORT (0 takes any)"));
    assert_null(wire.admin);
    take_down();
    /* The same for all addresses, and for one that is not ours. */
    snprintf(flags, sizeof flags, "--http-addr * --http-port %u", ntohs(address.sin_port));
    assert_int_equal(create(flags), SCR_ERR_IO);
    assert_non_null(strstr(chars, ": Address already in use. "));
    take_down();
    assert_int_equal(create("--http-addr 203.0.113.77 --http-port 8080"), SCR_ERR_IO);
    assert_non_null(strstr(chars,
                           ": Cannot assign requested address (no interface here has this address; "
                           "* listens on all). Choose another with --http-addr or "
                           "SCREAM_HTTP_ADDR"));
    take_down();
    close(fd);
}

/* Root may have every port, and so may all where the kernel is told so: then nothing is shown. */
static void a_low_port_needs_a_privilege(void **state)
{
    (void)state;
    bool is_root = geteuid() == 0;
    if (is_root) {
        assert_int_equal(seteuid(65534), 0);
    }
    enum scr_err err = create("--http-port 1");
    if (is_root) {
        assert_int_equal(seteuid(0), 0);
    }
    if (err != SCR_OK) {
        assert_non_null(
            strstr(chars,
                   " port 1: Permission denied (ports below 1024 need a privilege). "
                   "Choose another with --http-port or SCREAM_HTTP_PORT (0 takes any)"));
    }
    take_down();
}

/* A server of the test's own: answers one connection with fixed bytes, or never. */
struct strange_server {
    int fd;
    uint16_t port;
    const char *answer; /* NULL: takes the connection and stays silent */
    int silent_fd;
    pthread_t thread;
};

static void *answer_once(void *context)
{
    struct strange_server *server = context;
    int fd = accept(server->fd, NULL, NULL);
    if (server->answer == NULL) {
        server->silent_fd = fd;
        return NULL;
    }
    char request[512];
    (void)recv(fd, request, sizeof request, 0);
    (void)send(fd, server->answer, strlen(server->answer), MSG_NOSIGNAL);
    close(fd);
    return NULL;
}

static enum scr_err probe_strange(const char *answer, unsigned *status, const char **reason)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000001)};
    socklen_t bytes = sizeof address;
    struct strange_server server = {.answer = answer, .silent_fd = -1};
    server.fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(server.fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(server.fd, 1), 0);
    assert_int_equal(getsockname(server.fd, (struct sockaddr *)&address, &bytes), 0);
    server.port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&server.thread, NULL, answer_once, &server), 0);
    enum scr_err err = scr_probe("127.0.0.1",
                                 server.port,
                                 "/readyz",
                                 answer == NULL ? SECOND / 20 : 30 * SECOND,
                                 status,
                                 reason);
    pthread_join(server.thread, NULL);
    close(server.silent_fd);
    close(server.fd);
    return err;
}

static void the_probe_knows_strange_servers(void **state)
{
    (void)state;
    unsigned status = 0;
    const char *reason = "";
    assert_int_equal(probe_strange("HTTP/1.1 404 Not Found\r\n\r\n", &status, &reason), SCR_OK);
    assert_int_equal(status, 404);
    assert_int_equal(probe_strange("HTTP/1.0 200 OK\r\n\r\n", &status, &reason), SCR_OK);
    assert_int_equal(probe_strange("SSH-2.0-OpenSSH_9.2\r\n", &status, &reason), SCR_ERR_IO);
    assert_string_equal(reason, "the answer is not HTTP");
    assert_int_equal(probe_strange("HTTP/1.1 099 x\r\n", &status, &reason), SCR_ERR_IO);
    assert_int_equal(probe_strange("HTTP/1.1 2", &status, &reason), SCR_ERR_IO);
    assert_string_equal(reason, "the connection was closed without an answer");
    assert_int_equal(probe_strange(NULL, &status, &reason), SCR_ERR_IO);
    assert_string_equal(reason, "no answer in time");
    assert_int_equal(scr_probe("name", 1, "/", SECOND, &status, &reason), SCR_ERR_IO);
    assert_string_equal(reason, "this is no numeric address");
}

static void a_healthcheck_without_a_server_says_so(void **state)
{
    (void)state;
    assert_int_equal(command_bench_run(&bench, "healthcheck --http-port 1", NULL),
                     SCR_EXIT_UNAVAILABLE);
    assert_non_null(strstr(bench.err_text, "not ready: 127.0.0.1 port 1: "));
    assert_int_equal(command_bench_run(&bench, "healthcheck --http-port 0", NULL), SCR_EXIT_CONFIG);
    assert_int_equal(command_bench_run(&bench, "healthcheck --admin-port 0", NULL),
                     SCR_EXIT_CONFIG);
    assert_int_equal(command_bench_run(&bench, "healthcheck --admin-port 1", NULL),
                     SCR_EXIT_UNAVAILABLE);
    assert_non_null(strstr(bench.err_text, "not ready: 127.0.0.1 port 1: "));
}

static void urls_can_be_opened(void **state)
{
    (void)state;
    static const struct {
        const char *address;
        const char *url;
    } cases[] = {{"127.0.0.1", "http://127.0.0.1:8080/scream.ogg?preset=banshee&seed=42"},
                 {"*", "http://127.0.0.1:8080/scream.ogg?preset=banshee&seed=42"},
                 {"::", "http://127.0.0.1:8080/scream.ogg?preset=banshee&seed=42"},
                 {"::1", "http://[::1]:8080/scream.ogg?preset=banshee&seed=42"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i += 1) {
        struct scr_text url;
        scr_text_init(&url, chars, sizeof chars);
        scr_put_example_url(&url, cases[i].address, 8080);
        assert_string_equal(chars, cases[i].url);
    }
}

static void the_self_test_holds(void **state)
{
    (void)state;
    assert_true(scr_self_test());
    assert_true(scr_self_test_hash() == scr_self_test_hash());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_comes_up_and_goes_down),
        cmocka_unit_test(limits_come_and_go_with_the_rooms),
        cmocka_unit_test(an_admin_side_has_a_port_of_its_own),
        cmocka_unit_test(a_taken_port_is_a_sentence),
        cmocka_unit_test(a_low_port_needs_a_privilege),
        cmocka_unit_test(the_probe_knows_strange_servers),
        cmocka_unit_test(a_healthcheck_without_a_server_says_so),
        cmocka_unit_test(urls_can_be_opened),
        cmocka_unit_test(the_self_test_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
