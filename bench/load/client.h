/*
 * bench/load/client.h - one connection that asks and reads.
 * Flow:   client_ask -> (connected, sent) -> client_ready, time and again -> CLIENT_IDLE.
 */
#ifndef SCR_BENCH_LOAD_CLIENT_H
#define SCR_BENCH_LOAD_CLIENT_H

#include <stddef.h>
#include <stdint.h>

#include "bench/load/load.h"

/** Takes the next request of the trace and sends it, on a new connection where there is none. */
void client_ask(struct load *load, struct client *client, int64_t due_ns);

/** Something happened on its descriptor: goes on; it is idle again once the answer is there. */
void client_ready(struct load *load, struct client *client);

/** Reads at most so many bytes of the answer. returns how many came; 0: nothing yet, or the end */
size_t client_read(struct load *load, struct client *client, size_t count);

/** The answer counts as failed, and the connection is closed. */
void client_give_up(struct load *load, struct client *client);

/** Closes its connection. */
void client_close(struct client *client);

#endif
