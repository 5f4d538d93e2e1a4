/*
 * core/dsp/highpass.c - first-order high-pass filter.
 * Source: sound design A.4 item 1, A.8. RC is the time constant of the analogue model.
 */
#include "core/dsp/highpass.h"

#include "core/base/assert.h"
#include "core/base/limits.h"
#include "core/dsp/coefficient.h"
#include "core/dsp/f32math.h"

void scr_highpass_init(struct scr_highpass *filter, double cutoff_hz)
{
    SCR_ASSERT(cutoff_hz >= 0.0);
    *filter = (struct scr_highpass){.a = 1.0f, .off = true};
    /* Lower still, a would round to 1 and the time constant leave the range of a double. */
    if (cutoff_hz > 1e-9) {
        double dt = 1.0 / (double)SCR_SAMPLE_RATE_HZ;
        double rc = 1.0 / (2.0 * SCR_PI * cutoff_hz);
        filter->a = scr_coefficient(rc / (rc + dt));
        filter->off = false;
    }
}

void scr_highpass_reset(struct scr_highpass *filter)
{
    filter->input = 0.0f;
    filter->output = 0.0f;
}

void scr_highpass_process(struct scr_highpass *filter, float *block, uint32_t count)
{
    if (filter->off) {
        return;
    }
    const float a = filter->a;
    float before = filter->input;
    float h = filter->output;
    for (uint32_t i = 0; i < count;) {
        uint32_t end = count - i < SCR_SETTLE_SAMPLES ? count : i + SCR_SETTLE_SAMPLES;
        for (; i < end; i++) {
            float x = block[i];
            h = a * (h + (x - before));
            before = x;
            block[i] = h;
        }
        h = scr_settle_32(h);
    }
    filter->input = before;
    filter->output = h;
}
