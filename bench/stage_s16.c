/*
 * bench/stage_s16.c - what 16-bit samples cost, beside the rounding as its definition reads.
 * Beside: double precision, libm's round, two bytes stored after each other.
 * Prints: see stopwatch.h.
 */
#include "bench/definition.h"
#include "bench/screams.h"
#include "core/dsp/pcm16.h"

static const float (*sound)[SCR_BLOCK_SAMPLES];
static uint8_t bytes[SCR_BLOCK_SAMPLES * 4];

static void convert(const void *channels)
{
    const struct scr_kernels *kernels = scr_kernels_of(scr_isa_current());
    const uint32_t count = *(const uint32_t *)channels;
    for (size_t i = 0; i < SCR_BENCH_BLOCKS; i += 1) {
        scr_pcm16_write(kernels, sound[i], SCR_BLOCK_SAMPLES, 1, count, bytes);
    }
}

static void definition(const void *unused)
{
    (void)unused;
    for (size_t i = 0; i < SCR_BENCH_BLOCKS; i += 1) {
        for (size_t s = 0; s < SCR_BLOCK_SAMPLES; s += 1) {
            unsigned value = (unsigned)scr_definition_s16((double)sound[i][s]);
            for (size_t channel = 0; channel < 2; channel += 1) {
                bytes[4 * s + 2 * channel] = (uint8_t)(value & 0xff);
                bytes[4 * s + 2 * channel + 1] = (uint8_t)(value >> 8 & 0xff);
            }
        }
    }
}

int main(int argc, char **argv)
{
    static const uint32_t mono = 1;
    static const uint32_t stereo = 2;
    const struct scr_subject subjects[] = {
        {"definition", definition, NULL, SCR_BENCH_BLOCKS},
        {"stereo", convert, &stereo, SCR_BENCH_BLOCKS},
        {"mono", convert, &mono, SCR_BENCH_BLOCKS},
    };
    sound = scr_bench_sound(SCR_FINISH_RAW);
    return scr_stopwatch_main(argc, argv, subjects, sizeof subjects / sizeof subjects[0]);
}
