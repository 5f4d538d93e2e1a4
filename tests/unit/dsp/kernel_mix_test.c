/*
 * tests/unit/dsp/kernel_mix_test.c - kernel: the five layers, mixed and filtered.
 * Aim:    sines are near the truth, levels rise, a pitch glides, the noises are the hash's whole
 *         word and its lower half, the sum is clipped, filters begin in silence, events touch one
 *         lane.
 * Method: each layer alone against libm, the hash itself and the recursions in double. That every
 *         instruction set gives the same bits is kernels_test.c's.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/dsp/kernels.h"
#include "core/dsp/mix64.h"
#include "core/dsp/noise.h"
#include "tests/support/sound.h"

#define TURN 4294967296.0
#define PI 3.14159265358979323846
#define QUARTER UINT32_C(0x40000000)
#define HALF UINT32_C(0x80000000)

static const struct scr_lane_filters open_filters = {
    .highpass_keep = 1.0f, .lowpass_keep = 0.0f, .lowpass_take = 1.0f};

static struct scr_lane_layers layers;
static struct scr_lane_work work;

static void mix(const struct scr_lane_filters *filters, uint32_t samples)
{
    scr_kernels_of(scr_isa_current())->mix(&layers, filters, &work, samples);
}

/* One tone in all lanes, each at a phase of its own. */
static void set_tone(uint32_t tone, float level, uint32_t phase, uint32_t turn)
{
    memset(&layers, 0, sizeof layers);
    for (uint32_t lane = 0; lane < SCR_LANES; lane++) {
        layers.level[tone][lane] = level;
        layers.phase[tone][lane] = phase + lane * SCR_LANE_SAMPLES * turn;
        layers.turn[tone][lane] = turn;
    }
}

static void test_sine_is_near(void **state)
{
    (void)state;
    double worst = 0.0;
    /* All around the circle, in steps that are no fraction of it. */
    const uint32_t turn = 4099;
    for (uint64_t p = 0; p < UINT64_C(0x100000000); p += (uint64_t)SCR_BLOCK_SAMPLES * turn) {
        set_tone((uint32_t)(p / turn) % SCR_TONES, 1.0f, (uint32_t)p, turn);
        mix(&open_filters, SCR_LANE_SAMPLES);
        for (uint32_t i = 0; i < SCR_BLOCK_SAMPLES; i++) {
            float ours = work.sound[i % SCR_LANE_SAMPLES][i / SCR_LANE_SAMPLES];
            double truth = sin(2.0 * PI * (double)(uint32_t)(p + (uint64_t)i * turn) / TURN);
            worst = fmax(worst, fabs((double)ours - truth));
        }
    }
    print_message("worst sine error %.3g\n", worst);
    assert_true(worst <= 6e-7);
}

static float sine_at(uint32_t phase)
{
    set_tone(0, 1.0f, phase, 0);
    mix(&open_filters, SCR_LANE_SAMPLES_AHEAD);
    return work.sound[0][0];
}

static void test_sine_is_odd_and_folds(void **state)
{
    (void)state;
    assert_true(sine_at(0) == 0.0f && sine_at(HALF) == 0.0f);
    assert_true(sine_at(QUARTER) > 0.0f && sine_at(3 * QUARTER) == -sine_at(QUARTER));
    for (uint32_t p = 1; p < HALF - 400009; p += 400009) {
        float y = sine_at(p);
        assert_true(y == -sine_at(0U - p) && y == sine_at(HALF - p));
    }
}

static void test_level_rises(void **state)
{
    (void)state;
    for (uint32_t tone = 0; tone < SCR_TONES; tone++) {
        if (tone == SCR_TONE_GLIDING) {
            continue;
        }
        set_tone(tone, 0.25f, QUARTER, 0);
        layers.rise[tone] = 0.01f;
        layers.level[tone][5] = 0.125f;
        mix(&open_filters, SCR_LANE_SAMPLES);
        for (uint32_t k = 0; k < SCR_LANE_SAMPLES; k++) {
            assert_true(fabs((double)work.sound[k][0] - (0.25 + 0.01 * k)) < 1e-6);
            assert_true(fabs((double)work.sound[k][5] - (0.125 + 0.01 * k)) < 1e-6);
        }
    }
}

/* Of all tones but one the pitch is steady. */
static void test_one_pitch_glides(void **state)
{
    (void)state;
    for (uint32_t tone = 0; tone < SCR_TONES; tone++) {
        set_tone(tone, 1.0f, 12345, UINT32_C(20000000));
        layers.glide = 0U - 300000;
        mix(&open_filters, SCR_LANE_SAMPLES);
        uint32_t phase = layers.phase[tone][7];
        uint32_t turn = layers.turn[tone][7];
        for (uint32_t k = 0; k < SCR_LANE_SAMPLES; k++) {
            double truth = sin(2.0 * PI * (double)phase / TURN);
            assert_true(fabs((double)work.sound[k][7] - truth) <= 6e-7);
            phase += turn;
            turn += tone == SCR_TONE_GLIDING ? layers.glide : 0;
        }
    }
}

static void test_noise_is_a_word_and_its_half(void **state)
{
    (void)state;
    struct scr_noise noise;
    scr_noise_init(&noise, sound_test_seed());
    for (int which = 0; which < 3; which++) {
        float gate = which != 1 ? 0x1p-32f : 0.0f;
        float floor_level = which != 0 ? 0x1p-33f : 0.0f;
        memset(&layers, 0, sizeof layers);
        layers.noise_key = noise.k1;
        layers.floor = floor_level;
        for (uint32_t lane = 0; lane < SCR_LANES; lane++) {
            layers.noise[lane] = lane * SCR_LANE_SAMPLES * SCR_NOISE_STRIDE + noise.k0;
            /* The gate may be open in one lane and shut in the next. */
            layers.gate[lane] = lane % 3 == 0 ? 0.0f : gate;
        }
        mix(&open_filters, SCR_LANE_SAMPLES);
        for (uint32_t i = 0; i < SCR_BLOCK_SAMPLES; i++) {
            uint32_t lane = i / SCR_LANE_SAMPLES;
            uint32_t word = scr_noise_bits(noise.k0, noise.k1, i);
            double whole = (double)layers.gate[lane] * (double)(int32_t)word;
            double half = (double)floor_level * 65536.0 * (double)(int16_t)(word & 0xffff);
            double ours = (double)work.sound[i % SCR_LANE_SAMPLES][lane];
            assert_true(fabs(ours - (whole + half)) < 1e-6);
        }
    }
}

static void test_sum_is_clipped(void **state)
{
    (void)state;
    set_tone(0, 0.75f, QUARTER, HALF);
    for (uint32_t lane = 0; lane < SCR_LANES; lane++) {
        layers.level[2][lane] = 30000.0f;
        layers.phase[2][lane] = layers.phase[0][lane];
        layers.turn[2][lane] = HALF;
    }
    mix(&open_filters, SCR_LANE_SAMPLES);
    for (uint32_t k = 0; k < SCR_LANE_SAMPLES; k++) {
        for (uint32_t lane = 0; lane < SCR_LANES; lane++) {
            bool up = sin(2.0 * PI * (layers.phase[0][lane] / TURN + 0.5 * k)) > 0.0;
            assert_true(work.sound[k][lane] == (up ? 1.0f : -1.0f));
        }
    }
}

/* High-pass and low-pass of each lane by itself, in double. */
static void test_filters_begin_in_silence(void **state)
{
    (void)state;
    static const uint32_t lengths[] = {SCR_LANE_SAMPLES, SCR_LANE_SAMPLES_AHEAD};
    static float x[SCR_LANE_SAMPLES][SCR_LANES];
    struct scr_lane_filters filters = {
        .highpass_keep = 0.9f, .lowpass_keep = 0.6f, .lowpass_take = 0.4f};
    for (size_t length = 0; length < 2; length++) {
        set_tone(1, 0.9f, 77, UINT32_C(123456789));
        mix(&open_filters, lengths[length]);
        memcpy(x, work.sound, sizeof x);
        mix(&filters, lengths[length]);
        for (uint32_t lane = 0; lane < SCR_LANES; lane++) {
            double high = 0.0;
            double low = 0.0;
            double before = 0.0;
            for (uint32_t k = 0; k < lengths[length]; k++) {
                high = 0.9 * (high + (double)x[k][lane] - before);
                before = (double)x[k][lane];
                low += 0.4 * (high - low);
                assert_true(fabs((double)work.sound[k][lane] - low) < 1e-6);
            }
            /* The states: what the high-pass put out less what came in, times the low-pass'
             * factor, which is part of all levels; and the last sample. */
            assert_true(fabs((double)work.highpass[lane] - 0.4 * (high - before)) < 1e-6);
            assert_true(work.lowpass[lane] == work.sound[lengths[length] - 1][lane]);
        }
    }
}

static void test_short_lanes_leave_the_rest(void **state)
{
    (void)state;
    set_tone(0, 0.5f, QUARTER, 0);
    memset(&work, 0x11, sizeof work);
    float before = work.sound[SCR_LANE_SAMPLES_AHEAD][0];
    mix(&open_filters, SCR_LANE_SAMPLES_AHEAD);
    for (uint32_t k = 0; k < SCR_LANE_SAMPLES; k++) {
        for (uint32_t lane = 0; lane < SCR_LANES; lane++) {
            assert_true((work.sound[k][lane] == before) == (k >= SCR_LANE_SAMPLES_AHEAD));
        }
    }
}

static void test_events_touch_one_lane(void **state)
{
    (void)state;
    static const uint32_t places[] = {0, 1, 31, SCR_LANE_SAMPLES - 1};
    static float plain[SCR_LANE_SAMPLES][SCR_LANES];
    const float opened = 0x1p-32f;
    set_tone(0, 0.5f, 99, 1000001);
    layers.noise_key = 5;
    mix(&open_filters, SCR_LANE_SAMPLES);
    memcpy(plain, work.sound, sizeof plain);
    for (uint32_t lane = 0; lane < SCR_LANES; lane++) {
        for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
            layers.event_count = 1;
            layers.events[0] =
                (struct scr_lane_event){.sample = places[i], .lane = lane, .tone = SCR_TONES};
            memcpy(&layers.events[0].turn, &opened, sizeof opened);
            mix(&open_filters, SCR_LANE_SAMPLES);
            for (uint32_t k = 0; k < SCR_LANE_SAMPLES; k++) {
                for (uint32_t other = 0; other < SCR_LANES; other++) {
                    uint32_t word = scr_noise_bits(0, 5, k);
                    float added = opened * (float)(int32_t)word;
                    bool open_now = other == lane && k >= places[i];
                    float wanted = plain[k][other] + (open_now ? added : 0.0f);
                    assert_true(fabsf(work.sound[k][other] - wanted) < 1e-6f);
                }
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sine_is_near),
        cmocka_unit_test(test_sine_is_odd_and_folds),
        cmocka_unit_test(test_level_rises),
        cmocka_unit_test(test_one_pitch_glides),
        cmocka_unit_test(test_noise_is_a_word_and_its_half),
        cmocka_unit_test(test_sum_is_clipped),
        cmocka_unit_test(test_filters_begin_in_silence),
        cmocka_unit_test(test_short_lanes_leave_the_rest),
        cmocka_unit_test(test_events_touch_one_lane),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
