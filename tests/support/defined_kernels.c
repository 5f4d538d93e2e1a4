/*
 * tests/support/defined_kernels.c - the definition in the shape of kernels, for any input at all.
 */
#include "tests/support/defined_kernels.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/dsp/coefficient.h"
#include "core/dsp/mix64.h"
#include "tests/support/defined_sample.h"

/* ---- The three kernels ---- */

static void take_events(const struct scr_lane_layers *layers,
                        uint32_t lane,
                        uint32_t sample,
                        uint32_t turn[SCR_TONES],
                        float full,
                        float *gate)
{
    for (uint32_t i = 0; i < layers->event_count; i++) {
        const struct scr_lane_event *event = &layers->events[i];
        if (event->sample != sample || event->lane != lane) {
            continue;
        }
        if (event->tone == SCR_TONES) {
            memcpy(gate, &event->turn, sizeof *gate);
            *gate = *gate * full;
        } else {
            turn[event->tone] = event->turn;
        }
    }
}

static void mix_lane(const struct scr_lane_layers *layers,
                     uint32_t lane,
                     struct defined_passes *passes,
                     struct scr_lane_work *work,
                     uint32_t samples,
                     float full)
{
    struct defined_voices voices = {.noise = layers->noise[lane],
                                    .noise_key = layers->noise_key,
                                    .gate = layers->gate[lane] * full,
                                    .floor = layers->floor * full,
                                    .full = full};
    uint32_t turn[SCR_TONES];
    for (uint32_t i = 0; i < SCR_TONES; i++) {
        voices.phase[i] = layers->phase[i][lane];
        voices.level[i] = layers->level[i][lane] * full;
        voices.rise[i] = layers->rise[i] * full;
        turn[i] = layers->turn[i][lane];
    }
    for (uint32_t k = 0; k < samples; k++) {
        take_events(layers, lane, k, turn, full, &voices.gate);
        voices.sample = k;
        work->sound[k][lane] = defined_pass(passes, defined_mix(&voices));
        for (uint32_t i = 0; i < SCR_TONES; i++) {
            voices.phase[i] += turn[i];
        }
        turn[SCR_TONE_GLIDING] += layers->glide;
        voices.noise += UINT32_C(0x9e3779b1);
    }
    work->highpass[lane] = passes->highpass;
    work->lowpass[lane] = passes->lowpass;
}

static void mix(const struct scr_lane_layers *layers,
                const struct scr_lane_filters *filters,
                struct scr_lane_work *work,
                uint32_t samples)
{
    for (uint32_t lane = 0; lane < SCR_LANES; lane++) {
        struct defined_passes passes = {.highpass_keep = filters->highpass_keep,
                                        .lowpass_keep = filters->lowpass_keep};
        mix_lane(layers, lane, &passes, work, samples, filters->lowpass_take);
    }
}

/* Kernels know only the larger. Where the smaller counts, they are given with its sign turned round
 * what is compared: what a sample adds, the threshold, the envelope. */
static float sign_of(const struct scr_lane_filters *filters)
{
    return filters->attack_take < 0.0f ? -1.0f : 1.0f;
}

static struct defined_follower follower_of(const struct scr_lane_filters *filters)
{
    return (struct defined_follower){.attack_keep = filters->attack_keep,
                                     .attack_take = defined_magnitude(filters->attack_take),
                                     .release_keep = filters->release_keep,
                                     .release_take = defined_magnitude(filters->release_take),
                                     .smaller = sign_of(filters) < 0.0f};
}

static void
shape(const struct scr_lane_filters *filters, struct scr_lane_work *work, uint32_t samples)
{
    const struct defined_follower follower = follower_of(filters);
    const struct defined_crusher crusher = {.centre = filters->crush_centre,
                                            .magic = filters->crush_magic,
                                            .wet = filters->wet,
                                            .dry = filters->dry};
    for (uint32_t lane = 0; lane < SCR_LANES; lane++) {
        float reach[DEFINED_GROUP + 1] = {0};
        for (uint32_t k = 0; k < samples; k++) {
            float past = work->highpass[lane] * filters->highpass_tail[k] +
                         work->lowpass[lane] * filters->lowpass_tail[k];
            float x = defined_crush(&crusher, work->sound[k][lane] + past);
            work->sound[k][lane] = x;
            uint32_t done = k % DEFINED_GROUP;
            defined_reach(&follower, reach, done, x);
            for (uint32_t i = 0; done == DEFINED_GROUP - 1 && i <= DEFINED_GROUP; i++) {
                work->reach[k / DEFINED_GROUP][i][lane] = sign_of(filters) * reach[i];
            }
        }
    }
}

static float drive(const struct scr_lane_filters *filters,
                   struct scr_lane_work *work,
                   uint32_t samples,
                   float *block)
{
    const struct defined_follower follower = follower_of(filters);
    const struct defined_drive drive = {.over_threshold =
                                            defined_magnitude(filters->over_threshold),
                                        .exponent = filters->exponent,
                                        .boost = filters->boost,
                                        .limit = filters->limit};
    float peak = 0.0f;
    for (uint32_t lane = 0; lane < SCR_LANES; lane++) {
        float envelope = 0.0f;
        for (uint32_t k = 0; k < samples; k++) {
            float x = work->sound[k][lane];
            if (k % DEFINED_GROUP == 0) {
                envelope = sign_of(filters) * work->envelope[k / DEFINED_GROUP][lane];
            }
            envelope = defined_follow(&follower, envelope, x);
            x = defined_drive(&drive, x, envelope);
            peak = defined_larger(defined_magnitude(x), peak);
            block[lane * samples + k] = x;
        }
    }
    return peak;
}

const struct scr_kernels *defined_kernels(void)
{
    static const struct scr_kernels kernels = {.mix = mix, .shape = shape, .drive = drive};
    return &kernels;
}

/* ---- Hostile input ---- */

double hostile_real(uint64_t seed, uint32_t draw, double low, double high)
{
    double edge = scr_draw(scr_mix64(seed), draw);
    if (edge < 1.0 / 3.0) {
        return edge < 1.0 / 6.0 ? low : high;
    }
    return low + scr_draw(seed, draw) * (high - low);
}

void hostile_config(uint64_t seed, struct scr_chain_config *config)
{
    *config = (struct scr_chain_config){
        .highpass_hz = hostile_real(seed, 0, 0.0, 24000.0),
        .lowpass_hz = hostile_real(seed, 1, 0.0, 24000.0),
        .crush_bits = (uint32_t)hostile_real(seed, 2, 1.0, 16.0),
        .crush_mix = hostile_real(seed, 3, 0.0, 1.0),
        .crush_centred = scr_draw(seed, 4) < 0.5,
        .compressor = {.threshold_db = hostile_real(seed, 5, -80.0, 0.0),
                       .ratio = hostile_real(seed, 6, 1.0, 1000.0),
                       .attack_ms = hostile_real(seed, 7, 0.01, 10000.0),
                       .release_ms = hostile_real(seed, 8, 0.01, 10000.0),
                       .precharge = hostile_real(seed, 9, 0.0, 1.0)},
        .boost = scr_db_to_gain(hostile_real(seed, 10, -60.0, 40.0)),
        .limit = hostile_real(seed, 11, 0.0001, 1.0),
        .gain = hostile_real(seed, 12, 0.0, 2.0),
    };
}

static uint32_t word(uint64_t seed, uint32_t draw)
{
    return (uint32_t)scr_mix64(seed + draw * UINT64_C(0x9e3779b97f4a7c15));
}

/* A fifth of all words are edges. */
static uint32_t edgy_word(uint64_t seed, uint32_t draw)
{
    static const uint32_t edges[] = {
        0, 1, UINT32_MAX, UINT32_C(0x40000000), UINT32_C(0x80000000), UINT32_C(0xc0000000)};
    uint32_t choice = word(~seed, draw) % 30;
    return choice < 6 ? edges[choice] : word(seed, draw);
}

static uint32_t hostile_below(uint64_t seed, uint32_t draw, uint32_t count)
{
    return (uint32_t)hostile_real(seed, draw, 0.0, (double)count - 0.5);
}

static void sort_events(struct scr_lane_event *events, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        struct scr_lane_event event = events[i];
        uint32_t at = i;
        for (; at > 0 && events[at - 1].sample > event.sample; at--) {
            events[at] = events[at - 1];
        }
        events[at] = event;
    }
}

void hostile_layers(uint64_t seed,
                    uint32_t samples,
                    uint32_t event_count,
                    struct scr_lane_layers *layers)
{
    memset(layers, 0, sizeof *layers);
    layers->glide = edgy_word(seed, 1);
    layers->noise_key = edgy_word(seed, 2);
    layers->floor = (float)hostile_real(seed, 3, 0.0, 0x1p-31);
    /* The tone that glides does not rise. */
    for (uint32_t i = 0; i < SCR_TONES; i++) {
        double rise = hostile_real(seed, 4 + i, 0.0, 100.0 / 48000.0);
        layers->rise[i] = i == SCR_TONE_GLIDING ? 0.0f : (float)rise;
    }
    for (uint32_t lane = 0; lane < SCR_LANES; lane++) {
        uint64_t own = scr_mix64(seed + 1 + lane);
        for (uint32_t i = 0; i < SCR_TONES; i++) {
            layers->phase[i][lane] = edgy_word(own, i);
            layers->turn[i][lane] = edgy_word(own, 10 + i);
            /* After five minutes of the steepest rise, or one of the usual ones. */
            double level = word(own, 20) % 2 == 0 ? 30001.0 : 0.5;
            layers->level[i][lane] = (float)hostile_real(own, 30 + i, 0.0, level);
        }
        layers->noise[lane] = edgy_word(own, 40);
        layers->gate[lane] = (float)hostile_real(own, 41, 0.0, 0x1p-31);
    }
    assert_true(event_count <= SCR_LANE_EVENTS_MAX);
    for (uint32_t i = 0; i < event_count; i++) {
        uint64_t own = scr_mix64(~seed + i);
        struct scr_lane_event *event = &layers->events[i];
        event->sample = hostile_below(own, 0, samples);
        event->lane = hostile_below(own, 1, SCR_LANES);
        event->tone = word(own, 2) % (SCR_TONES + 1);
        event->turn = edgy_word(own, 3);
        if (event->tone == SCR_TONES) {
            float level = (float)hostile_real(own, 4, 0.0, 0x1p-31);
            memcpy(&event->turn, &level, sizeof level);
        }
    }
    sort_events(layers->events, event_count);
    layers->event_count = event_count;
}

void hostile_work(uint64_t seed, struct scr_lane_work *work)
{
    memset(work, 0, sizeof *work);
    for (uint32_t lane = 0; lane < SCR_LANES; lane++) {
        for (uint32_t k = 0; k < SCR_LANE_SAMPLES; k++) {
            work->sound[k][lane] = (float)hostile_real(seed, 100 * lane + k, -2.0, 2.0);
        }
        work->highpass[lane] = (float)hostile_real(~seed, lane, -2.0, 2.0);
        work->lowpass[lane] = (float)hostile_real(~seed, 20 + lane, -2.0, 2.0);
        for (uint32_t group = 0; group < SCR_LANE_GROUPS; group++) {
            work->envelope[group][lane] =
                (float)hostile_real(~seed, 40 + 16 * group + lane, 0.0, 2.0);
        }
    }
}

void for_each_isa(isa_judge_fn *judge, void *context)
{
    for (unsigned i = 0; i < SCR_ISA_COUNT; i++) {
        if (scr_isa_runs((enum scr_isa)i)) {
            print_message("%s\n", scr_isa_name((enum scr_isa)i));
            judge(scr_kernels_of((enum scr_isa)i), context);
        }
    }
}
