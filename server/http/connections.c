/*
 * server/http/connections.c - the table of open client connections.
 * Why:    see connections.h; the number of a descriptor is the index, so every step is constant
 *         time and a number can never mean two connections.
 */
#include "server/http/connections.h"

#include <sys/socket.h>

#include "core/base/assert.h"
#include "core/base/stats.h"
#include "core/base/text.h"
#include "core/memory/boot.h"

static uint32_t capacity_of(uint32_t connections_max)
{
    return connections_max + SCR_HTTP_FDS_OTHER;
}

uint64_t scr_connections_memory_bytes(uint32_t connections_max)
{
    return (uint64_t)capacity_of(connections_max) * sizeof(struct scr_connection);
}

enum scr_err
scr_connections_init(struct scr_connection_table *table, uint32_t connections_max, uint32_t daemons)
{
    SCR_ASSERT(connections_max >= 1);
    SCR_ASSERT(daemons >= 1 && daemons <= SCR_HTTP_DAEMONS_MAX);
    void *memory = NULL;
    SCR_TRY(scr_boot_allocate(scr_connections_memory_bytes(connections_max), &memory));
    table->entries = memory;
    table->capacity = capacity_of(connections_max);
    table->count_max = connections_max;
    table->daemons = daemons;
    atomic_init(&table->count, 0);
    for (uint32_t i = 0; i < SCR_HTTP_DAEMONS_MAX; i++) {
        table->load[i] = 0;
    }
    scr_lock_init(&table->lock);
    return SCR_OK;
}

void scr_connections_deinit(struct scr_connection_table *table)
{
    /* What a stopping daemon never looked at closed without a word. */
    scr_stats_add(SCR_STAT_HTTP_CONNECTIONS, 0, -(int64_t)table->count);
    scr_boot_free(table->entries);
    table->entries = NULL;
    scr_lock_deinit(&table->lock);
}

static void check(const struct scr_connection_table *table)
{
    SCR_ASSERT(scr_lock_held(&table->lock));
    SCR_ASSERT(table->count <= table->count_max);
}

static void remove_entry(struct scr_connection_table *table, struct scr_connection *entry)
{
    SCR_ASSERT(entry->state != SCR_CONNECTION_ABSENT);
    SCR_ASSERT(table->count > 0);
    SCR_ASSERT(table->load[entry->daemon] > 0);
    entry->state = SCR_CONNECTION_ABSENT;
    entry->in_request = false;
    table->count--;
    table->load[entry->daemon]--;
    scr_stats_add(SCR_STAT_HTTP_CONNECTIONS, 0, -1);
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

enum scr_err scr_connections_enter(struct scr_connection_table *table,
                                   int fd,
                                   const char *remote,
                                   uint32_t *daemon)
{
    SCR_ASSERT(fd >= 0);
    if ((uint32_t)fd >= table->capacity) {
        return SCR_ERR_TOO_MANY_CONNECTIONS;
    }
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
        uint32_t chosen = least_loaded(table);
        *entry =
            (struct scr_connection){.fd = fd, .daemon = chosen, .state = SCR_CONNECTION_HANDED};
        struct scr_text text;
        scr_text_init(&text, entry->remote, sizeof entry->remote);
        scr_text_put(&text, remote);
        table->count++;
        table->load[chosen]++;
        scr_stats_add(SCR_STAT_HTTP_CONNECTIONS, 0, 1);
        *daemon = chosen;
        err = SCR_OK;
    }
    check(table);
    scr_lock_release(&table->lock);
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

void scr_connections_set_in_request(struct scr_connection_table *table,
                                    struct scr_connection *connection,
                                    bool in_request)
{
    scr_lock_acquire(&table->lock);
    SCR_ASSERT(connection->state == SCR_CONNECTION_OPEN);
    SCR_ASSERT(connection->in_request != in_request);
    connection->in_request = in_request;
    scr_lock_release(&table->lock);
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
        if (entry->state == SCR_CONNECTION_OPEN && !entry->in_request) {
            /* A failure means that the client has gone already. */
            (void)shutdown(entry->fd, SHUT_RD);
        }
    }
    scr_lock_release(&table->lock);
}

uint32_t scr_connections_cut(struct scr_connection_table *table)
{
    uint32_t in_request = 0;
    scr_lock_acquire(&table->lock);
    check(table);
    for (uint32_t i = 0; i < table->capacity; i++) {
        const struct scr_connection *entry = &table->entries[i];
        if (entry->state == SCR_CONNECTION_OPEN) {
            (void)shutdown(entry->fd, SHUT_RDWR);
            in_request += entry->in_request ? 1 : 0;
        }
    }
    scr_lock_release(&table->lock);
    return in_request;
}
