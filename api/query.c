/*
 * api/query.c - the raw query, cut at ampersands, into an order.
 * Why:    see query.h. The only extra name beside the table's is `download`, which says how the
 *         sound is handed over and not which sound it is.
 */
#include "api/query.h"

#include <string.h>

#include "api/percent.h"
#include "api/query_internal.h"
#include "core/base/assert.h"

#define DOWNLOAD "download"

/* One name and value of the query, decoded; the buffers hold one byte more than is allowed. */
struct pair {
    char name[SCR_QUERY_NAME_BYTES_MAX + 2];
    char value[SCR_QUERY_VALUE_BYTES_MAX + 2];
};

/* What the parser knows so far. */
struct progress {
    struct scr_query query;
    const struct scr_order_bounds *bounds;
    uint64_t seen; /* bit per parameter, given or seed=random */
    bool download_seen;
};

static bool read_switch(const char *value, bool *on)
{
    if (value[0] == '\0' || strcmp(value, "1") == 0 || strcmp(value, "true") == 0) {
        *on = true;
        return true;
    }
    *on = false;
    return strcmp(value, "0") == 0 || strcmp(value, "false") == 0;
}

static enum scr_err
take_download(struct progress *progress, const struct pair *pair, struct scr_query_error *error)
{
    if (progress->download_seen) {
        return scr_query_fail(error, SCR_ERR_PARAM_REPEATED, pair->name, pair->value);
    }
    progress->download_seen = true;
    if (!read_switch(pair->value, &progress->query.download)) {
        enum scr_err err = scr_query_fail(error, SCR_ERR_PARAM_SYNTAX, pair->name, pair->value);
        scr_query_fail_allowed(error, "nothing, 1, true, 0 or false");
        return err;
    }
    return SCR_OK;
}

static enum scr_err
take_pair(struct progress *progress, const struct pair *pair, struct scr_query_error *error)
{
    if (strcmp(pair->name, DOWNLOAD) == 0) {
        return take_download(progress, pair, error);
    }
    enum scr_param param;
    if (!scr_param_find(pair->name, strlen(pair->name), &param)) {
        enum scr_err err = scr_query_fail_unknown(error, pair->name, pair->value);
        if (scr_text_distance(pair->name, strlen(pair->name), DOWNLOAD, strlen(DOWNLOAD)) <= 2) {
            error->nearest = DOWNLOAD;
        }
        return err;
    }
    uint64_t bit = UINT64_C(1) << param;
    if ((progress->seen & bit) != 0) {
        return scr_query_fail(error, SCR_ERR_PARAM_REPEATED, pair->name, pair->value);
    }
    progress->seen |= bit;
    return scr_query_set(&progress->query.order, progress->bounds, pair->name, pair->value, error);
}

/* What does not fit its buffer is longer than any allowed text: cut, it is refused further on. */
static enum scr_err decode_cut(const char *raw, size_t raw_bytes, char *chars, size_t capacity)
{
    enum scr_err err = scr_percent_decode(raw, raw_bytes, chars, capacity);
    if (err == SCR_ERR_NO_SPACE) {
        memset(chars, '?', capacity - 1);
        chars[capacity - 1] = '\0';
        return SCR_OK;
    }
    return err;
}

static enum scr_err take_piece(struct progress *progress,
                               const char *piece,
                               size_t piece_bytes,
                               struct scr_query_error *error)
{
    struct pair pair;
    const char *equals = memchr(piece, '=', piece_bytes);
    size_t name_bytes = equals != NULL ? (size_t)(equals - piece) : piece_bytes;
    size_t value_at = equals != NULL ? name_bytes + 1 : piece_bytes;
    if (decode_cut(piece, name_bytes, pair.name, sizeof pair.name) != SCR_OK) {
        return scr_query_fail(error, SCR_ERR_QUERY_SYNTAX, "", "");
    }
    if (decode_cut(piece + value_at, piece_bytes - value_at, pair.value, sizeof pair.value) !=
        SCR_OK) {
        return scr_query_fail(error, SCR_ERR_QUERY_SYNTAX, pair.name, "");
    }
    return take_pair(progress, &pair, error);
}

static_assert(SCR_QUERY_PARAMS_MAX > SCR_PARAM_COUNT, "a canonical query can be asked for");
static_assert(SCR_QUERY_PARAMS_MAX == 48, "the text of QUERY_TOO_MANY says so");

/* Empty pieces, as in "a=1&&b=2", do not count. */
static size_t count_pieces(const char *query)
{
    size_t count = 0;
    for (const char *at = query; *at != '\0'; at += 1) {
        count += *at != '&' && (at == query || at[-1] == '&') ? 1 : 0;
    }
    return count;
}

enum scr_err scr_query_parse(const char *query,
                             const struct scr_order_bounds *bounds,
                             struct scr_query *parsed,
                             struct scr_query_error *error)
{
    SCR_ASSERT(query != NULL && bounds != NULL);
    if (count_pieces(query) > SCR_QUERY_PARAMS_MAX) {
        enum scr_err err = scr_query_fail(error, SCR_ERR_QUERY_TOO_MANY, "", "");
        scr_query_fail_allowed(error, "at most 48 parameters");
        return err;
    }
    struct progress progress = {.bounds = bounds};
    scr_order_init(&progress.query.order);
    const char *at = query;
    while (*at != '\0') {
        size_t piece_bytes = strcspn(at, "&");
        if (piece_bytes > 0) {
            SCR_TRY(take_piece(&progress, at, piece_bytes, error));
        }
        at += piece_bytes;
        at += *at == '&' ? 1 : 0;
    }
    *parsed = progress.query;
    return SCR_OK;
}
