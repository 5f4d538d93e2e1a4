/*
 * core/dsp/crusher.c - bit crusher.
 * Limits: value times steps must fit 31 bits, see scr_floor_32: 1000 * 2^16 does.
 * Source: sound design A.4 item 3, A.8, A.9.
 */
#include "core/dsp/crusher.h"

#include "core/base/assert.h"
#include "core/dsp/coefficient.h"
#include "core/dsp/f32math.h"

void scr_crusher_init(struct scr_crusher *crusher, uint32_t bits, double mix, bool centred)
{
    SCR_ASSERT(bits >= 1 && bits <= 16);
    SCR_ASSERT(mix >= 0.0 && mix <= 1.0);
    float steps = (float)(int32_t)(UINT32_C(1) << bits);
    *crusher = (struct scr_crusher){
        .steps = steps,
        .step = 1.0f / steps,
        .centre = centred ? 0.5f : 0.0f,
        .wet = scr_coefficient(mix),
        .dry = scr_coefficient(1.0 - mix),
    };
}

void scr_crusher_process(const struct scr_crusher *crusher, float *block, uint32_t count)
{
    const float steps = crusher->steps;
    const float step = crusher->step;
    const float centre = crusher->centre;
    const float wet = crusher->wet;
    const float dry = crusher->dry;
    for (uint32_t i = 0; i < count; i++) {
        float z = block[i];
        SCR_ASSERT_SLOW(z >= -1000.0f && z <= 1000.0f);
        float crushed = scr_floor_32(z * steps + centre) * step;
        block[i] = wet * crushed + dry * z;
    }
}
