/*
 * core/container/opus_tags.c - OpusHead and OpusTags, field by field.
 * Why:    the payloads read like the RFC's tables; pages are another file's business.
 * Source: RFC 7845 section 5.1 (OpusHead), 5.2 (OpusTags).
 */
#include "core/container/opus_tags.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/base/bytes.h"
#include "core/base/text.h"

/* "TITLE=Scream: " and ", seed " around a preset's name and 20 digits. */
#define COMMENT_BYTES_MAX (41 + SCR_PRESET_NAME_BYTES_MAX)

/* The longest possible packet, term by term: fixed fields and four comments with their lengths. */
static_assert(SCR_OPUS_TAGS_BYTES_MAX >= (8 + 4 + 6 + 4) + (4 + COMMENT_BYTES_MAX) +
                                             (4 + 7 + SCR_PRESET_NAME_BYTES_MAX) + (4 + 5 + 20) +
                                             (4 + 7 + 10),
              "the tags fit their buffer");

void scr_opus_head_write(uint32_t channels, uint32_t preskip, uint8_t bytes[SCR_OPUS_HEAD_BYTES])
{
    SCR_ASSERT(channels >= 1 && channels <= SCR_CHANNELS_MAX);
    SCR_ASSERT(preskip <= UINT16_MAX);
    struct scr_writer writer;
    scr_writer_init(&writer, bytes, SCR_OPUS_HEAD_BYTES);
    scr_writer_put(&writer, "OpusHead", 8);
    scr_writer_put_u8(&writer, 1);
    scr_writer_put_u8(&writer, (uint8_t)channels);
    scr_writer_put_u16le(&writer, (uint16_t)preskip);
    scr_writer_put_u32le(&writer, SCR_SAMPLE_RATE_HZ);
    scr_writer_put_u16le(&writer, 0);
    scr_writer_put_u8(&writer, 0);
    SCR_ASSERT(!writer.overflow && writer.used == SCR_OPUS_HEAD_BYTES);
}

/* A string as the comment header wants it: its length, then its bytes, no terminator. */
static void put_string(struct scr_writer *writer, const char *string)
{
    size_t string_bytes = strlen(string);
    scr_writer_put_u32le(writer, (uint32_t)string_bytes);
    scr_writer_put(writer, string, string_bytes);
}

/* Finishes one "NAME=value" and makes the text ready for the next. */
static void put_comment(struct scr_writer *writer, struct scr_text *comment)
{
    SCR_ASSERT(!comment->overflow);
    put_string(writer, scr_text_view(comment));
    scr_text_init(comment, comment->chars, comment->capacity);
}

uint32_t scr_opus_tags_write(const struct scr_opus_tags *tags,
                             uint8_t bytes[SCR_OPUS_TAGS_BYTES_MAX])
{
    SCR_ASSERT(strlen(tags->preset) <= SCR_PRESET_NAME_BYTES_MAX);
    struct scr_writer writer;
    scr_writer_init(&writer, bytes, SCR_OPUS_TAGS_BYTES_MAX);
    scr_writer_put(&writer, "OpusTags", 8);
    put_string(&writer, "scream");
    scr_writer_put_u32le(&writer, 4);

    char chars[COMMENT_BYTES_MAX + 1];
    struct scr_text comment;
    scr_text_init(&comment, chars, sizeof chars);
    scr_text_put(&comment, "TITLE=Scream: ");
    scr_text_put(&comment, tags->preset);
    scr_text_put(&comment, ", seed ");
    scr_text_put_u64(&comment, tags->seed);
    put_comment(&writer, &comment);
    scr_text_put(&comment, "PRESET=");
    scr_text_put(&comment, tags->preset);
    put_comment(&writer, &comment);
    scr_text_put(&comment, "SEED=");
    scr_text_put_u64(&comment, tags->seed);
    put_comment(&writer, &comment);
    scr_text_put(&comment, "ENGINE=");
    scr_text_put_u64(&comment, tags->engine);
    put_comment(&writer, &comment);
    SCR_ASSERT(!writer.overflow);
    return (uint32_t)writer.used;
}
