/*
 * api/handle_openapi.c - GET /openapi.yaml: the contract this very binary was built with.
 */
#include "api/document.h"
#include "api/openapi.h"

void scr_handle_openapi(struct scr_service *service,
                        const struct scr_call *call,
                        struct scr_response *response)
{
    struct scr_document_view view = {
        .type = "application/yaml",
        .bytes = scr_openapi_yaml,
        .count = scr_openapi_yaml_bytes,
        .etag = service->openapi_etag,
    };
    scr_document_answer(call, &view, response);
}
