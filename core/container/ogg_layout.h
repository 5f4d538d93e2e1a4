/*
 * core/container/ogg_layout.h - the arithmetic of a constant-rate Ogg Opus file.
 * Why:    size, and the place of every page and packet, are known before anything is rendered:
 *         Content-Length, HEAD, Range and 416 cost no rendering.
 *
 *   | OpusHead page | OpusTags page | page of 1 | of 2 | of 4 | of 8 | of 8 | ... | rest, EOS |
 *   0               47             header_bytes                                     file_bytes
 *
 * Limits: packets are SCR_PACKET_BYTES_MAX at most, pages SCR_PAGE_PACKETS_MAX packets.
 * Source: RFC 3533 section 6 (lacing, 27-byte header); RFC 7845 section 4 (granule position).
 */
#ifndef SCR_CONTAINER_OGG_LAYOUT_H
#define SCR_CONTAINER_OGG_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/limits.h"

/* A page's head without its lacing values. */
#define SCR_OGG_PAGE_HEAD_BYTES 27

/* Plain data: made by scr_ogg_layout_init, then only read, by any thread. */
struct scr_ogg_layout {
    uint32_t samples;      /* per channel, what a decoder puts out */
    uint32_t preskip;      /* samples a decoder drops first */
    uint32_t packet_bytes; /* every audio packet */
    uint32_t header_bytes; /* OpusHead and OpusTags pages */
    uint32_t packet_count; /* audio packets: samples + preskip, rounded up to whole blocks */
    uint32_t page_count;   /* audio pages only */
    uint64_t file_bytes;
};

/* One audio page. */
struct scr_ogg_place {
    uint32_t page_index;   /* audio pages from 0; the Ogg sequence number is 2 more */
    uint32_t first_packet; /* index of its first packet */
    uint32_t packet_count; /* 1..SCR_PAGE_PACKETS_MAX */
    uint64_t offset;       /* in the file */
    uint32_t page_bytes;   /* head, lacing and packets */
    uint32_t head_bytes;   /* 27 + lacing values: packets begin there */
    uint64_t granule;      /* samples up to the end of its last packet, pre-skip included; on the
                              last page trimmed to samples + preskip */
    bool is_last;
};

/** Lacing values of one packet: as many 255s as fit, then the rest (0 if none). Any thread. */
static inline uint32_t scr_ogg_lacing_count(uint32_t packet_bytes)
{
    return packet_bytes / 255 + 1;
}

/**
 * Computes a layout.
 * in      samples       at least 1, at most SCR_SAMPLES_MAX
 * in      preskip       0..65535, as OpusHead can say
 * in      packet_bytes  1..SCR_PACKET_BYTES_MAX
 * in      header_bytes  of both header pages, 1..SCR_OGG_HEADER_BYTES_MAX
 * thread  any; alloc none
 */
void scr_ogg_layout_init(struct scr_ogg_layout *layout,
                         uint32_t samples,
                         uint32_t preskip,
                         uint32_t packet_bytes,
                         uint32_t header_bytes);

/** The place of audio page page_index (< page_count). Any thread; constant time. */
struct scr_ogg_place scr_ogg_layout_page(const struct scr_ogg_layout *layout, uint32_t page_index);

/**
 * The audio page that holds file byte `offset` (header_bytes <= offset < file_bytes).
 * Any thread; constant time.
 */
struct scr_ogg_place scr_ogg_layout_page_at(const struct scr_ogg_layout *layout, uint64_t offset);

/** File offset of audio packet packet_index (< packet_count). Any thread; constant time. */
uint64_t scr_ogg_layout_packet_offset(const struct scr_ogg_layout *layout, uint32_t packet_index);

#endif
