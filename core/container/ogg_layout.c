/*
 * core/container/ogg_layout.c - closed forms instead of loops.
 * Why:    a seek into a long scream costs as much as one into a short one.
 * Flow:   the first three pages double (1, 2, 4 packets), all later ones are full (8):
 *
 *   page          0     1      2        3           4          k >= 3
 *   packets       0   1 2   3 4 5 6   7 .. 14    15 .. 22    7 + 8 * (k - 3) ...
 *
 *         and what stands before page k is k heads and first_packet(k) times a packet with its
 *         lacing values, whichever page each of those is on.
 * Source: see ogg_layout.h.
 */
#include "core/container/ogg_layout.h"

#include "core/base/assert.h"

/* Pages smaller than a full one, and the packets on them. */
#define RAMP_PAGES 3
#define RAMP_PACKETS 7
static_assert(RAMP_PACKETS == (1 << RAMP_PAGES) - 1, "1 + 2 + 4 packets");
static_assert(SCR_PAGE_PACKETS_MAX == 1 << RAMP_PAGES, "the ramp ends at the full page");
static_assert(SCR_PAGE_PACKETS_MAX * (SCR_PACKET_BYTES_MAX / 255 + 1) <= 255,
              "a page has at most 255 lacing values");
static_assert(SCR_PAGE_BYTES_MAX == SCR_OGG_PAGE_HEAD_BYTES +
                                        SCR_PAGE_PACKETS_MAX *
                                            (SCR_PACKET_BYTES_MAX / 255 + 1 + SCR_PACKET_BYTES_MAX),
              "the largest page of the largest packets");

/* Packets before a page. */
static uint32_t packets_before(uint32_t page_index)
{
    if (page_index < RAMP_PAGES) {
        return (1u << page_index) - 1;
    }
    return RAMP_PACKETS + (page_index - RAMP_PAGES) * SCR_PAGE_PACKETS_MAX;
}

/* The page of a packet. */
static uint32_t page_of(uint32_t packet_index)
{
    if (packet_index >= RAMP_PACKETS) {
        return RAMP_PAGES + (packet_index - RAMP_PACKETS) / SCR_PAGE_PACKETS_MAX;
    }
    return packet_index < packets_before(1) ? 0 : packet_index < packets_before(2) ? 1 : 2;
}

/* A packet and its lacing values. */
static uint32_t unit_bytes(const struct scr_ogg_layout *layout)
{
    return layout->packet_bytes + scr_ogg_lacing_count(layout->packet_bytes);
}

/* File offset of a page, or of the end for page_index == page_count when the last page is full. */
static uint64_t page_offset(const struct scr_ogg_layout *layout, uint32_t page_index)
{
    return layout->header_bytes + (uint64_t)page_index * SCR_OGG_PAGE_HEAD_BYTES +
           (uint64_t)packets_before(page_index) * unit_bytes(layout);
}

void scr_ogg_layout_init(struct scr_ogg_layout *layout,
                         uint32_t samples,
                         uint32_t preskip,
                         uint32_t packet_bytes,
                         uint32_t header_bytes)
{
    SCR_ASSERT(samples >= 1 && samples <= SCR_SAMPLES_MAX);
    SCR_ASSERT(preskip <= UINT16_MAX);
    SCR_ASSERT(packet_bytes >= 1 && packet_bytes <= SCR_PACKET_BYTES_MAX);
    SCR_ASSERT(header_bytes >= 1 && header_bytes <= SCR_OGG_HEADER_BYTES_MAX);
    uint32_t packet_count = (samples + preskip + SCR_BLOCK_SAMPLES - 1) / SCR_BLOCK_SAMPLES;
    uint32_t page_count = page_of(packet_count - 1) + 1;
    *layout = (struct scr_ogg_layout){
        .samples = samples,
        .preskip = preskip,
        .packet_bytes = packet_bytes,
        .header_bytes = header_bytes,
        .packet_count = packet_count,
        .page_count = page_count,
    };
    layout->file_bytes = header_bytes + (uint64_t)page_count * SCR_OGG_PAGE_HEAD_BYTES +
                         (uint64_t)packet_count * unit_bytes(layout);
}

struct scr_ogg_place scr_ogg_layout_page(const struct scr_ogg_layout *layout, uint32_t page_index)
{
    SCR_ASSERT(page_index < layout->page_count);
    bool is_last = page_index + 1 == layout->page_count;
    uint32_t first_packet = packets_before(page_index);
    uint32_t end_packet = is_last ? layout->packet_count : packets_before(page_index + 1);
    uint32_t packet_count = end_packet - first_packet;
    SCR_ASSERT(packet_count >= 1 && packet_count <= SCR_PAGE_PACKETS_MAX);
    return (struct scr_ogg_place){
        .page_index = page_index,
        .first_packet = first_packet,
        .packet_count = packet_count,
        .offset = page_offset(layout, page_index),
        .page_bytes = SCR_OGG_PAGE_HEAD_BYTES + packet_count * unit_bytes(layout),
        .head_bytes =
            SCR_OGG_PAGE_HEAD_BYTES + packet_count * scr_ogg_lacing_count(layout->packet_bytes),
        /* RFC 7845 section 4.4: a smaller granule position on the EOS page trims the end. It is
           never below the pre-skip (section 4.5), for it is preskip + samples. */
        .granule = is_last ? (uint64_t)layout->samples + layout->preskip
                           : (uint64_t)end_packet * SCR_BLOCK_SAMPLES,
        .is_last = is_last,
    };
}

struct scr_ogg_place scr_ogg_layout_page_at(const struct scr_ogg_layout *layout, uint64_t offset)
{
    SCR_ASSERT(offset >= layout->header_bytes && offset < layout->file_bytes);
    uint64_t full_from = page_offset(layout, RAMP_PAGES);
    uint32_t page_index = 0;
    if (offset >= full_from) {
        uint32_t full_bytes = SCR_OGG_PAGE_HEAD_BYTES + SCR_PAGE_PACKETS_MAX * unit_bytes(layout);
        page_index = RAMP_PAGES + (uint32_t)((offset - full_from) / full_bytes);
    } else if (offset >= page_offset(layout, 2)) {
        page_index = 2;
    } else if (offset >= page_offset(layout, 1)) {
        page_index = 1;
    }
    struct scr_ogg_place place = scr_ogg_layout_page(layout, page_index);
    SCR_ASSERT(offset - place.offset < place.page_bytes);
    return place;
}

uint64_t scr_ogg_layout_packet_offset(const struct scr_ogg_layout *layout, uint32_t packet_index)
{
    SCR_ASSERT(packet_index < layout->packet_count);
    struct scr_ogg_place place = scr_ogg_layout_page(layout, page_of(packet_index));
    SCR_ASSERT(packet_index - place.first_packet < place.packet_count);
    return place.offset + place.head_bytes +
           (uint64_t)(packet_index - place.first_packet) * layout->packet_bytes;
}
