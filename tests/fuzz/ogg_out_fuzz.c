/*
 * tests/fuzz/ogg_out_fuzz.c - any parameters, any samples: the file is right and as long as said.
 * Why:    sizes and ranges are promised before rendering; a promise broken for one combination
 *         truncates or hangs a download.
 * Flow:   bytes -> samples, bit rate, channels, tracks, serial, tags, sound -> our encoder and
 *         pages -> libogg and libopus (tests/support/ogg_file.h) -> abort on any difference.
 *         Then places asked by offset, and the codec again after a reset.
 * Limits: at most 2 s of real packets, so that one input takes milliseconds; longer files are
 *         asked for their arithmetic only.
 */
#include <stdio.h>

#include "core/codec/opus_encoder.h"
#include "tests/support/ogg_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SAMPLES_ENCODED_MAX (2 * SCR_SAMPLE_RATE_HZ)

/* Takes numbers from the input; zeros after its end. */
struct input {
    const uint8_t *data;
    size_t size;
    size_t at;
};

static uint8_t take(struct input *input)
{
    uint8_t byte = input->at < input->size ? input->data[input->at] : 0;
    input->at += 1;
    return byte;
}

static uint32_t take32(struct input *input)
{
    uint32_t value = 0;
    for (int i = 0; i < 4; i += 1) {
        value = value << 8 | take(input);
    }
    return value;
}

static void require(bool condition, const char *what)
{
    if (!condition) {
        fprintf(stderr, "ogg_out: not so: %s\n", what);
        abort();
    }
}

struct source {
    struct scr_opus_encoder *encoder;
    struct input sound; /* raw bytes read as floats: NaN, infinities and denormals among them */
    uint32_t tracks;
};

static void encode(void *context, uint32_t index, uint8_t *packet, uint32_t packet_bytes)
{
    (void)index;
    struct source *source = context;
    float block[SCR_BLOCK_SAMPLES * SCR_CHANNELS_MAX];
    uint32_t bits[16];
    for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i += 1) {
        bits[i] = take32(&source->sound);
    }
    for (size_t i = 0; i < (size_t)SCR_BLOCK_SAMPLES * source->tracks; i += 1) {
        memcpy(&block[i], &bits[i % 16], sizeof block[i]);
    }
    require(scr_opus_encoder_encode(source->encoder, block, packet, packet_bytes) == SCR_OK,
            "every packet has its size");
}

static void check_places(const struct scr_ogg_layout *layout, struct input *input)
{
    for (int i = 0; i < 8; i += 1) {
        uint64_t audio_bytes = layout->file_bytes - layout->header_bytes;
        uint64_t offset = layout->header_bytes + take32(input) % audio_bytes;
        struct scr_ogg_place at = scr_ogg_layout_page_at(layout, offset);
        struct scr_ogg_place same = scr_ogg_layout_page(layout, at.page_index);
        require(at.offset == same.offset && at.page_bytes == same.page_bytes, "one place");
        require(at.offset <= offset && offset - at.offset < at.page_bytes, "offset in its page");
        uint32_t packet = take32(input) % layout->packet_count;
        uint64_t packet_at = scr_ogg_layout_packet_offset(layout, packet);
        at = scr_ogg_layout_page_at(layout, packet_at);
        require(packet >= at.first_packet && packet - at.first_packet < at.packet_count,
                "packet on its page");
        require(packet_at >= at.offset + at.head_bytes, "packet behind the head");
    }
}

static void check_file(const struct ogg_file_spec *spec, struct source *source, uint32_t bitrate)
{
    struct ogg_file file;
    struct ogg_file again;
    struct input sound = source->sound;
    require(scr_opus_encoder_reset(source->encoder, bitrate) == SCR_OK, "reset");
    ogg_file_make(&file, spec, encode, source);
    const char *wrong = ogg_file_check(&file, true);
    require(wrong == NULL, wrong != NULL ? wrong : "");
    source->sound = sound;
    require(scr_opus_encoder_reset(source->encoder, bitrate) == SCR_OK, "reset");
    ogg_file_make(&again, spec, encode, source);
    require(memcmp(file.bytes, again.bytes, file.layout.file_bytes) == 0, "same file twice");
    ogg_file_free(&again);
    ogg_file_free(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size, 0};
    uint32_t samples = 1 + take32(&input) % SCR_SAMPLES_MAX;
    uint32_t steps = (SCR_BITRATE_MAX - SCR_BITRATE_MIN) / SCR_BITRATE_STEP;
    uint32_t bitrate = SCR_BITRATE_MIN + take32(&input) % (steps + 1) * SCR_BITRATE_STEP;
    uint8_t form = take(&input);
    char preset[SCR_PRESET_NAME_BYTES_MAX + 1] = {0};
    size_t name_bytes = take(&input) % sizeof preset;
    struct ogg_file_spec spec = {
        .samples = samples,
        .packet_bytes = (uint32_t)scr_opus_packet_bytes(bitrate),
        .channels = 1 + form % 2,
        .serial = take32(&input),
        .tags = {.seed = (uint64_t)take32(&input) << 32 | take32(&input), .engine = take32(&input)},
    };
    for (size_t i = 0; i < name_bytes; i += 1) {
        preset[i] = (char)take(&input);
    }
    spec.tags.preset = preset;

    struct scr_ogg_layout layout;
    scr_ogg_layout_init(&layout,
                        samples,
                        SCR_OPUS_PRESKIP_SAMPLES,
                        spec.packet_bytes,
                        scr_ogg_header_bytes(&spec.tags));
    check_places(&layout, &input);

    _Alignas(max_align_t) static uint8_t storage[SCR_CHANNELS_MAX][SCR_OPUS_STATE_BYTES_MAX];
    static struct scr_opus_encoder *encoders[SCR_CHANNELS_MAX];
    struct source source = {.sound = input, .tracks = 1 + form / 2 % 2};
    if (encoders[source.tracks - 1] == NULL) {
        require(scr_opus_encoder_init(storage[source.tracks - 1],
                                      SCR_OPUS_STATE_BYTES_MAX,
                                      source.tracks,
                                      &encoders[source.tracks - 1]) == SCR_OK,
                "an encoder fits its storage");
    }
    source.encoder = encoders[source.tracks - 1];
    spec.samples = 1 + (samples - 1) % SAMPLES_ENCODED_MAX;
    check_file(&spec, &source, bitrate);
    return 0;
}
