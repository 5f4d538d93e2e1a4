/*
 * api/clients.c - one entry per client: when its bucket is full again, and what it has open.
 * Why:    see clients.h.
 * Bucket: not a count of tokens but the moment at which all of them would be back. A token moves it
 *         on by one interval; one is there as long as the moment is at most burst - 1 intervals
 *         away. Times are whole nanoseconds and the interval is rounded up, so the rate is never
 *         exceeded and nothing drifts, however long the program runs.
 *
 *             now            full_ns                     now + burst * interval
 *              |---- owed ----|                             |
 *              |==============|...........free..............|
 *
 * Memory: bucket heads -> entries, chained by index. Idle entries also stand in a list, oldest
 *         first, from whose front a new client takes its place.
 * Limits: who was forgotten while tokens were owed comes back with a full bucket; to be forgotten
 *         takes SCR_CLIENTS_MAX other addresses, and who has those has as many buckets anyway.
 */
#include "api/clients.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/base/lock.h"
#include "core/crypto/random.h"
#include "core/crypto/siphash.h"
#include "core/memory/boot.h"

/* Twice the entries, so that a chain seldom has more than one; a power of two. */
#define HEADS ((size_t)2 * SCR_CLIENTS_MAX)
static_assert((HEADS & (HEADS - 1)) == 0, "a mask picks a head");
#define NONE UINT32_MAX

#define NS_PER_S INT64_C(1000000000)
/* A slower rate than one in twelve hours counts as that: a bucket of any size is then full within
 * 64 bits. */
#define INTERVAL_NS_MAX (INT64_C(43200) * NS_PER_S)
static_assert(INTERVAL_NS_MAX <= INT64_MAX / 2 / SCR_CLIENT_BURST_MAX, "sums of times fit");

struct client {
    struct scr_address address;
    int64_t full_ns; /* when all tokens are back; in the past when they are */
    uint32_t connections;
    uint32_t responses;
    uint32_t next;  /* in the chain of its head */
    uint32_t older; /* in the idle list; NONE at its ends, and while it is busy */
    uint32_t newer;
    bool is_idle; /* stands in the idle list */
};

struct scr_clients {
    struct scr_clients_config config;
    int64_t interval_ns; /* one token; 0: no rate limit */
    int64_t bucket_ns;   /* all tokens */
    uint8_t key[SCR_SIPHASH_KEY_BYTES];
    struct scr_lock lock;
    uint32_t count; /* entries used so far; the others were never touched */
    uint32_t oldest;
    uint32_t newest;
    uint32_t heads[HEADS];
    struct client entries[SCR_CLIENTS_MAX];
};

uint64_t scr_clients_memory_bytes(void)
{
    return sizeof(struct scr_clients);
}

/* Rounded up: a token may come late by less than a nanosecond, never early. */
static int64_t interval_of(double rate_per_s)
{
    if (rate_per_s <= 0.0) {
        return 0;
    }
    double interval_ns = (double)NS_PER_S / rate_per_s;
    if (interval_ns >= (double)INTERVAL_NS_MAX) {
        return INTERVAL_NS_MAX;
    }
    int64_t whole_ns = (int64_t)interval_ns;
    return (double)whole_ns < interval_ns ? whole_ns + 1 : whole_ns;
}

enum scr_err scr_clients_create(const struct scr_clients_config *config,
                                struct scr_clients **clients)
{
    void *memory = NULL;
    SCR_ASSERT(config->burst >= 1 && config->burst <= SCR_CLIENT_BURST_MAX);
    SCR_TRY(scr_boot_allocate(sizeof(struct scr_clients), &memory));
    struct scr_clients *made = memory;
    made->config = *config;
    made->interval_ns = interval_of(config->rate_per_s);
    made->bucket_ns = made->interval_ns * config->burst;
    scr_random_bytes(made->key, sizeof made->key);
    scr_lock_init(&made->lock);
    made->count = 0;
    made->oldest = NONE;
    made->newest = NONE;
    for (size_t i = 0; i < HEADS; i += 1) {
        made->heads[i] = NONE;
    }
    *clients = made;
    return SCR_OK;
}

void scr_clients_destroy(struct scr_clients **clients)
{
    SCR_ASSERT(clients != NULL && *clients != NULL);
    scr_lock_deinit(&(*clients)->lock);
    scr_boot_free(*clients);
    *clients = NULL;
}

const struct scr_clients_config *scr_clients_config(const struct scr_clients *clients)
{
    SCR_ASSERT(clients != NULL);
    return &clients->config;
}

/* ---- The idle list and the table; the lock is held ---- */

static void leave_idle(struct scr_clients *clients, struct client *client)
{
    SCR_ASSERT(client->is_idle);
    if (client->older != NONE) {
        clients->entries[client->older].newer = client->newer;
    } else {
        clients->oldest = client->newer;
    }
    if (client->newer != NONE) {
        clients->entries[client->newer].older = client->older;
    } else {
        clients->newest = client->older;
    }
    client->older = NONE;
    client->newer = NONE;
    client->is_idle = false;
}

static void join_idle(struct scr_clients *clients, struct client *client)
{
    uint32_t index = (uint32_t)(client - clients->entries);
    SCR_ASSERT(!client->is_idle);
    client->older = clients->newest;
    client->newer = NONE;
    if (clients->newest != NONE) {
        clients->entries[clients->newest].newer = index;
    } else {
        clients->oldest = index;
    }
    clients->newest = index;
    client->is_idle = true;
}

/* After every use: an idle entry becomes the newest, a busy one leaves the list. */
static void settle(struct scr_clients *clients, struct client *client)
{
    if (client->is_idle) {
        leave_idle(clients, client);
    }
    if (client->connections == 0 && client->responses == 0) {
        join_idle(clients, client);
    }
}

static uint32_t *head_of(struct scr_clients *clients, const struct scr_address *address)
{
    uint64_t hash = scr_siphash(clients->key, address->bytes, sizeof address->bytes);
    return &clients->heads[hash & (HEADS - 1)];
}

static struct client *
find_in_chain(struct scr_clients *clients, uint32_t head, const struct scr_address *address)
{
    for (uint32_t at = head; at != NONE; at = clients->entries[at].next) {
        if (scr_address_equal(&clients->entries[at].address, address)) {
            return &clients->entries[at];
        }
    }
    return NULL;
}

static void leave_chain(struct scr_clients *clients, const struct client *client)
{
    uint32_t *link = head_of(clients, &client->address);
    uint32_t index = (uint32_t)(client - clients->entries);
    while (*link != index) {
        SCR_ASSERT(*link != NONE);
        link = &clients->entries[*link].next;
    }
    *link = client->next;
}

/* A place for a new client: never used, or of who has been idle the longest; NULL: all are busy. */
static struct client *take_place(struct scr_clients *clients)
{
    if (clients->count < SCR_CLIENTS_MAX) {
        clients->count += 1;
        return &clients->entries[clients->count - 1];
    }
    if (clients->oldest == NONE) {
        return NULL;
    }
    struct client *client = &clients->entries[clients->oldest];
    SCR_ASSERT(client->connections == 0 && client->responses == 0);
    leave_idle(clients, client);
    leave_chain(clients, client);
    return client;
}

static struct client *find(struct scr_clients *clients, const struct scr_address *address)
{
    struct scr_address key = scr_address_client(address);
    SCR_ASSERT(scr_lock_held(&clients->lock));
    return find_in_chain(clients, *head_of(clients, &key), &key);
}

/* The entry of a client, made if need be; NULL when there is no place for one more. */
static struct client *find_or_make(struct scr_clients *clients, const struct scr_address *address)
{
    struct scr_address key = scr_address_client(address);
    uint32_t *head = head_of(clients, &key);
    struct client *client = find_in_chain(clients, *head, &key);
    SCR_ASSERT(scr_lock_held(&clients->lock));
    if (client != NULL) {
        return client;
    }
    client = take_place(clients);
    if (client == NULL) {
        return NULL;
    }
    *client = (struct client){
        .address = key, .full_ns = INT64_MIN, .next = *head, .older = NONE, .newer = NONE};
    *head = (uint32_t)(client - clients->entries);
    return client;
}

/* ---- Places ---- */

static bool has_limits(const struct scr_clients *clients, const struct scr_address *address)
{
    return clients != NULL && !scr_network_list_has(&clients->config.exempt, address);
}

enum scr_err scr_clients_connect(struct scr_clients *clients, const struct scr_address *address)
{
    enum scr_err err = SCR_OK;
    if (!has_limits(clients, address) || clients->config.open_max == 0) {
        return SCR_OK;
    }
    scr_lock_acquire(&clients->lock);
    struct client *client = find_or_make(clients, address);
    if (client != NULL && client->connections >= clients->config.open_max) {
        err = SCR_ERR_CLIENT_PLACES;
    } else if (client != NULL) {
        client->connections += 1;
    }
    if (client != NULL) {
        settle(clients, client);
    }
    scr_lock_release(&clients->lock);
    return err;
}

void scr_clients_disconnect(struct scr_clients *clients, const struct scr_address *address)
{
    if (!has_limits(clients, address) || clients->config.open_max == 0) {
        return;
    }
    scr_lock_acquire(&clients->lock);
    struct client *client = find(clients, address);
    /* Who came while all places were busy was not counted, and has perhaps an entry by now. */
    if (client != NULL && client->connections > 0) {
        client->connections -= 1;
        settle(clients, client);
    }
    scr_lock_release(&clients->lock);
}

/* ---- Tokens ---- */

/* Whole seconds of a time, rounded up. */
static uint32_t seconds_of(int64_t ns)
{
    int64_t seconds = ns / NS_PER_S + (ns % NS_PER_S > 0 ? 1 : 0);
    return seconds < 0 ? 0 : seconds > UINT32_MAX ? UINT32_MAX : (uint32_t)seconds;
}

/* What the bucket says at a time. */
static void
describe(const struct scr_clients *clients, int64_t owed_ns, struct scr_rate_state *state)
{
    int64_t free_ns = clients->bucket_ns - owed_ns;
    SCR_ASSERT(clients->interval_ns > 0 && owed_ns >= 0);
    state->limited = true;
    /* A thread that read the clock before another took a token sees more owed than there is. */
    state->remaining = free_ns <= 0 ? 0 : (uint32_t)(free_ns / clients->interval_ns);
    state->reset_s = seconds_of(owed_ns);
    uint32_t wait_s = seconds_of(clients->interval_ns - free_ns);
    state->retry_after = wait_s > 0 ? wait_s : 1;
}

static enum scr_err ask_client(const struct scr_clients *clients,
                               struct client *client,
                               int64_t now_ns,
                               struct scr_rate_state *state)
{
    uint32_t open_max = clients->config.open_max;
    int64_t owed_ns = client->full_ns > now_ns ? client->full_ns - now_ns : 0;
    bool has_token = owed_ns <= clients->bucket_ns - clients->interval_ns;
    bool has_place = open_max == 0 || client->responses < open_max;
    if (has_token && has_place) {
        owed_ns += clients->interval_ns;
        client->full_ns = now_ns + owed_ns;
        client->responses += open_max == 0 ? 0 : 1;
    }
    if (clients->interval_ns > 0) {
        describe(clients, owed_ns, state);
    }
    return !has_token ? SCR_ERR_CLIENT_RATE : !has_place ? SCR_ERR_CLIENT_PLACES : SCR_OK;
}

uint32_t scr_clients_refill_s(const struct scr_clients *clients)
{
    SCR_ASSERT(clients != NULL);
    return seconds_of(clients->bucket_ns);
}

enum scr_err scr_clients_ask(struct scr_clients *clients,
                             const struct scr_address *address,
                             int64_t now_ns,
                             struct scr_rate_state *state)
{
    enum scr_err err = SCR_OK;
    *state = (struct scr_rate_state){.retry_after = 1};
    if (!has_limits(clients, address)) {
        return SCR_OK;
    }
    SCR_ASSERT(now_ns >= 0);
    scr_lock_acquire(&clients->lock);
    struct client *client = find_or_make(clients, address);
    if (client != NULL) {
        err = ask_client(clients, client, now_ns, state);
        settle(clients, client);
    }
    scr_lock_release(&clients->lock);
    return err;
}

void scr_clients_done(struct scr_clients *clients, const struct scr_address *address)
{
    if (!has_limits(clients, address) || clients->config.open_max == 0) {
        return;
    }
    scr_lock_acquire(&clients->lock);
    struct client *client = find(clients, address);
    if (client != NULL && client->responses > 0) {
        client->responses -= 1;
        settle(clients, client);
    }
    scr_lock_release(&clients->lock);
}
