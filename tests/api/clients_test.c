/*
 * tests/api/clients_test.c - one client's share: tokens and places.
 * Aim:    never more than the rate in any stretch of time and never less than it either; places up
 *         to the limit and not one more; the two limits do not take from each other.
 * Method: times are numbers the test makes up. Random histories are compared with a model that
 *         counts tokens in another way; the seed is printed. Many clients: clients_table_test.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "api/clients.h"
#include "core/crypto/blake2b.h"
#include "core/memory/boot.h"
#include "tests/support/clients_bench.h"

#define SECOND INT64_C(1000000000)
#define EXEMPT "127.0.0.0/8, ::1, 192.0.2.0/24"

static int begin(void **state)
{
    (void)state;
    return scr_crypto_init() == SCR_OK ? 0 : -1;
}

static void nobody_limits_without_clients(void **state)
{
    (void)state;
    struct scr_address address = clients_numbered(1);
    struct scr_rate_state rate;
    memset(&rate, 0xa5, sizeof rate);
    assert_int_equal(scr_clients_connect(NULL, &address), SCR_OK);
    assert_int_equal(scr_clients_ask(NULL, &address, 0, &rate), SCR_OK);
    assert_false(rate.limited);
    scr_clients_done(NULL, &address);
    scr_clients_disconnect(NULL, &address);
}

/* 4 a second and 3 at once: both edges of every number it says. */
static void a_bucket_step_by_step(void **state)
{
    (void)state;
    struct scr_clients *clients = clients_made(4.0, 3, 0, EXEMPT);
    struct scr_address address = clients_numbered(1);
    struct scr_rate_state rate;
    int64_t now = 17 * SECOND;
    assert_int_equal(scr_clients_refill_s(clients), 1);
    for (uint32_t left = 3; left > 0; left -= 1) {
        assert_int_equal(scr_clients_ask(clients, &address, now, &rate), SCR_OK);
        assert_true(rate.limited);
        assert_int_equal(rate.remaining, left - 1);
        assert_int_equal(rate.reset_s, 1);
    }
    assert_int_equal(scr_clients_ask(clients, &address, now, &rate), SCR_ERR_CLIENT_RATE);
    assert_int_equal(rate.remaining, 0);
    assert_int_equal(rate.retry_after, 1);
    now += SECOND / 4 - 1;
    assert_int_equal(scr_clients_ask(clients, &address, now, &rate), SCR_ERR_CLIENT_RATE);
    now += 1;
    assert_int_equal(scr_clients_ask(clients, &address, now, &rate), SCR_OK);
    assert_int_equal(rate.remaining, 0);
    assert_int_equal(scr_clients_ask(clients, &address, now, &rate), SCR_ERR_CLIENT_RATE);
    /* Full again after a second and not fuller than full after a year. */
    now += 365 * 24 * 3600 * SECOND;
    assert_int_equal(scr_clients_ask(clients, &address, now, &rate), SCR_OK);
    assert_int_equal(rate.remaining, 2);
    assert_int_equal(rate.reset_s, 1);
    /* Another client has its own. */
    assert_int_equal(clients_ask(clients, 2, now), SCR_OK);
    scr_clients_destroy(&clients);
    assert_null(clients);
}

static void waits_are_told_in_whole_seconds(void **state)
{
    (void)state;
    struct scr_clients *clients = clients_made(0.25, 2, 0, EXEMPT);
    struct scr_address address = clients_numbered(1);
    struct scr_rate_state rate;
    assert_int_equal(scr_clients_refill_s(clients), 8);
    assert_int_equal(scr_clients_ask(clients, &address, 0, &rate), SCR_OK);
    assert_int_equal(rate.reset_s, 4);
    assert_int_equal(scr_clients_ask(clients, &address, 0, &rate), SCR_OK);
    assert_int_equal(rate.reset_s, 8);
    assert_int_equal(scr_clients_ask(clients, &address, 0, &rate), SCR_ERR_CLIENT_RATE);
    assert_int_equal(rate.retry_after, 4);
    assert_int_equal(scr_clients_ask(clients, &address, SECOND, &rate), SCR_ERR_CLIENT_RATE);
    assert_int_equal(rate.retry_after, 3);
    assert_int_equal(scr_clients_ask(clients, &address, SECOND + 1, &rate), SCR_ERR_CLIENT_RATE);
    assert_int_equal(rate.retry_after, 3);
    assert_int_equal(rate.reset_s, 7);
    /* Who waits as long as told gets in. */
    assert_int_equal(scr_clients_ask(clients, &address, 4 * SECOND + 1, &rate), SCR_OK);
    scr_clients_destroy(&clients);
}

/* The slowest, the fastest and the largest that the configuration takes, and slower than that. */
static void rates_at_their_edges(void **state)
{
    (void)state;
    static const double rates[] = {10000.0, 9999.9, 3.0, 1e-3, 1e-300, 5e-324};
    static const uint32_t bursts[] = {1, 20, 100000};
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i += 1) {
        for (size_t j = 0; j < sizeof bursts / sizeof bursts[0]; j += 1) {
            struct scr_clients *clients = clients_made(rates[i], bursts[j], 0, EXEMPT);
            int64_t now = INT64_C(1) << 60;
            for (uint32_t k = 0; k < bursts[j]; k += 1) {
                assert_int_equal(clients_ask(clients, 1, now), SCR_OK);
            }
            struct scr_address address = clients_numbered(1);
            struct scr_rate_state rate;
            assert_int_equal(scr_clients_ask(clients, &address, now, &rate), SCR_ERR_CLIENT_RATE);
            assert_int_equal(rate.remaining, 0);
            assert_true(rate.reset_s >= 1 && rate.retry_after >= 1);
            assert_true(rate.retry_after <= 12 * 3600);
            now += (int64_t)rate.retry_after * SECOND;
            assert_int_equal(clients_ask(clients, 1, now), SCR_OK);
            scr_clients_destroy(&clients);
        }
    }
}

/* Tokens are taken on average exactly as fast as the rate says: a million of them, no drift. */
static void nothing_drifts(void **state)
{
    (void)state;
    struct scr_clients *clients = clients_made(1000.0, 5, 0, EXEMPT);
    int64_t now = 0;
    uint32_t passed = 0;
    /* Asked every 0.7 ms, so that no question falls on a token by luck. */
    while (now < 1000 * SECOND) {
        passed += clients_ask(clients, 1, now) == SCR_OK ? 1 : 0;
        now += 700000;
    }
    assert_in_range(passed, 1000 * 1000, 1000 * 1000 + 5);
    scr_clients_destroy(&clients);
}

enum {
    HISTORY = 4000
};

/* Passes of any stretch are at most the burst and what came back in it; a refusal was needed. */
static void check_history(double rate_per_s, uint32_t burst, int64_t step_ns_max)
{
    struct scr_clients *clients = clients_made(rate_per_s, burst, 0, EXEMPT);
    static int64_t passes[HISTORY];
    size_t count = 0;
    int64_t interval_ns = (int64_t)((double)SECOND / rate_per_s);
    int64_t now = rand() % SECOND;
    /* The model: tokens come one by one, the next one at next_ns while the bucket is not full. */
    uint32_t tokens = burst;
    int64_t next_ns = 0;
    for (int i = 0; i < HISTORY; i += 1) {
        now += rand() % 3 == 0 ? 0 : (int64_t)rand() % step_ns_max;
        while (tokens < burst && next_ns <= now) {
            tokens += 1;
            next_ns += interval_ns;
        }
        struct scr_address address = clients_numbered(7);
        struct scr_rate_state rate;
        enum scr_err err = scr_clients_ask(clients, &address, now, &rate);
        assert_int_equal(err, tokens > 0 ? SCR_OK : SCR_ERR_CLIENT_RATE);
        if (tokens > 0) {
            next_ns = tokens == burst ? now + interval_ns : next_ns;
            tokens -= 1;
            passes[count] = now;
            count += 1;
        }
        assert_int_equal(rate.remaining, tokens);
    }
    for (size_t i = 0; i < count; i += 1) {
        for (size_t j = i; j < count; j += 1) {
            int64_t most = burst + (passes[j] - passes[i]) / interval_ns;
            assert_true((int64_t)(j - i + 1) <= most);
        }
    }
    scr_clients_destroy(&clients);
}

static void never_more_than_the_rate(void **state)
{
    (void)state;
    static const double rates[] = {0.5, 1.0, 4.0, 250.0, 10000.0};
    unsigned seed = (unsigned)time(NULL);
    print_message("seed %u\n", seed);
    srand(seed);
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i += 1) {
        uint32_t burst = 1 + (uint32_t)rand() % 40;
        int64_t interval_ns = (int64_t)((double)SECOND / rates[i]);
        check_history(rates[i], burst, interval_ns / 4);
        check_history(rates[i], burst, interval_ns * 2);
        check_history(rates[i], 1, interval_ns * 3);
    }
}

static void places_are_given_and_taken(void **state)
{
    (void)state;
    struct scr_clients *clients = clients_made(0.0, 1, 3, EXEMPT);
    struct scr_address address = clients_numbered(1);
    struct scr_address neighbour = address;
    struct scr_rate_state rate;
    neighbour.bytes[15] = 9;
    for (int i = 0; i < 3; i += 1) {
        assert_int_equal(scr_clients_connect(clients, &address), SCR_OK);
        assert_int_equal(scr_clients_ask(clients, &address, 0, &rate), SCR_OK);
        assert_false(rate.limited);
    }
    /* The same /64 is the same client; connections and responses are counted apart. */
    assert_int_equal(scr_clients_connect(clients, &neighbour), SCR_ERR_CLIENT_PLACES);
    assert_int_equal(scr_clients_ask(clients, &neighbour, 0, &rate), SCR_ERR_CLIENT_PLACES);
    assert_int_equal(rate.retry_after, 1);
    assert_false(rate.limited);
    assert_int_equal(clients_ask(clients, 2, 0), SCR_OK);
    scr_clients_disconnect(clients, &neighbour);
    assert_int_equal(scr_clients_ask(clients, &address, 0, &rate), SCR_ERR_CLIENT_PLACES);
    assert_int_equal(scr_clients_connect(clients, &address), SCR_OK);
    scr_clients_done(clients, &address);
    assert_int_equal(scr_clients_ask(clients, &neighbour, 0, &rate), SCR_OK);
    assert_int_equal(scr_clients_ask(clients, &address, 0, &rate), SCR_ERR_CLIENT_PLACES);
    scr_clients_destroy(&clients);
}

/* A token is not lost on a request that found no place. */
static void both_limits_at_once(void **state)
{
    (void)state;
    struct scr_clients *clients = clients_made(1.0, 2, 1, EXEMPT);
    struct scr_address address = clients_numbered(1);
    struct scr_rate_state rate;
    assert_int_equal(scr_clients_ask(clients, &address, 0, &rate), SCR_OK);
    for (int i = 0; i < 5; i += 1) {
        assert_int_equal(scr_clients_ask(clients, &address, 0, &rate), SCR_ERR_CLIENT_PLACES);
        assert_true(rate.limited);
        assert_int_equal(rate.remaining, 1);
    }
    scr_clients_done(clients, &address);
    assert_int_equal(scr_clients_ask(clients, &address, 0, &rate), SCR_OK);
    scr_clients_done(clients, &address);
    /* Nor a place on one that found no token. */
    assert_int_equal(scr_clients_ask(clients, &address, 0, &rate), SCR_ERR_CLIENT_RATE);
    assert_int_equal(scr_clients_ask(clients, &address, SECOND, &rate), SCR_OK);
    scr_clients_destroy(&clients);
}

static void the_exempt_have_no_limits(void **state)
{
    (void)state;
    struct scr_clients *clients = clients_made(1.0, 1, 1, EXEMPT);
    static const char *const exempt[] = {"127.0.0.1", "127.9.9.9", "::1", "192.0.2.200"};
    for (size_t i = 0; i < sizeof exempt / sizeof exempt[0]; i += 1) {
        struct scr_address address;
        struct scr_rate_state rate;
        assert_int_equal(scr_address_parse(exempt[i], strlen(exempt[i]), &address), SCR_OK);
        for (int j = 0; j < 10; j += 1) {
            assert_int_equal(scr_clients_connect(clients, &address), SCR_OK);
            assert_int_equal(scr_clients_ask(clients, &address, 0, &rate), SCR_OK);
            assert_false(rate.limited);
        }
        scr_clients_done(clients, &address);
        scr_clients_disconnect(clients, &address);
    }
    assert_int_equal(scr_clients_config(clients)->burst, 1);
    scr_clients_destroy(&clients);
}

static void memory_is_as_promised(void **state)
{
    (void)state;
    uint64_t before = scr_boot_bytes();
    struct scr_clients *clients = clients_made(1.0, 1, 1, EXEMPT);
    assert_true(scr_boot_bytes() - before >= scr_clients_memory_bytes());
    assert_true(scr_boot_bytes() - before < scr_clients_memory_bytes() + 4096);
    scr_clients_destroy(&clients);
    assert_true(scr_boot_bytes() == before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(nobody_limits_without_clients, begin),
        cmocka_unit_test_setup(a_bucket_step_by_step, begin),
        cmocka_unit_test_setup(waits_are_told_in_whole_seconds, begin),
        cmocka_unit_test_setup(rates_at_their_edges, begin),
        cmocka_unit_test_setup(nothing_drifts, begin),
        cmocka_unit_test_setup(never_more_than_the_rate, begin),
        cmocka_unit_test_setup(places_are_given_and_taken, begin),
        cmocka_unit_test_setup(both_limits_at_once, begin),
        cmocka_unit_test_setup(the_exempt_have_no_limits, begin),
        cmocka_unit_test_setup(memory_is_as_promised, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
