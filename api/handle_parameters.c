/*
 * api/handle_parameters.c - GET /parameters: the parameter table, as data.
 * Why:    forms and bots are made from it; nothing is kept in step by hand.
 * Flow:   written once at boot from the parameter table and the configured bounds.
 */
#include "api/document.h"
#include "api/query.h"
#include "core/base/assert.h"
#include "core/json/writer.h"
#include "core/synth/preset.h"

static const char *type_of(enum scr_param_kind kind)
{
    switch (kind) {
    case SCR_PARAM_KIND_PRESET:
    case SCR_PARAM_KIND_CHOICE:
        return "choice";
    case SCR_PARAM_KIND_SEED:
        return "seed";
    case SCR_PARAM_KIND_DURATION:
        return "duration";
    case SCR_PARAM_KIND_REAL:
        return "number";
    case SCR_PARAM_KIND_COUNT:
    case SCR_PARAM_KIND_SIGNED:
        return "integer";
    }
    SCR_UNREACHABLE();
}

static void
put_range(struct scr_json_writer *json, enum scr_param param, const struct scr_order_bounds *bounds)
{
    const struct scr_param_info *info = scr_param_info(param);
    double maximum = info->maximum;
    if (param == SCR_PARAM_DURATION) {
        maximum = (double)bounds->duration_ns_max / 1e9;
    }
    if (param == SCR_PARAM_VOLUME) {
        maximum = bounds->volume_max;
    }
    scr_json_member_real(json, "minimum", info->minimum);
    scr_json_member_real(json, "maximum", maximum);
    if (param == SCR_PARAM_BITRATE) {
        scr_json_member_u64(json, "multipleOf", SCR_BITRATE_STEP);
    }
}

static void put_choices(struct scr_json_writer *json, enum scr_param_kind kind)
{
    scr_json_name(json, "choices");
    scr_json_open_array(json);
    if (kind == SCR_PARAM_KIND_PRESET) {
        for (unsigned preset = 0; preset < SCR_PRESET_COUNT; preset += 1) {
            scr_json_string(json, scr_preset_name((enum scr_preset)preset));
        }
    } else {
        for (unsigned finish = 0; finish < SCR_FINISH_COUNT; finish += 1) {
            scr_json_string(json, scr_finish_name((enum scr_finish)finish));
        }
    }
    scr_json_close_array(json);
}

static void put_parameter(struct scr_json_writer *json,
                          enum scr_param param,
                          const struct scr_order_bounds *bounds)
{
    const struct scr_param_info *info = scr_param_info(param);
    scr_json_open_object(json);
    scr_json_member_string(json, "name", info->name);
    scr_json_member_string(json, "type", type_of(info->kind));
    scr_json_member_string(json, "description", info->sentence);
    if (info->unit[0] != '\0') {
        scr_json_member_string(json, "unit", info->unit);
    }
    if (info->maximum > info->minimum || info->kind == SCR_PARAM_KIND_COUNT) {
        put_range(json, param, bounds);
    }
    if (info->kind == SCR_PARAM_KIND_PRESET || info->kind == SCR_PARAM_KIND_CHOICE) {
        put_choices(json, info->kind);
    }
    /* Where there is none, the preset's value holds. */
    if (info->fallback[0] != '\0') {
        scr_json_member_string(json, "default", info->fallback);
    }
    scr_json_close_object(json);
}

enum scr_err scr_parameters_write(struct scr_service *service)
{
    struct scr_document *document = &service->parameters;
    struct scr_text text;
    struct scr_json_writer json;
    scr_text_init(&text, document->chars, sizeof document->chars);
    scr_json_writer_init(&json, &text);
    scr_json_open_object(&json);
    scr_json_name(&json, "parameters");
    scr_json_open_array(&json);
    for (unsigned param = 0; param < SCR_PARAM_COUNT; param += 1) {
        put_parameter(&json, (enum scr_param)param, &service->bounds);
    }
    scr_json_close_array(&json);
    scr_json_close_object(&json);
    return scr_document_finish(document, &text);
}

void scr_handle_parameters(struct scr_service *service,
                           const struct scr_call *call,
                           struct scr_response *response)
{
    scr_document_answer_json(call, &service->parameters, response);
}
