/*
 * core/dsp/lowpass.c - first-order low-pass filter.
 * Source: sound design A.4 item 2, A.8. RC is the time constant of the analogue model.
 */
#include "core/dsp/lowpass.h"

#include "core/base/assert.h"
#include "core/base/limits.h"
#include "core/dsp/coefficient.h"
#include "core/dsp/f32math.h"

void scr_lowpass_init(struct scr_lowpass *filter, double cutoff_hz)
{
    SCR_ASSERT(cutoff_hz >= 0.0);
    *filter = (struct scr_lowpass){.off = true};
    if (cutoff_hz > 0.0) {
        double dt = 1.0 / (double)SCR_SAMPLE_RATE_HZ;
        /* Infinite for a cut-off next to nothing, which then lets next to nothing through. */
        double rc = 1.0 / (2.0 * SCR_PI * cutoff_hz);
        double b = dt / (rc + dt);
        *filter = (struct scr_lowpass){
            .keep = scr_coefficient(1.0 - b),
            .take = scr_coefficient(b),
        };
    }
}

void scr_lowpass_reset(struct scr_lowpass *filter)
{
    filter->output = 0.0f;
}

void scr_lowpass_process(struct scr_lowpass *filter, float *block, uint32_t count)
{
    if (filter->off) {
        return;
    }
    const float keep = filter->keep;
    const float take = filter->take;
    float z = filter->output;
    for (uint32_t i = 0; i < count;) {
        uint32_t end = count - i < SCR_SETTLE_SAMPLES ? count : i + SCR_SETTLE_SAMPLES;
        for (; i < end; i++) {
            z = keep * z + take * block[i];
            block[i] = z;
        }
        z = scr_settle_32(z);
    }
    filter->output = z;
}
