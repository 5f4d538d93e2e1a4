/*
 * core/container/opus_tags.h - the two header packets of an Ogg Opus stream.
 * Why:    what a player needs to decode (OpusHead) and shows to its listener (OpusTags).
 *
 *   OpusHead   0            8         9          10         12       16     18
 *              "OpusHead" | version | channels | pre-skip | 48000 | gain | family
 *   OpusTags   0            8            12
 *              "OpusTags" | bytes of v | v = "scream" | count | bytes of c | c = "NAME=..." | ...
 *
 * Limits: a preset's name has at most SCR_PRESET_NAME_BYTES_MAX bytes, so both packets with
 *         their pages fit SCR_OGG_HEADER_BYTES_MAX.
 * Source: RFC 7845 sections 5.1 and 5.2.
 */
#ifndef SCR_CONTAINER_OPUS_TAGS_H
#define SCR_CONTAINER_OPUS_TAGS_H

#include <stdint.h>

#include "core/base/limits.h"

#define SCR_OPUS_HEAD_BYTES 19

/* Names, four lengths, title, preset twice and the longest numbers; asserted when written. */
#define SCR_OPUS_TAGS_BYTES_MAX (128 + 2 * SCR_PRESET_NAME_BYTES_MAX)

/* What the tags say. No program version: the same sound has the same bytes for ever. */
struct scr_opus_tags {
    const char *preset; /* UTF-8, terminated, stays the caller's */
    uint64_t seed;
    uint32_t engine;
};

/**
 * Writes OpusHead: version 1, output gain 0, mapping family 0.
 * in      channels  1 or 2: what the decoder puts out; the packets may be mono under 2
 * in      preskip   0..65535 samples the decoder drops first
 * thread  any; alloc none
 */
void scr_opus_head_write(uint32_t channels, uint32_t preskip, uint8_t bytes[SCR_OPUS_HEAD_BYTES]);

/**
 * Writes OpusTags: vendor "scream", then TITLE, PRESET, SEED, ENGINE.
 * returns the bytes written
 * thread  any; alloc none
 */
uint32_t scr_opus_tags_write(const struct scr_opus_tags *tags,
                             uint8_t bytes[SCR_OPUS_TAGS_BYTES_MAX]);

#endif
