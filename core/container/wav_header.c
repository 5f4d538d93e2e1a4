/*
 * core/container/wav_header.c - the 44 bytes, in their order.
 * Why:    see wav_header.h.
 */
#include "core/container/wav_header.h"

#include "core/base/assert.h"
#include "core/base/bytes.h"

#define BYTES_PER_SAMPLE 2

static_assert(SCR_WAV_HEADER_BYTES +
                      (uint64_t)SCR_SAMPLES_MAX * SCR_CHANNELS_MAX * BYTES_PER_SAMPLE <=
                  UINT32_MAX,
              "RIFF sizes have 32 bits");

uint64_t scr_wav_file_bytes(uint32_t samples, uint32_t channels)
{
    SCR_ASSERT(samples <= SCR_SAMPLES_MAX);
    SCR_ASSERT(channels >= 1 && channels <= SCR_CHANNELS_MAX);
    return SCR_WAV_HEADER_BYTES + (uint64_t)samples * channels * BYTES_PER_SAMPLE;
}

void scr_wav_header_write(uint32_t samples, uint32_t channels, uint8_t bytes[SCR_WAV_HEADER_BYTES])
{
    uint32_t file_bytes = (uint32_t)scr_wav_file_bytes(samples, channels);
    uint32_t frame_bytes = channels * BYTES_PER_SAMPLE;
    struct scr_writer writer;
    scr_writer_init(&writer, bytes, SCR_WAV_HEADER_BYTES);
    scr_writer_put(&writer, "RIFF", 4);
    scr_writer_put_u32le(&writer, file_bytes - 8);
    scr_writer_put(&writer, "WAVEfmt ", 8);
    scr_writer_put_u32le(&writer, 16);
    scr_writer_put_u16le(&writer, 1);
    scr_writer_put_u16le(&writer, (uint16_t)channels);
    scr_writer_put_u32le(&writer, SCR_SAMPLE_RATE_HZ);
    scr_writer_put_u32le(&writer, SCR_SAMPLE_RATE_HZ * frame_bytes);
    scr_writer_put_u16le(&writer, (uint16_t)frame_bytes);
    scr_writer_put_u16le(&writer, 8 * BYTES_PER_SAMPLE);
    scr_writer_put(&writer, "data", 4);
    scr_writer_put_u32le(&writer, file_bytes - SCR_WAV_HEADER_BYTES);
    SCR_ASSERT(!writer.overflow && writer.used == SCR_WAV_HEADER_BYTES);
}
