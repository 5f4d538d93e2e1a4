/*
 * tests/support/clients_bench.h - clients by number, who ask.
 * Why:    tests of limits want many clients and few words for each.
 */
#ifndef SCR_TESTS_SUPPORT_CLIENTS_BENCH_H
#define SCR_TESTS_SUPPORT_CLIENTS_BENCH_H

#include <stdint.h>

#include "api/clients.h"

/** A table with these limits; nobody is limited in the networks of `exempt` ("" = none). */
struct scr_clients *
clients_made(double rate_per_s, uint32_t burst, uint32_t open_max, const char *exempt);

/** An address of a /64 of its own. */
struct scr_address clients_numbered(uint32_t number);

/** A client asks; fails unless the state is written whatever the answer. */
enum scr_err clients_ask(struct scr_clients *clients, uint32_t number, int64_t now_ns);

#endif
