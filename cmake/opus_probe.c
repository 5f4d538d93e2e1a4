/*
 * cmake/opus_probe.c - run at configure time: does this libopus.a ask us for its pulse search?
 * Method: the symbol is defined here, with a poor but lawful search; the link fails if the archive
 *         cannot do without its own. Then a second of noise is encoded with our settings.
 * Exit:   0 when the packets have their size and every one of them asked at least once.
 */
#include <opus/opus.h>

#define BLOCK_SAMPLES 960
#define PACKET_BYTES 240

float op_pvq_search_sse2(float *shape, int *pulses, int pulse_count, int bins, int arch);

static int asked;

/* All pulses in the first bin. */
float op_pvq_search_sse2(float *shape, int *pulses, int pulse_count, int bins, int arch)
{
    (void)shape;
    (void)arch;
    asked += 1;
    for (int i = 0; i < bins; i += 1) {
        pulses[i] = 0;
    }
    pulses[0] = pulse_count;
    return (float)pulse_count * (float)pulse_count;
}

int main(void)
{
    int status = OPUS_OK;
    OpusEncoder *encoder =
        opus_encoder_create(48000, 1, OPUS_APPLICATION_RESTRICTED_LOWDELAY, &status);
    if (status != OPUS_OK || opus_encoder_ctl(encoder, OPUS_SET_VBR(0)) != OPUS_OK ||
        opus_encoder_ctl(encoder, OPUS_SET_COMPLEXITY(0)) != OPUS_OK ||
        opus_encoder_ctl(encoder, OPUS_SET_BITRATE(96000)) != OPUS_OK) {
        return 1;
    }
    unsigned int noise = 1;
    for (int packet = 0; packet < 50; packet += 1) {
        float block[BLOCK_SAMPLES];
        unsigned char bytes[PACKET_BYTES];
        int before = asked;
        for (int i = 0; i < BLOCK_SAMPLES; i += 1) {
            noise = noise * 1664525U + 1013904223U;
            block[i] = (float)(noise >> 16) / 65536.0f - 0.5f;
        }
        if (opus_encode_float(encoder, block, BLOCK_SAMPLES, bytes, PACKET_BYTES) != PACKET_BYTES ||
            asked == before) {
            return 1;
        }
    }
    opus_encoder_destroy(encoder);
    return 0;
}
