/*
 * tests/support/opus_road.c - the two encoders behind one loop.
 * Memory: one static encoder of ours; libopus' own states come from its heap.
 */
#include "tests/support/opus_road.h"

#include <opus/opus.h>
#include <stdalign.h>
#include <string.h>
#include <time.h>

#include "core/codec/opus_encoder.h"

enum {
    PACKET_BYTES_MAX = 4000
};

struct road {
    struct scr_opus_encoder *ours; /* or */
    OpusEncoder *theirs;
    OpusDecoder *decoder;
    uint32_t bitrate;
    size_t channels;
    size_t skip;
};

struct opus_settings opus_settings_plain(int bitrate)
{
    return (struct opus_settings){
        .application = OPUS_APPLICATION_AUDIO, .channels = 2, .complexity = 9, .bitrate = bitrate};
}

struct opus_settings opus_settings_shipped(int bitrate)
{
    return (struct opus_settings){.application = OPUS_APPLICATION_RESTRICTED_LOWDELAY,
                                  .channels = 1,
                                  .complexity = 0,
                                  .bitrate = bitrate,
                                  .constant = true,
                                  .low_bands_first = bitrate >= 64000};
}

static int64_t cpu_ns(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* Bytes of the packet, below 1 when it failed. */
static int encode(const struct road *road, const float *block, uint8_t *packet)
{
    if (road->theirs != NULL) {
        return opus_encode_float(road->theirs, block, SCR_BLOCK_SAMPLES, packet, PACKET_BYTES_MAX);
    }
    size_t bytes = scr_opus_packet_bytes(road->bitrate);
    enum scr_err err = scr_opus_encoder_encode(road->ours, block, packet, bytes);
    return err == SCR_OK ? (int)bytes : 0;
}

/* Block number `index` in all channels; zeros after the end. */
static void
fill(const struct road *road, const float *samples, size_t count, size_t index, float *block)
{
    for (size_t i = 0; i < SCR_BLOCK_SAMPLES; i += 1) {
        size_t at = index * SCR_BLOCK_SAMPLES + i;
        for (size_t c = 0; c < road->channels; c += 1) {
            block[i * road->channels + c] = at < count ? samples[at] : 0.0f;
        }
    }
}

/* The mean of the channels, moved to where the samples were. */
static void
place(const struct road *road, const float *block, size_t index, size_t count, float *copy)
{
    for (size_t i = 0; i < SCR_BLOCK_SAMPLES; i += 1) {
        size_t at = index * SCR_BLOCK_SAMPLES + i;
        float sum = 0.0f;
        for (size_t c = 0; c < road->channels; c += 1) {
            sum += block[i * road->channels + c];
        }
        if (at >= road->skip && at - road->skip < count) {
            copy[at - road->skip] = sum / (float)road->channels;
        }
    }
}

static bool travel(const struct road *road,
                   const float *samples,
                   size_t count,
                   float *copy,
                   struct opus_trip *trip)
{
    *trip = (struct opus_trip){.packets_hash = UINT64_C(0xcbf29ce484222325)};
    trip->packets = (count + road->skip + SCR_BLOCK_SAMPLES - 1) / SCR_BLOCK_SAMPLES;
    size_t bytes_sum = 0;
    for (size_t index = 0; index < trip->packets; index += 1) {
        float block[SCR_BLOCK_SAMPLES * SCR_CHANNELS_MAX];
        uint8_t packet[PACKET_BYTES_MAX];
        fill(road, samples, count, index, block);
        int64_t began_ns = cpu_ns();
        int bytes = encode(road, block, packet);
        trip->cpu_ns += cpu_ns() - began_ns;
        if (bytes < 1 ||
            opus_decode_float(road->decoder, packet, bytes, block, SCR_BLOCK_SAMPLES, 0) !=
                SCR_BLOCK_SAMPLES) {
            return false;
        }
        for (int i = 0; i < bytes; i += 1) {
            trip->packets_hash = (trip->packets_hash ^ packet[i]) * UINT64_C(0x100000001b3);
        }
        bytes_sum += (size_t)bytes;
        place(road, block, index, count, copy);
    }
    trip->bitrate =
        (double)bytes_sum * 8.0 * SCR_SAMPLE_RATE_HZ / ((double)trip->packets * SCR_BLOCK_SAMPLES);
    return true;
}

bool opus_road_shipped(
    const float *samples, size_t count, uint32_t bitrate, float *copy, struct opus_trip *trip)
{
    alignas(max_align_t) static uint8_t storage[SCR_OPUS_STATE_BYTES_MAX];
    struct road road = {.bitrate = bitrate, .channels = 1, .skip = SCR_OPUS_PRESKIP_SAMPLES};
    if (scr_opus_encoder_init(storage, sizeof storage, 1, &road.ours) != SCR_OK ||
        scr_opus_encoder_reset(road.ours, bitrate) != SCR_OK) {
        return false;
    }
    int failed = OPUS_OK;
    road.decoder = opus_decoder_create(SCR_SAMPLE_RATE_HZ, 1, &failed);
    if (road.decoder == NULL) {
        return false;
    }
    bool arrived = travel(&road, samples, count, copy, trip);
    opus_decoder_destroy(road.decoder);
    return arrived;
}

/* What libopus' surround encoder tells the encoder of each stream: by how much each of the 21 bands
 * of CELT is masked by other streams, in powers of two. Told that all above 1.6 kHz is masked, the
 * encoder moves bits to what lies below. The request stands in libopus' celt/celt.h since 1.1, not
 * in the installed headers. */
enum {
    SET_ENERGY_MASK_REQUEST = 10026,
    CELT_BANDS = 21,
    CELT_BANDS_LOW = 8
};

static bool prefer_low_bands(OpusEncoder *encoder, int channels)
{
    static float mask[CELT_BANDS * SCR_CHANNELS_MAX];
    for (int i = 0; i < CELT_BANDS * channels; i += 1) {
        mask[i] = i % CELT_BANDS < CELT_BANDS_LOW ? 0.0f : -2.0f;
    }
    return opus_encoder_ctl(encoder, SET_ENERGY_MASK_REQUEST, mask) == OPUS_OK;
}

static bool configure(OpusEncoder *encoder, const struct opus_settings *settings)
{
    bool done = opus_encoder_ctl(encoder, OPUS_SET_COMPLEXITY(settings->complexity)) == OPUS_OK &&
                opus_encoder_ctl(encoder, OPUS_SET_BITRATE(settings->bitrate)) == OPUS_OK &&
                opus_encoder_ctl(encoder, OPUS_SET_VBR(settings->constant ? 0 : 1)) == OPUS_OK;
    if (done && settings->unconstrained) {
        done = opus_encoder_ctl(encoder, OPUS_SET_VBR_CONSTRAINT(0)) == OPUS_OK;
    }
    if (done && settings->bandwidth != 0) {
        done = opus_encoder_ctl(encoder, OPUS_SET_MAX_BANDWIDTH(settings->bandwidth)) == OPUS_OK;
    }
    if (done && settings->signal != 0) {
        done = opus_encoder_ctl(encoder, OPUS_SET_SIGNAL(settings->signal)) == OPUS_OK;
    }
    if (done && settings->lsb_depth != 0) {
        done = opus_encoder_ctl(encoder, OPUS_SET_LSB_DEPTH(settings->lsb_depth)) == OPUS_OK;
    }
    if (done && settings->phase_inversion_off) {
        done = opus_encoder_ctl(encoder, OPUS_SET_PHASE_INVERSION_DISABLED(1)) == OPUS_OK;
    }
    if (done && settings->low_bands_first) {
        done = prefer_low_bands(encoder, settings->channels);
    }
    return done;
}

bool opus_road_settings(const float *samples,
                        size_t count,
                        const struct opus_settings *settings,
                        float *copy,
                        struct opus_trip *trip)
{
    int failed = OPUS_OK;
    opus_int32 skip = 0;
    bool arrived = false;
    struct road road = {.channels = (size_t)settings->channels};
    road.theirs =
        opus_encoder_create(SCR_SAMPLE_RATE_HZ, settings->channels, settings->application, &failed);
    road.decoder = opus_decoder_create(SCR_SAMPLE_RATE_HZ, settings->channels, &failed);
    if (road.theirs != NULL && road.decoder != NULL && configure(road.theirs, settings) &&
        opus_encoder_ctl(road.theirs, OPUS_GET_LOOKAHEAD(&skip)) == OPUS_OK) {
        road.skip = (size_t)skip;
        arrived = travel(&road, samples, count, copy, trip);
    }
    opus_encoder_destroy(road.theirs);
    opus_decoder_destroy(road.decoder);
    return arrived;
}
