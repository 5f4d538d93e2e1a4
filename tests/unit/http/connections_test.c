/*
 * tests/unit/http/connections_test.c - the table of open connections.
 * Aim:    the limits hold, the least loaded daemon is chosen, idle connections end without losing
 *         what was sent, phases begin when they should, and only connections that a daemon looks
 *         after are ever shut down.
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
#include "core/crypto/blake2b.h"
#include "core/memory/boot.h"
#include "server/http/connections.h"
#include "tests/support/death.h"

#define CONNECTIONS_MAX 8
#define FILES_MAX 256

static const struct scr_address nobody;

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
    assert_int_equal(scr_connections_init(&table, CONNECTIONS_MAX, FILES_MAX, 3), SCR_OK);
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
        assert_int_equal(scr_connections_enter(table, 100 + i, &nobody, &daemon), SCR_OK);
        assert_int_equal(daemon, expected[i]);
    }
    scr_connections_leave(table, 102);
    scr_connections_leave(table, 105);
    scr_connections_leave(table, 101);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(scr_connections_enter(table, 110 + i, &nobody, &daemon), SCR_OK);
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
        assert_int_equal(scr_connections_enter(table, i, &nobody, &daemon), SCR_OK);
    }
    daemon = 77;
    assert_int_equal(scr_connections_enter(table, 50, &nobody, &daemon),
                     SCR_ERR_TOO_MANY_CONNECTIONS);
    assert_int_equal(daemon, 77);
    scr_connections_leave(table, 3);
    assert_int_equal(scr_connections_enter(table, 50, &nobody, &daemon), SCR_OK);
    assert_int_equal(scr_connections_count(table), CONNECTIONS_MAX);
}

static void test_descriptor_beyond_table(void **state)
{
    struct scr_connection_table *table = *state;
    uint32_t daemon = 0;
    int last = FILES_MAX - 1;
    assert_int_equal(scr_connections_enter(table, last + 1, &nobody, &daemon),
                     SCR_ERR_TOO_MANY_CONNECTIONS);
    assert_int_equal(scr_connections_enter(table, last, &nobody, &daemon), SCR_OK);
}

static void test_number_given_again(void **state)
{
    struct scr_connection_table *table = *state;
    const struct scr_address first = {{1}};
    const struct scr_address second = {{2}};
    uint32_t daemon = 0;
    assert_int_equal(scr_connections_enter(table, 20, &first, &daemon), SCR_OK);
    assert_int_equal(scr_connections_enter(table, 20, &second, &daemon), SCR_OK);
    assert_int_equal(scr_connections_count(table), 1);
    struct scr_connection *entry = scr_connections_start(table, 20);
    assert_string_equal(entry->remote, "200::");
    assert_true(scr_address_equal(&entry->peer, &second));
}

static void test_idle_end_is_gentle(void **state)
{
    struct scr_connection_table *table = *state;
    struct pair idle = make_pair();
    struct pair busy = make_pair();
    struct pair handed = make_pair();
    uint32_t daemon = 0;
    assert_int_equal(scr_connections_enter(table, idle.ours, &nobody, &daemon), SCR_OK);
    assert_int_equal(scr_connections_enter(table, busy.ours, &nobody, &daemon), SCR_OK);
    assert_int_equal(scr_connections_enter(table, handed.ours, &nobody, &daemon), SCR_OK);
    (void)scr_connections_start(table, idle.ours);
    scr_connections_begin_request(scr_connections_start(table, busy.ours));
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
    assert_int_equal(scr_connections_enter(table, idle.ours, &nobody, &daemon), SCR_OK);
    assert_int_equal(scr_connections_enter(table, busy.ours, &nobody, &daemon), SCR_OK);
    assert_int_equal(scr_connections_enter(table, handed.ours, &nobody, &daemon), SCR_OK);
    (void)scr_connections_start(table, idle.ours);
    struct scr_connection *entry = scr_connections_start(table, busy.ours);
    scr_connections_begin_request(entry);

    assert_null(atomic_load(&entry->cut_by));
    assert_int_equal(scr_connections_cut(table), 1);
    assert_string_equal(atomic_load(&entry->cut_by), "drain");
    assert_true(is_at_end(idle.theirs));
    assert_true(is_at_end(busy.theirs));
    assert_false(is_at_end(handed.theirs));
    scr_connections_end_request(table, entry);
    assert_int_equal(scr_connections_cut(table), 0);
    close_pair(idle);
    close_pair(busy);
    close_pair(handed);
}

static void expect_phase(const struct scr_connection *entry,
                         enum scr_phase phase,
                         bool in_request,
                         uint32_t since_tick)
{
    struct scr_phase_view view = scr_connections_view(atomic_load(&entry->word));
    assert_int_equal(view.phase, phase);
    assert_int_equal(view.in_request, in_request);
    assert_int_equal(view.since_tick, since_tick);
}

/* The whole life of a kept connection; rounds go on meanwhile, also past the largest number. */
static void test_phases(void **state)
{
    struct scr_connection_table *table = *state;
    uint32_t daemon = 0;
    uint32_t tick = UINT32_MAX - 4;
    atomic_store(&table->tick, tick);
    assert_int_equal(scr_connections_enter(table, 20, &nobody, &daemon), SCR_OK);
    atomic_store(&table->tick, tick + 1);
    struct scr_connection *entry = scr_connections_start(table, 20);
    expect_phase(entry, SCR_PHASE_HEAD, false, tick);
    for (int i = 1; i <= 3; i++) {
        uint64_t before = scr_connections_view(atomic_load(&entry->word)).id;
        uint32_t since = scr_connections_view(atomic_load(&entry->word)).since_tick;
        scr_connections_begin_request(entry);
        expect_phase(entry, i == 1 ? SCR_PHASE_HEAD : SCR_PHASE_IDLE, true, since);
        assert_true(scr_connections_view(atomic_load(&entry->word)).id == before);
        atomic_store(&table->tick, tick + 3 * (uint32_t)i);
        scr_connections_begin_body(table, entry, 100);
        expect_phase(entry, SCR_PHASE_BODY, true, tick + 3 * (uint32_t)i);
        assert_int_equal(atomic_load(&entry->head_bytes), 100 * i);
        scr_connections_begin_response(table, entry, SCR_HTTP_SLOW_S);
        expect_phase(entry, SCR_PHASE_RESPONSE, true, tick + 3 * (uint32_t)i);
        scr_connections_end_request(table, entry);
        expect_phase(entry, SCR_PHASE_IDLE, false, tick + 3 * (uint32_t)i);
        assert_true(scr_connections_view(atomic_load(&entry->word)).id != before);
    }
}

/* Who has as many as one client may is refused, and has a place again when one leaves, by
 * whichever way it leaves. */
static void test_places_per_client(void **state)
{
    struct scr_connection_table *table = *state;
    const struct scr_clients_config config = {.burst = 1, .open_max = 2};
    const struct scr_address greedy = {{0x20, 1, 0, 0, 0, 0, 0, 0, 1}};
    const struct scr_address greedy_too = {{0x20, 1, 0, 0, 0, 0, 0, 0, 2}};
    const struct scr_address modest = {{0x20, 2}};
    uint32_t daemon = 77;
    assert_int_equal(scr_crypto_init(), SCR_OK);
    assert_int_equal(scr_clients_create(&config, &table->clients), SCR_OK);
    assert_int_equal(scr_connections_enter(table, 20, &greedy, &daemon), SCR_OK);
    assert_int_equal(scr_connections_enter(table, 21, &greedy_too, &daemon), SCR_OK);
    daemon = 77;
    assert_int_equal(scr_connections_enter(table, 22, &greedy, &daemon), SCR_ERR_CLIENT_PLACES);
    assert_int_equal(daemon, 77);
    assert_int_equal(scr_connections_count(table), 2);
    assert_int_equal(scr_connections_enter(table, 22, &modest, &daemon), SCR_OK);
    scr_connections_leave(table, 20);
    assert_int_equal(scr_connections_enter(table, 23, &greedy, &daemon), SCR_OK);
    /* A number that comes again frees the place of who had it; a full table takes none. */
    assert_int_equal(scr_connections_enter(table, 21, &modest, &daemon), SCR_OK);
    for (int i = 0; i < CONNECTIONS_MAX - 3; i++) {
        const struct scr_address other = {{0x20, 3, (uint8_t)i}};
        assert_int_equal(scr_connections_enter(table, 30 + i, &other, &daemon), SCR_OK);
    }
    for (int i = 0; i < 5; i++) {
        assert_int_equal(scr_connections_enter(table, 50, &greedy, &daemon),
                         SCR_ERR_TOO_MANY_CONNECTIONS);
    }
    scr_connections_leave(table, 30);
    assert_int_equal(scr_connections_enter(table, 50, &greedy, &daemon), SCR_OK);
    /* What is still open at the end has its places taken back. */
    struct scr_clients *clients = table->clients;
    scr_connections_deinit(table);
    assert_int_equal(scr_clients_connect(clients, &greedy), SCR_OK);
    assert_int_equal(scr_clients_connect(clients, &greedy), SCR_OK);
    assert_int_equal(scr_clients_connect(clients, &greedy), SCR_ERR_CLIENT_PLACES);
    scr_clients_destroy(&clients);
    assert_int_equal(scr_connections_init(table, CONNECTIONS_MAX, FILES_MAX, 3), SCR_OK);
}

static void leave_twice(void *context)
{
    uint32_t daemon = 0;
    if (scr_connections_enter(context, 30, &nobody, &daemon) == SCR_OK) {
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
        cmocka_unit_test_setup_teardown(test_phases, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_places_per_client, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_misuse_dies, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
