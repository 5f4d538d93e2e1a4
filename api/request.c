/*
 * api/request.c - headers that may stand once.
 * Why:    a repeated Range or If-Range means nothing good; the caller must be able to tell.
 */
#include "api/request.h"

#include "core/base/assert.h"

struct lookup {
    const char *value;
    unsigned count;
};

static void take_value(void *visitor, const char *value)
{
    struct lookup *lookup = visitor;
    if (lookup->count == 0) {
        lookup->value = value;
    }
    lookup->count += 1;
}

const char *scr_request_header(const struct scr_request *request, const char *name, bool *repeated)
{
    SCR_ASSERT(request->headers != NULL);
    struct lookup lookup = {.value = NULL};
    request->headers(request->headers_source, name, take_value, &lookup);
    *repeated = lookup.count > 1;
    return lookup.value;
}
