/*
 * core/dsp/kernel_mix.c - kernel: the five layers, mixed and filtered, lane by lane.
 * Why:    see core/dsp/lanes.h. This is where a scream is made: three sines and two noises.
 * How:    the lanes run without a branch from one event to the next; an event changes one number
 *         of one lane. One random word a sample makes both noises: the whole word, and its lower
 *         half, which is 96 dB below in the whole. The low-pass' factor is part of all levels.
 * Source: sound design A.2, A.3, A.6, A.8; the sine is a minimax fit, absolute error 2.1e-7.
 */
#include <stdbool.h>

#include "core/dsp/f32math.h"
#include "core/dsp/kernels.h"
#include "core/dsp/noise.h"
#include "core/dsp/vector.h"

/* What runs: one number each for the lanes of a vector. */
struct voices {
    scr_vu phase[SCR_TONES];
    scr_vu turn[SCR_TONES];
    scr_vf level[SCR_TONES];
    scr_vu noise;
    scr_vf gate;
};

/* The three tones side by side: each sine is a chain of operations that wait for each other. */
#define EACH_TONE _Pragma("GCC unroll 3") for (uint32_t i = 0; i < SCR_TONES; i++)

/* Sines of phases, 2^32 a turn. */
static inline void sines_of(const scr_vu *phase, scr_vf *sine)
{
    /* The distance from a quarter turn folds the circle onto -1 .. 1 quarter turns. */
    const scr_vu quarter = scr_vu_all(UINT32_C(0x40000000));
    scr_vu folded[SCR_TONES];
    scr_vf x[SCR_TONES];
    scr_vf z[SCR_TONES];
    scr_vf y[SCR_TONES];
    EACH_TONE folded[i] = quarter - scr_vu_abs(phase[i] - quarter);
    EACH_TONE x[i] = scr_vf_from_signed(scr_vu_signed(folded[i])) * scr_vf_all(0x1p-30f);
    EACH_TONE z[i] = x[i] * x[i];
    EACH_TONE y[i] = scr_vf_all(0x1.3c4b2cp-13f) * z[i] + scr_vf_all(-0x1.3232fap-8f);
    EACH_TONE y[i] = y[i] * z[i] + scr_vf_all(0x1.46676ep-4f);
    EACH_TONE y[i] = y[i] * z[i] + scr_vf_all(-0x1.4abbb6p-1f);
    EACH_TONE y[i] = y[i] * z[i] + scr_vf_all(0x1.921fb4p+0f);
    EACH_TONE sine[i] = y[i] * x[i];
}

/* The random word of a sample: the hash of core/dsp/noise.h from its first sum on. */
static inline scr_vu noise_word(scr_vu x, scr_vu key)
{
    x ^= x >> 16;
    x *= scr_vu_all(UINT32_C(0x21f0aaad));
    x ^= x >> 15;
    x += key;
    x *= scr_vu_all(UINT32_C(0xd35a2d97));
    x ^= x >> 15;
    return x;
}

static inline scr_vf noise_of(scr_vu word)
{
    return scr_vf_from_signed(scr_vu_signed(word));
}

static struct voices begin(const struct scr_lane_layers *layers, uint32_t lane, scr_vf take)
{
    struct voices voices;
    for (uint32_t i = 0; i < SCR_TONES; i++) {
        voices.phase[i] = scr_vu_load(layers->phase[i] + lane);
        voices.turn[i] = scr_vu_load(layers->turn[i] + lane);
        voices.level[i] = scr_vf_load(layers->level[i] + lane) * take;
    }
    voices.noise = scr_vu_load(layers->noise + lane);
    voices.gate = scr_vf_load(layers->gate + lane) * take;
    return voices;
}

/* Changes one number of one lane of these. */
static void
turn_one(struct voices *voices, const struct scr_lane_event *event, uint32_t lane, float take)
{
    if (event->tone == SCR_TONES) {
        uint32_t level = scr_f32_bits(scr_f32_from_bits(event->turn) * take);
        voices->gate = scr_vf_from_bits(scr_vu_with(scr_vf_bits(voices->gate), lane, level));
    } else {
        voices->turn[event->tone] = scr_vu_with(voices->turn[event->tone], lane, event->turn);
    }
}

void SCR_KERNEL(mix)(const struct scr_lane_layers *layers,
                     const struct scr_lane_filters *filters,
                     struct scr_lane_work *work,
                     uint32_t samples)
{
    const scr_vf a = scr_vf_all(filters->highpass_keep);
    const scr_vf keep = scr_vf_all(filters->lowpass_keep);
    const scr_vf take = scr_vf_all(filters->lowpass_take);
    scr_vf rise[SCR_TONES];
    EACH_TONE rise[i] = scr_vf_all(layers->rise[i]) * take;
    const scr_vf floor = scr_vf_all(layers->floor) * take;
    const scr_vu key = scr_vu_all(layers->noise_key);
    const scr_vu glide = scr_vu_all(layers->glide);
    for (uint32_t lane = 0; lane < SCR_LANES; lane += SCR_VECTOR_LANES) {
        struct voices v = begin(layers, lane, take);
        scr_vf highpass = scr_vf_all(0.0f);
        scr_vf lowpass = scr_vf_all(0.0f);
        scr_vf sample = scr_vf_all(0.0f);
        uint32_t k = 0;
        for (uint32_t next = 0; next <= layers->event_count; next++) {
            bool last = next == layers->event_count;
            uint32_t until = last ? samples : layers->events[next].sample;
            for (; k < until; k++) {
                scr_vf tone[SCR_TONES];
                sines_of(v.phase, tone);
                tone[0] = (v.level[0] + rise[0] * sample) * tone[0];
                tone[1] = v.level[1] * tone[1];
                tone[2] = (v.level[2] + rise[2] * sample) * tone[2];
                scr_vu word = noise_word(v.noise, key);
                scr_vf mix = (tone[0] + tone[1]) + tone[2];
                mix = mix + v.gate * noise_of(word);
                mix = mix + floor * noise_of(word << 16);
                mix = scr_vf_max(scr_vf_min(mix, take), -take);
                scr_vf high = a * (mix + highpass);
                highpass = high - mix;
                lowpass = keep * lowpass + high;
                scr_vf_store(work->sound[k] + lane, lowpass);
                EACH_TONE v.phase[i] += v.turn[i];
                v.turn[SCR_TONE_GLIDING] += glide;
                sample = sample + scr_vf_all(1.0f);
                v.noise += scr_vu_all(SCR_NOISE_STRIDE);
            }
            if (!last && layers->events[next].lane - lane < SCR_VECTOR_LANES) {
                const struct scr_lane_event *event = &layers->events[next];
                turn_one(&v, event, event->lane - lane, filters->lowpass_take);
            }
        }
        scr_vf_store(work->highpass + lane, highpass);
        scr_vf_store(work->lowpass + lane, lowpass);
    }
}
