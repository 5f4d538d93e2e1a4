/*
 * server/http/connections.c - the table of open client connections.
 * Why:    see connections.h; the number of a descriptor is the index, so every step is constant
 *         time and a number can never mean two connections.
 * Layout: an entry's word, from the high end:
 *           32 bits  round of the watchdog in which the phase began
 *           29 bits  changes so far, so that two phases of one round differ
 *            1 bit   in a request
 *            2 bits  phase
 */
#include "server/http/connections.h"

#include <sys/socket.h>

#include "core/base/assert.h"
#include "core/base/stats.h"
#include "core/base/text.h"
#include "core/memory/boot.h"
#include "server/http/tcp_state.h"

#define PHASE_MASK UINT64_C(3)
#define REQUEST_BIT UINT64_C(4)
#define CHANGE_ONE UINT64_C(8)
#define CHANGES_MASK (UINT64_C(0xffffffff) & ~(PHASE_MASK | REQUEST_BIT))
#define TICK_SHIFT 32

uint64_t scr_connections_memory_bytes(uint32_t files_max)
{
    return (uint64_t)files_max * sizeof(struct scr_connection);
}

enum scr_err scr_connections_init(struct scr_connection_table *table,
                                  uint32_t connections_max,
                                  uint32_t files_max,
                                  uint32_t daemons)
{
    SCR_ASSERT(connections_max >= 1 && files_max > connections_max);
    SCR_ASSERT(daemons >= 1 && daemons <= SCR_HTTP_DAEMONS_MAX);
    void *memory = NULL;
    SCR_TRY(scr_boot_allocate(scr_connections_memory_bytes(files_max), &memory));
    table->entries = memory;
    table->clients = NULL;
    table->capacity = files_max;
    table->count_max = connections_max;
    table->daemons = daemons;
    atomic_init(&table->count, 0);
    atomic_init(&table->tick, 0);
    for (uint32_t i = 0; i < SCR_HTTP_DAEMONS_MAX; i++) {
        table->load[i] = 0;
    }
    scr_lock_init(&table->lock);
    return SCR_OK;
}

static void remove_entry(struct scr_connection_table *table, struct scr_connection *entry)
{
    SCR_ASSERT(entry->state != SCR_CONNECTION_ABSENT);
    SCR_ASSERT(table->count > 0);
    SCR_ASSERT(table->load[entry->daemon] > 0);
    entry->state = SCR_CONNECTION_ABSENT;
    scr_clients_disconnect(table->clients, &entry->peer);
    table->count--;
    table->load[entry->daemon]--;
    scr_stats_add(SCR_STAT_HTTP_CONNECTIONS, 0, -1);
}

void scr_connections_deinit(struct scr_connection_table *table)
{
    /* What a stopping daemon never looked at closed without a word. */
    for (uint32_t i = 0; i < table->capacity; i++) {
        if (table->entries[i].state != SCR_CONNECTION_ABSENT) {
            remove_entry(table, &table->entries[i]);
        }
    }
    SCR_ASSERT(table->count == 0);
    scr_boot_free(table->entries);
    table->entries = NULL;
    scr_lock_deinit(&table->lock);
}

static void check(const struct scr_connection_table *table)
{
    SCR_ASSERT(scr_lock_held(&table->lock));
    SCR_ASSERT(table->count <= table->count_max);
}

static uint32_t least_loaded(const struct scr_connection_table *table)
{
    uint32_t best = 0;
    for (uint32_t i = 1; i < table->daemons; i++) {
        if (table->load[i] < table->load[best]) {
            best = i;
        }
    }
    return best;
}

static uint64_t word_of(uint32_t tick, uint64_t changes, enum scr_phase phase)
{
    return (uint64_t)tick << TICK_SHIFT | (changes & CHANGES_MASK) | (uint64_t)phase;
}

static void fill_entry(struct scr_connection_table *table, int fd, const struct scr_address *peer)
{
    struct scr_connection *entry = &table->entries[fd];
    uint32_t chosen = least_loaded(table);
    uint32_t tick = atomic_load(&table->tick);
    uint64_t word = word_of(tick, 0, SCR_PHASE_HEAD);
    entry->fd = fd;
    entry->daemon = chosen;
    entry->accepted_tick = tick;
    entry->state = SCR_CONNECTION_HANDED;
    entry->exchange = NULL;
    entry->buffer = NULL;
    atomic_store(&entry->word, word);
    atomic_store(&entry->head_bytes, 0);
    atomic_store(&entry->slow_s, SCR_HTTP_SLOW_S);
    atomic_store(&entry->cut_by, NULL);
    entry->watch = (struct scr_watch){.phase_id = word};
    entry->peer = *peer;
    struct scr_text text;
    scr_text_init(&text, entry->remote, sizeof entry->remote);
    scr_address_put(&text, peer);
    SCR_ASSERT(!text.overflow);
    table->count++;
    table->load[chosen]++;
    scr_stats_add(SCR_STAT_HTTP_CONNECTIONS, 0, 1);
}

static enum scr_err enter_counted(struct scr_connection_table *table,
                                  int fd,
                                  const struct scr_address *peer,
                                  uint32_t *daemon)
{
    scr_lock_acquire(&table->lock);
    check(table);
    struct scr_connection *entry = &table->entries[fd];
    if (entry->state != SCR_CONNECTION_ABSENT) {
        /* The system gave the number again, so the old connection was closed without notice: the
         * library does that when it has no memory for a connection it has just been given. */
        remove_entry(table, entry);
    }
    enum scr_err err = SCR_ERR_TOO_MANY_CONNECTIONS;
    if (table->count < table->count_max) {
        fill_entry(table, fd, peer);
        *daemon = entry->daemon;
        err = SCR_OK;
    }
    check(table);
    scr_lock_release(&table->lock);
    return err;
}

enum scr_err scr_connections_enter(struct scr_connection_table *table,
                                   int fd,
                                   const struct scr_address *peer,
                                   uint32_t *daemon)
{
    SCR_ASSERT(fd >= 0);
    if ((uint32_t)fd >= table->capacity) {
        return SCR_ERR_TOO_MANY_CONNECTIONS;
    }
    SCR_TRY(scr_clients_connect(table->clients, peer));
    enum scr_err err = enter_counted(table, fd, peer, daemon);
    if (err != SCR_OK) {
        scr_clients_disconnect(table->clients, peer);
    }
    return err;
}

struct scr_connection *scr_connections_start(struct scr_connection_table *table, int fd)
{
    SCR_ASSERT(fd >= 0 && (uint32_t)fd < table->capacity);
    scr_lock_acquire(&table->lock);
    check(table);
    struct scr_connection *entry = &table->entries[fd];
    SCR_ASSERT(entry->state == SCR_CONNECTION_HANDED);
    entry->state = SCR_CONNECTION_OPEN;
    scr_lock_release(&table->lock);
    return entry;
}

void scr_connections_leave(struct scr_connection_table *table, int fd)
{
    SCR_ASSERT(fd >= 0 && (uint32_t)fd < table->capacity);
    scr_lock_acquire(&table->lock);
    check(table);
    remove_entry(table, &table->entries[fd]);
    check(table);
    scr_lock_release(&table->lock);
}

/* Only the daemon's thread writes the word, so reading and writing it need not be one step. */
static void change_word(const struct scr_connection_table *table,
                        struct scr_connection *connection,
                        enum scr_phase phase,
                        bool in_request)
{
    uint64_t word = atomic_load_explicit(&connection->word, memory_order_relaxed);
    uint32_t tick = atomic_load_explicit(&table->tick, memory_order_relaxed);
    uint64_t next = word_of(tick, word + CHANGE_ONE, phase) | (in_request ? REQUEST_BIT : 0);
    atomic_store_explicit(&connection->word, next, memory_order_release);
}

void scr_connections_begin_request(struct scr_connection *connection)
{
    uint64_t word = atomic_load_explicit(&connection->word, memory_order_relaxed);
    SCR_ASSERT((word & REQUEST_BIT) == 0);
    atomic_store_explicit(&connection->word, word | REQUEST_BIT, memory_order_release);
}

void scr_connections_begin_body(const struct scr_connection_table *table,
                                struct scr_connection *connection,
                                uint64_t head_bytes)
{
    SCR_ASSERT(head_bytes > 0);
    uint64_t before = atomic_load_explicit(&connection->head_bytes, memory_order_relaxed);
    /* Before the word: who sees the phase must see the bytes. */
    atomic_store_explicit(&connection->head_bytes, before + head_bytes, memory_order_relaxed);
    change_word(table, connection, SCR_PHASE_BODY, true);
}

void scr_connections_begin_response(const struct scr_connection_table *table,
                                    struct scr_connection *connection,
                                    uint32_t slow_s)
{
    /* Before the word, like the bytes of the head. */
    atomic_store_explicit(&connection->slow_s, slow_s, memory_order_relaxed);
    change_word(table, connection, SCR_PHASE_RESPONSE, true);
}

void scr_connections_end_request(const struct scr_connection_table *table,
                                 struct scr_connection *connection)
{
    change_word(table, connection, SCR_PHASE_IDLE, false);
}

struct scr_phase_view scr_connections_view(uint64_t word)
{
    return (struct scr_phase_view){
        .phase = (enum scr_phase)(word & PHASE_MASK),
        .in_request = (word & REQUEST_BIT) != 0,
        .since_tick = (uint32_t)(word >> TICK_SHIFT),
        .id = word & ~REQUEST_BIT,
    };
}

static bool is_in_request(const struct scr_connection *connection)
{
    return scr_connections_view(atomic_load(&connection->word)).in_request;
}

uint32_t scr_connections_count(const struct scr_connection_table *table)
{
    return atomic_load(&table->count);
}

void scr_connections_end_idle(struct scr_connection_table *table)
{
    scr_lock_acquire(&table->lock);
    check(table);
    for (uint32_t i = 0; i < table->capacity; i++) {
        const struct scr_connection *entry = &table->entries[i];
        if (entry->state == SCR_CONNECTION_OPEN && !is_in_request(entry)) {
            /* A failure means that the client has gone already. */
            (void)shutdown(entry->fd, SHUT_RD);
        }
    }
    scr_lock_release(&table->lock);
}

void scr_connections_break(const struct scr_connection *connection, enum scr_phase phase)
{
    SCR_ASSERT(connection->state == SCR_CONNECTION_OPEN);
    if (phase != SCR_PHASE_RESPONSE || !scr_tcp_state_reset(connection->fd)) {
        /* A failure means that the client was faster. */
        (void)shutdown(connection->fd, SHUT_RDWR);
    }
}

uint32_t scr_connections_cut(struct scr_connection_table *table)
{
    uint32_t in_request = 0;
    scr_lock_acquire(&table->lock);
    check(table);
    for (uint32_t i = 0; i < table->capacity; i++) {
        struct scr_connection *entry = &table->entries[i];
        if (entry->state == SCR_CONNECTION_OPEN) {
            /* Before the end: the daemon may notice that at once. */
            if (atomic_load(&entry->cut_by) == NULL) {
                atomic_store(&entry->cut_by, "drain");
            }
            struct scr_phase_view view = scr_connections_view(atomic_load(&entry->word));
            in_request += view.in_request ? 1 : 0;
            scr_connections_break(entry, view.phase);
        }
    }
    scr_lock_release(&table->lock);
    return in_request;
}
