/*
 * api/handle_presets.c - GET /presets: every named sound, with its values and links.
 * Why:    a page, a bot or a person starts from here; the links are permanent addresses.
 * Flow:   written once at boot from the preset table.
 */
#include "api/document.h"
#include "api/query.h"
#include "core/base/assert.h"
#include "core/json/writer.h"
#include "core/synth/preset.h"

/* Numbers stay numbers; what has names or may exceed a double's 53 bits is text. */
static void
put_value(struct scr_json_writer *json, enum scr_param param, const struct scr_params *params)
{
    char chars[SCR_QUERY_VALUE_BYTES_MAX + 1];
    struct scr_text text;
    scr_text_init(&text, chars, sizeof chars);
    scr_query_put_value(param, params, &text);
    switch (scr_param_info(param)->kind) {
    case SCR_PARAM_KIND_REAL:
    case SCR_PARAM_KIND_COUNT:
    case SCR_PARAM_KIND_DURATION:
        scr_json_number_text(json, chars);
        return;
    case SCR_PARAM_KIND_PRESET:
    case SCR_PARAM_KIND_SEED:
    case SCR_PARAM_KIND_CHOICE:
    case SCR_PARAM_KIND_SIGNED:
        scr_json_string(json, chars);
        return;
    }
    SCR_UNREACHABLE();
}

static void put_link(struct scr_json_writer *json, const char *format, enum scr_preset preset)
{
    char chars[160];
    struct scr_text text;
    struct scr_order order;
    scr_order_init(&order);
    order.values.preset = (uint32_t)preset;
    order.values.engine = SCR_ENGINE_EPOCH;
    scr_text_init(&text, chars, sizeof chars);
    scr_text_put(&text, "/scream.");
    scr_text_put(&text, format);
    scr_text_put_char(&text, '?');
    scr_query_write(&order, &order.values, &text);
    SCR_ASSERT(!text.overflow);
    scr_json_member_string(json, format, chars);
}

static void put_preset(struct scr_json_writer *json, enum scr_preset preset)
{
    struct scr_params params;
    scr_preset_params(preset, 0, &params);
    scr_json_open_object(json);
    scr_json_member_string(json, "name", scr_preset_name(preset));
    scr_json_member_string(json, "description", scr_preset_sentence(preset));
    scr_json_name(json, "links");
    scr_json_open_object(json);
    put_link(json, "ogg", preset);
    put_link(json, "wav", preset);
    scr_json_close_object(json);
    /* Every seed of random has other values. */
    if (preset != SCR_PRESET_RANDOM) {
        scr_json_name(json, "parameters");
        scr_json_open_object(json);
        for (unsigned param = SCR_PARAM_DURATION; param < SCR_PARAM_COUNT; param += 1) {
            scr_json_name(json, scr_param_info((enum scr_param)param)->name);
            put_value(json, (enum scr_param)param, &params);
        }
        scr_json_close_object(json);
    }
    scr_json_close_object(json);
}

enum scr_err scr_presets_write(struct scr_service *service)
{
    struct scr_document *document = &service->presets;
    struct scr_text text;
    struct scr_json_writer json;
    scr_text_init(&text, document->chars, sizeof document->chars);
    scr_json_writer_init(&json, &text);
    scr_json_open_object(&json);
    scr_json_name(&json, "presets");
    scr_json_open_array(&json);
    for (unsigned preset = 0; preset < SCR_PRESET_COUNT; preset += 1) {
        put_preset(&json, (enum scr_preset)preset);
    }
    scr_json_close_array(&json);
    scr_json_close_object(&json);
    return scr_document_finish(document, &text);
}

void scr_handle_presets(struct scr_service *service,
                        const struct scr_call *call,
                        struct scr_response *response)
{
    scr_document_answer_json(call, &service->presets, response);
}
