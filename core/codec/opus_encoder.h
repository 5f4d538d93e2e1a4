/*
 * core/codec/opus_encoder.h - one block to one Opus packet of constant size.
 * Why:    hard constant bit rate makes the whole file arithmetic (core/container/ogg_layout.h).
 * Flow:   block of float samples -> packet of scr_opus_packet_bytes(bitrate) bytes.
 * Memory: the encoder lives in the caller's storage; initialised at boot, only reset later. It
 *         holds no pointers but to a constant table: the storage may be copied as it is.
 * Source: RFC 6716; libopus: OPUS_APPLICATION_RESTRICTED_LOWDELAY, complexity 0, VBR off, low bands
 *         first from 64 kbit/s on.
 */
#ifndef SCR_CODEC_OPUS_ENCODER_H
#define SCR_CODEC_OPUS_ENCODER_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/limits.h"

struct scr_opus_encoder;

/**
 * Bytes of storage one encoder for `tracks` channels needs.
 * returns at most SCR_OPUS_STATE_BYTES_MAX with the libopus it was measured on; 0 when libopus
 *         knows no encoder of so many channels (tracks other than 1 or 2)
 * thread  any
 */
size_t scr_opus_encoder_size(uint32_t tracks);

/**
 * Makes an encoder in storage[size], aligned like max_align_t.
 * out     encoder   points into the storage; untouched on error
 * state   scr_opus_encoder_reset must choose a bit rate before the first packet
 * errors  SCR_ERR_NO_SPACE  size is below scr_opus_encoder_size(tracks)
 *         SCR_ERR_CODEC     libopus refuses (tracks other than 1 or 2), or looks ahead other than
 *                           SCR_OPUS_PRESKIP_SAMPLES
 * thread  boot; alloc none; about 31 us
 */
SCR_MUST_USE enum scr_err scr_opus_encoder_init(void *storage,
                                                size_t size,
                                                uint32_t tracks,
                                                struct scr_opus_encoder **encoder);

/**
 * Back to just initialised, at another bit rate: the next packet is the first of a new stream,
 * byte for byte what a fresh encoder would make.
 * in      bitrate   SCR_BITRATE_MIN..SCR_BITRATE_MAX, a multiple of SCR_BITRATE_STEP; anything
 *                   else is our own mistake and fails an assertion
 * errors  SCR_ERR_CODEC  libopus refuses
 * thread  owner; alloc none; about 0.4 us
 */
SCR_MUST_USE enum scr_err scr_opus_encoder_reset(struct scr_opus_encoder *encoder,
                                                 uint32_t bitrate);

/**
 * Encodes 20 ms.
 * in      block[SCR_BLOCK_SAMPLES * tracks]  float in [-1, 1], interleaved; a NaN anywhere makes
 *                                           the block silent, and the packet's size holds
 * out     packet[packet_bytes]              packet_bytes = scr_opus_packet_bytes(bitrate)
 * errors  SCR_ERR_CODEC  libopus failed, or packet_bytes is not the size of this bit rate's
 *                        packets; the packet is then undefined, nothing is written beyond it
 * thread  owner; alloc none
 */
SCR_MUST_USE enum scr_err scr_opus_encoder_encode(struct scr_opus_encoder *encoder,
                                                  const float *block,
                                                  uint8_t *packet,
                                                  size_t packet_bytes);

/** Bytes of every packet at this bit rate (a multiple of SCR_BITRATE_STEP): 20 ms of it. */
size_t scr_opus_packet_bytes(uint32_t bitrate);

/** libopus' own name and version. Valid for ever. */
const char *scr_opus_version(void);

/**
 * Whose search chooses the codewords: "scream 1", which makes the same packets on every machine of
 * one architecture, or "libopus". Another search of ours, another number. Valid for ever.
 */
const char *scr_opus_search(void);

#endif
