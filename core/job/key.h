/*
 * core/job/key.h - the permanent name of one exact sound.
 * Why:    equal parameters share one job, one ETag and one Ogg serial on every machine.
 * Flow:   scr_params -> canonical bytes -> BLAKE2b-256 = key -> with format and codec class: ETag.
 * Source: RFC 7693 (BLAKE2b); RFC 9110 section 8.8.3 (strong validators).
 */
#ifndef SCR_JOB_KEY_H
#define SCR_JOB_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/synth/params.h"

struct scr_key {
    uint8_t bytes[32];
};

enum scr_format {
    SCR_FORMAT_OGG,
    SCR_FORMAT_WAV,
    SCR_FORMAT_COUNT
};

/*
 * Machines of one class make the same Opus bytes: architecture, libopus version and the bytes of
 * a self-test, hashed. May split equal machines, must never join unequal ones.
 */
struct scr_codec_class {
    uint8_t bytes[16];
};

/* Quote, 32 hexadecimal digits, quote, terminator. */
#define SCR_ETAG_CHARS 35

/**
 * The key of a sound: BLAKE2b-256 over the engine epoch, the preset's label and every effective
 * parameter in table order, as typed little-endian values (durations in ns). Any thread.
 */
struct scr_key scr_key_of(const struct scr_params *params);

/** Whether two keys are the same. */
bool scr_key_equal(const struct scr_key *a, const struct scr_key *b);

/** The Ogg serial number: the first four bytes of the key, little endian. */
uint32_t scr_key_serial(const struct scr_key *key);

/** The strong ETag, quoted. The codec class takes part for Opus formats only. Any thread. */
void scr_key_etag(const struct scr_key *key,
                  enum scr_format format,
                  const struct scr_codec_class *codec_class,
                  char etag[SCR_ETAG_CHARS]);

/** "ogg" or "wav". */
const char *scr_format_name(enum scr_format format);

#endif
