/*
 * api/plan.c - query text to plan, by way of the table of plans.
 * Why:    see plan.h. What is fresh is not remembered, and what is wrong is said anew each time.
 */
#include "api/plan.h"

#include "api/plan_table.h"
#include "core/base/assert.h"
#include "core/container/wav_header.h"
#include "core/crypto/random.h"
#include "core/job/arena.h"

static uint64_t file_bytes_of(const struct scr_plan *plan)
{
    if (plan->format == SCR_FORMAT_WAV) {
        return scr_wav_file_bytes(scr_params_samples(&plan->params), plan->params.channels);
    }
    return scr_job_file_bytes(&plan->params);
}

static enum scr_err work_out(const struct scr_service *service,
                             const char *text,
                             struct scr_plan *plan,
                             struct scr_query_error *error)
{
    SCR_TRY(scr_query_parse(text, &service->bounds, &plan->query, error));
    plan->fresh = scr_order_is_fresh(&plan->query.order);
    uint64_t fresh_seed = plan->fresh ? scr_random_u64() : 0;
    SCR_TRY(
        scr_query_resolve(&plan->query.order, &service->bounds, fresh_seed, &plan->params, error));
    plan->file_bytes = file_bytes_of(plan);
    plan->key = scr_key_of(&plan->params);
    if (!plan->fresh) {
        const struct scr_codec_class *codec_class = scr_arena_codec_class(service->arena);
        scr_key_etag(&plan->key, plan->format, codec_class, plan->etag);
    }
    return SCR_OK;
}

enum scr_err scr_plan_make(const struct scr_service *service,
                           const char *text,
                           enum scr_format format,
                           struct scr_plan *plan,
                           struct scr_query_error *error)
{
    SCR_ASSERT(text != NULL && format < SCR_FORMAT_COUNT);
    if (scr_plan_table_find(service->plans, text, format, plan)) {
        return SCR_OK;
    }
    struct scr_plan made = {.format = format};
    SCR_TRY(work_out(service, text, &made, error));
    if (!made.fresh) {
        scr_plan_table_keep(service->plans, text, &made);
    }
    *plan = made;
    return SCR_OK;
}
