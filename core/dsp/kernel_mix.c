/*
 * core/dsp/kernel_mix.c - kernel: the five layers, mixed and filtered, lane by lane.
 * Why:    see core/dsp/lanes.h. This is where a scream is made: three sines and two noises.
 * How:    the lanes run from one event to the next; an event changes one number of one lane. A few
 *         samples of a lane are made side by side, so that a processor finds work while it waits
 *         for a sine. One random word a sample makes both noises: the whole word, and its lower
 *         half, which is 96 dB below in the whole. The low-pass' factor is part of all levels.
 * Source: sound design A.2, A.3, A.6, A.8; the sine is a minimax fit, absolute error 2.1e-7.
 */
#include <stdbool.h>

#include "core/dsp/f32math.h"
#include "core/dsp/kernels.h"
#include "core/dsp/noise.h"
#include "core/dsp/vector.h"

/* A quarter turn; 2^32 is a whole one. */
#define QUARTER UINT32_C(0x40000000)

/* What is the same for all lanes. */
struct common {
    scr_vf highpass_keep;
    scr_vf lowpass_keep;
    scr_vf lowpass_take;
    scr_vf floor;
    scr_vu key;
    scr_vu glide;
    const float *rise[2]; /* of the levels of the first and the last tone, by sample */
};

/* What runs: one number each for the lanes of a vector. */
struct voices {
    scr_vu phase[SCR_TONES]; /* less a quarter turn */
    scr_vu turn[SCR_TONES];
    scr_vf level[SCR_TONES];
    scr_vu noise;
    scr_vf gate;
    scr_vf highpass;
    scr_vf lowpass;
};

/* Samples side by side, and three tones of each: sines are chains of operations that wait. */
#define STEPS 4
#define EACH_STEP _Pragma("GCC unroll 4") for (size_t i = 0; i < count; i++)
#define EACH_SINE _Pragma("GCC unroll 12") for (uint32_t i = 0; i < count * SCR_TONES; i++)
/* Without the count as a constant nothing would be side by side. */
#define ALWAYS_INLINE inline __attribute__((always_inline))

/* Sines of phases from a quarter turn on. */
static ALWAYS_INLINE void sines_of(const scr_vu *phase, scr_vf *sine, uint32_t count)
{
    /* The distance from a quarter turn folds the circle onto -1 .. 1 quarter turns. */
    scr_vu folded[STEPS * SCR_TONES];
    scr_vf x[STEPS * SCR_TONES];
    scr_vf z[STEPS * SCR_TONES];
    scr_vf y[STEPS * SCR_TONES];
    EACH_SINE folded[i] = scr_vu_all(QUARTER) - scr_vu_abs(phase[i]);
    EACH_SINE x[i] = scr_vf_from_signed(scr_vu_signed(folded[i])) * scr_vf_all(0x1p-30f);
    EACH_SINE z[i] = x[i] * x[i];
    EACH_SINE y[i] = scr_vf_all(0x1.3c4b2cp-13f) * z[i] + scr_vf_all(-0x1.3232fap-8f);
    EACH_SINE y[i] = y[i] * z[i] + scr_vf_all(0x1.46676ep-4f);
    EACH_SINE y[i] = y[i] * z[i] + scr_vf_all(-0x1.4abbb6p-1f);
    EACH_SINE y[i] = y[i] * z[i] + scr_vf_all(0x1.921fb4p+0f);
    EACH_SINE sine[i] = y[i] * x[i];
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
        voices.phase[i] = scr_vu_load(layers->phase[i] + lane) - scr_vu_all(QUARTER);
        voices.turn[i] = scr_vu_load(layers->turn[i] + lane);
        voices.level[i] = scr_vf_load(layers->level[i] + lane) * take;
    }
    voices.noise = scr_vu_load(layers->noise + lane);
    voices.gate = scr_vf_load(layers->gate + lane) * take;
    voices.highpass = scr_vf_all(0.0f);
    voices.lowpass = scr_vf_all(0.0f);
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

/* What a level has risen by at each sample of a lane. */
static inline void rise_of(float a_sample, uint32_t samples, float *rise)
{
    static const float numbers[SCR_LANES] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    scr_vf number = scr_vf_load(numbers);
    for (uint32_t k = 0; k < samples; k += SCR_VECTOR_LANES) {
        scr_vf_store(rise + k, scr_vf_all(a_sample) * number);
        number = number + scr_vf_all((float)SCR_VECTOR_LANES);
    }
}

/* So many samples from number k of the lanes on, to sound[]. */
static ALWAYS_INLINE void sing(
    struct voices *v, const struct common *all, uint32_t k, bool open, float *sound, uint32_t count)
{
    scr_vu phase[STEPS * SCR_TONES];
    scr_vf tone[STEPS * SCR_TONES];
    scr_vu word[STEPS];
    scr_vf mix[STEPS];
    EACH_STEP
    {
#pragma GCC unroll 3
        for (uint32_t t = 0; t < SCR_TONES; t++) {
            phase[i * SCR_TONES + t] = v->phase[t];
            v->phase[t] += v->turn[t];
        }
        v->turn[SCR_TONE_GLIDING] += all->glide;
        word[i] = noise_word(v->noise, all->key);
        v->noise += scr_vu_all(SCR_NOISE_STRIDE);
    }
    sines_of(phase, tone, count);
    EACH_STEP
    {
        const scr_vf *sine = tone + i * SCR_TONES;
        mix[i] = (v->level[0] + scr_vf_all(all->rise[0][k + i])) * sine[0];
        mix[i] = mix[i] + v->level[1] * sine[1];
        mix[i] = mix[i] + (v->level[2] + scr_vf_all(all->rise[1][k + i])) * sine[2];
    }
    /* A shut gate would add zeros. */
    if (open) {
        EACH_STEP mix[i] = mix[i] + v->gate * noise_of(word[i]);
    }
    EACH_STEP mix[i] = mix[i] + all->floor * noise_of(word[i] << 16);
    EACH_STEP mix[i] = scr_vf_max(scr_vf_min(mix[i], all->lowpass_take), -all->lowpass_take);
    EACH_STEP
    {
        scr_vf high = all->highpass_keep * (mix[i] + v->highpass);
        v->highpass = high - mix[i];
        v->lowpass = all->lowpass_keep * v->lowpass + high;
        scr_vf_store(sound + (size_t)i * SCR_LANES, v->lowpass);
    }
}

void SCR_KERNEL(mix)(const struct scr_lane_layers *layers,
                     const struct scr_lane_filters *filters,
                     struct scr_lane_work *work,
                     uint32_t samples)
{
    const float take = filters->lowpass_take;
    const struct common all = {.highpass_keep = scr_vf_all(filters->highpass_keep),
                               .lowpass_keep = scr_vf_all(filters->lowpass_keep),
                               .lowpass_take = scr_vf_all(take),
                               .floor = scr_vf_all(layers->floor * take),
                               .key = scr_vu_all(layers->noise_key),
                               .glide = scr_vu_all(layers->glide),
                               .rise = {work->rise[0], work->rise[1]}};
    rise_of(layers->rise[0] * take, samples, work->rise[0]);
    rise_of(layers->rise[2] * take, samples, work->rise[1]);
    for (uint32_t lane = 0; lane < SCR_LANES; lane += SCR_VECTOR_LANES) {
        struct voices v = begin(layers, lane, all.lowpass_take);
        uint32_t k = 0;
        for (uint32_t next = 0; next <= layers->event_count; next++) {
            bool last = next == layers->event_count;
            uint32_t until = last ? samples : layers->events[next].sample;
            bool open = scr_vu_any(scr_vf_bits(v.gate));
            for (; k + STEPS <= until; k += STEPS) {
                sing(&v, &all, k, open, work->sound[k] + lane, STEPS);
            }
            for (; k < until; k++) {
                sing(&v, &all, k, open, work->sound[k] + lane, 1);
            }
            if (!last && layers->events[next].lane - lane < SCR_VECTOR_LANES) {
                const struct scr_lane_event *event = &layers->events[next];
                turn_one(&v, event, event->lane - lane, take);
            }
        }
        scr_vf_store(work->highpass + lane, v.highpass);
        scr_vf_store(work->lowpass + lane, v.lowpass);
    }
}
