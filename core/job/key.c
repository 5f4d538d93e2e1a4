/*
 * core/job/key.c - parameters to canonical bytes, hashed.
 * Why:    see key.h.
 *
 *   "scream" | u32 engine | label length u8 | preset label | every other row of param_table.h:
 *   REAL f64, COUNT and CHOICE u32, SIGNED i64, SEED u64, DURATION i64 ns; all little endian.
 *
 * Trap:   a row that is added later may take part only for the sounds it shapes: the key of a
 *         sound that exists is its address and stays.
 */
#include "core/job/key.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/base/bytes.h"
#include "core/base/text.h"
#include "core/crypto/blake2b.h"
#include "core/synth/preset.h"

#define CANONICAL_BYTES_MAX 1024
#define ETAG_DIGEST_BYTES 16

static void put_param(struct scr_writer *writer,
                      const struct scr_params *params,
                      const struct scr_param_info *info)
{
    const uint8_t *field = (const uint8_t *)params + info->offset;
    uint32_t u32;
    uint64_t u64;
    double real;
    switch (info->kind) {
    case SCR_PARAM_KIND_PRESET:
        break; /* the label stands in front */
    case SCR_PARAM_KIND_COUNT:
    case SCR_PARAM_KIND_CHOICE:
        memcpy(&u32, field, sizeof u32);
        scr_writer_put_u32le(writer, u32);
        break;
    case SCR_PARAM_KIND_SEED:
    case SCR_PARAM_KIND_SIGNED:
    case SCR_PARAM_KIND_DURATION:
        memcpy(&u64, field, sizeof u64);
        scr_writer_put_u64le(writer, u64);
        break;
    case SCR_PARAM_KIND_REAL:
        memcpy(&real, field, sizeof real);
        scr_writer_put_f64le(writer, real);
        break;
    }
}

struct scr_key scr_key_of(const struct scr_params *params)
{
    uint8_t bytes[CANONICAL_BYTES_MAX];
    struct scr_writer writer;
    const char *label = scr_preset_name((enum scr_preset)params->preset);
    scr_writer_init(&writer, bytes, sizeof bytes);
    scr_writer_put(&writer, "scream", 6);
    scr_writer_put_u32le(&writer, params->engine);
    scr_writer_put_u8(&writer, (uint8_t)strlen(label));
    scr_writer_put(&writer, label, strlen(label));
    for (unsigned param = 0; param < SCR_PARAM_COUNT; param += 1) {
        put_param(&writer, params, scr_param_info((enum scr_param)param));
    }
    SCR_ASSERT(!writer.overflow);
    struct scr_key key;
    scr_blake2b(bytes, writer.used, key.bytes, sizeof key.bytes);
    return key;
}

bool scr_key_equal(const struct scr_key *a, const struct scr_key *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

uint32_t scr_key_serial(const struct scr_key *key)
{
    return scr_load_u32le(key->bytes);
}

void scr_key_etag(const struct scr_key *key,
                  enum scr_format format,
                  const struct scr_codec_class *codec_class,
                  char etag[SCR_ETAG_CHARS])
{
    uint8_t bytes[sizeof key->bytes + 8 + sizeof codec_class->bytes];
    uint8_t digest[ETAG_DIGEST_BYTES];
    struct scr_writer writer;
    scr_writer_init(&writer, bytes, sizeof bytes);
    scr_writer_put(&writer, key->bytes, sizeof key->bytes);
    scr_writer_put(&writer, scr_format_name(format), strlen(scr_format_name(format)));
    if (format == SCR_FORMAT_OGG) {
        scr_writer_put(&writer, codec_class->bytes, sizeof codec_class->bytes);
    }
    SCR_ASSERT(!writer.overflow);
    scr_blake2b(bytes, writer.used, digest, sizeof digest);

    struct scr_text text;
    scr_text_init(&text, etag, SCR_ETAG_CHARS);
    scr_text_put_char(&text, '"');
    scr_text_put_hex(&text, digest, sizeof digest);
    scr_text_put_char(&text, '"');
    SCR_ASSERT(!text.overflow);
}

const char *scr_format_name(enum scr_format format)
{
    static const char *const names[SCR_FORMAT_COUNT] = {"ogg", "wav"};
    SCR_ASSERT((unsigned)format < SCR_FORMAT_COUNT);
    return names[format];
}
