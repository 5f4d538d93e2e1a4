/*
 * tests/unit/synth/scream_test.c - one scream from start to end, block by block.
 * Aim:    exact length, silence after it, raw and smooth as defined, volume, states that can be
 *         copied, and finite sound for whatever the parameter table allows.
 * Method: bit for bit against the definition in plain C, with every instruction set that runs
 *         here; thousands of random parameter sets, a third of the values at an edge of a range.
 */
#include <fenv.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/dsp/isa.h"
#include "core/dsp/mix64.h"
#include "core/synth/preset.h"
#include "core/synth/scream.h"
#include "tests/support/death.h"
#include "tests/support/lane_definition.h"
#include "tests/support/sound.h"

static float kept[5 * SCR_SAMPLE_RATE_HZ];

static size_t keep(const struct scr_params *params)
{
    size_t count;
    const float *samples = sound_render(params, &count);
    assert_true(count <= sizeof kept / sizeof kept[0]);
    memcpy(kept, samples, count * sizeof kept[0]);
    return count;
}

static void test_length(void **state)
{
    (void)state;
    static const int64_t durations_ns[] = {
        SCR_DURATION_MIN_NS, 50020834, 60000000, 100000000, 1000000000, 1000020834, 2999999999};
    for (size_t i = 0; i < sizeof durations_ns / sizeof durations_ns[0]; i++) {
        for (unsigned finish = 0; finish < SCR_FINISH_COUNT; finish++) {
            struct scr_params params;
            struct scr_scream scream;
            float block[SCR_BLOCK_SAMPLES];
            sound_params("classic", 1, (enum scr_finish)finish, &params);
            params.duration_ns = durations_ns[i];
            uint32_t left = scr_params_samples(&params);
            scr_scream_init(&scream, &params);
            for (int pull = 0; left > 0 || pull < 3; pull++) {
                uint32_t wanted = left < SCR_BLOCK_SAMPLES ? left : SCR_BLOCK_SAMPLES;
                memset(block, 0x7f, sizeof block);
                assert_int_equal(scr_scream_pull(&scream, block), wanted);
                for (uint32_t n = wanted; n < SCR_BLOCK_SAMPLES; n++) {
                    assert_true(block[n] == 0.0f);
                }
                left -= wanted;
            }
            /* And for ever after. */
            assert_int_equal(scr_scream_pull(&scream, block), 0);
            assert_true(block[0] == 0.0f && block[SCR_BLOCK_SAMPLES - 1] == 0.0f);
        }
    }
}

static void test_lanes(void **state)
{
    (void)state;
    struct scr_params params;
    sound_params("classic", 0, SCR_FINISH_SMOOTH, &params);
    params.channels = 1;
    assert_int_equal(scr_scream_tracks(&params), 1);
    params.channels = 2;
    assert_int_equal(scr_scream_tracks(&params), 1);
}

/* A value of a row of the table: every third at an edge. */
static void set_random(struct scr_params *params, const struct scr_param_info *info, uint64_t draw)
{
    double u = scr_draw(draw, 0);
    double edge = scr_draw(draw, 1);
    double value = info->minimum + u * (info->maximum - info->minimum);
    if (edge < 1.0 / 3.0) {
        value = edge < 1.0 / 6.0 ? info->minimum : info->maximum;
    }
    char *field = (char *)params + info->offset;
    if (info->kind == SCR_PARAM_KIND_REAL) {
        memcpy(field, &value, sizeof value);
    } else if (info->kind == SCR_PARAM_KIND_SIGNED) {
        uint64_t bits = scr_mix64(draw);
        memcpy(field, &bits, sizeof bits);
    } else if (info->kind == SCR_PARAM_KIND_COUNT && info != scr_param_info(SCR_PARAM_BITRATE)) {
        uint32_t count = (uint32_t)value;
        memcpy(field, &count, sizeof count);
    }
}

/* Whatever the table allows, for at most 150 ms. */
static void set_all_random(struct scr_params *params, uint64_t own)
{
    enum scr_param culprit;
    scr_preset_params((enum scr_preset)(own % SCR_PRESET_COUNT), own, params);
    for (unsigned i = 0; i < SCR_PARAM_COUNT; i++) {
        set_random(params, scr_param_info((enum scr_param)i), scr_mix64(own ^ i * UINT64_C(977)));
    }
    params->finish = (uint32_t)(own >> 32) % SCR_FINISH_COUNT;
    params->duration_ns = SCR_DURATION_MIN_NS + (int64_t)(own % 100000000);
    assert_int_equal(scr_params_check(params, &culprit), SCR_OK);
}

/* The same scream by its definition. */
static void define(const struct scr_params *params, float *out, size_t count)
{
    static struct lane_definition definition;
    float block[SCR_BLOCK_SAMPLES];
    lane_definition_init(&definition, params);
    for (size_t at = 0; at < count; at += SCR_BLOCK_SAMPLES) {
        uint32_t pulled = lane_definition_pull(&definition, block);
        memcpy(out + at, block, pulled * sizeof block[0]);
    }
    assert_int_equal(lane_definition_pull(&definition, block), 0);
}

/* Every set that runs here gives every bit of the definition. */
static void judge_all_sets(const struct scr_params *params)
{
    static float wanted[5 * SCR_SAMPLE_RATE_HZ];
    const enum scr_isa before = scr_isa_current();
    define(params, wanted, scr_params_samples(params));
    for (unsigned i = 0; i < SCR_ISA_COUNT; i++) {
        if (!scr_isa_runs((enum scr_isa)i)) {
            continue;
        }
        scr_isa_use((enum scr_isa)i);
        size_t count = keep(params);
        assert_int_equal(count, scr_params_samples(params));
        for (size_t n = 0; n < count; n++) {
            if (memcmp(&kept[n], &wanted[n], sizeof kept[n]) != 0) {
                fail_msg("%s: sample %zu is %a, by definition %a",
                         scr_isa_name((enum scr_isa)i),
                         n,
                         (double)kept[n],
                         (double)wanted[n]);
            }
        }
    }
    scr_isa_use(before);
}

static void test_presets_are_as_defined(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SCR_PRESET_COUNT; i++) {
        for (unsigned finish = 0; finish < SCR_FINISH_COUNT; finish++) {
            struct scr_params params;
            scr_preset_params((enum scr_preset)i, 11 + UINT64_C(7) * finish, &params);
            params.finish = finish;
            params.volume = 0.7;
            judge_all_sets(&params);
        }
    }
}

static void test_anything_is_as_defined(void **state)
{
    (void)state;
    uint64_t seed = sound_test_seed();
    for (uint64_t round = 0; round < 200; round++) {
        struct scr_params params;
        set_all_random(&params, scr_mix64(seed + round));
        judge_all_sets(&params);
    }
}

static void test_volume_of_smooth(void **state)
{
    (void)state;
    struct scr_params params;
    size_t count;
    sound_params("banshee", 3, SCR_FINISH_SMOOTH, &params);
    size_t whole = keep(&params);
    params.volume = 0.25;
    const float *samples = sound_render(&params, &count);
    assert_int_equal(count, whole);
    for (size_t n = 0; n < count; n++) {
        assert_true(fabsf(samples[n] - 0.25f * kept[n]) < 1e-7f);
    }
    params.volume = 0.0;
    samples = sound_render(&params, &count);
    for (size_t n = 0; n < count; n++) {
        assert_true(samples[n] == 0.0f);
    }
}

static void test_volume_of_raw(void **state)
{
    (void)state;
    struct scr_params params;
    size_t count;
    sound_params("classic", 3, SCR_FINISH_RAW, &params);
    params.volume = 0.5;
    size_t halved = keep(&params);
    params.volume = 1.0;
    params.boost_db = 9.0 + 20.0 * log10(0.5);
    const float *samples = sound_render(&params, &count);
    assert_int_equal(count, halved);
    for (size_t n = 0; n < count; n++) {
        assert_true(fabsf(samples[n] - kept[n]) < 1e-6f);
    }
    /* Silence, where the predecessor played at full loudness. */
    params.volume = 0.0;
    samples = sound_render(&params, &count);
    for (size_t n = 0; n < count; n++) {
        assert_true(samples[n] == 0.0f);
    }
    params.volume = 1e-300;
    samples = sound_render(&params, &count);
    for (size_t n = 0; n < count; n++) {
        assert_true(samples[n] == 0.0f);
    }
}

static void test_state_can_be_copied(void **state)
{
    (void)state;
    for (unsigned finish = 0; finish < SCR_FINISH_COUNT; finish++) {
        struct scr_params params;
        struct scr_scream scream;
        float first[SCR_BLOCK_SAMPLES];
        float second[SCR_BLOCK_SAMPLES];
        sound_params("glitch", 8, (enum scr_finish)finish, &params);
        scr_scream_init(&scream, &params);
        for (int i = 0; i < 7; i++) {
            (void)scr_scream_pull(&scream, first);
        }
        struct scr_scream copy = scream;
        memset(second, 0, sizeof second);
        for (int i = 0; i < 20; i++) {
            (void)scr_scream_pull(&scream, first);
            (void)scr_scream_pull(&copy, second);
            assert_memory_equal(first, second, sizeof first);
        }
    }
}

static void test_stages_off(void **state)
{
    (void)state;
    struct scr_params params;
    sound_params("classic", 0, SCR_FINISH_RAW, &params);
    params.highpass_hz = 0.0;
    params.lowpass_hz = 0.0;
    params.crush_mix = 0.0;
    params.comp_ratio = 1.0;
    params.boost_db = 0.0;
    params.limit = 1.0;
    size_t count = keep(&params);
    static float mix[5 * SCR_SAMPLE_RATE_HZ];
    sound_render_mix(&params, mix, (uint32_t)count);
    assert_memory_equal(kept, mix, count * sizeof mix[0]);
}

static void judge_extreme(const struct scr_params *params)
{
    size_t count;
    const float *samples = sound_render(params, &count);
    assert_int_equal(count, scr_params_samples(params));
    size_t denormal = 0;
    for (size_t n = 0; n < count; n++) {
        assert_true(isfinite(samples[n]) && fabsf(samples[n]) <= 1.0f);
        denormal += samples[n] != 0.0f && !isnormal(samples[n]);
    }
    /* Slow numbers may pass through when a sound dies away, but they do not stay. */
    assert_true(denormal <= count / 10);
}

static void test_extremes_stay_finite(void **state)
{
    (void)state;
    uint64_t seed = sound_test_seed();
    for (uint64_t round = 0; round < 3000; round++) {
        struct scr_params params;
        set_all_random(&params, scr_mix64(seed + round));
        judge_extreme(&params);
    }
}

static void test_longest(void **state)
{
    (void)state;
    struct scr_params params;
    struct scr_scream scream;
    float block[SCR_BLOCK_SAMPLES];
    sound_params("death-metal", 1, SCR_FINISH_SMOOTH, &params);
    params.duration_ns = SCR_DURATION_MAX_NS;
    params.primary.rise = 100.0;
    scr_scream_init(&scream, &params);
    uint32_t total = 0;
    uint32_t pulled;
    do {
        pulled = scr_scream_pull(&scream, block);
        for (uint32_t n = 0; n < SCR_BLOCK_SAMPLES; n++) {
            assert_true(fabsf(block[n]) <= 1.0f);
        }
        total += pulled;
    } while (pulled > 0);
    assert_int_equal(total, SCR_SAMPLES_MAX);
}

static void init_invalid(void *context)
{
    struct scr_params params = *(const struct scr_params *)context;
    struct scr_scream scream;
    params.limit = 0.0;
    scr_scream_init(&scream, &params);
}

static void ask_lanes_of_no_channels(void *context)
{
    struct scr_params params = *(const struct scr_params *)context;
    params.channels = 0;
    (void)scr_scream_tracks(&params);
}

static void test_mistakes_die(void **state)
{
    (void)state;
    struct scr_params params;
    scr_preset_params(SCR_PRESET_CLASSIC, 0, &params);
    assert_dies(init_invalid, &params);
    assert_dies(ask_lanes_of_no_channels, &params);
}

/* What nobody can hear must not be computed in the numbers that processors are slow with. */
static void test_no_denormals(void **state)
{
    (void)state;
    struct scr_params params;
    struct scr_scream scream;
    float block[SCR_BLOCK_SAMPLES];
    scr_preset_params(SCR_PRESET_CLASSIC, 0, &params);
    params.finish = SCR_FINISH_RAW;
    params.primary.amp = 1.2e-15;
    params.harmonic.amp = 0.0;
    params.shriek.amp = 0.0;
    params.burst_amp = 0.0;
    params.floor_amp = 0.0;
    params.lowpass_hz = 1e-3;
    params.crush_mix = 0.9999999999999988;
    scr_scream_init(&scream, &params);
    assert_int_equal(feclearexcept(FE_ALL_EXCEPT), 0);
    for (int i = 0; i < 20; i++) {
        (void)scr_scream_pull(&scream, block);
        assert_int_equal(fetestexcept(FE_UNDERFLOW), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_denormals),
        cmocka_unit_test(test_length),
        cmocka_unit_test(test_lanes),
        cmocka_unit_test(test_presets_are_as_defined),
        cmocka_unit_test(test_anything_is_as_defined),
        cmocka_unit_test(test_volume_of_smooth),
        cmocka_unit_test(test_volume_of_raw),
        cmocka_unit_test(test_state_can_be_copied),
        cmocka_unit_test(test_stages_off),
        cmocka_unit_test(test_extremes_stay_finite),
        cmocka_unit_test(test_longest),
        cmocka_unit_test(test_mistakes_die),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
