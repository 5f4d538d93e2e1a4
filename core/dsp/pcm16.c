/*
 * core/dsp/pcm16.c - the last step of the WAV road: which samples go to which channels.
 * Flow:   as many tracks as channels, or one for all: straight to the kernel, which converts.
 *         Else the mean of two tracks first, a strip at a time.
 */
#include "core/dsp/pcm16.h"

#include "core/base/assert.h"
#include "core/base/limits.h"

/* Samples that are mixed before they are converted. */
#define STRIP ((size_t)64)

static_assert(SCR_CHANNELS_MAX == 2, "the kernel writes a sample once or twice");

static void
write_mean(const struct scr_kernels *kernels, const float *block, size_t samples, uint8_t *bytes)
{
    float strip[STRIP];
    for (size_t done = 0; done < samples; done += STRIP) {
        size_t count = samples - done < STRIP ? samples - done : STRIP;
        for (size_t i = 0; i < count; i++) {
            const float *both = block + 2 * (done + i);
            strip[i] = 0.5f * (both[0] + both[1]);
        }
        kernels->pcm16(strip, count, 1, bytes + 2 * done);
    }
}

void scr_pcm16_write(const struct scr_kernels *kernels,
                     const float *block,
                     size_t samples,
                     uint32_t tracks,
                     uint32_t channels,
                     uint8_t *bytes)
{
    SCR_ASSERT(tracks >= 1 && tracks <= SCR_CHANNELS_MAX);
    SCR_ASSERT(channels >= 1 && channels <= SCR_CHANNELS_MAX);
    if (tracks == channels) {
        kernels->pcm16(block, samples * tracks, 1, bytes);
    } else if (tracks == 1) {
        kernels->pcm16(block, samples, channels, bytes);
    } else {
        write_mean(kernels, block, samples, bytes);
    }
}
