/*
 * tests/support/ogg_file.h - makes whole Ogg Opus files with our muxer, and judges them by libogg
 *         and libopus.
 * Why:    one builder and one oracle for the unit tests and the fuzz target. Functions are in the
 *         header because fuzz targets link no support library.
 * Flow:   ogg_file_make: layout -> header pages -> packets in place -> page heads.
 *         ogg_file_check: ogg_sync -> ogg_stream -> packets -> (optionally) opus_decode.
 */
#ifndef TESTS_SUPPORT_OGG_FILE_H
#define TESTS_SUPPORT_OGG_FILE_H

#include <ogg/ogg.h>
#include <opus/opus.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/container/ogg_layout.h"
#include "core/container/ogg_page.h"

struct ogg_file_spec {
    uint32_t samples;
    uint32_t packet_bytes;
    uint32_t channels;
    uint32_t serial;
    struct scr_opus_tags tags;
};

struct ogg_file {
    struct ogg_file_spec spec;
    struct scr_ogg_layout layout;
    uint8_t *bytes;
};

/* Writes packet number `index` of packet_bytes bytes. */
typedef void
ogg_file_packet_fn(void *context, uint32_t index, uint8_t *packet, uint32_t packet_bytes);

/* Bytes that look like a 20 ms full-band CELT packet (TOC 0xf8) and are cheap to make. */
static inline void
ogg_file_filler(void *context, uint32_t index, uint8_t *packet, uint32_t packet_bytes)
{
    (void)context;
    memset(packet, (int)(index * 37 % 251), packet_bytes);
    packet[0] = 0xf8;
}

/* Builds the file; the bytes behind each page are still untouched when its head is written. */
static inline void ogg_file_make(struct ogg_file *file,
                                 const struct ogg_file_spec *spec,
                                 ogg_file_packet_fn *make_packet,
                                 void *context)
{
    uint32_t header_bytes = scr_ogg_header_bytes(&spec->tags);
    file->spec = *spec;
    scr_ogg_layout_init(
        &file->layout, spec->samples, SCR_OPUS_PRESKIP_SAMPLES, spec->packet_bytes, header_bytes);
    /* Exactly as large as the layout says: a byte too many is an error the sanitizer sees. */
    file->bytes = malloc(file->layout.file_bytes);
    if (file->bytes == NULL) {
        abort();
    }
    uint8_t header[SCR_OGG_HEADER_BYTES_MAX];
    uint32_t written = scr_ogg_header_write(
        &spec->tags, spec->channels, SCR_OPUS_PRESKIP_SAMPLES, spec->serial, header);
    if (written != header_bytes) {
        abort();
    }
    memcpy(file->bytes, header, header_bytes);
    for (uint32_t i = 0; i < file->layout.page_count; i += 1) {
        struct scr_ogg_place place = scr_ogg_layout_page(&file->layout, i);
        uint8_t *page = file->bytes + place.offset;
        for (uint32_t j = 0; j < place.packet_count; j += 1) {
            make_packet(context,
                        place.first_packet + j,
                        page + place.head_bytes + (size_t)j * spec->packet_bytes,
                        spec->packet_bytes);
        }
        scr_ogg_page_finish(page, &place, spec->packet_bytes, spec->serial);
    }
}

static inline void ogg_file_free(struct ogg_file *file)
{
    free(file->bytes);
    file->bytes = NULL;
}

/* What the oracle knows while it walks. */
struct ogg_file_walk {
    const struct ogg_file *file;
    ogg_sync_state sync;
    ogg_stream_state stream;
    OpusDecoder *decoder; /* NULL: do not decode */
    uint64_t offset;      /* of the page being judged */
    uint32_t pages;
    uint32_t packets; /* audio packets */
    uint64_t decoded; /* samples per channel out of the decoder, nothing dropped yet */
    uint64_t granule; /* of the page before */
};

#define OGG_FILE_REQUIRE(condition)                                                                \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            return #condition;                                                                     \
        }                                                                                          \
    } while (0)

static inline const char *ogg_file_check_header_page(struct ogg_file_walk *walk, ogg_page *page)
{
    ogg_packet packet;
    OGG_FILE_REQUIRE(ogg_page_granulepos(page) == 0);
    OGG_FILE_REQUIRE(ogg_page_packets(page) == 1);
    OGG_FILE_REQUIRE(ogg_stream_packetout(&walk->stream, &packet) == 1);
    if (walk->pages == 0) {
        OGG_FILE_REQUIRE(packet.bytes == 19);
        OGG_FILE_REQUIRE(memcmp(packet.packet, "OpusHead\1", 9) == 0);
        OGG_FILE_REQUIRE(packet.packet[9] == walk->file->spec.channels);
        OGG_FILE_REQUIRE(packet.packet[10] + 256 * packet.packet[11] == SCR_OPUS_PRESKIP_SAMPLES);
    } else {
        OGG_FILE_REQUIRE(packet.bytes > 8);
        OGG_FILE_REQUIRE(memcmp(packet.packet, "OpusTags", 8) == 0);
    }
    OGG_FILE_REQUIRE(ogg_stream_packetout(&walk->stream, &packet) == 0);
    return NULL;
}

/* Decodes one packet, if asked to, and counts what comes out. */
static inline const char *ogg_file_check_packet(struct ogg_file_walk *walk, ogg_packet *packet)
{
    const struct scr_ogg_layout *layout = &walk->file->layout;
    OGG_FILE_REQUIRE(walk->packets < layout->packet_count);
    OGG_FILE_REQUIRE(packet->bytes == (long)layout->packet_bytes);
    uint64_t offset = scr_ogg_layout_packet_offset(layout, walk->packets);
    OGG_FILE_REQUIRE(offset + layout->packet_bytes <= layout->file_bytes);
    OGG_FILE_REQUIRE(memcmp(packet->packet, walk->file->bytes + offset, layout->packet_bytes) == 0);
    walk->packets += 1;
    if (walk->decoder != NULL) {
        float pcm[SCR_BLOCK_SAMPLES * SCR_CHANNELS_MAX];
        int samples = opus_decode_float(
            walk->decoder, packet->packet, (opus_int32)packet->bytes, pcm, SCR_BLOCK_SAMPLES, 0);
        OGG_FILE_REQUIRE(samples == SCR_BLOCK_SAMPLES);
        walk->decoded += (uint64_t)samples;
    }
    return NULL;
}

static inline const char *ogg_file_check_audio_page(struct ogg_file_walk *walk, ogg_page *page)
{
    const struct scr_ogg_layout *layout = &walk->file->layout;
    uint32_t index = walk->pages - 2;
    OGG_FILE_REQUIRE(index < layout->page_count);
    struct scr_ogg_place place = scr_ogg_layout_page(layout, index);
    struct scr_ogg_place found = scr_ogg_layout_page_at(layout, walk->offset);
    OGG_FILE_REQUIRE(found.page_index == index && found.offset == walk->offset);
    OGG_FILE_REQUIRE(place.offset == walk->offset);
    OGG_FILE_REQUIRE(place.first_packet == walk->packets);
    OGG_FILE_REQUIRE(page->header_len == (long)place.head_bytes);
    OGG_FILE_REQUIRE(page->header_len + page->body_len == (long)place.page_bytes);
    OGG_FILE_REQUIRE(ogg_page_packets(page) == (int)place.packet_count);
    OGG_FILE_REQUIRE(place.page_bytes <= SCR_PAGE_BYTES_MAX);

    /* RFC 7845 section 4: positions grow, count all samples so far, and only the end is trimmed,
       by less than one packet. */
    uint64_t granule = (uint64_t)ogg_page_granulepos(page);
    uint64_t untrimmed = (uint64_t)(walk->packets + place.packet_count) * SCR_BLOCK_SAMPLES;
    OGG_FILE_REQUIRE(granule == place.granule && granule > walk->granule);
    if (place.is_last) {
        OGG_FILE_REQUIRE(granule == (uint64_t)layout->samples + layout->preskip);
        OGG_FILE_REQUIRE(granule <= untrimmed && untrimmed - granule < SCR_BLOCK_SAMPLES);
    } else {
        OGG_FILE_REQUIRE(granule == untrimmed);
    }
    walk->granule = granule;

    ogg_packet packet;
    for (uint32_t i = 0; i < place.packet_count; i += 1) {
        OGG_FILE_REQUIRE(ogg_stream_packetout(&walk->stream, &packet) == 1);
        const char *wrong = ogg_file_check_packet(walk, &packet);
        if (wrong != NULL) {
            return wrong;
        }
    }
    OGG_FILE_REQUIRE(ogg_stream_packetout(&walk->stream, &packet) == 0);
    return NULL;
}

static inline const char *ogg_file_check_page(struct ogg_file_walk *walk, ogg_page *page)
{
    bool is_last = walk->pages == walk->file->layout.page_count + 1;
    OGG_FILE_REQUIRE(ogg_page_version(page) == 0);
    OGG_FILE_REQUIRE(!ogg_page_continued(page));
    OGG_FILE_REQUIRE((uint32_t)ogg_page_serialno(page) == walk->file->spec.serial);
    OGG_FILE_REQUIRE(ogg_page_pageno(page) == (long)walk->pages);
    OGG_FILE_REQUIRE((ogg_page_bos(page) != 0) == (walk->pages == 0));
    OGG_FILE_REQUIRE((ogg_page_eos(page) != 0) == is_last);
    OGG_FILE_REQUIRE(ogg_stream_pagein(&walk->stream, page) == 0);
    return walk->pages < 2 ? ogg_file_check_header_page(walk, page)
                           : ogg_file_check_audio_page(walk, page);
}

static inline const char *ogg_file_check_pages(struct ogg_file_walk *walk)
{
    const struct scr_ogg_layout *layout = &walk->file->layout;
    long size = (long)layout->file_bytes;
    char *room = ogg_sync_buffer(&walk->sync, size);
    OGG_FILE_REQUIRE(room != NULL);
    memcpy(room, walk->file->bytes, (size_t)size);
    OGG_FILE_REQUIRE(ogg_sync_wrote(&walk->sync, size) == 0);
    while (walk->offset < layout->file_bytes) {
        ogg_page page;
        /* Negative: bytes were skipped, because a checksum or a length is wrong. */
        long page_bytes = ogg_sync_pageseek(&walk->sync, &page);
        OGG_FILE_REQUIRE(page_bytes > 0);
        if (walk->pages == 2) {
            OGG_FILE_REQUIRE(walk->offset == layout->header_bytes);
        }
        const char *wrong = ogg_file_check_page(walk, &page);
        if (wrong != NULL) {
            return wrong;
        }
        walk->offset += (uint64_t)page_bytes;
        walk->pages += 1;
    }
    OGG_FILE_REQUIRE(walk->offset == layout->file_bytes);
    OGG_FILE_REQUIRE(walk->pages == layout->page_count + 2);
    OGG_FILE_REQUIRE(walk->packets == layout->packet_count);
    if (walk->decoder != NULL) {
        /* What a player does: cut the end to the last granule position, drop the pre-skip. */
        OGG_FILE_REQUIRE(walk->granule <= walk->decoded);
        OGG_FILE_REQUIRE(walk->granule - layout->preskip == walk->file->spec.samples);
    }
    return NULL;
}

/* Judges a file: NULL when all is right, else the condition that does not hold. */
static inline const char *ogg_file_check(const struct ogg_file *file, bool decode)
{
    struct ogg_file_walk walk = {.file = file};
    int failed = OPUS_OK;
    (void)ogg_sync_init(&walk.sync);
    (void)ogg_stream_init(&walk.stream, (int)file->spec.serial);
    if (decode) {
        walk.decoder = opus_decoder_create(SCR_SAMPLE_RATE_HZ, (int)file->spec.channels, &failed);
    }
    const char *wrong = failed == OPUS_OK ? ogg_file_check_pages(&walk) : "no decoder";
    if (walk.decoder != NULL) {
        opus_decoder_destroy(walk.decoder);
    }
    (void)ogg_stream_clear(&walk.stream);
    (void)ogg_sync_clear(&walk.sync);
    return wrong;
}

#endif
