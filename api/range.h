/*
 * api/range.h - which bytes of a file a client asks for.
 * Why:    browsers seek by Range; sizes are known before anything is rendered, so each range can
 *         be answered exactly.
 * Source: RFC 9110 sections 14.1.2, 14.2 and 13.1.5.
 */
#ifndef SCR_API_RANGE_H
#define SCR_API_RANGE_H

#include <stdbool.h>
#include <stdint.h>

enum scr_range_kind {
    SCR_RANGE_WHOLE,        /* no range, several, another unit or malformed: 200 */
    SCR_RANGE_PART,         /* 206, first and length are set */
    SCR_RANGE_UNSATISFIABLE /* 416 */
};

struct scr_range {
    enum scr_range_kind kind;
    uint64_t first;
    uint64_t length; /* of a PART at least 1 */
};

/**
 * Reads a Range header.
 * in      header      its value, or NULL
 * in      file_bytes  at least 1
 * returns WHOLE has first 0 and length file_bytes
 * thread  any
 */
struct scr_range scr_range_read(const char *header, uint64_t file_bytes);

/**
 * Whether a Range may be honoured in view of If-Range.
 * in      if_range  its value, or NULL
 * in      etag      the strong ETag of what would be sent, quoted
 * returns true without If-Range or when it is exactly this ETag; weak tags and dates never match
 */
bool scr_range_allowed(const char *if_range, const char *etag);

#endif
