/*
 * api/document.h - small documents that are the same for everybody until the next start.
 * Why:    presets, parameters, version and contract share their headers and their 304.
 */
#ifndef SCR_API_DOCUMENT_H
#define SCR_API_DOCUMENT_H

#include "api/handlers.h"

/* What is sent, and under which names. Bytes and texts outlive the response. */
struct scr_document_view {
    const char *type; /* Content-Type */
    const void *bytes;
    size_t count;
    const char *etag;
};

/** Writes the strong ETag of bytes[count]: their BLAKE2b-128, quoted. Any thread. */
void scr_document_etag(const void *bytes, size_t count, char etag[SCR_ETAG_CHARS]);

/**
 * Ends a document whose text stands in document->chars: a line end, its length, its ETag.
 * errors  SCR_ERR_NO_SPACE  it did not fit
 * thread  boot
 */
SCR_MUST_USE enum scr_err scr_document_finish(struct scr_document *document, struct scr_text *text);

/** Answers with a document, with 304 to who has it already, with 412 to an If-Match on another. */
void scr_document_answer(const struct scr_call *call,
                         const struct scr_document_view *view,
                         struct scr_response *response);

/** Answers with one of the service's JSON documents. */
void scr_document_answer_json(const struct scr_call *call,
                              const struct scr_document *document,
                              struct scr_response *response);

#endif
