/*
 * tests/unit/synth/reference_test.c - the engine against reference data: what must be exact.
 * Aim:    seeds, steps, gates, noise and the sine are the bits they should be.
 * Method: the files hash, steps, gates, noise and f32math of the reference data; each row is
 *         computed again by the functions the engine uses. Skipped where the data is absent.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include <cmocka.h>

#include "core/dsp/f32math.h"
#include "core/dsp/mix64.h"
#include "core/synth/layer.h"
#include "core/synth/preset.h"
#include "tests/support/sound.h"
#include "tests/support/vectors.h"

static void test_seeds_and_step_values(void **state)
{
    (void)state;
    vectors_need_sound();
    static const uint64_t primes[4] = {
        SCR_PRIMARY_PRIME, SCR_HARMONIC_PRIME, SCR_SHRIEK_PRIME, SCR_NOISE_PRIME};
    static const uint64_t strides[4] = {
        SCR_PRIMARY_STRIDE, SCR_HARMONIC_STRIDE, SCR_SHRIEK_STRIDE, SCR_GATE_STRIDE};
    struct csv csv;
    size_t rows = 0;
    csv_open(&csv, vectors_sound_path("hash.csv"));
    while (csv_next(&csv)) {
        struct scr_params params;
        sound_params(csv.fields[0], (uint64_t)csv_i64(&csv, 1), SCR_FINISH_RAW, &params);
        size_t layer = csv_u64(&csv, 2);
        assert_true(layer < 4);
        const int64_t seeds[4] = {
            params.primary.seed, params.harmonic.seed, params.shriek.seed, params.burst_seed};
        uint64_t seed = scr_seed_spread(seeds[layer], params.seed, primes[layer]);
        assert_int_equal((int64_t)seed, csv_i64(&csv, 3));
        double value = scr_step_value(seed, (uint32_t)csv_u64(&csv, 4), strides[layer]);
        assert_true(value == csv_real(&csv, 5));
        rows += 1;
    }
    assert_int_equal(rows, 2 * 4 * 4 * 20);
}

/* Which rates the reference lists deviations for: every rate of a preset. */
static void test_step_positions(void **state)
{
    (void)state;
    vectors_need_sound();
    static const double rates[] = {3, 5, 6, 8, 10, 12, 15, 20, 25};
    struct csv csv;
    csv_open(&csv, vectors_sound_path("steps.csv"));
    bool more = csv_next(&csv);
    size_t deviations = 0;
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        for (uint32_t step = 1; step < 60 * (uint32_t)rates[i]; step++) {
            double exact = ceil((double)step * 48000.0 / rates[i]);
            uint32_t first = scr_step_first_sample(step, rates[i]);
            if (first == (uint32_t)exact) {
                continue;
            }
            assert_true(more);
            assert_true(csv_real(&csv, 0) == rates[i]);
            assert_int_equal(csv_u64(&csv, 1), step);
            assert_int_equal(csv_u64(&csv, 2), first);
            assert_int_equal(csv_u64(&csv, 3), (uint32_t)exact);
            more = csv_next(&csv);
            deviations += 1;
        }
    }
    assert_false(more);
    assert_true(deviations > 0);
}

#define GATE_SAMPLES_MAX (5 * SCR_SAMPLE_RATE_HZ)

/* Marks where the gate of a preset is open, from the samples of a burst layer rendered alone. */
static size_t render_gate(const char *preset, uint64_t seed, bool *open)
{
    struct scr_params params;
    sound_params(preset, seed, SCR_FINISH_RAW, &params);
    params.primary.amp = 0.0;
    params.harmonic.amp = 0.0;
    params.shriek.amp = 0.0;
    params.floor_amp = 0.0;
    params.burst_amp = 1.0;
    struct scr_noise noise;
    scr_noise_init(&noise, scr_seed_spread(params.burst_seed, seed, SCR_NOISE_PRIME));
    static float mix[GATE_SAMPLES_MAX];
    uint32_t total = scr_params_samples(&params);
    assert_true(total <= GATE_SAMPLES_MAX);
    sound_render_mix(&params, mix, total);
    for (uint32_t n = 0; n < total; n++) {
        int32_t word = (int32_t)scr_noise_bits(noise.k0, noise.k1, n);
        float value = (float)word * 0x1p-31f;
        /* A noise value of zero does not tell: then the neighbour does. */
        open[n] = value != 0.0f ? mix[n] != 0.0f : open[n - (n > 0)];
        assert_true(open[n] ? mix[n] == value : mix[n] == 0.0f);
    }
    return total;
}

static void test_gates(void **state)
{
    (void)state;
    vectors_need_sound();
    static bool open[GATE_SAMPLES_MAX];
    struct csv csv;
    char preset[32] = "";
    uint64_t seed = 0;
    size_t total = 0;
    size_t done = 0;
    csv_open(&csv, vectors_sound_path("gates.csv"));
    while (csv_next(&csv)) {
        if (strcmp(preset, csv.fields[0]) != 0 || seed != (uint64_t)csv_i64(&csv, 1)) {
            for (; done < total; done++) {
                assert_false(open[done]);
            }
            (void)snprintf(preset, sizeof preset, "%s", csv.fields[0]);
            seed = (uint64_t)csv_i64(&csv, 1);
            total = render_gate(preset, seed, open);
            done = 0;
        }
        size_t from = csv_u64(&csv, 2);
        size_t to = csv_u64(&csv, 3);
        assert_true(from >= done && to <= total);
        for (; done < from; done++) {
            assert_false(open[done]);
        }
        for (; done < to; done++) {
            assert_true(open[done]);
        }
    }
    assert_true(total > 0);
    for (; done < total; done++) {
        assert_false(open[done]);
    }
}

static void test_noise(void **state)
{
    (void)state;
    vectors_need_sound();
    struct csv csv;
    size_t rows = 0;
    csv_open(&csv, vectors_sound_path("noise.csv"));
    while (csv_next(&csv)) {
        struct scr_noise noise;
        scr_noise_init(&noise, (uint64_t)csv_i64(&csv, 0));
        uint64_t key = csv_hex(&csv, 1);
        assert_int_equal(noise.k0, (uint32_t)key);
        assert_int_equal(noise.k1, (uint32_t)(key >> 32));
        uint32_t bits = scr_noise_bits(noise.k0, noise.k1, (uint32_t)csv_u64(&csv, 2));
        assert_int_equal(bits, csv_hex(&csv, 3));
        rows += 1;
    }
    assert_true(rows > 50);
}

/* Of the file's three functions the engine still has the sine: it makes the fades. Logarithm and
 * power belonged to its first numeric model, whose rows for them are passed over. */
static void test_sine(void **state)
{
    (void)state;
    vectors_need_sound();
    struct csv csv;
    size_t rows = 0;
    csv_open(&csv, vectors_sound_path("f32math.csv"));
    while (csv_next(&csv)) {
        if (strcmp(csv.fields[0], "sin_turn") == 0) {
            float out = scr_sin_turn((uint32_t)csv_hex(&csv, 1));
            assert_int_equal(scr_f32_bits(out), csv_hex(&csv, 2));
            rows += 1;
        }
    }
    assert_int_equal(rows, 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_seeds_and_step_values),
        cmocka_unit_test(test_step_positions),
        cmocka_unit_test(test_gates),
        cmocka_unit_test(test_noise),
        cmocka_unit_test(test_sine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
