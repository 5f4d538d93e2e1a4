/*
 * core/job/arena.c - finds, admits, evicts and releases jobs.
 * Why:    see arena.h; job.h draws the states.
 */
#include "core/job/arena.h"

#include "core/base/assert.h"
#include "core/base/series.h"
#include "core/job/arena_internal.h"
#include "core/memory/boot.h"

static uint32_t extent_count_of(const struct scr_arena_config *config)
{
    uint64_t extents = config->arena_bytes / SCR_EXTENT_BYTES;
    SCR_ASSERT(extents <= SCR_ARENA_BYTES_MAX / SCR_EXTENT_BYTES);
    return extents < 1 ? 1 : (uint32_t)extents;
}

/* All that readers and finisher hold at once, and so many that usual sounds fill the extents. */
static uint32_t job_count(const struct scr_arena_config *config)
{
    uint64_t kept = (uint64_t)extent_count_of(config) * SCR_EXTENT_BYTES / SCR_JOB_SHARE_BYTES;
    return config->readers_max + 1 + (uint32_t)kept;
}

/* One for each reader, and one for the job the finisher completes when its reader has left. */
static uint32_t render_state_count(const struct scr_arena_config *config)
{
    return config->readers_max + 1;
}

uint64_t scr_arena_memory_bytes(const struct scr_arena_config *config)
{
    uint32_t extents = extent_count_of(config);
    return sizeof(struct scr_arena) + scr_job_table_memory_bytes(job_count(config)) +
           scr_extent_pool_memory_bytes(extents) +
           scr_render_pool_memory_bytes(render_state_count(config));
}

static enum scr_err probe_codec(struct scr_arena *arena)
{
    struct scr_render_state *state = NULL;
    SCR_TRY(scr_render_pool_acquire(&arena->room.states, &state));
    enum scr_err err = scr_codec_class_probe(state, &arena->codec_class);
    scr_render_pool_release(&arena->room.states, state);
    return err;
}

enum scr_err scr_arena_create(const struct scr_arena_config *config, struct scr_arena **arena)
{
    SCR_ASSERT(config->readers_max > 0 && config->clock != NULL);
    uint32_t extents = extent_count_of(config);
    void *memory = NULL;
    SCR_TRY(scr_boot_allocate(sizeof(struct scr_arena), &memory));
    struct scr_arena *made = memory;
    made->room.clock = config->clock;

    enum scr_err err = scr_job_table_init(&made->table, job_count(config));
    if (err != SCR_OK) {
        goto no_table;
    }
    err = scr_extent_pool_init(&made->room.extents, extents);
    if (err != SCR_OK) {
        goto no_extents;
    }
    err = scr_render_pool_init(&made->room.states, render_state_count(config));
    if (err != SCR_OK) {
        goto no_states;
    }
    err = probe_codec(made);
    if (err != SCR_OK) {
        goto no_codec;
    }
    scr_lock_init(&made->lock);
    *arena = made;
    return SCR_OK;

no_codec:
    scr_render_pool_deinit(&made->room.states);
no_states:
    scr_extent_pool_deinit(&made->room.extents);
no_extents:
    scr_job_table_deinit(&made->table);
no_table:
    scr_boot_free(made);
    return err;
}

/* Takes a job out of the table and gives its memory back. It must have no reader. */
static void free_job(struct scr_arena *arena, struct scr_job *job)
{
    SCR_ASSERT(scr_lock_held(&arena->lock));
    SCR_ASSERT(job->readers == 0 && job->place != SCR_JOB_FREE);
    if (job->listed) {
        scr_job_table_remove(&arena->table, job);
    }
    scr_extent_pool_release(&arena->room.extents, job->extent_first);
    arena->file_bytes -= job->layout.file_bytes;
    if (job->render != NULL) {
        uint32_t series = scr_series_render(job->params.preset, SCR_FORMAT_OGG, SCR_RENDER_DROPPED);
        scr_stats_add(SCR_STAT_RENDERS, series, job->render->primed ? 1 : 0);
        scr_render_pool_release(&arena->room.states, job->render);
        job->render = NULL;
    }
    scr_job_table_move(&arena->table, job, SCR_JOB_FREE);
    arena->table.lists[SCR_JOB_FREE].extents -= job->extent_count;
    job->extent_count = 0;
    scr_job_check(job);
}

void scr_arena_destroy(struct scr_arena **arena)
{
    struct scr_arena *dead = *arena;
    SCR_ASSERT(dead->readers == 0 && dead->wake == NULL);
    scr_lock_acquire(&dead->lock);
    for (enum scr_job_place place = SCR_JOB_WANTED; place < SCR_JOB_PLACES; place += 1) {
        while (dead->table.lists[place].oldest != NULL) {
            free_job(dead, dead->table.lists[place].oldest);
        }
    }
    scr_lock_release(&dead->lock);
    scr_lock_deinit(&dead->lock);
    scr_render_pool_deinit(&dead->room.states);
    scr_extent_pool_deinit(&dead->room.extents);
    scr_job_table_deinit(&dead->table);
    scr_boot_free(dead);
    *arena = NULL;
}

static void drop_expired(struct scr_arena *arena)
{
    struct scr_job_list *abandoned = &arena->table.lists[SCR_JOB_ABANDONED];
    int64_t now_ns = scr_clock_now_ns(arena->room.clock);
    while (abandoned->oldest != NULL && now_ns - abandoned->oldest->left_ns >= SCR_JOB_LINGER_NS) {
        free_job(arena, abandoned->oldest);
    }
}

static void evict_oldest(struct scr_arena *arena)
{
    free_job(arena, arena->table.lists[SCR_JOB_IDLE].oldest);
    scr_stats_add(SCR_STAT_ARENA_EVICTED, 0, 1);
}

/*
 * Evicts some more when that lets `extents` stand side by side. Simulated on a Zipf trace: 95 to
 * 99 of 100 files are then in one piece, for half a point of the hit rate.
 */
static void make_run(struct scr_arena *arena, uint32_t extents)
{
    const struct scr_job_list *idle = &arena->table.lists[SCR_JOB_IDLE];
    uint64_t extra = (uint64_t)SCR_EVICT_EXTRA * extents;
    while (!scr_extent_pool_has_run(&arena->room.extents, extents) && idle->oldest != NULL &&
           idle->oldest->extent_count <= extra) {
        extra -= idle->oldest->extent_count;
        evict_oldest(arena);
    }
}

/*
 * Makes sure that `extents` extents, a render state and a free job are there: evicts finished
 * jobs first, then, because someone who asks now goes before someone who left, abandoned ones.
 * Evicts nothing when even everything would not do.
 */
static bool make_room(struct scr_arena *arena, uint32_t extents)
{
    struct scr_job_list *idle = &arena->table.lists[SCR_JOB_IDLE];
    struct scr_job_list *abandoned = &arena->table.lists[SCR_JOB_ABANDONED];
    const struct scr_job_list *unused = &arena->table.lists[SCR_JOB_FREE];
    struct scr_extent_pool *pool = &arena->room.extents;
    struct scr_slot_pool *states = arena->room.states.states;
    drop_expired(arena);
    bool state_can_be_had =
        scr_slot_pool_used(states) < scr_slot_pool_count(states) || abandoned->jobs > 0;
    bool job_can_be_had = unused->jobs + idle->jobs + abandoned->jobs > 0;
    if (!state_can_be_had || !job_can_be_had ||
        extents > pool->free_count + idle->extents + abandoned->extents) {
        return false;
    }
    while ((pool->free_count < extents || unused->jobs == 0) && idle->oldest != NULL) {
        evict_oldest(arena);
    }
    while (abandoned->oldest != NULL &&
           (pool->free_count < extents ||
            scr_slot_pool_used(states) == scr_slot_pool_count(states) || unused->jobs == 0)) {
        free_job(arena, abandoned->oldest);
    }
    make_run(arena, extents);
    return true;
}

/* Makes a job and gives it its memory; the key is not in the table yet. */
static enum scr_err admit(struct scr_arena *arena,
                          const struct scr_params *params,
                          const struct scr_key *key,
                          struct scr_job **job)
{
    struct scr_job plan = {.params = *params};
    scr_render_plan(&plan);
    if (!scr_arena_could_hold(arena, plan.layout.file_bytes)) {
        return SCR_ERR_SCREAM_TOO_LARGE;
    }
    if (!make_room(arena, plan.extent_count)) {
        return SCR_ERR_ARENA_FULL;
    }
    struct scr_render_state *state = NULL;
    if (scr_render_pool_acquire(&arena->room.states, &state) != SCR_OK) {
        return SCR_ERR_ARENA_FULL;
    }
    struct scr_job *made = arena->table.lists[SCR_JOB_FREE].oldest;
    SCR_ASSERT(made != NULL && made->extent_count == 0);
    made->key = *key;
    made->params = *params;
    made->layout = plan.layout;
    made->render = state;
    made->pages_done = 0;
    made->readers = 0;
    atomic_store_explicit(&made->published, 0, memory_order_relaxed);
    atomic_store_explicit(&made->failed, false, memory_order_relaxed);
    atomic_store_explicit(&made->hastened, false, memory_order_relaxed);
    made->extent_first = scr_extent_pool_acquire(&arena->room.extents, plan.extent_count);
    made->extent_count = plan.extent_count;
    arena->file_bytes += plan.layout.file_bytes;
    arena->table.lists[SCR_JOB_FREE].extents += made->extent_count;
    scr_job_table_insert(&arena->table, made);
    *job = made;
    return SCR_OK;
}

static void join(struct scr_arena *arena, struct scr_job *job)
{
    job->readers += 1;
    arena->readers += 1;
    if (job->place != SCR_JOB_WANTED) {
        scr_job_table_move(&arena->table, job, SCR_JOB_WANTED);
    }
    scr_job_check(job);
}

enum scr_err scr_arena_open(struct scr_arena *arena,
                            const struct scr_params *params,
                            struct scr_job_cursor *cursor)
{
    struct scr_key key = scr_key_of(params);
    return scr_arena_open_key(arena, params, &key, cursor);
}

enum scr_err scr_arena_open_key(struct scr_arena *arena,
                                const struct scr_params *params,
                                const struct scr_key *key,
                                struct scr_job_cursor *cursor)
{
    enum scr_err err = SCR_OK;
    enum scr_stat outcome = SCR_STAT_CACHE_MISSES;

    scr_lock_acquire(&arena->lock);
    struct scr_job *job = scr_job_table_find(&arena->table, key);
    if (job != NULL && atomic_load_explicit(&job->failed, memory_order_acquire)) {
        scr_job_table_remove(&arena->table, job); /* its readers give up; who comes now may not */
        job = NULL;
    }
    if (job == NULL) {
        err = admit(arena, params, key, &job);
    } else {
        outcome = scr_job_is_finished(job) ? SCR_STAT_CACHE_HITS : SCR_STAT_SINGLEFLIGHT_SHARED;
    }
    if (err == SCR_OK) {
        join(arena, job);
        atomic_store_explicit(
            &job->pulled_ns, scr_clock_now_ns(arena->room.clock), memory_order_relaxed);
    }
    scr_lock_release(&arena->lock);

    if (err != SCR_OK) {
        scr_stats_add(SCR_STAT_ARENA_FULL, 0, err == SCR_ERR_ARENA_FULL ? 1 : 0);
        return err;
    }
    scr_stats_add(outcome, 0, 1);
    *cursor = (struct scr_job_cursor){.arena = arena, .job = job};
    return SCR_OK;
}

void scr_arena_leave(struct scr_arena *arena, struct scr_job *job)
{
    scr_lock_acquire(&arena->lock);
    SCR_ASSERT(job->readers > 0 && arena->readers > 0);
    job->readers -= 1;
    arena->readers -= 1;
    if (job->readers == 0) {
        job->left_ns = scr_clock_now_ns(arena->room.clock);
        if (scr_job_is_finished(job)) {
            scr_job_table_move(&arena->table, job, SCR_JOB_IDLE);
        } else if (atomic_load_explicit(&job->failed, memory_order_acquire)) {
            free_job(arena, job);
        } else {
            scr_job_table_move(&arena->table, job, SCR_JOB_ABANDONED);
        }
    }
    scr_job_check(job);
    scr_lock_release(&arena->lock);
}

void scr_arena_drop_abandoned(struct scr_arena *arena)
{
    scr_lock_acquire(&arena->lock);
    drop_expired(arena);
    scr_lock_release(&arena->lock);
}

bool scr_arena_tend(struct scr_arena *arena, const struct scr_job *job)
{
    scr_lock_acquire(&arena->lock);
    drop_expired(arena);
    bool wanted = job->readers > 1;
    scr_lock_release(&arena->lock);
    return wanted;
}

static bool is_stalled(const struct scr_job *job, int64_t now_ns)
{
    if (scr_job_is_finished(job) || atomic_load_explicit(&job->failed, memory_order_acquire)) {
        return false;
    }
    int64_t pulled_ns = atomic_load_explicit(&job->pulled_ns, memory_order_relaxed);
    return atomic_load_explicit(&job->hastened, memory_order_relaxed) ||
           now_ns - pulled_ns >= SCR_JOB_STALL_NS;
}

struct scr_job *scr_arena_take_stalled(struct scr_arena *arena)
{
    scr_lock_acquire(&arena->lock);
    int64_t now_ns = scr_clock_now_ns(arena->room.clock);
    struct scr_job *job = arena->table.lists[SCR_JOB_WANTED].oldest;
    while (job != NULL && !is_stalled(job, now_ns)) {
        job = job->newer;
    }
    if (job != NULL) {
        join(arena, job);
    }
    scr_lock_release(&arena->lock);
    return job;
}

void scr_arena_set_wake(struct scr_arena *arena, scr_arena_wake_fn *wake, void *context)
{
    scr_lock_acquire(&arena->lock);
    arena->wake = wake;
    arena->wake_context = context;
    scr_lock_release(&arena->lock);
}

void scr_arena_ring(struct scr_arena *arena)
{
    scr_lock_acquire(&arena->lock);
    if (arena->wake != NULL) {
        arena->wake(arena->wake_context);
    }
    scr_lock_release(&arena->lock);
}

uint64_t scr_arena_extent_bytes(const struct scr_arena *arena)
{
    return (uint64_t)arena->room.extents.count * SCR_EXTENT_BYTES;
}

bool scr_arena_could_hold(const struct scr_arena *arena, uint64_t file_bytes)
{
    return file_bytes <= scr_arena_extent_bytes(arena);
}

struct scr_arena_usage scr_arena_usage(struct scr_arena *arena)
{
    scr_lock_acquire(&arena->lock);
    const struct scr_job_table *table = &arena->table;
    struct scr_arena_usage usage = {
        .extents_total = arena->room.extents.count,
        .extents_used = arena->room.extents.count - arena->room.extents.free_count,
        .file_bytes = arena->file_bytes,
        .extents_wanted =
            table->lists[SCR_JOB_WANTED].extents + table->lists[SCR_JOB_ABANDONED].extents,
        .jobs = table->count - table->lists[SCR_JOB_FREE].jobs,
        .readers = arena->readers,
        .render_states_total = scr_slot_pool_count(arena->room.states.states),
        .render_states_used = scr_slot_pool_used(arena->room.states.states),
    };
    scr_lock_release(&arena->lock);
    /* Every unfinished job that has not failed holds one render state, and nobody else does. */
    usage.jobs_unfinished = usage.render_states_used;
    return usage;
}

const struct scr_codec_class *scr_arena_codec_class(const struct scr_arena *arena)
{
    return &arena->codec_class;
}

uint64_t scr_job_file_bytes(const struct scr_params *params)
{
    struct scr_job plan = {.params = *params};
    scr_render_plan(&plan);
    return plan.layout.file_bytes;
}
