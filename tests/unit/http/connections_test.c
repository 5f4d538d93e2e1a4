/*
 * tests/unit/http/connections_test.c - the table of open connections.
 * Aim:    the limit holds, the least loaded daemon is chosen, idle connections end without losing
 *         what was sent, and only connections that a daemon looks after are ever shut down.
 * Method: socket pairs stand for clients; what the client's end sees is what counts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/stats.h"
#include "core/memory/boot.h"
#include "server/http/connections.h"
#include "tests/support/death.h"

#define CONNECTIONS_MAX 8

struct pair {
    int ours;
    int theirs;
};

static struct pair make_pair(void)
{
    int fds[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    return (struct pair){.ours = fds[0], .theirs = fds[1]};
}

static void close_pair(struct pair pair)
{
    close(pair.ours);
    close(pair.theirs);
}

static bool is_at_end(int fd)
{
    char byte;
    return recv(fd, &byte, 1, 0) == 0;
}

static int set_up(void **state)
{
    static struct scr_connection_table table;
    scr_boot_enter(SCR_BOOT_OPEN);
    scr_stats_reset();
    assert_int_equal(scr_connections_init(&table, CONNECTIONS_MAX, 3), SCR_OK);
    *state = &table;
    return 0;
}

static int tear_down(void **state)
{
    scr_connections_deinit(*state);
    assert_int_equal(scr_boot_bytes(), 0);
    assert_int_equal(scr_stats_read(SCR_STAT_HTTP_CONNECTIONS, 0), 0);
    return 0;
}

static void test_least_loaded(void **state)
{
    struct scr_connection_table *table = *state;
    uint32_t daemon = 9;
    static const uint32_t expected[] = {0, 1, 2, 0, 1, 2};
    for (int i = 0; i < 6; i++) {
        assert_int_equal(scr_connections_enter(table, 100 + i, "a", &daemon), SCR_OK);
        assert_int_equal(daemon, expected[i]);
    }
    scr_connections_leave(table, 102);
    scr_connections_leave(table, 105);
    scr_connections_leave(table, 101);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(scr_connections_enter(table, 110 + i, "a", &daemon), SCR_OK);
        assert_int_equal(daemon, i == 1 ? 1 : 2);
    }
    assert_int_equal(scr_connections_count(table), 6);
    assert_int_equal(scr_stats_read(SCR_STAT_HTTP_CONNECTIONS, 0), 6);
}

static void test_limit(void **state)
{
    struct scr_connection_table *table = *state;
    uint32_t daemon = 0;
    for (int i = 0; i < CONNECTIONS_MAX; i++) {
        assert_int_equal(scr_connections_enter(table, i, "a", &daemon), SCR_OK);
    }
    daemon = 77;
    assert_int_equal(scr_connections_enter(table, 50, "a", &daemon), SCR_ERR_TOO_MANY_CONNECTIONS);
    assert_int_equal(daemon, 77);
    scr_connections_leave(table, 3);
    assert_int_equal(scr_connections_enter(table, 50, "a", &daemon), SCR_OK);
    assert_int_equal(scr_connections_count(table), CONNECTIONS_MAX);
}

static void test_descriptor_beyond_table(void **state)
{
    struct scr_connection_table *table = *state;
    uint32_t daemon = 0;
    int last = CONNECTIONS_MAX + SCR_HTTP_FDS_OTHER - 1;
    assert_int_equal(scr_connections_enter(table, last + 1, "a", &daemon),
                     SCR_ERR_TOO_MANY_CONNECTIONS);
    assert_int_equal(scr_connections_enter(table, last, "a", &daemon), SCR_OK);
}

static void test_number_given_again(void **state)
{
    struct scr_connection_table *table = *state;
    uint32_t daemon = 0;
    assert_int_equal(scr_connections_enter(table, 20, "first", &daemon), SCR_OK);
    assert_int_equal(scr_connections_enter(table, 20, "second", &daemon), SCR_OK);
    assert_int_equal(scr_connections_count(table), 1);
    struct scr_connection *entry = scr_connections_start(table, 20);
    assert_string_equal(entry->remote, "second");
}

static void test_idle_end_is_gentle(void **state)
{
    struct scr_connection_table *table = *state;
    struct pair idle = make_pair();
    struct pair busy = make_pair();
    struct pair handed = make_pair();
    uint32_t daemon = 0;
    assert_int_equal(scr_connections_enter(table, idle.ours, "a", &daemon), SCR_OK);
    assert_int_equal(scr_connections_enter(table, busy.ours, "a", &daemon), SCR_OK);
    assert_int_equal(scr_connections_enter(table, handed.ours, "a", &daemon), SCR_OK);
    (void)scr_connections_start(table, idle.ours);
    scr_connections_set_in_request(table, scr_connections_start(table, busy.ours), true);
    assert_int_equal(send(idle.theirs, "x", 1, 0), 1);

    scr_connections_end_idle(table);
    scr_connections_end_idle(table);
    char byte = 0;
    assert_int_equal(recv(idle.ours, &byte, 1, 0), 1);
    assert_int_equal(byte, 'x');
    assert_true(is_at_end(idle.ours));
    assert_int_equal(send(idle.ours, "y", 1, MSG_NOSIGNAL), 1);
    assert_false(is_at_end(busy.ours));
    assert_false(is_at_end(handed.ours));
    close_pair(idle);
    close_pair(busy);
    close_pair(handed);
}

static void test_cut(void **state)
{
    struct scr_connection_table *table = *state;
    struct pair idle = make_pair();
    struct pair busy = make_pair();
    struct pair handed = make_pair();
    uint32_t daemon = 0;
    assert_int_equal(scr_connections_enter(table, idle.ours, "a", &daemon), SCR_OK);
    assert_int_equal(scr_connections_enter(table, busy.ours, "a", &daemon), SCR_OK);
    assert_int_equal(scr_connections_enter(table, handed.ours, "a", &daemon), SCR_OK);
    (void)scr_connections_start(table, idle.ours);
    struct scr_connection *entry = scr_connections_start(table, busy.ours);
    scr_connections_set_in_request(table, entry, true);

    assert_int_equal(scr_connections_cut(table), 1);
    assert_true(is_at_end(idle.theirs));
    assert_true(is_at_end(busy.theirs));
    assert_false(is_at_end(handed.theirs));
    scr_connections_set_in_request(table, entry, false);
    assert_int_equal(scr_connections_cut(table), 0);
    close_pair(idle);
    close_pair(busy);
    close_pair(handed);
}

static void leave_twice(void *context)
{
    uint32_t daemon = 0;
    if (scr_connections_enter(context, 30, "a", &daemon) == SCR_OK) {
        scr_connections_leave(context, 30);
        scr_connections_leave(context, 30);
    }
}

static void start_unknown(void *context)
{
    (void)scr_connections_start(context, 31);
}

static void test_misuse_dies(void **state)
{
    assert_dies(leave_twice, *state);
    assert_dies(start_unknown, *state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_least_loaded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_descriptor_beyond_table, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_number_given_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_idle_end_is_gentle, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cut, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_misuse_dies, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
