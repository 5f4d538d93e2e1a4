/*
 * core/container/ogg_page.c - heads, lacing values and checksums of pages.
 * Why:    the one includer of ogg.h. libogg's packer would copy every packet and allocate; its
 *         checksum does neither.
 * Source: RFC 3533 section 6; RFC 7845 section 3 (which packet on which page), 4 (granules).
 */
#include "core/container/ogg_page.h"

#include <ogg/ogg.h>
#include <string.h>

#include "core/base/assert.h"
#include "core/base/bytes.h"

enum {
    FLAG_NONE = 0,
    FLAG_FIRST = 2,
    FLAG_LAST = 4
};

static_assert(SCR_OGG_HEADER_BYTES_MAX >= 2 * SCR_OGG_PAGE_HEAD_BYTES + 1 + SCR_OPUS_HEAD_BYTES +
                                              (SCR_OPUS_TAGS_BYTES_MAX / 255 + 1) +
                                              SCR_OPUS_TAGS_BYTES_MAX,
              "both header pages fit");

/* What differs from page to page. All packets of one page have one size. */
struct page_form {
    uint8_t flags;
    uint64_t granule;
    uint32_t serial;
    uint32_t sequence;
    uint32_t packet_count;
    uint32_t packet_bytes;
};

static uint32_t head_bytes_of(const struct page_form *form)
{
    return SCR_OGG_PAGE_HEAD_BYTES + form->packet_count * scr_ogg_lacing_count(form->packet_bytes);
}

static uint32_t page_bytes_of(const struct page_form *form)
{
    return head_bytes_of(form) + form->packet_count * form->packet_bytes;
}

/* Writes everything before the packets; the checksum covers the packets too, so it comes last. */
static void finish(const struct page_form *form, uint8_t *page)
{
    uint32_t head_bytes = head_bytes_of(form);
    uint32_t lacing_count = scr_ogg_lacing_count(form->packet_bytes);
    SCR_ASSERT(form->packet_count * lacing_count <= 255);
    struct scr_writer writer;
    scr_writer_init(&writer, page, head_bytes);
    scr_writer_put(&writer, "OggS", 4);
    scr_writer_put_u8(&writer, 0);
    scr_writer_put_u8(&writer, form->flags);
    scr_writer_put_u64le(&writer, form->granule);
    scr_writer_put_u32le(&writer, form->serial);
    scr_writer_put_u32le(&writer, form->sequence);
    scr_writer_put_u32le(&writer, 0);
    scr_writer_put_u8(&writer, (uint8_t)(form->packet_count * lacing_count));
    for (uint32_t packet = 0; packet < form->packet_count; packet += 1) {
        for (uint32_t i = 1; i < lacing_count; i += 1) {
            scr_writer_put_u8(&writer, 255);
        }
        scr_writer_put_u8(&writer, (uint8_t)(form->packet_bytes % 255));
    }
    SCR_ASSERT(!writer.overflow && writer.used == head_bytes);

    ogg_page whole = {
        .header = page,
        .header_len = (long)head_bytes,
        .body = page + head_bytes,
        .body_len = (long)(form->packet_count * form->packet_bytes),
    };
    ogg_page_checksum_set(&whole);
}

void scr_ogg_page_finish(uint8_t *page,
                         const struct scr_ogg_place *place,
                         uint32_t packet_bytes,
                         uint32_t serial)
{
    struct page_form form = {
        .flags = place->is_last ? FLAG_LAST : FLAG_NONE,
        .granule = place->granule,
        .serial = serial,
        .sequence = place->page_index + 2,
        .packet_count = place->packet_count,
        .packet_bytes = packet_bytes,
    };
    SCR_ASSERT(head_bytes_of(&form) == place->head_bytes);
    SCR_ASSERT(page_bytes_of(&form) == place->page_bytes);
    finish(&form, page);
}

/* Copies a header packet onto a page of its own: header packets have granule position 0. */
static uint32_t write_header_page(
    const uint8_t *packet, uint32_t packet_bytes, uint32_t serial, uint32_t sequence, uint8_t *page)
{
    struct page_form form = {
        .flags = sequence == 0 ? FLAG_FIRST : FLAG_NONE,
        .serial = serial,
        .sequence = sequence,
        .packet_count = 1,
        .packet_bytes = packet_bytes,
    };
    memcpy(page + head_bytes_of(&form), packet, packet_bytes);
    finish(&form, page);
    return page_bytes_of(&form);
}

uint32_t scr_ogg_header_bytes(const struct scr_opus_tags *tags)
{
    uint8_t packet[SCR_OPUS_TAGS_BYTES_MAX];
    struct page_form head = {.packet_count = 1, .packet_bytes = SCR_OPUS_HEAD_BYTES};
    struct page_form comment = {.packet_count = 1,
                                .packet_bytes = scr_opus_tags_write(tags, packet)};
    return page_bytes_of(&head) + page_bytes_of(&comment);
}

uint32_t scr_ogg_header_write(const struct scr_opus_tags *tags,
                              uint32_t channels,
                              uint32_t preskip,
                              uint32_t serial,
                              uint8_t bytes[SCR_OGG_HEADER_BYTES_MAX])
{
    uint8_t head[SCR_OPUS_HEAD_BYTES];
    scr_opus_head_write(channels, preskip, head);
    uint32_t used = write_header_page(head, SCR_OPUS_HEAD_BYTES, serial, 0, bytes);
    uint8_t packet[SCR_OPUS_TAGS_BYTES_MAX];
    uint32_t packet_bytes = scr_opus_tags_write(tags, packet);
    used += write_header_page(packet, packet_bytes, serial, 1, bytes + used);
    SCR_ASSERT(used <= SCR_OGG_HEADER_BYTES_MAX);
    return used;
}
