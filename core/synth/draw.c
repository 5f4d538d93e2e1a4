/*
 * core/synth/draw.c - random parameters: 33 draws from a seed.
 * Source: sound design A.5: draw k is u01(seed + (k + 1) * golden), the splitmix64 stream.
 */
#include "core/synth/draw.h"

#include "core/base/assert.h"
#include "core/dsp/mix64.h"

struct stream {
    uint64_t seed;
    uint32_t next;
};

static double draw_real(struct stream *stream, double low, double high)
{
    double u = scr_draw(stream->seed, stream->next++);
    return low + u * (high - low);
}

static uint32_t draw_whole(struct stream *stream, uint32_t low, uint32_t high)
{
    double u = scr_draw(stream->seed, stream->next++);
    return low + (uint32_t)(u * (double)(high - low + 1));
}

void scr_draw_params(uint64_t seed, struct scr_params *params)
{
    struct stream stream = {.seed = seed};
#define DURATION(low, high) params->duration_ns = (int64_t)(draw_real(&stream, low, high) * 1e9);
#define REAL(field, low, high) params->field = draw_real(&stream, low, high);
#define WHOLE(field, type, low, high) params->field = (type)draw_whole(&stream, low, high);
#define UNUSED stream.next++;
#include "core/synth/draw_table.h"
#undef DURATION
#undef REAL
#undef WHOLE
#undef UNUSED
    SCR_ASSERT(stream.next == SCR_DRAWS);
}
