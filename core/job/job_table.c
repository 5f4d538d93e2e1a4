/*
 * core/job/job_table.c - chained buckets and doubly linked lists over one array of jobs.
 * Why:    see job_table.h.
 */
#include "core/job/job_table.h"

#include "core/base/assert.h"
#include "core/base/bytes.h"
#include "core/memory/boot.h"

static uint32_t bucket_count(uint32_t count)
{
    uint32_t buckets = 16;
    while (buckets < count) {
        buckets *= 2;
    }
    return buckets;
}

uint64_t scr_job_table_memory_bytes(uint32_t count)
{
    return count * (uint64_t)sizeof(struct scr_job) +
           bucket_count(count) * (uint64_t)sizeof(struct scr_job *);
}

static void append(struct scr_job_list *list, struct scr_job *job)
{
    job->older = list->newest;
    job->newer = NULL;
    if (list->newest != NULL) {
        list->newest->newer = job;
    } else {
        list->oldest = job;
    }
    list->newest = job;
    list->jobs += 1;
    list->extents += job->extent_count;
}

static void unlink_job(struct scr_job_list *list, struct scr_job *job)
{
    SCR_ASSERT(list->jobs > 0 && list->extents >= job->extent_count);
    if (job->older != NULL) {
        job->older->newer = job->newer;
    } else {
        list->oldest = job->newer;
    }
    if (job->newer != NULL) {
        job->newer->older = job->older;
    } else {
        list->newest = job->older;
    }
    list->jobs -= 1;
    list->extents -= job->extent_count;
}

enum scr_err scr_job_table_init(struct scr_job_table *table, uint32_t count)
{
    SCR_ASSERT(count > 0);
    void *jobs = NULL;
    void *buckets = NULL;
    uint32_t bucket_total = bucket_count(count);
    SCR_TRY(scr_boot_allocate(count * sizeof(struct scr_job), &jobs));
    enum scr_err err = scr_boot_allocate(bucket_total * sizeof(struct scr_job *), &buckets);
    if (err != SCR_OK) {
        scr_boot_free(jobs);
        return err;
    }
    *table = (struct scr_job_table){
        .jobs = jobs, .buckets = buckets, .count = count, .bucket_mask = bucket_total - 1};
    for (uint32_t i = 0; i < count; i += 1) {
        struct scr_job *job = &table->jobs[i];
        scr_lock_init(&job->lock);
        job->place = SCR_JOB_FREE;
        append(&table->lists[SCR_JOB_FREE], job);
    }
    return SCR_OK;
}

void scr_job_table_deinit(struct scr_job_table *table)
{
    SCR_ASSERT(table->lists[SCR_JOB_FREE].jobs == table->count);
    for (uint32_t i = 0; i < table->count; i += 1) {
        scr_lock_deinit(&table->jobs[i].lock);
    }
    scr_boot_free(table->jobs);
    scr_boot_free(table->buckets);
}

static struct scr_job **bucket_of(const struct scr_job_table *table, const struct scr_key *key)
{
    return &table->buckets[scr_load_u64le(key->bytes + 8) & table->bucket_mask];
}

struct scr_job *scr_job_table_find(const struct scr_job_table *table, const struct scr_key *key)
{
    struct scr_job *job = *bucket_of(table, key);
    while (job != NULL && !scr_key_equal(&job->key, key)) {
        job = job->chained;
    }
    return job;
}

void scr_job_table_move(struct scr_job_table *table, struct scr_job *job, enum scr_job_place place)
{
    unlink_job(&table->lists[job->place], job);
    job->place = place;
    append(&table->lists[place], job);
}

void scr_job_table_insert(struct scr_job_table *table, struct scr_job *job)
{
    SCR_ASSERT_SLOW(scr_job_table_find(table, &job->key) == NULL);
    struct scr_job **bucket = bucket_of(table, &job->key);
    job->chained = *bucket;
    *bucket = job;
    job->listed = true;
}

void scr_job_table_remove(struct scr_job_table *table, struct scr_job *job)
{
    struct scr_job **link = bucket_of(table, &job->key);
    while (*link != job) {
        SCR_ASSERT(*link != NULL);
        link = &(*link)->chained;
    }
    *link = job->chained;
    job->chained = NULL;
    job->listed = false;
}
