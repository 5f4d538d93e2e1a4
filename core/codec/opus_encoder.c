/*
 * core/codec/opus_encoder.c - libopus behind five functions.
 * Why:    the one includer of opus.h; what the program relies on (constant size, look-ahead,
 *         a reset that forgets) is set and checked here.
 * Flow:   the other way round once: linked from its archive on amd64 (cmake/opus.cmake), libopus
 *         asks this file for the search of its codewords.
 * Memory: | struct scr_opus_encoder | libopus' state |, both in the caller's storage.
 * Source: opus.h; RFC 6716 section 2.1.8 (constant bit rate).
 */
#include "core/codec/opus_encoder.h"

#include <opus/opus.h>
#include <stdalign.h>
#include <stdbool.h>
#include <string.h>

#include "core/base/assert.h"
#include "core/codec/pvq_search.h"

struct scr_opus_encoder {
    /* Its alignment makes sizeof a multiple, so that libopus' state behind it is aligned too. */
    alignas(max_align_t) uint32_t tracks;
    uint32_t packet_bytes; /* 0 until the first reset */
};

static OpusEncoder *state_of(struct scr_opus_encoder *encoder)
{
    void *behind = encoder + 1;
    return behind;
}

size_t scr_opus_encoder_size(uint32_t tracks)
{
    if (tracks < 1 || tracks > SCR_CHANNELS_MAX) {
        return 0;
    }
    int state_bytes = opus_encoder_get_size((int)tracks);
    SCR_ASSERT(state_bytes > 0);
    return sizeof(struct scr_opus_encoder) + (size_t)state_bytes;
}

/*
 * Screams are a few tones at the bottom and noise at the top. At complexity 0 the encoder spends
 * bits on that noise which the tones need more, so it is told to prefer low bands. The request is
 * the one by which libopus' surround encoder tells each stream how far the other streams mask each
 * of its bands, in powers of two; it stands in celt/celt.h since libopus 1.1, but not in the
 * installed headers. What lies above 1.6 kHz is said to be masked, so the encoder tilts its
 * allocation by two steps and raises the bands below; it trusts no more than that. Measured with
 * bench/quality.c: levels come nearer to the original by a fifth, for no time (docs/sound.md). With
 * fewer bits than LOW_BANDS_BITRATE_MIN the bands on top would be left out.
 */
#define SET_ENERGY_MASK_REQUEST 10026
#define LOW_BANDS_BITRATE_MIN 64000
#define CELT_BANDS 21
#define LOW 0.0f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f
#define HIGH -2.f, -2.f, -2.f, -2.f, -2.f, -2.f, -2.f, -2.f, -2.f, -2.f, -2.f, -2.f, -2.f
static const float low_bands_first[] = {LOW, HIGH, LOW, HIGH};
static_assert(sizeof low_bands_first == sizeof(float[CELT_BANDS * SCR_CHANNELS_MAX]),
              "libopus reads as many");

/* Everything that survives a reset; the rest comes with the reset. */
static int configure(OpusEncoder *state)
{
    int status = opus_encoder_ctl(state, OPUS_SET_VBR(0));
    if (status == OPUS_OK) {
        status = opus_encoder_ctl(state, OPUS_SET_COMPLEXITY(0));
    }
    return status;
}

enum scr_err scr_opus_encoder_init(void *storage,
                                   size_t size,
                                   uint32_t tracks,
                                   struct scr_opus_encoder **encoder)
{
    SCR_ASSERT(storage != NULL && (uintptr_t)storage % alignof(max_align_t) == 0);
    size_t size_min = scr_opus_encoder_size(tracks);
    if (size_min == 0) {
        return SCR_ERR_CODEC;
    }
    if (size < size_min) {
        return SCR_ERR_NO_SPACE;
    }
    struct scr_opus_encoder *made = storage;
    *made = (struct scr_opus_encoder){.tracks = tracks};
    OpusEncoder *state = state_of(made);
    int status = opus_encoder_init(
        state, SCR_SAMPLE_RATE_HZ, (int)tracks, OPUS_APPLICATION_RESTRICTED_LOWDELAY);
    if (status == OPUS_OK) {
        status = configure(state);
    }
    opus_int32 lookahead_samples = 0;
    if (status == OPUS_OK) {
        status = opus_encoder_ctl(state, OPUS_GET_LOOKAHEAD(&lookahead_samples));
    }
    /* The pre-skip is part of every layout: another libopus with another one must not start. */
    if (status != OPUS_OK || lookahead_samples != SCR_OPUS_PRESKIP_SAMPLES) {
        return SCR_ERR_CODEC;
    }
    *encoder = made;
    return SCR_OK;
}

enum scr_err scr_opus_encoder_reset(struct scr_opus_encoder *encoder, uint32_t bitrate)
{
    SCR_ASSERT(bitrate >= SCR_BITRATE_MIN && bitrate <= SCR_BITRATE_MAX);
    SCR_ASSERT(bitrate % SCR_BITRATE_STEP == 0);
    OpusEncoder *state = state_of(encoder);
    encoder->packet_bytes = 0;
    int status = opus_encoder_ctl(state, OPUS_RESET_STATE);
    if (status == OPUS_OK) {
        status = opus_encoder_ctl(state, OPUS_SET_BITRATE((opus_int32)bitrate));
    }
    /* The reset has forgotten it. Builds of libopus for whole numbers would read another table. */
    bool takes_floats = strstr(opus_get_version_string(), "-fixed") == NULL;
    if (status == OPUS_OK && takes_floats && bitrate >= LOW_BANDS_BITRATE_MIN) {
        status = opus_encoder_ctl(state, SET_ENERGY_MASK_REQUEST, low_bands_first);
    }
    if (status != OPUS_OK) {
        return SCR_ERR_CODEC;
    }
    encoder->packet_bytes = (uint32_t)scr_opus_packet_bytes(bitrate);
    return SCR_OK;
}

enum scr_err scr_opus_encoder_encode(struct scr_opus_encoder *encoder,
                                     const float *block,
                                     uint8_t *packet,
                                     size_t packet_bytes)
{
    SCR_ASSERT(encoder->packet_bytes > 0);
    if (packet_bytes != encoder->packet_bytes) {
        return SCR_ERR_CODEC;
    }
    opus_int32 made_bytes = opus_encode_float(
        state_of(encoder), block, SCR_BLOCK_SAMPLES, packet, (opus_int32)packet_bytes);
    return made_bytes == (opus_int32)packet_bytes ? SCR_OK : SCR_ERR_CODEC;
}

size_t scr_opus_packet_bytes(uint32_t bitrate)
{
    static_assert(SCR_BITRATE_STEP == 8 * SCR_SAMPLE_RATE_HZ / SCR_BLOCK_SAMPLES,
                  "one step of the bit rate is one byte of a packet");
    SCR_ASSERT(bitrate % SCR_BITRATE_STEP == 0);
    return bitrate / SCR_BITRATE_STEP;
}

const char *scr_opus_version(void)
{
    return opus_get_version_string();
}

#ifdef SCR_OPUS_SEARCH
/*
 * libopus' own name, arguments and promise (celt/vq.h of 1.3.1): shape[bins] in, signed
 * pulses[bins] out, returns their sum of squares. It stands in this file, which every program that
 * encodes links before the archive, so that the archive's own is never looked for.
 */
float op_pvq_search_sse2(float *shape, int *pulses, int pulse_count, int bins, int arch);

float op_pvq_search_sse2(float *shape, int *pulses, int pulse_count, int bins, int arch)
{
    (void)arch;
    return scr_pvq_search(shape, bins, pulse_count, pulses);
}
#endif

const char *scr_opus_search(void)
{
#ifdef SCR_OPUS_SEARCH
    return "scream 1";
#else
    return "libopus";
#endif
}
