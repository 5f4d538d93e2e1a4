/*
 * api/document.c - documents with a validator.
 * Why:    see document.h. Caches keep them but ask every time ("no-cache"): a new version of the
 *         program shows at once, and asking costs a 304.
 */
#include "api/document.h"

#include "api/conditional.h"
#include "api/problem.h"
#include "core/base/assert.h"
#include "core/base/text.h"
#include "core/crypto/blake2b.h"

#define DIGEST_BYTES 16
static_assert(SCR_ETAG_CHARS == 2 * DIGEST_BYTES + 3, "two quotes and a terminator");

void scr_document_etag(const void *bytes, size_t count, char etag[SCR_ETAG_CHARS])
{
    uint8_t digest[DIGEST_BYTES];
    struct scr_text text;
    scr_blake2b(bytes, count, digest, sizeof digest);
    scr_text_init(&text, etag, SCR_ETAG_CHARS);
    scr_text_put_char(&text, '"');
    scr_text_put_hex(&text, digest, sizeof digest);
    scr_text_put_char(&text, '"');
}

enum scr_err scr_document_finish(struct scr_document *document, struct scr_text *text)
{
    SCR_ASSERT(text->chars == document->chars);
    scr_text_put_char(text, '\n'); /* people read it in a terminal */
    document->bytes = text->used;
    scr_document_etag(document->chars, document->bytes, document->etag);
    return text->overflow ? SCR_ERR_NO_SPACE : SCR_OK;
}

void scr_document_answer(const struct scr_call *call,
                         const struct scr_document_view *view,
                         struct scr_response *response)
{
    enum scr_precondition precondition = scr_precondition_of(call->request, view->etag);
    if (precondition == SCR_PRECONDITION_FAILED) {
        scr_problem_say(call, SCR_ERR_PRECONDITION_FAILED, NULL, response);
        return;
    }
    scr_response_header(response, "ETag", view->etag);
    scr_response_header(response, "Cache-Control", "no-cache");
    if (precondition == SCR_PRECONDITION_NOT_MODIFIED) {
        response->status = 304;
        response->length = view->count;
        return;
    }
    response->status = 200;
    scr_response_header(response, "Content-Type", view->type);
    scr_response_body_static(response, view->bytes, view->count);
}

void scr_document_answer_json(const struct scr_call *call,
                              const struct scr_document *document,
                              struct scr_response *response)
{
    struct scr_document_view view = {
        .type = "application/json",
        .bytes = document->chars,
        .count = document->bytes,
        .etag = document->etag,
    };
    scr_document_answer(call, &view, response);
}
