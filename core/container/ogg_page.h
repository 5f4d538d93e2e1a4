/*
 * core/container/ogg_page.h - one Ogg page, written in place.
 * Why:    packets are encoded straight into their page; only the head remains to be written.
 *
 *   0      4   5       6         14       18         22    26  27               27 + n
 *   "OggS" | 0 | flags | granule | serial | sequence | CRC | n | lacing values  | packets
 *
 * Source: RFC 3533 section 6; the checksum is libogg's.
 */
#ifndef SCR_CONTAINER_OGG_PAGE_H
#define SCR_CONTAINER_OGG_PAGE_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/limits.h"
#include "core/container/ogg_layout.h"
#include "core/container/opus_tags.h"

/**
 * Writes head, lacing and checksum of an audio page whose packets already stand behind them.
 * in      place                    from the layout whose packets have packet_bytes
 * inout   page[place->page_bytes]  packets at page + place->head_bytes, each packet_bytes long
 * thread  any; alloc none
 */
void scr_ogg_page_finish(uint8_t *page,
                         const struct scr_ogg_place *place,
                         uint32_t packet_bytes,
                         uint32_t serial);

/**
 * Bytes of both header pages together: OpusHead page (47) and OpusTags page. Depends on the tags
 * alone. Any thread.
 */
uint32_t scr_ogg_header_bytes(const struct scr_opus_tags *tags);

/**
 * Writes both header pages: OpusHead (version 1, channels, pre-skip, 48000, gain 0, family 0)
 * with BOS, and OpusTags (vendor "scream"; TITLE, PRESET, SEED and ENGINE). Both have granule
 * position 0 and a page of their own.
 * in      channels  what the decoder puts out; the packets may be mono under 2
 * out     bytes     scr_ogg_header_bytes(tags) of them, at most SCR_OGG_HEADER_BYTES_MAX
 * returns the bytes written
 * thread  any; alloc none
 */
uint32_t scr_ogg_header_write(const struct scr_opus_tags *tags,
                              uint32_t channels,
                              uint32_t preskip,
                              uint32_t serial,
                              uint8_t bytes[SCR_OGG_HEADER_BYTES_MAX]);

#endif
