/*
 * api/query_write.c - from values back to text: canonical queries and what a parameter accepts.
 * Why:    see query.h. A link must be short, stable and read back as the very same sound, so
 *         numbers take their shortest form and the order is the table's.
 */
#include <string.h>

#include "api/percent.h"
#include "api/query.h"
#include "core/base/assert.h"
#include "core/synth/preset.h"

#define NS_PER_S UINT64_C(1000000000)

/* Seconds with as many of nine decimals as are needed. */
static void put_seconds(struct scr_text *text, int64_t duration_ns)
{
    SCR_ASSERT(duration_ns >= 0);
    uint64_t fraction = (uint64_t)duration_ns % NS_PER_S;
    unsigned digits = 9;
    scr_text_put_u64(text, (uint64_t)duration_ns / NS_PER_S);
    if (fraction == 0) {
        return;
    }
    while (fraction % 10 == 0) {
        fraction /= 10;
        digits -= 1;
    }
    scr_text_put_char(text, '.');
    scr_text_put_u64_padded(text, fraction, digits);
}

static const void *field_of(const struct scr_params *params, const struct scr_param_info *info)
{
    return (const char *)params + info->offset;
}

static uint32_t read_u32(const void *field)
{
    uint32_t number;
    memcpy(&number, field, sizeof number);
    return number;
}

static int64_t read_i64(const void *field)
{
    int64_t number;
    memcpy(&number, field, sizeof number);
    return number;
}

static double read_real(const void *field)
{
    double number;
    memcpy(&number, field, sizeof number);
    return number + 0.0;
}

void scr_query_put_value(enum scr_param param,
                         const struct scr_params *params,
                         struct scr_text *text)
{
    const struct scr_param_info *info = scr_param_info(param);
    const void *field = field_of(params, info);
    switch (info->kind) {
    case SCR_PARAM_KIND_PRESET:
        scr_text_put(text, scr_preset_name((enum scr_preset)read_u32(field)));
        return;
    case SCR_PARAM_KIND_SEED:
        scr_text_put_u64(text, (uint64_t)read_i64(field));
        return;
    case SCR_PARAM_KIND_DURATION:
        put_seconds(text, read_i64(field));
        return;
    case SCR_PARAM_KIND_CHOICE:
        scr_text_put(text, scr_finish_name((enum scr_finish)read_u32(field)));
        return;
    case SCR_PARAM_KIND_REAL:
        scr_text_put_real(text, read_real(field));
        return;
    case SCR_PARAM_KIND_COUNT:
        scr_text_put_u64(text, read_u32(field));
        return;
    case SCR_PARAM_KIND_SIGNED:
        scr_text_put_i64(text, read_i64(field));
        return;
    }
    SCR_UNREACHABLE();
}

static void put_range(struct scr_text *text, const struct scr_param_info *info)
{
    scr_text_put_real(text, info->minimum);
    if (info->maximum > info->minimum) {
        scr_text_put(text, " to ");
        scr_text_put_real(text, info->maximum);
    }
    if (info->unit[0] != '\0') {
        scr_text_put_char(text, ' ');
        scr_text_put(text, info->unit);
    }
}

static void put_preset_names(struct scr_text *text)
{
    for (unsigned preset = 0; preset < SCR_PRESET_COUNT; preset += 1) {
        scr_text_put(text, preset == 0 ? "" : preset + 1 < SCR_PRESET_COUNT ? ", " : " or ");
        scr_text_put(text, scr_preset_name((enum scr_preset)preset));
    }
}

void scr_query_allowed(enum scr_param param,
                       const struct scr_order_bounds *bounds,
                       struct scr_text *text)
{
    const struct scr_param_info *info = scr_param_info(param);
    switch (info->kind) {
    case SCR_PARAM_KIND_PRESET:
        put_preset_names(text);
        return;
    case SCR_PARAM_KIND_SEED:
        scr_text_put(text,
                     "an integer from -9223372036854775808 to 18446744073709551615, "
                     "random, or any text of 1 to 64 bytes that is no number");
        return;
    case SCR_PARAM_KIND_DURATION:
        put_seconds(text, SCR_DURATION_MIN_NS);
        scr_text_put(text, " to ");
        put_seconds(text, bounds->duration_ns_max);
        scr_text_put(text, " s, written as 3, 3s, 500ms or 1m30s");
        return;
    case SCR_PARAM_KIND_CHOICE:
        scr_text_put(text, "smooth or raw");
        return;
    case SCR_PARAM_KIND_REAL:
    case SCR_PARAM_KIND_COUNT:
        put_range(text, info);
        break;
    case SCR_PARAM_KIND_SIGNED:
        scr_text_put(text, "a whole number from -9223372036854775808 to 9223372036854775807");
        return;
    }
    if (param == SCR_PARAM_ENGINE) {
        scr_text_put(text, ", the one epoch this program makes");
    } else if (param == SCR_PARAM_BITRATE) {
        static_assert(SCR_BITRATE_STEP == 400, "the text says so");
        scr_text_put(text, ", a multiple of 400");
    } else if (info->kind == SCR_PARAM_KIND_COUNT) {
        scr_text_put(text, ", a whole number");
    }
}

static bool always_written(enum scr_param param)
{
    return param == SCR_PARAM_PRESET || param == SCR_PARAM_SEED || param == SCR_PARAM_ENGINE;
}

void scr_query_write(const struct scr_order *order,
                     const struct scr_params *params,
                     struct scr_text *text)
{
    static_assert(SCR_PARAM_PRESET == 0 && SCR_PARAM_SEED == 1 && SCR_PARAM_ENGINE == 2,
                  "preset, seed and engine come first in table order");
    for (unsigned i = 0; i < SCR_PARAM_COUNT; i += 1) {
        enum scr_param param = (enum scr_param)i;
        if (!always_written(param) && !scr_order_has(order, param)) {
            continue;
        }
        char value[SCR_QUERY_VALUE_BYTES_MAX + 1];
        struct scr_text value_text;
        scr_text_init(&value_text, value, sizeof value);
        scr_query_put_value(param, params, &value_text);
        SCR_ASSERT(!value_text.overflow);
        scr_text_put(text, i == 0 ? "" : "&");
        scr_text_put(text, scr_param_info(param)->name);
        scr_text_put_char(text, '=');
        scr_percent_encode(text, value);
    }
}

/* Text of strangers in a sentence: what steers terminals becomes a question mark. */
static void put_plain(struct scr_text *text, const char *string)
{
    for (const char *at = string; *at != '\0'; at += 1) {
        unsigned char byte = (unsigned char)*at;
        scr_text_put_char(text, byte < 0x20 || byte == 0x7f ? '?' : *at);
    }
}

void scr_query_error_write(const struct scr_query_error *error, struct scr_text *text)
{
    if (error->parameter[0] != '\0') {
        put_plain(text, error->parameter);
        scr_text_put(text, ": ");
    }
    scr_text_put(text, scr_err_sentence(error->err));
    if (error->value[0] != '\0') {
        scr_text_put(text, " Given: \"");
        put_plain(text, error->value);
        scr_text_put(text, "\".");
    }
    if (error->allowed[0] != '\0') {
        scr_text_put(text, " Allowed: ");
        scr_text_put(text, error->allowed);
        scr_text_put_char(text, '.');
    }
    if (error->nearest != NULL) {
        scr_text_put(text, " Did you mean \"");
        scr_text_put(text, error->nearest);
        scr_text_put(text, "\"?");
    }
}
