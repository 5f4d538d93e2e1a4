/*
 * tests/api/clients_table_test.c - many clients at once.
 * Aim:    clients do not touch each other, whatever their hashes; a full table forgets the right
 *         one, and lets in whom it cannot count; threads never get more places or tokens than there
 *         are, and every place comes back.
 * Method: the hash stands in this file, so that all clients can be made to collide. Threads share
 *         some clients while strangers come and go, for the tsan build.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sodium.h>

#include "api/clients.h"
#include "core/crypto/blake2b.h"
#include "core/crypto/siphash.h"
#include "tests/support/clients_bench.h"

#define SECOND INT64_C(1000000000)

static bool all_collide;

/* Found before the room's own. */
uint64_t scr_siphash(const uint8_t key[SCR_SIPHASH_KEY_BYTES], const void *bytes, size_t count)
{
    uint64_t hash = 0;
    if (!all_collide) {
        assert_int_equal(crypto_shorthash((uint8_t *)&hash, bytes, count, key), 0);
    }
    return hash;
}

static int begin(void **state)
{
    (void)state;
    all_collide = false;
    return scr_crypto_init() == SCR_OK ? 0 : -1;
}

static void done(struct scr_clients *clients, uint32_t number)
{
    struct scr_address address = clients_numbered(number);
    scr_clients_done(clients, &address);
}

/* All in one chain: entries leave from its front, its middle and its end. */
static void colliding_clients_are_told_apart(void **state)
{
    (void)state;
    enum {
        CLIENTS = 200
    };
    all_collide = true;
    struct scr_clients *clients = clients_made(0.001, 2, 0, "");
    for (uint32_t i = 0; i < CLIENTS; i += 1) {
        assert_int_equal(clients_ask(clients, i, 0), SCR_OK);
    }
    for (uint32_t i = 0; i < CLIENTS; i += 1) {
        assert_int_equal(clients_ask(clients, i, 0), SCR_OK);
        assert_int_equal(clients_ask(clients, i, 0), SCR_ERR_CLIENT_RATE);
    }
    for (uint32_t i = CLIENTS; i < SCR_CLIENTS_MAX + 50; i += 1) {
        assert_int_equal(clients_ask(clients, i, 0), SCR_OK);
    }
    /* 0 to 49 were idle the longest and are new again; asked last, so nobody else is forgotten. */
    assert_int_equal(clients_ask(clients, 50, 0), SCR_ERR_CLIENT_RATE);
    assert_int_equal(clients_ask(clients, CLIENTS - 1, 0), SCR_ERR_CLIENT_RATE);
    assert_int_equal(clients_ask(clients, 0, 0), SCR_OK);
    scr_clients_destroy(&clients);
}

static void a_full_table_forgets_who_was_idle_longest(void **state)
{
    (void)state;
    struct scr_clients *clients = clients_made(0.001, 1, 2, "");
    for (uint32_t i = 0; i < SCR_CLIENTS_MAX; i += 1) {
        assert_int_equal(clients_ask(clients, i, 0), SCR_OK);
        done(clients, i);
    }
    /* Everyone is remembered: none has a token left. */
    for (uint32_t i = 0; i < SCR_CLIENTS_MAX; i += 1) {
        assert_int_equal(clients_ask(clients, i, 0), SCR_ERR_CLIENT_RATE);
    }
    /* 0 speaks up once more, so 1 goes. */
    assert_int_equal(clients_ask(clients, 0, 0), SCR_ERR_CLIENT_RATE);
    assert_int_equal(clients_ask(clients, 1000000, 0), SCR_OK);
    assert_int_equal(clients_ask(clients, 0, 0), SCR_ERR_CLIENT_RATE);
    assert_int_equal(clients_ask(clients, 2, 0), SCR_ERR_CLIENT_RATE);
    assert_int_equal(clients_ask(clients, 1, 0), SCR_OK);
    scr_clients_destroy(&clients);
}

static void a_full_table_of_busy_clients_lets_in(void **state)
{
    (void)state;
    struct scr_clients *clients = clients_made(0.001, 1, 1, "");
    struct scr_address late = clients_numbered(1000000);
    struct scr_rate_state rate;
    for (uint32_t i = 0; i < SCR_CLIENTS_MAX; i += 1) {
        struct scr_address address = clients_numbered(i);
        enum scr_err err =
            i % 2 == 0 ? clients_ask(clients, i, 0) : scr_clients_connect(clients, &address);
        assert_int_equal(err, SCR_OK);
    }
    for (int i = 0; i < 3; i += 1) {
        assert_int_equal(scr_clients_ask(clients, &late, 0, &rate), SCR_OK);
        assert_false(rate.limited);
        assert_int_equal(scr_clients_connect(clients, &late), SCR_OK);
    }
    /* The busy ones are still counted. */
    assert_int_equal(clients_ask(clients, 0, 0), SCR_ERR_CLIENT_RATE);
    struct scr_address odd = clients_numbered(1);
    assert_int_equal(scr_clients_connect(clients, &odd), SCR_ERR_CLIENT_PLACES);
    /* One becomes idle: the late one takes its place, and what it had before counts for nothing. */
    done(clients, 0);
    assert_int_equal(scr_clients_ask(clients, &late, 0, &rate), SCR_OK);
    assert_true(rate.limited);
    for (int i = 0; i < 4; i += 1) {
        scr_clients_done(clients, &late);
        scr_clients_disconnect(clients, &late);
    }
    assert_int_equal(scr_clients_ask(clients, &late, 0, &rate), SCR_ERR_CLIENT_RATE);
    /* Who is not known gives nothing back, and takes no entry by it. */
    done(clients, 2000000);
    scr_clients_destroy(&clients);
}

enum {
    THREADS = 6,
    ROUNDS = 20000,
    SHARED = 5,
    OPEN_MAX = 2
};

struct crowd {
    struct scr_clients *clients;
    atomic_int_least64_t now_ns;
    atomic_int open[SHARED];
    atomic_int connected[SHARED];
    atomic_int passed[SHARED];
    atomic_int too_many; /* seen by threads, judged by the test's own */
};

static void *crowd_member(void *context)
{
    struct crowd *crowd = context;
    for (uint32_t i = 0; i < ROUNDS; i += 1) {
        uint32_t number = i % SHARED;
        struct scr_address address = clients_numbered(number);
        struct scr_rate_state rate;
        int64_t now = atomic_fetch_add(&crowd->now_ns, 50);
        if (scr_clients_ask(crowd->clients, &address, now, &rate) == SCR_OK) {
            int open = atomic_fetch_add(&crowd->open[number], 1);
            atomic_fetch_add(&crowd->too_many, open < OPEN_MAX ? 0 : 1);
            atomic_fetch_add(&crowd->passed[number], 1);
            atomic_fetch_sub(&crowd->open[number], 1);
            scr_clients_done(crowd->clients, &address);
        }
        if (scr_clients_connect(crowd->clients, &address) == SCR_OK) {
            int connected = atomic_fetch_add(&crowd->connected[number], 1);
            atomic_fetch_add(&crowd->too_many, connected < OPEN_MAX ? 0 : 1);
            atomic_fetch_sub(&crowd->connected[number], 1);
            scr_clients_disconnect(crowd->clients, &address);
        }
        /* Strangers come and go, so entries are made and forgotten meanwhile. */
        address = clients_numbered(1000 + (uint32_t)(now % 9000));
        if (scr_clients_ask(crowd->clients, &address, now, &rate) == SCR_OK) {
            scr_clients_done(crowd->clients, &address);
        }
    }
    return NULL;
}

static void a_crowd_of_threads(void **state)
{
    (void)state;
    static struct crowd crowd;
    pthread_t threads[THREADS];
    crowd.clients = clients_made(10000.0, 50, OPEN_MAX, "");
    for (size_t i = 0; i < THREADS; i += 1) {
        assert_int_equal(pthread_create(&threads[i], NULL, crowd_member, &crowd), 0);
    }
    for (size_t i = 0; i < THREADS; i += 1) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    int64_t end_ns = atomic_load(&crowd.now_ns);
    assert_int_equal(atomic_load(&crowd.too_many), 0);
    for (uint32_t i = 0; i < SHARED; i += 1) {
        struct scr_address address = clients_numbered(i);
        assert_in_range(atomic_load(&crowd.passed[i]), 50, 50 + end_ns / 100000);
        /* Every place came back, and is there once. */
        for (int j = 0; j < OPEN_MAX; j += 1) {
            assert_int_equal(clients_ask(crowd.clients, i, end_ns + SECOND), SCR_OK);
            assert_int_equal(scr_clients_connect(crowd.clients, &address), SCR_OK);
        }
        assert_int_equal(clients_ask(crowd.clients, i, end_ns + SECOND), SCR_ERR_CLIENT_PLACES);
        assert_int_equal(scr_clients_connect(crowd.clients, &address), SCR_ERR_CLIENT_PLACES);
    }
    scr_clients_destroy(&crowd.clients);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(colliding_clients_are_told_apart, begin),
        cmocka_unit_test_setup(a_full_table_forgets_who_was_idle_longest, begin),
        cmocka_unit_test_setup(a_full_table_of_busy_clients_lets_in, begin),
        cmocka_unit_test_setup(a_crowd_of_threads, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
