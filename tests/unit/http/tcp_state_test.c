/*
 * tests/unit/http/tcp_state_test.c - what the kernel tells of a connection.
 * Aim:    bytes are counted whether read or not; the client's end and its reading are seen; what
 *         is no TCP connection is "unknown", and what is unknown counts as unread.
 * Method: real connections over loopback, a socket pair, a file, a closed number.
 */
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "server/http/tcp_state.h"
#include "tests/support/tcp_pair.h"

static void test_received(void **state)
{
    (void)state;
    struct tcp_pair pair = tcp_pair_open();
    struct scr_tcp_state tcp = scr_tcp_state_read(pair.ours);
    assert_true(tcp.is_known);
    assert_int_equal(tcp.received_bytes, 0);
    assert_false(scr_tcp_state_has_unread(pair.ours));
    for (uint64_t i = 1; i <= 5; i++) {
        tcp_pair_send(&pair, 100);
        assert_true(scr_tcp_state_has_unread(pair.ours));
        assert_int_equal(scr_tcp_state_read(pair.ours).received_bytes, 100 * i);
        assert_int_equal(tcp_pair_drain(pair.ours), 100);
        assert_false(scr_tcp_state_has_unread(pair.ours));
        assert_int_equal(scr_tcp_state_read(pair.ours).received_bytes, 100 * i);
    }
    tcp_pair_close(&pair);
}

static void test_end_of_client(void **state)
{
    (void)state;
    struct tcp_pair pair = tcp_pair_open();
    tcp_pair_send(&pair, 10);
    assert_false(scr_tcp_state_read(pair.ours).peer_has_ended);
    tcp_pair_say_end(&pair);
    assert_true(scr_tcp_state_read(pair.ours).peer_has_ended);
    assert_true(scr_tcp_state_has_unread(pair.ours));
    assert_int_equal(tcp_pair_drain(pair.ours), 10);
    assert_false(scr_tcp_state_has_unread(pair.ours));
    tcp_pair_close(&pair);
}

static void test_reading_of_client(void **state)
{
    (void)state;
    struct tcp_pair pair = tcp_pair_open();
    assert_false(scr_tcp_state_read(pair.ours).has_unacked);
    (void)tcp_pair_fill(&pair);
    struct scr_tcp_state before = scr_tcp_state_read(pair.ours);
    assert_true(before.has_unacked);
    tcp_pair_take(&pair, 5000);
    assert_true(scr_tcp_state_read(pair.ours).acked_bytes >= before.acked_bytes + 5000);
    tcp_pair_close(&pair);
}

static int patience_ms(int fd)
{
    int value = -1;
    socklen_t bytes = sizeof value;
    assert_int_equal(getsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &value, &bytes), 0);
    return value;
}

/* In milliseconds an int is full after 24 days: more is as long as can be. */
static void test_patience(void **state)
{
    (void)state;
    struct tcp_pair pair = tcp_pair_open();
    scr_tcp_state_set_patience(pair.ours, 1);
    assert_int_equal(patience_ms(pair.ours), 1000);
    scr_tcp_state_set_patience(pair.ours, INT_MAX / 1000);
    assert_int_equal(patience_ms(pair.ours), INT_MAX / 1000 * 1000);
    scr_tcp_state_set_patience(pair.ours, INT_MAX / 1000 + 1);
    assert_int_equal(patience_ms(pair.ours), INT_MAX);
    scr_tcp_state_set_patience(pair.ours, UINT64_MAX);
    assert_int_equal(patience_ms(pair.ours), INT_MAX);
    tcp_pair_close(&pair);
}

static int cork_of(int fd)
{
    int value = -1;
    socklen_t bytes = sizeof value;
    assert_int_equal(getsockopt(fd, IPPROTO_TCP, TCP_CORK, &value, &bytes), 0);
    return value;
}

static void test_cork(void **state)
{
    (void)state;
    struct tcp_pair pair = tcp_pair_open();
    scr_tcp_state_cork(pair.ours, true);
    assert_int_equal(cork_of(pair.ours), 1);
    /* What waits leaves when the cork is drawn. */
    assert_int_equal(write(pair.ours, "scream", 6), 6);
    scr_tcp_state_cork(pair.ours, false);
    assert_int_equal(cork_of(pair.ours), 0);
    char bytes[6];
    struct pollfd theirs = {.fd = pair.theirs, .events = POLLIN};
    assert_int_equal(poll(&theirs, 1, 10000), 1);
    assert_int_equal(recv(pair.theirs, bytes, sizeof bytes, 0), 6);
    tcp_pair_close(&pair);
    scr_tcp_state_cork(pair.ours, true); /* no connection any more: nothing happens */
}

static void test_unknown(void **state)
{
    (void)state;
    int fds[2];
    int file = open("/dev/null", O_RDONLY);
    assert_true(file >= 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    assert_false(scr_tcp_state_read(fds[0]).is_known);
    assert_false(scr_tcp_state_read(file).is_known);
    close(file);
    assert_false(scr_tcp_state_read(file).is_known);
    assert_true(scr_tcp_state_has_unread(file));
    close(fds[0]);
    close(fds[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_received),
        cmocka_unit_test(test_end_of_client),
        cmocka_unit_test(test_reading_of_client),
        cmocka_unit_test(test_patience),
        cmocka_unit_test(test_cork),
        cmocka_unit_test(test_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
