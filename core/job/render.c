/*
 * core/job/render.c - makes the pages of a job, one at a time.
 * Why:    see render.h. A page is encoded where it will stay; only one that straddles two runs of
 *         extents is made in scratch memory and copied.
 */
#include "core/job/render.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/base/compiler.h"
#include "core/base/series.h"
#include "core/container/ogg_page.h"
#include "core/synth/preset.h"

static struct scr_opus_tags tags_of(const struct scr_params *params)
{
    return (struct scr_opus_tags){
        .preset = scr_preset_name((enum scr_preset)params->preset),
        .seed = params->seed,
        .engine = params->engine,
    };
}

void scr_render_plan(struct scr_job *job)
{
    struct scr_opus_tags tags = tags_of(&job->params);
    scr_ogg_layout_init(&job->layout,
                        scr_params_samples(&job->params),
                        SCR_OPUS_PRESKIP_SAMPLES,
                        (uint32_t)scr_opus_packet_bytes(job->params.bitrate),
                        scr_ogg_header_bytes(&tags));
    job->extent_count =
        (uint32_t)((job->layout.file_bytes + SCR_EXTENT_BYTES - 1) / SCR_EXTENT_BYTES);
    SCR_ASSERT(job->extent_count >= 1 && job->extent_count <= SCR_JOB_EXTENTS_MAX);
}

static void copy_in(const struct scr_extent_pool *extents,
                    const struct scr_job *job,
                    uint64_t offset,
                    const uint8_t *bytes,
                    size_t count)
{
    SCR_ASSERT(offset + count <= job->layout.file_bytes);
    while (count > 0) {
        size_t fits = 0;
        uint8_t *at = scr_extent_pool_at(extents, job->extent_first, offset, &fits);
        size_t part = count < fits ? count : fits;
        memcpy(at, bytes, part);
        offset += part;
        bytes += part;
        count -= part;
    }
}

/* Where the page stands when it lies in one run, else the scratch page. */
static uint8_t *page_memory(const struct scr_extent_pool *extents,
                            const struct scr_job *job,
                            const struct scr_ogg_place *place,
                            uint8_t *scratch)
{
    size_t fits = 0;
    uint8_t *at = scr_extent_pool_at(extents, job->extent_first, place->offset, &fits);
    return fits < place->page_bytes ? scratch : at;
}

static enum scr_err prime(struct scr_render_room *room, struct scr_job *job)
{
    struct scr_render_state *state = job->render;
    SCR_TRY(scr_opus_encoder_reset(state->encoder, job->params.bitrate));
    scr_scream_init(&state->scream, &job->params);

    struct scr_opus_tags tags = tags_of(&job->params);
    uint8_t header[SCR_OGG_HEADER_BYTES_MAX];
    uint32_t header_bytes = scr_ogg_header_write(
        &tags, job->params.channels, SCR_OPUS_PRESKIP_SAMPLES, scr_key_serial(&job->key), header);
    SCR_ASSERT(header_bytes == job->layout.header_bytes);
    copy_in(&room->extents, job, 0, header, header_bytes);
    state->primed = true;
    return SCR_OK;
}

static enum scr_err
encode_page(struct scr_render_room *room, struct scr_job *job, const struct scr_ogg_place *place)
{
    struct scr_render_state *state = job->render;
    uint32_t packet_bytes = job->layout.packet_bytes;
    SCR_UNINITIALISED uint8_t scratch[SCR_PAGE_BYTES_MAX];
    SCR_UNINITIALISED float block[SCR_BLOCK_SAMPLES * SCR_CHANNELS_MAX];
    uint8_t *page = page_memory(&room->extents, job, place, scratch);
    for (uint32_t i = 0; i < place->packet_count; i += 1) {
        uint8_t *packet = page + place->head_bytes + (size_t)i * packet_bytes;
        (void)scr_scream_pull(&state->scream, block);
        SCR_TRY(scr_opus_encoder_encode(state->encoder, block, packet, packet_bytes));
    }
    scr_ogg_page_finish(page, place, packet_bytes, scr_key_serial(&job->key));
    if (page == scratch) {
        copy_in(&room->extents, job, place->offset, page, place->page_bytes);
    }
    return SCR_OK;
}

static void
give_state_back(struct scr_render_room *room, struct scr_job *job, enum scr_render_result result)
{
    scr_stats_add(
        SCR_STAT_RENDERS, scr_series_render(job->params.preset, SCR_FORMAT_OGG, result), 1);
    scr_stats_observe_ns(SCR_STAT_RENDER_DURATION, SCR_FORMAT_OGG, job->render->worked_ns);
    scr_render_pool_release(&room->states, job->render);
    job->render = NULL;
}

enum scr_err scr_render_page(struct scr_render_room *room, struct scr_job *job)
{
    SCR_ASSERT(scr_lock_held(&job->lock));
    SCR_ASSERT(job->render != NULL && job->pages_done < job->layout.page_count);
    int64_t began_ns = scr_clock_now_ns(room->clock);
    struct scr_ogg_place place = scr_ogg_layout_page(&job->layout, job->pages_done);
    enum scr_err err = job->render->primed ? SCR_OK : prime(room, job);
    if (err == SCR_OK) {
        err = encode_page(room, job, &place);
    }
    job->render->worked_ns += scr_clock_now_ns(room->clock) - began_ns;
    if (err != SCR_OK) {
        give_state_back(room, job, SCR_RENDER_DROPPED);
        atomic_store_explicit(&job->failed, true, memory_order_release);
        return err;
    }
    scr_stats_add(
        SCR_STAT_RENDERED_SAMPLES, SCR_FORMAT_OGG, (int64_t)place.packet_count * SCR_BLOCK_SAMPLES);
    job->pages_done += 1;
    if (job->pages_done == job->layout.page_count) {
        SCR_ASSERT(place.offset + place.page_bytes == job->layout.file_bytes);
        give_state_back(room, job, SCR_RENDER_OK);
    }
    atomic_store_explicit(&job->published, place.offset + place.page_bytes, memory_order_release);
    return SCR_OK;
}
