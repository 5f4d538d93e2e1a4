/*
 * tests/support/opus_road.h - a sound through an encoder and a decoder, aligned again.
 * Why:    what we ship is judged beside what a plain service does with the same library; and any
 *         other setting beside both.
 * Flow:   mono samples -> encoder (ours, or libopus with settings) -> packets -> libopus' decoder
 *         -> mono samples without the encoder's look-ahead.
 * Source: opus.h; RFC 7845 section 4.2 (pre-skip).
 */
#ifndef TESTS_SUPPORT_OPUS_ROAD_H
#define TESTS_SUPPORT_OPUS_ROAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What libopus is told; what is 0 in the second half is not told, and stays as it is by default. */
struct opus_settings {
    int application; /* OPUS_APPLICATION_... */
    int channels;    /* 2: the sound in both */
    int complexity;
    int bitrate;
    bool constant; /* hard constant bit rate, else libopus' default: variable, constrained */
    int bandwidth; /* OPUS_BANDWIDTH_...: the widest allowed */
    int signal;    /* OPUS_SIGNAL_... */
    int lsb_depth;
    bool phase_inversion_off;
    bool unconstrained;
    bool low_bands_first; /* more bits to low bands: see opus_road.c */
};

/* What a straightforward service does: both channels as they are, libopus' own defaults. */
struct opus_settings opus_settings_plain(int bitrate);

/* What core/codec/opus_encoder.c tells libopus, to vary from. */
struct opus_settings opus_settings_shipped(int bitrate);

struct opus_trip {
    double bitrate; /* of all packets: what the road cost */
    int64_t cpu_ns; /* of the calls that encode */
    size_t packets;
    uint64_t packets_hash;
};

/**
 * Encodes with core/codec/opus_encoder.h, as the program does, and decodes.
 * out     copy[count]   aligned with samples[count]
 * returns false when any call failed
 */
bool opus_road_shipped(
    const float *samples, size_t count, uint32_t bitrate, float *copy, struct opus_trip *trip);

/** The same with libopus itself. Of two channels the mean is taken. */
bool opus_road_settings(const float *samples,
                        size_t count,
                        const struct opus_settings *settings,
                        float *copy,
                        struct opus_trip *trip);

#endif
