/*
 * server/http/head.c - leads the library's header lines through the gate and the keep-alive rule.
 * Why:    see head.h.
 */
#include "server/http/head.h"

#include <string.h>

#include "api/header_gate.h"
#include "core/base/assert.h"
#include "server/http/keep_alive.h"

struct examination {
    struct scr_header_gate gate;
    struct scr_head_places places;
};

/* NOLINTNEXTLINE(readability-function-size): the library prescribes six parameters. */
static enum MHD_Result add_line(void *context,
                                enum MHD_ValueKind kind,
                                const char *name,
                                size_t name_bytes,
                                const char *value,
                                size_t value_bytes)
{
    (void)kind;
    struct examination *examination = context;
    scr_header_gate_add(&examination->gate, name, name_bytes, value, value_bytes);
    scr_head_places_add(&examination->places, name, name_bytes, value, value_bytes);
    return MHD_YES;
}

static uint64_t head_bytes_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    SCR_ASSERT(info != NULL);
    return info->header_size;
}

uint64_t scr_head_examine(struct MHD_Connection *connection,
                          const struct scr_request_line *line,
                          struct scr_exchange *exchange)
{
    struct scr_request *request = &exchange->request;
    struct examination examination;
    scr_header_gate_init(&examination.gate, line->method, request->target, line->version);
    scr_head_places_init(
        &examination.places, line->method, line->target, strlen(request->target), line->version);
    bool line_is_plain = examination.places.is_plain;
    (void)MHD_get_connection_values_n(connection, MHD_HEADER_KIND, add_line, &examination);
    request->defect = scr_header_gate_end(&examination.gate);
    request->has_body = scr_header_gate_has_body(&examination.gate);
    exchange->expects = examination.gate.expectations > 0;
    if (request->defect == SCR_OK && !line_is_plain && !request->target_too_long) {
        /* A zero byte, or blanks, where another program would see something else. */
        request->defect = SCR_ERR_HEADER_SYNTAX;
    }

    uint64_t head_bytes = head_bytes_of(connection);
    const struct scr_keep_alive facts = {
        .method = line->method,
        .has_body = request->has_body,
        .defect = request->defect,
        .target_too_long = request->target_too_long,
        .is_plain = exchange->raw_bytes == head_bytes &&
                    scr_head_places_end(&examination.places, head_bytes),
        .plain_bytes = examination.gate.plain_bytes,
        .head_bytes = head_bytes,
    };
    exchange->may_stay = scr_keep_alive_by_head(&facts);
    return head_bytes;
}
