/*
 * core/container/wav_header.h - the exact 44 bytes before 16-bit PCM.
 * Why:    exact sizes, never placeholders: strict readers and Firefox show what they say.
 *
 *   0      4            8      12     16   20    22         24      28        32      34
 *   "RIFF" file - 8     "WAVE" "fmt " 16 | tag 1 channels | 48000 | bytes/s | frame | 16 bits
 *   36     40           44
 *   "data" bytes of pcm pcm ...
 *
 * Source: Microsoft RIFF WAVE, format tag 1 (PCM); all integers little endian.
 */
#ifndef SCR_CONTAINER_WAV_HEADER_H
#define SCR_CONTAINER_WAV_HEADER_H

#include <stdint.h>

#include "core/base/limits.h"

#define SCR_WAV_HEADER_BYTES 44

/**
 * Bytes of the whole file: 44 + samples * channels * 2; below 2^32 for SCR_SAMPLES_MAX.
 * in      samples   per channel, 0..SCR_SAMPLES_MAX
 * in      channels  1 or 2
 * thread  any
 */
uint64_t scr_wav_file_bytes(uint32_t samples, uint32_t channels);

/** Writes the header for `samples` per channel at 48 kHz; bounds as above. Any thread. */
void scr_wav_header_write(uint32_t samples, uint32_t channels, uint8_t bytes[SCR_WAV_HEADER_BYTES]);

#endif
