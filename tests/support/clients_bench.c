/*
 * tests/support/clients_bench.c - clients by number, who ask.
 * Why:    see clients_bench.h.
 */
#include "tests/support/clients_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct scr_clients *
clients_made(double rate_per_s, uint32_t burst, uint32_t open_max, const char *exempt)
{
    struct scr_clients_config config = {
        .rate_per_s = rate_per_s, .burst = burst, .open_max = open_max};
    struct scr_clients *clients = NULL;
    assert_int_equal(scr_network_list_parse(exempt, &config.exempt), SCR_OK);
    assert_int_equal(scr_clients_create(&config, &clients), SCR_OK);
    return clients;
}

struct scr_address clients_numbered(uint32_t number)
{
    struct scr_address address = {{0x20, 0x01, 0x0d, 0xb8}};
    for (size_t i = 0; i < 4; i += 1) {
        address.bytes[4 + i] = (uint8_t)(number >> (24 - 8 * i));
    }
    return address;
}

enum scr_err clients_ask(struct scr_clients *clients, uint32_t number, int64_t now_ns)
{
    struct scr_address address = clients_numbered(number);
    struct scr_rate_state state;
    memset(&state, 0xa5, sizeof state);
    enum scr_err err = scr_clients_ask(clients, &address, now_ns, &state);
    assert_true(state.retry_after >= 1);
    return err;
}
