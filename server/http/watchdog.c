/*
 * server/http/watchdog.c - one round over the table, and the thread that makes the rounds.
 * Why:    see watchdog.h.
 * Races:  a daemon may change a phase while it is judged. The word is read before the kernel is
 *         asked and once more before the cut; what changed in between is left alone this time.
 *         The entry itself cannot go: its daemon needs the lock for that, which the round holds.
 */
#include "server/http/watchdog.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>

#include "core/base/assert.h"
#include "core/base/limits.h"
#include "core/base/log.h"
#include "core/base/series.h"
#include "core/base/stats.h"
#include "server/http/tcp_state.h"

#define TICK_NS (INT64_C(1000000) * SCR_WATCH_PERIOD_MS)

static const char *const cut_names[SCR_CUT_COUNT] = {
    [SCR_CUT_HEAD] = "head",
    [SCR_CUT_BODY] = "body",
    [SCR_CUT_IDLE] = "idle",
    [SCR_CUT_STREAM] = "stream",
    [SCR_CUT_SLOW] = "slow",
    [SCR_CUT_HALF_DEAD] = "half_dead",
};

void scr_watchdog_init(struct scr_watchdog *watchdog,
                       struct scr_connection_table *connections,
                       int64_t stream_ns_max)
{
    SCR_ASSERT(stream_ns_max >= 0 && stream_ns_max / TICK_NS < UINT32_MAX);
    watchdog->connections = connections;
    watchdog->stream_ticks_max = (uint32_t)((stream_ns_max + TICK_NS - 1) / TICK_NS);
    watchdog->worker.running = false;
}

uint32_t scr_watchdog_slow_s(uint64_t bytes_per_s)
{
    const uint32_t look_s = SCR_WATCH_LOOK_TICKS * SCR_WATCH_PERIOD_MS / 1000;
    if (bytes_per_s == 0) {
        return SCR_HTTP_SLOW_S;
    }
    uint64_t step_s = SCR_HTTP_WINDOW_STEP_BYTES / bytes_per_s;
    uint64_t slow_s = (step_s / look_s + 1) * look_s;
    slow_s = slow_s < SCR_HTTP_SLOW_S ? SCR_HTTP_SLOW_S : slow_s;
    return (uint32_t)(slow_s > SCR_HTTP_SLOW_MAX_S ? SCR_HTTP_SLOW_MAX_S : slow_s);
}

/* ---- One connection ---- */

/* Everything about one connection in one round. */
struct look {
    struct scr_connection *entry;
    struct scr_phase_view view;
    uint32_t tick;
    uint32_t stream_ticks_max;
};

/* What began in the middle of a round has its whole time only when one more has gone by. */
static bool is_over(const struct look *look, uint32_t ticks)
{
    return look->tick - look->view.since_tick > ticks;
}

/* A mark is made in a round: its time is over after exactly so many. */
static bool is_mark_over(const struct look *look, uint32_t ticks)
{
    SCR_ASSERT(look->entry->watch.is_marked);
    return look->tick - look->entry->watch.mark_tick >= ticks;
}

/* Part of a head has come and then the client's end: the library, which is told of both at once,
 * reads the one and never hears of the other. */
static bool is_half_dead(struct scr_connection *entry, const struct scr_tcp_state *tcp)
{
    bool before = entry->watch.looks_half_dead;
    bool now = tcp->peer_has_ended && !scr_tcp_state_has_unread(entry->fd);
    entry->watch.looks_half_dead = now;
    /* Once may be the moment between the library's reading and its answer. */
    return now && before;
}

static bool judge_head(const struct look *look,
                       const struct scr_tcp_state *tcp,
                       bool is_late,
                       enum scr_cut *reason)
{
    if (is_half_dead(look->entry, tcp)) {
        *reason = SCR_CUT_HALF_DEAD;
        return true;
    }
    *reason = SCR_CUT_HEAD;
    return is_late;
}

static bool judge_fresh(const struct look *look, enum scr_cut *reason)
{
    struct scr_tcp_state tcp = scr_tcp_state_read(look->entry->fd);
    return judge_head(look, &tcp, is_over(look, SCR_WATCH_TICKS(SCR_HTTP_HEAD_S)), reason);
}

static bool judge_idle(const struct look *look, enum scr_cut *reason)
{
    struct scr_connection *entry = look->entry;
    struct scr_tcp_state tcp = scr_tcp_state_read(entry->fd);
    if (look->view.in_request || tcp.received_bytes > atomic_load(&entry->head_bytes)) {
        if (!entry->watch.is_marked) {
            entry->watch.is_marked = true;
            entry->watch.mark_tick = look->tick;
        }
        return judge_head(look, &tcp, is_mark_over(look, SCR_WATCH_TICKS(SCR_HTTP_HEAD_S)), reason);
    }
    *reason = SCR_CUT_IDLE;
    return is_over(look, SCR_WATCH_TICKS(SCR_HTTP_IDLE_S));
}

/*
 * The kernel's patience counts from the first time the window was shut, and forgets that only when
 * all of the next packet fits; what was taken in between does not matter to it (measured: with the
 * bound alone, listeners in real time were reset after 20 to 45 s). So who moves has its time anew:
 * the age of the connection, which no such first time exceeds, and what one stall may take.
 */
static void renew_patience(const struct look *look)
{
    uint64_t ticks = look->tick - look->entry->accepted_tick;
    uint64_t age_s = ticks * SCR_WATCH_PERIOD_MS / 1000 + 1;
    uint32_t slow_s = atomic_load(&look->entry->slow_s);
    scr_tcp_state_set_patience(look->entry->fd, age_s + slow_s + SCR_HTTP_USER_TIMEOUT_EXTRA_S);
}

static bool is_slow(const struct look *look)
{
    struct scr_watch *watch = &look->entry->watch;
    struct scr_tcp_state tcp = scr_tcp_state_read(look->entry->fd);
    if (!tcp.has_unacked) {
        /* All has been taken: whoever waits now waits for us. */
        watch->is_marked = false;
        return false;
    }
    if (!watch->is_marked || tcp.acked_bytes - watch->mark_acked >= SCR_HTTP_SLOW_BYTES) {
        watch->is_marked = true;
        watch->mark_tick = look->tick;
        watch->mark_acked = tcp.acked_bytes;
        renew_patience(look);
        return false;
    }
    return is_mark_over(look, SCR_WATCH_TICKS(atomic_load(&look->entry->slow_s)));
}

static bool judge_response(const struct look *look, enum scr_cut *reason)
{
    uint32_t most = look->stream_ticks_max;
    *reason = SCR_CUT_STREAM;
    if (most > 0 && is_over(look, most)) {
        return true;
    }
    /* Neighbours in different rounds, so that no round asks for all of them. */
    *reason = SCR_CUT_SLOW;
    return (look->tick + (uint32_t)look->entry->fd) % SCR_WATCH_LOOK_TICKS == 0 && is_slow(look);
}

/* True when the connection has had its time; why it has. */
static bool judge(const struct look *look, enum scr_cut *reason)
{
    switch (look->view.phase) {
    case SCR_PHASE_HEAD:
        return judge_fresh(look, reason);
    case SCR_PHASE_IDLE:
        return judge_idle(look, reason);
    case SCR_PHASE_BODY:
        *reason = SCR_CUT_BODY;
        return is_over(look, SCR_WATCH_TICKS(SCR_HTTP_BODY_S));
    case SCR_PHASE_RESPONSE:
        return judge_response(look, reason);
    }
    SCR_UNREACHABLE();
}

static void cut(struct scr_connection *entry, enum scr_phase phase, enum scr_cut reason)
{
    /* Before the end: whoever notices that asks why, and finds it counted. */
    atomic_store(&entry->cut_by, cut_names[reason]);
    scr_stats_add(SCR_STAT_HTTP_CUT, (uint32_t)reason, 1);
    entry->watch.is_cut = true;
    scr_connections_break(entry, phase);
    SCR_LOG_EVENT(DEBUG,
                  "connection cut",
                  scr_log_text("reason", cut_names[reason]),
                  scr_log_text("remote", entry->remote));
}

static void
watch_one(const struct scr_watchdog *watchdog, struct scr_connection *entry, uint32_t tick)
{
    uint64_t word = atomic_load(&entry->word);
    struct look look = {
        .entry = entry,
        .view = scr_connections_view(word),
        .tick = tick,
        .stream_ticks_max = watchdog->stream_ticks_max,
    };
    if (entry->watch.phase_id != look.view.id) {
        entry->watch = (struct scr_watch){.phase_id = look.view.id};
    }
    enum scr_cut reason = SCR_CUT_HEAD;
    if (judge(&look, &reason) && atomic_load(&entry->word) == word) {
        cut(entry, look.view.phase, reason);
    }
}

/* ---- Rounds ---- */

void scr_watchdog_tick(struct scr_watchdog *watchdog)
{
    struct scr_connection_table *table = watchdog->connections;
    uint32_t tick = atomic_fetch_add(&table->tick, 1) + 1;
    if (scr_connections_count(table) == 0) {
        return;
    }
    for (uint32_t from = 0; from < table->capacity; from += SCR_WATCH_SLICE) {
        uint32_t left = table->capacity - from;
        uint32_t to = from + (left < SCR_WATCH_SLICE ? left : SCR_WATCH_SLICE);
        scr_lock_acquire(&table->lock);
        for (uint32_t i = from; i < to; i++) {
            struct scr_connection *entry = &table->entries[i];
            if (entry->state == SCR_CONNECTION_OPEN && !entry->watch.is_cut) {
                watch_one(watchdog, entry, tick);
            }
        }
        scr_lock_release(&table->lock);
    }
}

static void *run(void *context)
{
    struct scr_watchdog *watchdog = context;
    (void)pthread_setname_np(pthread_self(), "scream-watch");
    struct pollfd wake = {.fd = watchdog->worker.wake_fd, .events = POLLIN};
    while (!scr_worker_is_stopping(&watchdog->worker)) {
        /* Never shorter than a period, however late the round before was. */
        int ready = poll(&wake, 1, SCR_WATCH_PERIOD_MS);
        if (ready < 0 && errno != EINTR) {
            /* As few files are allowed as make poll() itself refuse: time goes on all the same. */
            ready = poll(NULL, 0, SCR_WATCH_PERIOD_MS);
        }
        if (ready == 0) {
            scr_watchdog_tick(watchdog);
        }
    }
    return NULL;
}

enum scr_err scr_watchdog_start(struct scr_watchdog *watchdog)
{
    return scr_worker_start(&watchdog->worker, run, watchdog);
}

void scr_watchdog_stop(struct scr_watchdog *watchdog)
{
    scr_worker_stop(&watchdog->worker);
}
