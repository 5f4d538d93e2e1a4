/*
 * core/synth/params.c - the parameters of one scream: their table, their ranges, their length.
 * Why:    whoever validates, lists or suggests a parameter asks here, by table row.
 * Source: param_table.h; sound design A.1 (samples), A.5 (validation).
 */
#include "core/synth/params.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/base/text.h"
#include "core/synth/nearest.h"
#include "core/synth/preset.h"

#define NS_PER_S INT64_C(1000000000)

static const struct scr_param_info infos[SCR_PARAM_COUNT] = {
#define X(id, label, type, member, dimension, low, high, standard, words)                          \
    [SCR_PARAM_##id] = {.name = label,                                                             \
                        .kind = SCR_PARAM_KIND_##type,                                             \
                        .offset = offsetof(struct scr_params, member),                             \
                        .unit = dimension,                                                         \
                        .minimum = low,                                                            \
                        .maximum = high,                                                           \
                        .fallback = standard,                                                      \
                        .sentence = words},
#include "core/synth/param_table.h"
#undef X
};

static const char *const finish_names[SCR_FINISH_COUNT] = {
    [SCR_FINISH_SMOOTH] = "smooth",
    [SCR_FINISH_RAW] = "raw",
};

const struct scr_param_info *scr_param_info(enum scr_param param)
{
    SCR_ASSERT((unsigned)param < SCR_PARAM_COUNT);
    return &infos[param];
}

bool scr_param_find(const char *name, size_t name_bytes, enum scr_param *param)
{
    for (unsigned i = 0; i < SCR_PARAM_COUNT; i++) {
        if (scr_text_equal(name, name_bytes, infos[i].name)) {
            *param = (enum scr_param)i;
            return true;
        }
    }
    return false;
}

const char *scr_param_nearest(const char *name, size_t name_bytes)
{
    const char *nearest = NULL;
    unsigned best = SCR_NEAREST_NONE;
    for (unsigned i = 0; i < SCR_PARAM_COUNT; i++) {
        const char *known = infos[i].name;
        unsigned distance = scr_nearest_distance(name, name_bytes, known);
        if (distance < best) {
            best = distance;
            nearest = known;
        }
    }
    return nearest;
}

const char *scr_finish_name(enum scr_finish finish)
{
    SCR_ASSERT((unsigned)finish < SCR_FINISH_COUNT);
    return finish_names[finish];
}

bool scr_finish_find(const char *name, size_t name_bytes, enum scr_finish *finish)
{
    for (unsigned i = 0; i < SCR_FINISH_COUNT; i++) {
        if (scr_text_equal(name, name_bytes, finish_names[i])) {
            *finish = (enum scr_finish)i;
            return true;
        }
    }
    return false;
}

static bool duration_fits(const struct scr_param_info *info, int64_t duration_ns)
{
    /* Half a nanosecond on, because 0.05 is no double. */
    int64_t minimum_ns = (int64_t)(info->minimum * (double)NS_PER_S + 0.5);
    int64_t maximum_ns = (int64_t)(info->maximum * (double)NS_PER_S + 0.5);
    return duration_ns >= minimum_ns && duration_ns <= maximum_ns;
}

/* Whether the field of a row is within the row's range. */
static bool fits(const struct scr_param_info *info, const struct scr_params *params)
{
    const char *field = (const char *)params + info->offset;
    int64_t whole;
    double real;
    uint32_t count;
    switch (info->kind) {
    case SCR_PARAM_KIND_PRESET:
        return params->preset < SCR_PRESET_COUNT;
    case SCR_PARAM_KIND_CHOICE:
        return params->finish < SCR_FINISH_COUNT;
    case SCR_PARAM_KIND_SEED:
    case SCR_PARAM_KIND_SIGNED:
        return true;
    case SCR_PARAM_KIND_DURATION:
        memcpy(&whole, field, sizeof whole);
        return duration_fits(info, whole);
    case SCR_PARAM_KIND_REAL:
        memcpy(&real, field, sizeof real);
        /* False for what is no number, and for infinity. */
        return real >= info->minimum && real <= info->maximum;
    case SCR_PARAM_KIND_COUNT:
        memcpy(&count, field, sizeof count);
        return (double)count >= info->minimum && (double)count <= info->maximum;
    }
    SCR_UNREACHABLE();
}

enum scr_err scr_params_check(const struct scr_params *params, enum scr_param *culprit)
{
    for (unsigned i = 0; i < SCR_PARAM_COUNT; i++) {
        bool good = fits(&infos[i], params);
        if (i == SCR_PARAM_BITRATE) {
            /* Else a packet would not be a whole number of bytes. */
            good = good && params->bitrate % SCR_BITRATE_STEP == 0;
        }
        if (!good) {
            *culprit = (enum scr_param)i;
            return SCR_ERR_PARAM_RANGE;
        }
    }
    return SCR_OK;
}

uint32_t scr_params_samples(const struct scr_params *params)
{
    int64_t duration_ns = params->duration_ns;
    SCR_ASSERT(duration_ns >= SCR_DURATION_MIN_NS && duration_ns <= SCR_DURATION_MAX_NS);
    int64_t whole_s = duration_ns / NS_PER_S;
    int64_t rest_ns = duration_ns % NS_PER_S;
    double seconds = (double)whole_s + (double)rest_ns / (double)NS_PER_S;
    return (uint32_t)(seconds * (double)SCR_SAMPLE_RATE_HZ);
}
