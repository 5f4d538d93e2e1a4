/*
 * core/synth/order.c - from what a caller asked for to the parameters of one scream.
 * Flow:   preset or random -> the given values over it -> ranges -> configured bounds.
 * Trap:   a range is checked in table order after everything is known, so that the parameter
 *         named as the culprit does not depend on the order in which a caller wrote them.
 * Source: params.h; architecture, behaviour of parameters.
 */
#include <string.h>

#include "core/base/assert.h"
#include "core/synth/params.h"
#include "core/synth/preset.h"

static uint64_t bit_of(enum scr_param param)
{
    SCR_ASSERT((unsigned)param < SCR_PARAM_COUNT);
    return UINT64_C(1) << (unsigned)param;
}

void scr_order_init(struct scr_order *order)
{
    *order = (struct scr_order){.given = 0};
}

bool scr_order_has(const struct scr_order *order, enum scr_param param)
{
    return (order->given & bit_of(param)) != 0;
}

/* The preset to start from: no preset means random. */
static uint32_t preset_of(const struct scr_order *order)
{
    return scr_order_has(order, SCR_PARAM_PRESET) ? order->values.preset : SCR_PRESET_RANDOM;
}

bool scr_order_is_fresh(const struct scr_order *order)
{
    if (order->seed_random) {
        return true;
    }
    return !scr_order_has(order, SCR_PARAM_SEED) && preset_of(order) == SCR_PRESET_RANDOM;
}

static size_t field_bytes(enum scr_param_kind kind)
{
    switch (kind) {
    case SCR_PARAM_KIND_PRESET:
    case SCR_PARAM_KIND_CHOICE:
    case SCR_PARAM_KIND_COUNT:
        return sizeof(uint32_t);
    case SCR_PARAM_KIND_SEED:
    case SCR_PARAM_KIND_DURATION:
    case SCR_PARAM_KIND_SIGNED:
        return sizeof(int64_t);
    case SCR_PARAM_KIND_REAL:
        return sizeof(double);
    }
    SCR_UNREACHABLE();
}

/* Lays one given value over the preset's. */
static void
take(const struct scr_param_info *info, const struct scr_params *values, struct scr_params *params)
{
    const char *from = (const char *)values + info->offset;
    char *to = (char *)params + info->offset;
    memcpy(to, from, field_bytes(info->kind));
    if (info->kind == SCR_PARAM_KIND_REAL) {
        double real;
        memcpy(&real, to, sizeof real);
        /* Minus zero becomes zero: two equal sounds must not differ in a byte of their key. */
        real += 0.0;
        memcpy(to, &real, sizeof real);
    }
}

/* The preset, with everything given laid over it, not yet checked. */
static void assemble(const struct scr_order *order, uint64_t fresh_seed, struct scr_params *params)
{
    uint64_t seed = scr_order_has(order, SCR_PARAM_SEED) ? order->values.seed : 0;
    if (scr_order_is_fresh(order)) {
        seed = fresh_seed;
    }
    scr_preset_params((enum scr_preset)preset_of(order), seed, params);
    for (unsigned i = 0; i < SCR_PARAM_COUNT; i++) {
        enum scr_param param = (enum scr_param)i;
        if (param != SCR_PARAM_SEED && scr_order_has(order, param)) {
            take(scr_param_info(param), &order->values, params);
        }
    }
}

/* Brings the parameters within what is configured. */
static void
bound(struct scr_order *order, const struct scr_order_bounds *bounds, struct scr_params *params)
{
    order->bounded = false;
    if (params->duration_ns > bounds->duration_ns_max) {
        params->duration_ns = bounds->duration_ns_max;
        order->given |= bit_of(SCR_PARAM_DURATION);
        order->bounded = true;
    }
    if (params->volume > bounds->volume_max) {
        params->volume = bounds->volume_max;
        order->given |= bit_of(SCR_PARAM_VOLUME);
        order->bounded = true;
    }
    /* The values follow, so that resolving the order again gives the same sound. */
    if (order->bounded) {
        order->values.duration_ns = params->duration_ns;
        order->values.volume = params->volume;
    }
}

enum scr_err scr_order_resolve(struct scr_order *order,
                               const struct scr_order_bounds *bounds,
                               uint64_t fresh_seed,
                               struct scr_params *params,
                               enum scr_param *culprit)
{
    SCR_ASSERT(bounds->duration_ns_max >= SCR_DURATION_MIN_NS);
    SCR_ASSERT(bounds->volume_max >= 0.0 && bounds->volume_max <= 1.0);
    if (preset_of(order) >= SCR_PRESET_COUNT) {
        *culprit = SCR_PARAM_PRESET;
        return SCR_ERR_PARAM_RANGE;
    }
    struct scr_params resolved;
    assemble(order, fresh_seed, &resolved);

    enum scr_param first = SCR_PARAM_COUNT;
    enum scr_err err = scr_params_check(&resolved, &first);
    bool too_long = resolved.duration_ns > bounds->duration_ns_max;
    if (too_long && scr_order_has(order, SCR_PARAM_DURATION) && first > SCR_PARAM_DURATION) {
        first = SCR_PARAM_DURATION;
        err = SCR_ERR_PARAM_RANGE;
    }
    if (err != SCR_OK) {
        *culprit = first;
        return err;
    }
    bound(order, bounds, &resolved);
    *params = resolved;
    return SCR_OK;
}
