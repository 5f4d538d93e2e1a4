/*
 * api/query_value.c - one name and value into an order.
 * Why:    see query.h. The kind in the parameter table chooses the reader, the row's range decides.
 */
#include <string.h>

#include "api/number.h"
#include "api/query.h"
#include "api/query_internal.h"
#include "api/seed.h"
#include "core/base/assert.h"
#include "core/base/utf8.h"
#include "core/synth/preset.h"

/* Copies as much as fits, whole characters only; a malformed byte ends the copy. */
static void copy_cut(char *chars, size_t capacity, const char *string)
{
    size_t count = strlen(string);
    size_t at = 0;
    while (at < count) {
        size_t step = scr_utf8_character_bytes(string + at, count - at);
        if (step == 0 || at + step >= capacity) {
            break;
        }
        at += step;
    }
    memcpy(chars, string, at);
    chars[at] = '\0';
}

enum scr_err
scr_query_fail(struct scr_query_error *error, enum scr_err err, const char *name, const char *value)
{
    SCR_ASSERT(err != SCR_OK);
    error->err = err;
    copy_cut(error->parameter, sizeof error->parameter, name);
    copy_cut(error->value, sizeof error->value, value);
    error->allowed[0] = '\0';
    error->nearest = NULL;
    return err;
}

enum scr_err
scr_query_fail_unknown(struct scr_query_error *error, const char *name, const char *value)
{
    (void)scr_query_fail(error, SCR_ERR_PARAM_UNKNOWN, name, value);
    error->nearest = scr_param_nearest(name, strlen(name));
    return error->err;
}

void scr_query_fail_allowed(struct scr_query_error *error, const char *allowed)
{
    copy_cut(error->allowed, sizeof error->allowed, allowed);
}

/* Where a parameter's value stands. */
static void *field_of(struct scr_params *params, const struct scr_param_info *info)
{
    return (char *)params + info->offset;
}

static bool inside(double value, const struct scr_param_info *info)
{
    return value >= info->minimum && value <= info->maximum;
}

static enum scr_err set_preset(void *field, const char *value)
{
    enum scr_preset preset = SCR_PRESET_RANDOM;
    if (value[0] != '\0' && !scr_preset_find(value, strlen(value), &preset)) {
        return SCR_ERR_PRESET_UNKNOWN;
    }
    uint32_t number = (uint32_t)preset;
    memcpy(field, &number, sizeof number);
    return SCR_OK;
}

static enum scr_err set_choice(void *field, const char *value)
{
    enum scr_finish finish;
    if (!scr_finish_find(value, strlen(value), &finish)) {
        return SCR_ERR_PARAM_RANGE;
    }
    uint32_t number = (uint32_t)finish;
    memcpy(field, &number, sizeof number);
    return SCR_OK;
}

static enum scr_err set_real(void *field, const char *value, const struct scr_param_info *info)
{
    double real = 0;
    SCR_TRY(scr_number_real(value, &real));
    if (!inside(real, info)) {
        return SCR_ERR_PARAM_RANGE;
    }
    memcpy(field, &real, sizeof real);
    return SCR_OK;
}

static enum scr_err set_count(void *field, const char *value, const struct scr_param_info *info)
{
    int64_t count = 0;
    SCR_TRY(scr_number_signed(value, &count));
    if (count < 0 || count > UINT32_MAX || !inside((double)count, info)) {
        return SCR_ERR_PARAM_RANGE;
    }
    uint32_t number = (uint32_t)count;
    if (info == scr_param_info(SCR_PARAM_BITRATE) && number % SCR_BITRATE_STEP != 0) {
        return SCR_ERR_PARAM_RANGE;
    }
    memcpy(field, &number, sizeof number);
    return SCR_OK;
}

static enum scr_err set_signed(void *field, const char *value)
{
    int64_t number = 0;
    SCR_TRY(scr_number_signed(value, &number));
    memcpy(field, &number, sizeof number);
    return SCR_OK;
}

static enum scr_err
set_duration(void *field, const char *value, const struct scr_order_bounds *bounds)
{
    int64_t duration_ns = 0;
    SCR_TRY(scr_number_duration(value, &duration_ns));
    if (duration_ns < SCR_DURATION_MIN_NS || duration_ns > bounds->duration_ns_max) {
        return SCR_ERR_PARAM_RANGE;
    }
    memcpy(field, &duration_ns, sizeof duration_ns);
    return SCR_OK;
}

static enum scr_err set_seed(struct scr_order *order, void *field, const char *value)
{
    uint64_t seed = 0;
    bool fresh = false;
    SCR_TRY(scr_seed_read(value, &seed, &fresh));
    order->seed_random = fresh;
    memcpy(field, &seed, sizeof seed);
    return SCR_OK;
}

static enum scr_err set_value(struct scr_order *order,
                              const struct scr_order_bounds *bounds,
                              const struct scr_param_info *info,
                              const char *value)
{
    void *field = field_of(&order->values, info);
    switch (info->kind) {
    case SCR_PARAM_KIND_PRESET:
        return set_preset(field, value);
    case SCR_PARAM_KIND_SEED:
        return set_seed(order, field, value);
    case SCR_PARAM_KIND_DURATION:
        return set_duration(field, value, bounds);
    case SCR_PARAM_KIND_CHOICE:
        return set_choice(field, value);
    case SCR_PARAM_KIND_REAL:
        return set_real(field, value, info);
    case SCR_PARAM_KIND_COUNT:
        return set_count(field, value, info);
    case SCR_PARAM_KIND_SIGNED:
        return set_signed(field, value);
    }
    SCR_UNREACHABLE();
}

static void
explain(struct scr_query_error *error, enum scr_param param, const struct scr_order_bounds *bounds)
{
    struct scr_text text;
    scr_text_init(&text, error->allowed, sizeof error->allowed);
    scr_query_allowed(param, bounds, &text);
    SCR_ASSERT(!text.overflow);
}

enum scr_err scr_query_set(struct scr_order *order,
                           const struct scr_order_bounds *bounds,
                           const char *name,
                           const char *value,
                           struct scr_query_error *error)
{
    SCR_ASSERT(order != NULL && bounds != NULL && error != NULL);
    enum scr_param param;
    if (!scr_param_find(name, strlen(name), &param)) {
        return scr_query_fail_unknown(error, name, value);
    }
    enum scr_err err = SCR_ERR_PARAM_SYNTAX;
    if (strlen(value) <= SCR_QUERY_VALUE_BYTES_MAX) {
        err = set_value(order, bounds, scr_param_info(param), value);
    }
    if (err == SCR_OK) {
        uint64_t bit = UINT64_C(1) << param;
        bool fresh = param == SCR_PARAM_SEED && order->seed_random;
        order->given = fresh ? order->given & ~bit : order->given | bit;
        return SCR_OK;
    }
    (void)scr_query_fail(error, err, name, value);
    explain(error, param, bounds);
    if (err == SCR_ERR_PRESET_UNKNOWN) {
        error->nearest = scr_preset_nearest(value, strlen(value));
    }
    return err;
}

enum scr_err scr_query_resolve(struct scr_order *order,
                               const struct scr_order_bounds *bounds,
                               uint64_t fresh_seed,
                               struct scr_params *params,
                               struct scr_query_error *error)
{
    enum scr_param culprit = SCR_PARAM_COUNT;
    enum scr_err err = scr_order_resolve(order, bounds, fresh_seed, params, &culprit);
    if (err == SCR_OK) {
        return SCR_OK;
    }
    SCR_ASSERT((unsigned)culprit < SCR_PARAM_COUNT);
    char value[SCR_QUERY_VALUE_BYTES_MAX + 1];
    struct scr_text text;
    scr_text_init(&text, value, sizeof value);
    if (scr_order_has(order, culprit)) {
        scr_query_put_value(culprit, &order->values, &text);
    }
    (void)scr_query_fail(error, err, scr_param_info(culprit)->name, value);
    explain(error, culprit, bounds);
    return err;
}
