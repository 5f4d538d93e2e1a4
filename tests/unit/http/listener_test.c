/*
 * tests/unit/http/listener_test.c - binding, and what accepted connections inherit.
 * Aim:    every form of address listens or is refused with a reason; options reach the clients'
 *         sockets without a call per connection, and bound what the kernel takes for each.
 * Method: real sockets on loopback; a machine without IPv6 skips what needs it.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/sock_diag.h>
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
#include <unistd.h>

#include <cmocka.h>

#include "core/base/limits.h"
#include "core/base/log.h"
#include "server/http/listener.h"

static bool connects(const struct sockaddr *to, socklen_t bytes)
{
    int fd = socket(to->sa_family, SOCK_STREAM, 0);
    bool connected = fd >= 0 && connect(fd, to, bytes) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return connected;
}

static bool connects_v4(uint16_t port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connects((const struct sockaddr *)&to, sizeof to);
}

static bool connects_v6(uint16_t port)
{
    struct sockaddr_in6 to = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    to.sin6_addr = in6addr_loopback;
    return connects((const struct sockaddr *)&to, sizeof to);
}

static bool have_v6(void)
{
    struct sockaddr_in6 at = {.sin6_family = AF_INET6};
    at.sin6_addr = in6addr_loopback;
    int fd = socket(AF_INET6, SOCK_STREAM, 0);
    bool bound = fd >= 0 && bind(fd, (const struct sockaddr *)&at, sizeof at) == 0;
    if (fd >= 0) {
        close(fd);
    }
    if (!bound) {
        print_message("SKIP: no IPv6 here\n");
    }
    return bound;
}

static void test_v4(void **state)
{
    (void)state;
    struct scr_listener listener;
    assert_int_equal(scr_listener_open(&listener, "127.0.0.1", 0, NULL), SCR_OK);
    assert_true(listener.port != 0);
    assert_true(connects_v4(listener.port));
    scr_listener_close(&listener);
    assert_int_equal(listener.fd, -1);
    scr_listener_close(&listener);
}

static void test_v6(void **state)
{
    (void)state;
    if (!have_v6()) {
        skip();
    }
    struct scr_listener listener;
    assert_int_equal(scr_listener_open(&listener, "::1", 0, NULL), SCR_OK);
    assert_true(connects_v6(listener.port));
    assert_false(connects_v4(listener.port));
    scr_listener_close(&listener);
}

static void test_everywhere(void **state)
{
    (void)state;
    struct scr_listener listener;
    assert_int_equal(scr_listener_open(&listener, "*", 0, NULL), SCR_OK);
    assert_true(connects_v4(listener.port));
    if (have_v6()) {
        assert_true(connects_v6(listener.port));
    }
    scr_listener_close(&listener);
}

struct reason {
    unsigned lines;
    char text[256];
};

static void remember(void *context,
                     enum scr_log_level level,
                     const char *message,
                     const struct scr_log_field *fields,
                     size_t field_count)
{
    struct reason *reason = context;
    assert_int_equal(level, SCR_LOG_ERROR);
    assert_string_equal(message, "cannot listen");
    assert_string_equal(fields[field_count - 1].name, "reason");
    reason->lines++;
    (void)snprintf(reason->text, sizeof reason->text, "%s", fields[field_count - 1].value.text);
}

static void test_refused_addresses(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "", "localhost", "127.0.0.1:80", "127.0.0.256", "::g", "[::1]", "**", "203.0.113.77"};
    struct reason reason = {0};
    scr_log_set_sink(remember, &reason, SCR_LOG_INFO);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct scr_listener listener = {.fd = -7};
        const char *said = NULL;
        assert_int_equal(scr_listener_open(&listener, bad[i], 0, &said), SCR_ERR_IO);
        assert_int_equal(listener.fd, -7);
        assert_string_equal(said, reason.text);
        assert_int_equal(reason.lines, i + 1);
    }
    assert_string_equal(reason.text, strerror(EADDRNOTAVAIL));
    scr_log_set_sink(NULL, NULL, SCR_LOG_INFO);
}

static void test_port_in_use(void **state)
{
    (void)state;
    struct reason reason = {0};
    struct scr_listener first;
    struct scr_listener second;
    assert_int_equal(scr_listener_open(&first, "127.0.0.1", 0, NULL), SCR_OK);
    scr_log_set_sink(remember, &reason, SCR_LOG_INFO);
    const char *said = NULL;
    assert_int_equal(scr_listener_open(&second, "127.0.0.1", first.port, &said), SCR_ERR_IO);
    assert_string_equal(reason.text, strerror(EADDRINUSE));
    assert_string_equal(said, strerror(EADDRINUSE));
    scr_log_set_sink(NULL, NULL, SCR_LOG_INFO);
    scr_listener_close(&first);
}

static int option_of(int fd, int level, int name)
{
    int value = -1;
    socklen_t bytes = sizeof value;
    assert_int_equal(getsockopt(fd, level, name, &value, &bytes), 0);
    return value;
}

static void test_inherited_options(void **state)
{
    (void)state;
    struct scr_listener listener;
    assert_int_equal(scr_listener_open(&listener, "*", 0, NULL), SCR_OK);
    int client = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(listener.port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(client, (const struct sockaddr *)&to, sizeof to), 0);
    int fd = accept(listener.fd, NULL, NULL);
    assert_true(fd >= 0);
    /* The kernel doubles what it is asked for, to account for its own structures. */
    assert_in_range(
        option_of(fd, SOL_SOCKET, SO_SNDBUF), SCR_HTTP_SNDBUF_BYTES, 2 * SCR_HTTP_SNDBUF_BYTES);
    assert_in_range(
        option_of(fd, SOL_SOCKET, SO_RCVBUF), SCR_HTTP_RCVBUF_BYTES, 2 * SCR_HTTP_RCVBUF_BYTES);
    assert_int_equal(option_of(fd, SOL_SOCKET, SO_KEEPALIVE), 1);
    assert_int_equal(option_of(fd, IPPROTO_TCP, TCP_NODELAY), 1);
    assert_int_equal(option_of(fd, IPPROTO_TCP, TCP_USER_TIMEOUT), SCR_HTTP_USER_TIMEOUT_S * 1000);
    close(fd);
    close(client);
    scr_listener_close(&listener);
}

/* What the kernel has charged for a connection: received, not yet sent or acknowledged, kept. */
static uint64_t kernel_bytes(int fd)
{
    uint32_t numbers[SK_MEMINFO_VARS] = {0};
    socklen_t bytes = sizeof numbers;
    assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_MEMINFO, numbers, &bytes), 0);
    return (uint64_t)numbers[SK_MEMINFO_RMEM_ALLOC] + numbers[SK_MEMINFO_WMEM_QUEUED] +
           numbers[SK_MEMINFO_FWD_ALLOC];
}

/* Sends pieces of a size until nothing is taken any more; false when nothing was. */
static bool push(int fd, size_t piece)
{
    static const char zeros[16384];
    size_t pushed = 0;
    while (pushed < (8 << 20) && send(fd, zeros, piece, MSG_DONTWAIT | MSG_NOSIGNAL) > 0) {
        pushed += piece;
    }
    return pushed > 0;
}

/* The worst clients: they read nothing, and send what nobody reads, in many small pieces or few. */
static void test_kernel_memory_is_bounded(void **state)
{
    (void)state;
    static const size_t pieces[] = {1, 100, 1000, 16384};
    struct scr_listener listener;
    uint64_t most = 0;
    assert_int_equal(scr_listener_open(&listener, "127.0.0.1", 0, NULL), SCR_OK);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(listener.port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (size_t i = 0; i < 16; i += 1) {
        int client = socket(AF_INET, SOCK_STREAM, 0);
        const int yes = 1;
        const int some = 65536; /* a large one would only wait longer at the client's */
        assert_int_equal(setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes), 0);
        assert_int_equal(setsockopt(client, SOL_SOCKET, SO_SNDBUF, &some, sizeof some), 0);
        assert_int_equal(connect(client, (const struct sockaddr *)&to, sizeof to), 0);
        int fd = accept(listener.fd, NULL, NULL);
        assert_true(fd >= 0);
        bool moves = true;
        for (int round = 0; round < 50 && moves; round += 1) {
            bool ours = push(fd, pieces[i % 4]);
            moves = push(client, pieces[i / 4]) || ours;
            uint64_t now = kernel_bytes(fd);
            most = now > most ? now : most;
            (void)poll(NULL, 0, moves ? 0 : 5);
        }
        close(fd);
        close(client);
    }
    print_message("at most %u bytes of the kernel for one connection\n", (unsigned)most);
    assert_in_range(most, SCR_HTTP_SNDBUF_BYTES, SCR_HTTP_KERNEL_BYTES);
    scr_listener_close(&listener);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_v4),
        cmocka_unit_test(test_v6),
        cmocka_unit_test(test_everywhere),
        cmocka_unit_test(test_refused_addresses),
        cmocka_unit_test(test_port_in_use),
        cmocka_unit_test(test_inherited_options),
        cmocka_unit_test(test_kernel_memory_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
