/*
 * tests/support/job_bench.c - a small world for tests of core/job.
 * Why:    see job_bench.h. The reference file is put together here from codec and container
 *         alone, so that extents, locks and cursors are checked against something simpler.
 */
#include "tests/support/job_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/stats.h"
#include "core/codec/opus_encoder.h"
#include "core/container/ogg_layout.h"
#include "core/container/ogg_page.h"
#include "core/crypto/blake2b.h"
#include "core/synth/scream.h"

void job_bench_init(struct job_bench *bench, uint64_t arena_bytes, uint32_t readers_max)
{
    assert_int_equal(scr_crypto_init(), SCR_OK);
    fake_clock_init(&bench->fake);
    struct scr_arena_config config = {
        .arena_bytes = arena_bytes,
        .readers_max = readers_max,
        .clock = &bench->fake.clock,
    };
    assert_int_equal(scr_arena_create(&config, &bench->arena), SCR_OK);
    scr_stats_reset();
}

void job_bench_deinit(struct job_bench *bench)
{
    scr_arena_destroy(&bench->arena);
    assert_null(bench->arena);
}

struct scr_params job_params(enum scr_preset preset, uint64_t seed, int64_t duration_ms)
{
    struct scr_params params;
    scr_preset_params(preset, seed, &params);
    params.duration_ns = duration_ms * 1000000;
    return params;
}

uint64_t job_extent_bytes(const struct scr_params *params)
{
    uint64_t extents = (scr_job_file_bytes(params) + SCR_EXTENT_BYTES - 1) / SCR_EXTENT_BYTES;
    return extents * SCR_EXTENT_BYTES;
}

struct scr_job_cursor job_open(struct job_bench *bench, const struct scr_params *params)
{
    struct scr_job_cursor cursor;
    assert_int_equal(scr_arena_open(bench->arena, params, &cursor), SCR_OK);
    return cursor;
}

size_t job_read(struct scr_job_cursor *cursor, uint64_t from, uint64_t to, uint8_t *out)
{
    size_t pulls = 0;
    while (from < to) {
        const uint8_t *bytes = NULL;
        size_t count = 0;
        enum scr_pull pull = scr_job_cursor_pull(cursor, from, &bytes, &count);
        pulls += 1;
        assert_true(pull == SCR_PULL_DATA || pull == SCR_PULL_AGAIN);
        if (pull == SCR_PULL_DATA) {
            assert_true(count > 0);
            size_t part = count < to - from ? count : (size_t)(to - from);
            memcpy(out, bytes, part);
            out += part;
            from += part;
        }
    }
    return pulls;
}

uint8_t *job_reference(const struct scr_params *params, size_t *bytes)
{
    struct scr_opus_tags tags = {.preset = scr_preset_name((enum scr_preset)params->preset),
                                 .seed = params->seed,
                                 .engine = params->engine};
    struct scr_key key = scr_key_of(params);
    uint32_t serial = scr_key_serial(&key);
    struct scr_ogg_layout layout;
    uint32_t packet_bytes = (uint32_t)scr_opus_packet_bytes(params->bitrate);
    scr_ogg_layout_init(&layout,
                        scr_params_samples(params),
                        SCR_OPUS_PRESKIP_SAMPLES,
                        packet_bytes,
                        scr_ogg_header_bytes(&tags));
    uint8_t *file = malloc(layout.file_bytes + SCR_OGG_HEADER_BYTES_MAX);
    assert_non_null(file);
    assert_int_equal(
        scr_ogg_header_write(&tags, params->channels, SCR_OPUS_PRESKIP_SAMPLES, serial, file),
        layout.header_bytes);

    size_t storage_bytes = scr_opus_encoder_size(1);
    void *storage = malloc(storage_bytes);
    assert_non_null(storage);
    struct scr_opus_encoder *encoder = NULL;
    assert_int_equal(scr_opus_encoder_init(storage, storage_bytes, 1, &encoder), SCR_OK);
    assert_int_equal(scr_opus_encoder_reset(encoder, params->bitrate), SCR_OK);
    struct scr_scream scream;
    float block[SCR_BLOCK_SAMPLES * SCR_CHANNELS_MAX];
    scr_scream_init(&scream, params);
    for (uint32_t p = 0; p < layout.page_count; p += 1) {
        struct scr_ogg_place place = scr_ogg_layout_page(&layout, p);
        uint8_t *page = file + place.offset;
        for (uint32_t i = 0; i < place.packet_count; i += 1) {
            (void)scr_scream_pull(&scream, block);
            uint8_t *packet = page + place.head_bytes + (size_t)i * packet_bytes;
            assert_int_equal(scr_opus_encoder_encode(encoder, block, packet, packet_bytes), SCR_OK);
        }
        scr_ogg_page_finish(page, &place, packet_bytes, serial);
    }
    free(storage);
    *bytes = layout.file_bytes;
    return file;
}
