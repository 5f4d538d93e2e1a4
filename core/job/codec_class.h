/*
 * core/job/codec_class.h - finds out which Opus bytes this machine makes.
 * Why:    a strong ETag must never be shared by machines whose bytes differ. With our own pulse
 *         search all amd64 machines are one class; with that of libopus, whose approximate
 *         reciprocals differ between CPU vendors, and on other architectures, who knows: so every
 *         machine finds out.
 * Source: xiph/opus issues 259 and 260; RFC 9110 section 8.8.1.
 */
#ifndef SCR_JOB_CODEC_CLASS_H
#define SCR_JOB_CODEC_CLASS_H

#include "core/base/error.h"
#include "core/job/key.h"
#include "core/job/render_pool.h"

/**
 * Encodes two seconds of a noisy scream and hashes architecture, libopus version, search and
 * packets.
 * inout   state   a render state of the caller; used as scratch
 * errors  SCR_ERR_CODEC
 * thread  boot; alloc none
 */
SCR_MUST_USE enum scr_err scr_codec_class_probe(struct scr_render_state *state,
                                                struct scr_codec_class *codec_class);

#endif
