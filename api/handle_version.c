/*
 * api/handle_version.c - GET /version: which program answers, and what it is made of.
 * Why:    a bug report needs it; the codec class tells whether two servers share ETags.
 * Flow:   written once at boot.
 */
#include "api/document.h"
#include "core/base/limits.h"
#include "core/json/writer.h"

static void put_libraries(struct scr_json_writer *json, const struct scr_build *build)
{
    scr_json_name(json, "libraries");
    scr_json_open_object(json);
    scr_json_member_string(json, "opus", build->opus);
    scr_json_member_string(json, "ogg", build->ogg);
    scr_json_member_string(json, "sodium", build->sodium);
    scr_json_member_string(json, "microhttpd", build->microhttpd);
    scr_json_close_object(json);
}

enum scr_err scr_version_write(struct scr_service *service)
{
    const struct scr_build *build = &service->build;
    const struct scr_codec_class *codec_class = scr_arena_codec_class(service->arena);
    struct scr_document *document = &service->version;
    struct scr_text text;
    struct scr_json_writer json;
    char hex[2 * sizeof codec_class->bytes + 1];
    scr_text_init(&text, hex, sizeof hex);
    scr_text_put_hex(&text, codec_class->bytes, sizeof codec_class->bytes);

    scr_text_init(&text, document->chars, sizeof document->chars);
    scr_json_writer_init(&json, &text);
    scr_json_open_object(&json);
    scr_json_member_string(&json, "name", "scream");
    scr_json_member_string(&json, "version", build->version);
    scr_json_member_string(&json, "commit", build->commit);
    scr_json_member_string(&json, "built", build->built);
    scr_json_member_string(&json, "compiler", build->compiler);
    scr_json_member_string(&json, "isa", build->isa);
    scr_json_member_u64(&json, "engine", SCR_ENGINE_EPOCH);
    scr_json_member_string(&json, "codecClass", hex);
    put_libraries(&json, build);
    scr_json_close_object(&json);
    return scr_document_finish(document, &text);
}

void scr_handle_version(struct scr_service *service,
                        const struct scr_call *call,
                        struct scr_response *response)
{
    scr_document_answer_json(call, &service->version, response);
}
